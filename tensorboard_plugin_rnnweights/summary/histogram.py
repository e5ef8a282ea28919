"""Histograms that bin numbers by their own bits.

The promise: every finite float32 lies in the bin of its key; a bin is at most 1/32 of its own lower
edge wide, for all magnitudes from 2^-126 (the smallest normal float32) up; below that, at most 2^-131
wide. So any quantile is known within a relative 1/32. The bins are the same for all data, so histograms
of parts add up, exactly, to the histogram of the whole.

A key is the top 14 bits of a float32: sign, 8 bits of exponent, 5 of mantissa (IEEE 754 binary32), which
gives each octave 32 equal bins, as in HdrHistogram. Nothing has to be known of the data beforehand, and
one pass over them is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_DROPPED_BITS = 18
_SIGN = 1 << 13
MAGNITUDE = _SIGN - 1
"""The bits of a key that are its magnitude, without the sign."""
_FIRST_NONFINITE = 0xFF << 5
KEYS = 1 << 14
"""How many keys there are."""
FINITE_KEYS = 2 * _FIRST_NONFINITE
"""How many of them finite values can have."""


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many finite values lie in each bin; only bins that hold some.

    Attributes:
        keys: uint16, increasing.
        counts: uint32, as many as `keys`, never 0.
    """

    keys: npt.NDArray[np.uint16]
    counts: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, values: npt.NDArray[np.float32]) -> Histogram:
        """Counts the finite ones among float32 values of any shape."""
        return cls.from_dense(dense_counts(values))

    @classmethod
    def from_dense(cls, dense: npt.NDArray[Any]) -> Histogram:
        """Of the counts of all keys, of shape (KEYS)."""
        keys = np.flatnonzero(dense)
        return cls(keys.astype(np.uint16), dense[keys].astype(np.uint32))

    @property
    def total(self) -> int:
        """How many values were counted."""
        return int(self.counts.sum(dtype=np.int64))

    def __add__(self, other: Histogram) -> Histogram:
        """The histogram of both sets of values together."""
        dense = np.zeros(KEYS, np.int64)
        for one in (self, other):
            dense[one.keys] += one.counts
        return self.from_dense(dense)

    def quantile(self, q: float) -> float:
        """The value below which a share `q` (0 to 1) of the values lies, within its bin.

        It is the middle of the bin in which the value of rank `floor(q * (total - 1))` lies, counted
        from 0 and from the smallest. NaN if nothing was counted.
        """
        if not self.total:
            return float("nan")
        lower, upper = edges(self.keys)
        order = np.argsort(lower, kind="stable")
        rank = int(q * (self.total - 1))
        place = order[np.searchsorted(np.cumsum(self.counts[order]), rank, side="right")]
        return (float(lower[place]) + float(upper[place])) / 2


def dense_counts(values: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """How many finite ones among float32 values of any shape each key has, of shape (KEYS)."""
    keys = np.ascontiguousarray(values).view(np.uint32).ravel() >> np.uint32(_DROPPED_BITS)
    dense = np.bincount(keys, minlength=KEYS)
    for sign in (0, _SIGN):
        dense[sign + _FIRST_NONFINITE : sign + _SIGN] = 0
    return dense


def edges(
    keys: npt.NDArray[np.uint16],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The bounds of some bins.

    Returns:
        The lower and the upper bounds, float64. Positive bins hold their lower bound and not the
        upper one; negative bins the other way round. Both zeros lie on a bound of theirs.
    """
    wide = keys.astype(np.uint32)
    magnitude = wide & np.uint32(MAGNITUDE)
    near = (magnitude << np.uint32(_DROPPED_BITS)).view(np.float32).astype(np.float64)
    far = ((magnitude + np.uint32(1)) << np.uint32(_DROPPED_BITS)).view(np.float32)
    # The outermost finite bin ends where float32 does; its bits read as infinity.
    far64 = np.where(np.isinf(far), 2.0**128, far.astype(np.float64))
    negative = (wide & np.uint32(_SIGN)) != 0
    return np.where(negative, -far64, near), np.where(negative, -near, far64)
