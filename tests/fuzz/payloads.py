"""Payloads that lie: in their arrays, in the header of their safetensors, in their zstandard frame."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.summary import payload
from tests.fuzz.damage import damaged
from tests.fuzz.values import NUMBERS, SIZES, names, sizes

_LIMIT = 2**24
_DTYPES = ("BF16", "F32", "F64", "I64", "U16", "U32", "F16", "I8", "U8", "BOOL", "F8_E4M3", "C64", "none")
_TYPES = (np.float32, np.float64, np.int64, np.uint16, np.uint32)
_NAMES = (
    "statistics",
    "offsets",
    "keys",
    "counts",
    "cells",
    "measure/mean",
    "measure/x",
    "profile/norm_by_time",
)

Arrays = dict[str, npt.NDArray[Any]]


@st.composite
def hostile_payloads(draw: st.DrawFn, honest: bytes) -> bytes:
    """A payload that is wrong somewhere, made of the parts of an honest one."""
    how = draw(st.sampled_from((*[_of_arrays] * 4, *[_of_header] * 3, _of_frame, _of_frame, _damaged)))
    return how(draw, honest)


def _damaged(draw: st.DrawFn, honest: bytes) -> bytes:
    return draw(damaged(honest))


def _of_arrays(draw: st.DrawFn, honest: bytes) -> bytes:
    """Whole safetensors of arrays that are others than they should be."""
    arrays = {
        name: np.array(one) for name, one in payload.decode(payload.decompress(honest, _LIMIT)).items()
    }
    for _ in range(draw(st.integers(1, 2))):
        draw(st.sampled_from(_ARRAY_CHANGES))(draw, arrays)
    return payload.compress(
        payload.encode({name: np.ascontiguousarray(one) for name, one in arrays.items()})
    )


def _chosen(draw: st.DrawFn, arrays: Arrays) -> str:
    return draw(st.sampled_from(sorted(arrays) or ["keys"]))


def _take_away(draw: st.DrawFn, arrays: Arrays) -> None:
    arrays.pop(_chosen(draw, arrays), None)


def _add(draw: st.DrawFn, arrays: Arrays) -> None:
    name = draw(
        st.one_of(
            st.sampled_from(_NAMES), names.map(_encodable), names.map(_encodable).map("measure/".__add__)
        )
    )
    if name != "__metadata__":
        shape = draw(st.lists(st.integers(0, 4), max_size=3))
        arrays[name] = np.zeros(shape, draw(st.sampled_from(_TYPES)))


def _retype(draw: st.DrawFn, arrays: Arrays) -> None:
    name = _chosen(draw, arrays)
    with np.errstate(all="ignore"):
        arrays[name] = arrays.get(name, np.zeros(2)).astype(draw(st.sampled_from(_TYPES)))


def _reshape(draw: st.DrawFn, arrays: Arrays) -> None:
    name = _chosen(draw, arrays)
    one = np.atleast_1d(arrays.get(name, np.zeros(2)))
    arrays[name] = draw(
        st.sampled_from(
            (one.ravel(), one[np.newaxis], one[:0], one[:-1], np.concatenate([one, one]), one.T)
        )
    )


def _set_numbers(draw: st.DrawFn, arrays: Arrays) -> None:
    name = _chosen(draw, arrays)
    one = arrays.get(name, np.zeros(2))
    if not one.size or one.dtype.kind == "V":
        return
    for _ in range(draw(st.integers(1, 4))):
        value = draw(st.sampled_from(NUMBERS if one.dtype.kind == "f" else SIZES))
        if one.dtype.kind in "iu":
            ends = np.iinfo(one.dtype)
            value = min(max(int(value), int(ends.min)), int(ends.max))
        with np.errstate(over="ignore"):
            one.flat[draw(st.integers(0, one.size - 1))] = value


def _swap(draw: st.DrawFn, arrays: Arrays) -> None:
    one, other = _chosen(draw, arrays), _chosen(draw, arrays)
    if arrays:
        arrays[one], arrays[other] = arrays[other], arrays[one]


def _wrap_offsets(draw: st.DrawFn, arrays: Arrays) -> None:
    """Offsets that rise at each step, if one counts with 64 bits, and yet go astray between their ends."""
    if "offsets" in arrays and "keys" in arrays:
        size = len(arrays["keys"])
        far = [0, 2**63 - 1, -(2**63), -1, size]
        arrays["offsets"] = np.array(
            draw(st.sampled_from((far, [0, -1, size], [0, size, size + 1], [size, 0])))
        )
        if draw(st.booleans()) and "statistics" in arrays:
            arrays["statistics"] = np.zeros((len(arrays["offsets"]) - 1, 10))


def _other_gates(draw: st.DrawFn, arrays: Arrays) -> None:
    """A whole and fitting snapshot, but of another number of gates."""
    gates = draw(st.integers(1, 6))
    arrays.clear()
    arrays |= {
        "statistics": np.ones((gates, 10)),
        "offsets": np.arange(gates + 1),
        "keys": np.full(
            gates, draw(st.sampled_from((0, 1, 0x0FE0, 0x1FE0, 0x1FFF, 0x3FFF, 0xFFFF))), np.uint16
        ),
        "counts": np.full(gates, draw(st.sampled_from((0, 1, 2**32 - 1))), np.uint32),
    }
    if draw(st.booleans()):
        arrays["profile/norm_by_time"] = np.zeros((gates, draw(st.integers(1, 9))), np.float32)


_ARRAY_CHANGES: tuple[Callable[[st.DrawFn, Arrays], None], ...] = (
    _take_away,
    _add,
    _retype,
    _reshape,
    _set_numbers,
    _set_numbers,
    _swap,
    _wrap_offsets,
    _other_gates,
)


def _of_header(draw: st.DrawFn, honest: bytes) -> bytes:
    """A header that tells something else than what follows it."""
    plain = payload.decompress(honest, _LIMIT)
    size = int.from_bytes(plain[:8], "little")
    header, data = json.loads(plain[8 : 8 + size]), plain[8 + size :]
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from([name for name in header if name != "__metadata__"] or ["keys"]))
        entry = header.setdefault(name, {"dtype": "U16", "shape": [0], "data_offsets": [0, 0]})
        if not isinstance(entry, dict):
            continue
        what = draw(st.sampled_from(("dtype", "shape", "data_offsets", "name", "__metadata__", "all")))
        if what == "dtype":
            entry["dtype"] = draw(st.sampled_from(_DTYPES))
        elif what == "shape":
            entry["shape"] = draw(st.lists(sizes, max_size=4))
        elif what == "data_offsets":
            entry["data_offsets"] = [draw(sizes), draw(sizes)]
        elif what == "name":
            header[draw(names)] = header.pop(name)
        elif what == "__metadata__":
            header["__metadata__"] = draw(st.dictionaries(names, names, max_size=3))
        else:
            header[name] = draw(st.sampled_from((None, [], 7, "x", {})))
    text = json.dumps(header).encode()
    told = draw(st.sampled_from((len(text), len(text), len(text), 0, len(text) + 9, 2**40, 2**64 - 1)))
    return payload.compress(told.to_bytes(8, "little") + text + data)


def _of_frame(draw: st.DrawFn, honest: bytes) -> bytes:
    """A frame that hides or lies about its size, holds far more than it looks, or is several."""
    plain = payload.decompress(honest, _LIMIT)
    return draw(st.sampled_from(_FRAMES))(draw, plain)


def _without_size(draw: st.DrawFn, plain: bytes) -> bytes:
    del draw
    return zstandard.ZstdCompressor(write_content_size=False).compress(plain)


def _with_checksum(draw: st.DrawFn, plain: bytes) -> bytes:
    frame = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(plain))
    if draw(st.booleans()):
        frame[-1] ^= 1
    return bytes(frame)


def _several(draw: st.DrawFn, plain: bytes) -> bytes:
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00junk"
    frame = payload.compress(plain)
    return draw(
        st.sampled_from((frame + frame, skippable + frame, frame + skippable, frame + b"x", skippable))
    )


def _bomb(draw: st.DrawFn, plain: bytes) -> bytes:
    """Zeros: a thousandth of their size."""
    size = draw(st.sampled_from((0, 1, 2**10, 2**16, 2**20)))
    return payload.compress(draw(st.sampled_from((b"", plain))) + bytes(size))


def _lying_size(draw: st.DrawFn, plain: bytes) -> bytes:
    """A frame of raw blocks whose header promises another size than they have."""
    size = draw(
        st.sampled_from((0, 1, len(plain) - 1, len(plain) + 1, 2**24, 2**24 + 1, 2**31, 2**50, 2**64 - 1))
    )
    blocks = (len(plain) << 3 | 1).to_bytes(3, "little") + plain[: 2**17]
    return b"\x28\xb5\x2f\xfd\xe0" + size.to_bytes(8, "little") + blocks


_FRAMES = (_without_size, _with_checksum, _several, _bomb, _lying_size)


def _encodable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()
