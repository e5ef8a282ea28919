"""Arrays as bytes and back: safetensors, compressed with zstandard.

One format for all that is numeric, on disk and over HTTP: it says itself what is in it, has readers in
many languages, and cannot run code.
"""

from __future__ import annotations

import functools
import json
import sys
import threading
from collections.abc import Mapping
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import safetensors
import zstandard

# The fastest level that still compresses: on weights, higher ones gain under one percent.
_LEVEL = 1

# Far above what the names of all our arrays take.
_LONGEST_HEADER = 2**20

_DTYPES: dict[str, npt.DTypeLike] = {
    "BF16": ml_dtypes.bfloat16,
    "F32": np.float32,
    "F64": np.float64,
    "I64": np.int64,
    "U16": np.uint16,
    "U32": np.uint32,
}
_NAMES = {np.dtype(dtype): name for name, dtype in _DTYPES.items()}

# Memory can be mapped only if what it holds is aligned.
_ALIGNED = 8


class _Codecs(threading.local):
    """A thread's own, made once: to make one costs more than most payloads to compress or decompress."""

    @functools.cached_property
    def compressor(self) -> zstandard.ZstdCompressor:
        return zstandard.ZstdCompressor(level=_LEVEL)

    @functools.cached_property
    def decompressor(self) -> zstandard.ZstdDecompressor:
        return zstandard.ZstdDecompressor()


_codecs = _Codecs()


class PayloadError(ValueError):
    """Bytes that are not a payload of ours, or not a whole one."""


def encode(arrays: Mapping[str, npt.NDArray[Any]], metadata: Mapping[str, str] | None = None) -> bytes:
    """Arrays as safetensors, not compressed.

    The library itself takes several times as long, and copies large arrays twice.

    Args:
        arrays: Arrays by name.
        metadata: Texts to stand in the header's `__metadata__`.
    """
    entries = [f'"__metadata__":{json.dumps(dict(metadata))}'] if metadata else []
    pieces: list[Any] = []
    end = 0
    for name, array in sorted(arrays.items(), key=_place):
        start, end = end, end + array.nbytes
        kind, shape = _NAMES[array.dtype], [*array.shape]
        entries.append(
            f'{_quoted(name)}:{{"dtype":"{kind}","shape":{shape},"data_offsets":[{start},{end}]}}'
        )
        little = array if sys.byteorder == "little" else array.byteswap()
        pieces.append(little.reshape(-1).view(np.uint8))
    text = f"{{{','.join(entries)}}}".encode()
    text += b" " * (-len(text) % _ALIGNED)
    return b"".join([len(text).to_bytes(8, "little"), text, *pieces])


_quoted = functools.lru_cache(maxsize=256)(json.dumps)


def _place(item: tuple[str, npt.NDArray[Any]]) -> tuple[int, str]:
    """What has to be aligned most comes first."""
    name, array = item
    return -array.itemsize, name


def compress(plain: bytes) -> bytes:
    """One zstandard frame that tells its content's size."""
    return _codecs.compressor.compress(plain)


def decompress(compressed: bytes, limit: int) -> bytes:
    """The content of a zstandard frame.

    Args:
        compressed: The frame.
        limit: Bytes that the content may have at most, whatever the frame promises.

    Raises:
        PayloadError: If it is no such frame, or its content is larger.
    """
    promised_size(compressed, limit)
    try:
        return _codecs.decompressor.decompress(compressed)
    except zstandard.ZstdError as error:
        raise PayloadError(f"not a zstandard frame: {error}") from error


def promised_size(compressed: bytes, limit: int) -> int:
    """How many bytes a zstandard frame promises, seen at its beginning, without decompressing it.

    Args:
        compressed: The frame.
        limit: Bytes that it may promise at most.

    Raises:
        PayloadError: If it is no such frame, or promises more, or doesn't tell.
    """
    try:
        size = zstandard.get_frame_parameters(compressed).content_size
    except zstandard.ZstdError as error:
        raise PayloadError(f"not a zstandard frame: {error}") from error
    if not 0 < size <= limit:
        raise PayloadError(f"a payload of {size} bytes where at most {limit} are allowed")
    return int(size)


def decode(plain: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a safetensors file, read-only.

    Raises:
        PayloadError: If it is not one, or holds a type of number that we never write.
    """
    # Each name takes a thousand bytes while it is read, however little it is of.
    if int.from_bytes(plain[:8], "little") > _LONGEST_HEADER:
        raise PayloadError("not safetensors as this plugin writes them: its header is too long")
    try:
        return {
            name: np.frombuffer(bytes(one["data"]), _DTYPES[one["dtype"]]).reshape(one["shape"])
            for name, one in safetensors.deserialize(plain)  # type: ignore[no-untyped-call]
        }
    except (safetensors.SafetensorError, KeyError, ValueError) as error:
        raise PayloadError(f"not safetensors as this plugin writes them: {error}") from error
