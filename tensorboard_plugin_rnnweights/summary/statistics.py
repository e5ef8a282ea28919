"""The exact numbers kept of a block beside its histogram."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

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


class Summed(NamedTuple):
    """What one pass over a block gives.

    Attributes:
        statistics: `STATISTICS`, float64.
        column_norms: The L2 norm of each column (the last axis), float64; NaN where one of its values is
            not finite, since the norm of the others would say that all is well.
    """

    statistics: npt.NDArray[np.float64]
    column_norms: npt.NDArray[np.float64]


def statistics_of(block: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Computes `STATISTICS` of a block of any shape and float type, in float64."""
    return summed(block).statistics


def summed(block: npt.NDArray[Any]) -> Summed:
    """Computes the statistics and the norms of a block of any float type, of shape (..., columns)."""
    # In the block's own type, which is narrower, so that what needs no precision costs less.
    values = np.ascontiguousarray(block)
    wide = values.astype(np.float64)
    total = _sum(wide)
    by_column = _squares_by_column(wide)
    squares = _sum(by_column)
    counts = [float(values.size), 0.0, 0.0, 0.0]
    if not math.isfinite(total):
        # A sum is finite only if all of its terms are, so most blocks never pay for this.
        counts[1:] = [
            float(np.count_nonzero(found))
            for found in (np.isnan(wide), np.isposinf(wide), np.isneginf(wide))
        ]
        values = wide = wide[np.isfinite(wide)]
        total, squares = _sum(wide), _sum_of_squares(wide)
    zeros = float(values.size - np.count_nonzero(values))
    statistics = np.array([*counts, zeros, *_moments(values, wide, total, squares)])
    return Summed(statistics, np.sqrt(np.where(np.isfinite(by_column), by_column, np.nan)))


def _moments(
    values: npt.NDArray[Any], wide: npt.NDArray[np.float64], total: float, squares: float
) -> list[float]:
    """`MOMENTS` of finite values, given as they were and in float64, with their sum and that of squares."""
    if not values.size:
        return [math.nan] * len(MOMENTS)
    mean = total / wide.size
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


def _squares_by_column(wide: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # Not a product of matrices, for which NumPy's library would wake threads on the cores that train.
    rows = wide.reshape(math.prod(wide.shape[:-1]), wide.shape[-1])
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.einsum("ij,ij->j", rows, rows))


def _sum_of_squares(values: npt.NDArray[np.float64]) -> float:
    return _sum(_squares_by_column(values.reshape(-1, 1)))
