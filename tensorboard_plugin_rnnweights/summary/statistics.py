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

NONFINITE = ("nan", "positive_infinity", "negative_infinity")


def statistics_of(block: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Computes `STATISTICS` of a block of any shape and float type, in float64."""
    values = block.astype(np.float64).ravel()
    counts = [float(values.size), 0.0, 0.0, 0.0]
    with np.errstate(invalid="ignore", over="ignore"):
        total = values.sum()
    if not math.isfinite(total):
        # A sum is finite only if all of its terms are, so most blocks never pay for this.
        counts[1:] = [
            float(np.count_nonzero(found))
            for found in (np.isnan(values), np.isposinf(values), np.isneginf(values))
        ]
        values = values[np.isfinite(values)]
    zeros = float(values.size - np.count_nonzero(values))
    return np.array([*counts, zeros, *_moments(values)])


def _moments(values: npt.NDArray[np.float64]) -> list[float]:
    """`MOMENTS` of finite values, which are overwritten."""
    if not values.size:
        return [math.nan] * len(MOMENTS)
    extremes = [float(values.min()), float(values.max())]
    mean = float(values.mean())
    squares = _sum_of_squares(values)
    values -= mean
    deviation = math.sqrt(_sum_of_squares(values) / values.size)
    return [*extremes, mean, deviation, math.sqrt(squares)]


def _sum_of_squares(values: npt.NDArray[np.float64]) -> float:
    # Not a dot product, for which NumPy's library would wake threads on the cores that train.
    return float(np.einsum("i,i->", values, values))
