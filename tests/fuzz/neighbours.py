"""Inputs next to one that was drawn: drawing takes longer than reading, so each is read in variations."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

One = TypeVar("One")


@dataclass(frozen=True)
class Around(Generic[One]):
    """An input, and what its neighbours are made by.

    Attributes:
        one: The input.
        number: The neighbours' seed.
    """

    one: One
    number: int


def around(whole: bytes, number: int, count: int) -> Iterator[bytes]:
    """The bytes, and so many others that differ from them, or from each other, in a few places."""
    yield whole
    generator = random.Random(number)
    for _ in range(count):
        yield _varied(generator, bytearray(whole))


def _varied(generator: random.Random, changed: bytearray) -> bytes:
    for _ in range(generator.randrange(1, 4)):
        # Headers stand at the beginning, and are most of what can be misread.
        at = generator.randrange(1 + min(len(changed), generator.choice((32, 512, len(changed)))))
        match generator.randrange(5):
            case 0:
                changed[at : at + 1] = bytes([generator.randrange(256)])
            case 1:
                changed[at : at + 1] = bytes(
                    [(changed[at : at + 1] or b"\0")[0] ^ 1 << generator.randrange(8)]
                )
            case 2:
                del changed[at : at + generator.choice((1, 2, 8, 2**20))]
            case 3:
                changed[at:at] = generator.choice(
                    (b"\0", b"\xff" * 8, b"9", b'"', b",", changed[at : at + 8])
                )
            case _:
                other = generator.randrange(1 + len(changed))
                changed[at : at + 8] = changed[other : other + 8]
    return bytes(changed)
