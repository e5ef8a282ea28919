"""One pass over a matrix: the histogram, the statistics and the norms of columns of each gate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.summary.histogram import FINITE_KEYS, KEYS, Histogram, dense_counts
from tensorboard_plugin_rnnweights.summary.passes import choice
from tensorboard_plugin_rnnweights.summary.passes.difference import by_rows
from tensorboard_plugin_rnnweights.summary.passes.rounding import rounded
from tensorboard_plugin_rnnweights.summary.statistics import MOMENTS, STATISTICS

Array = npt.NDArray[Any]
Float64 = npt.NDArray[np.float64]

# Above it, a variance by the difference of sums has ten digits and more.
_LEAST_SHARE = 1e-5

# Values that NumPy looks at in one go, so that what it makes of them stays small and in the cache.
_AT_ONCE = 2**17


class Scan(NamedTuple):
    """What one pass over the blocks of some gates gives.

    Attributes:
        statistics: `STATISTICS` of each gate, float64, of shape (gates, statistics).
        column_norms: The L2 norm of each column of each gate, float64, of shape (gates, columns); NaN where
            one of its values is not finite, since the norm of the others would say that all is well.
        offsets: Where each gate's bins begin among all, int64, of shape (gates + 1).
        keys: The keys of the bins that hold some value, as `Histogram` has them, gate by gate.
        counts: How many values each of them holds.
    """

    statistics: Float64
    column_norms: Float64
    offsets: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint16]
    counts: npt.NDArray[np.uint32]


def scan(values: Array, gates: int, before: Array | None = None) -> Scan:
    """Scans a matrix, or what has changed of it.

    Args:
        values: Of any float type, of shape (rows, gates * columns), gates side by side.
        gates: How many there are.
        before: What the values were before, of the same shape; None for a scan of the values themselves.
    """
    if choice.suits(values) and (before is None or choice.suits(before)):
        return _scan_compiled(values, gates, before)
    blocks = np.split(values, gates, axis=1)
    blocks_before = [None] * gates if before is None else np.split(before, gates, axis=1)
    return joined(map(_scan_with_numpy, blocks, blocks_before))


def joined(scans: Iterable[Scan]) -> Scan:
    """The scans of several matrices with equally many columns a gate, as if they were one."""
    statistics, column_norms, offsets, keys, counts = zip(*scans, strict=True)
    bins = np.concatenate([np.diff(one) for one in offsets])
    return Scan(
        np.concatenate(statistics),
        np.concatenate(column_norms),
        np.concatenate([[0], np.cumsum(bins, dtype=np.int64)]),
        np.concatenate(keys),
        np.concatenate(counts),
    )


def _scan_compiled(values: Array, gates: int, before: Array | None) -> Scan:
    rows, columns = values.shape[0], values.shape[1] // gates
    most_bins = gates * min(rows * columns, FINITE_KEYS)
    found = Scan(
        np.empty((gates, len(STATISTICS))),
        np.empty((gates, columns)),
        np.empty(gates + 1, np.int64),
        np.empty(most_bins, np.uint16),
        np.empty(most_bins, np.uint32),
    )
    addresses = [choice.address(array) for array in found]
    given = (choice.address(values), rows, gates, columns, values.strides[0])
    given_before = (0, 0) if before is None else (choice.address(before), before.strides[0])
    choice.compiled.scan(*given, *given_before, *addresses)
    bins = int(found.offsets[-1])
    return found._replace(keys=found.keys[:bins].copy(), counts=found.counts[:bins].copy())


def _scan_with_numpy(block: Array, before: Array | None) -> Scan:
    sums = _Sums(np.zeros(block.shape[1]))
    for rows in by_rows(block, before, _AT_ONCE):
        sums.add(rows)
    histogram = Histogram.from_dense(sums.bins)
    by_column = sums.squares_by_column
    return Scan(
        np.array([[float(block.size), *sums.counts, *_moments(block, before, sums)]]),
        np.sqrt(np.where(np.isfinite(by_column), by_column, np.nan))[np.newaxis],
        np.array([0, len(histogram.keys)], np.int64),
        histogram.keys,
        histogram.counts,
    )


@dataclass
class _Sums:
    """What adds up from one part of a block to the next; of all values, or where so named, of finite ones.

    Attributes:
        squares_by_column: Of all values, so that it is not finite where they aren't.
        total: Of finite values, as `squares`.
        counts: NaN, positive and negative infinity, and zero.
        lowest: Of finite values, as `highest`.
        bins: How many values each key has.
    """

    squares_by_column: Float64
    total: float = 0.0
    squares: float = 0.0
    counts: Float64 = field(default_factory=lambda: np.zeros(4))
    lowest: float = math.inf
    highest: float = -math.inf
    bins: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(KEYS, np.int64))

    def add(self, rows: Array) -> None:
        """Adds a few rows of the block."""
        self.bins += dense_counts(rounded(rows, "float32"))
        wide = rows.astype(np.float64)
        squares = _squares_by_column(wide)
        self.squares_by_column += squares
        self.counts[3] += wide.size - np.count_nonzero(wide)
        if not np.isfinite(squares).all():
            tests = (np.isnan, np.isposinf, np.isneginf)
            self.counts[:3] += [np.count_nonzero(test(wide)) for test in tests]
            wide = wide[np.isfinite(wide)].reshape(1, -1)
            squares = _squares_by_column(wide)
        self.lowest = min(self.lowest, wide.min(initial=math.inf))
        self.highest = max(self.highest, wide.max(initial=-math.inf))
        self.squares += float(squares.sum())
        # float64 near its own end has no sum, which is no fault to report.
        with np.errstate(over="ignore"):
            self.total += float(wide.sum())


def _moments(block: Array, before: Array | None, sums: _Sums) -> list[float]:
    """`MOMENTS` of the finite values of a block, or of its difference."""
    count = block.size - sums.counts[:3].sum()
    if not count:
        return [math.nan] * len(MOMENTS)
    mean = sums.total / count
    variance = sums.squares / count - mean * mean
    if variance < _LEAST_SHARE * sums.squares / count:
        # Nearly all the same: the difference of two nearly equal numbers has lost its digits.
        parts = by_rows(block, before, _AT_ONCE)
        variance = sum(_squares_about(rows, mean) for rows in parts) / count
    # Zero has no sign here, whichever one the bits had.
    return [sums.lowest + 0.0, sums.highest + 0.0, mean, math.sqrt(variance), math.sqrt(sums.squares)]


def _squares_about(rows: Array, mean: float) -> float:
    wide = rows.astype(np.float64)
    return float(_squares_by_column(np.where(np.isfinite(wide), wide - mean, 0.0)).sum())


def _squares_by_column(wide: Float64) -> Float64:
    # Not a product of matrices, for which NumPy's library would wake threads on the cores that train.
    # Infinities, and float64 near its own end, have no such sum, which is no fault to report.
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.einsum("ij,ij->j", wide, wide))
