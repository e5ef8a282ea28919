"""The exact numbers kept of a block beside its histogram."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

COUNTS = ("count", "nan", "positive_infinity", "negative_infinity", "zero")
MOMENTS = ("minimum", "maximum", "mean", "standard_deviation", "l2_norm")
STATISTICS = (*COUNTS, *MOMENTS)
"""The statistics in the order in which they are stored.

`count` is of all values; `nan` to `zero` of those that are so; the others are over the finite values
(`standard_deviation`: of the population), and NaN where there is none.
"""

# Above it, a variance by the difference of sums has ten digits and more.
_LEAST_SHARE = 1e-5

NONFINITE = ("nan", "positive_infinity", "negative_infinity")


def statistics_of(block: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Computes `STATISTICS` of a block of any shape and float type, in float64."""
    # In the block's own type, which is narrower, so that what needs no precision costs less.
    values = np.ascontiguousarray(block).ravel()
    wide = values.astype(np.float64)
    total = _sum(wide)
    counts = [float(values.size), 0.0, 0.0, 0.0]
    if not math.isfinite(total):
        # A sum is finite only if all of its terms are, so most blocks never pay for this.
        counts[1:] = [
            float(np.count_nonzero(found))
            for found in (np.isnan(wide), np.isposinf(wide), np.isneginf(wide))
        ]
        values = wide = wide[np.isfinite(wide)]
        total = _sum(wide)
    zeros = float(values.size - np.count_nonzero(values))
    return np.array([*counts, zeros, *_moments(values, wide, total)])


def _moments(values: npt.NDArray[Any], wide: npt.NDArray[np.float64], total: float) -> list[float]:
    """`MOMENTS` of finite values, given as they were and in float64, and of their sum."""
    if not values.size:
        return [math.nan] * len(MOMENTS)
    mean = total / wide.size
    squares = _sum_of_squares(wide)
    variance = squares / wide.size - mean * mean
    if variance < _LEAST_SHARE * squares / wide.size:
        # Nearly all the same: the difference of two nearly equal numbers has lost its digits.
        variance = _sum_of_squares(wide - mean) / wide.size
    extremes = [float(values.min()), float(values.max())]
    return [*extremes, mean, math.sqrt(variance), math.sqrt(squares)]


def _sum(values: npt.NDArray[np.float64]) -> float:
    # Infinities of both signs, or float64 near its own end, have no sum, which is no fault to tell.
    with np.errstate(invalid="ignore", over="ignore"):
        return float(values.sum())


def _sum_of_squares(values: npt.NDArray[np.float64]) -> float:
    # Not a dot product, for which NumPy's library would wake threads on the cores that train.
    return float(np.einsum("i,i->", values, values))
