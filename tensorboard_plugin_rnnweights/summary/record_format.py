"""TensorFlow's record format, of which event files are made, with the checksum by a compiled library.

TensorBoard computes it in Python, which takes longer than all the rest of a snapshot.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import google_crc32c

_HEADER = 12
_FOOTER = 4


class DamagedError(ValueError):
    """Bytes that are not such records."""


def as_record(pieces: Sequence[bytes]) -> list[bytes]:
    """One record: the data's length and its checksum, the data, and their checksum.

    Args:
        pieces: The data, in pieces that follow each other.

    Returns:
        The record, in pieces as well.
    """
    length = struct.pack("<Q", sum(map(len, pieces)))
    return [length + _masked_checksum([length]), *pieces, _masked_checksum(pieces)]


def read_records(file: BinaryIO) -> Iterator[bytes]:
    """The data of all records of a file; one at the end that is only half written is left out.

    Raises:
        DamagedError: If a checksum is wrong.
    """
    while len(header := file.read(_HEADER)) == _HEADER:
        _check(header[:8], header[8:], file)
        (length,) = struct.unpack("<Q", header[:8])
        record = file.read(length + _FOOTER)
        if len(record) < length + _FOOTER:
            return
        _check(record[:length], record[length:], file)
        yield record[:length]


def _check(data: bytes, checksum: bytes, file: BinaryIO) -> None:
    if _masked_checksum([data]) != checksum:
        raise DamagedError(f"it is damaged before byte {file.tell():,}")


def _masked_checksum(pieces: Iterable[bytes]) -> bytes:
    """CRC-32C, rotated and shifted as the format wants it."""
    checksum = functools.reduce(google_crc32c.extend, pieces, 0)
    rotated = (checksum >> 15) | (checksum << 17)
    return struct.pack("<I", (rotated + 0xA282EAD8) & 0xFFFFFFFF)
