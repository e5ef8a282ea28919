"""How far two histograms are from each other: exact on their bins, since these are the same for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.summary.histogram import MAGNITUDE, edges

Numbers = npt.NDArray[np.float64]
Bins = tuple[npt.NDArray[Any], npt.NDArray[Any]]
"""Keys, increasing, and their counts."""

_MOST_KEYS = 2**16
_NEGATIVE_ZERO = MAGNITUDE + 1


class Table(NamedTuple):
    """Histograms side by side.

    Attributes:
        middles: The middles of all bins that one of them has, increasing, of shape (bins). What lies nearer
            to zero than any normal number counts as zero, whatever its sign.
        far_ends: The magnitudes that those bins don't exceed, of shape (bins); 0 for that of zeros.
        counts: How much each histogram has there, of shape (histograms, bins).
    """

    middles: Numbers
    far_ends: Numbers
    counts: Numbers


def on_common_bins(all_bins: Sequence[Bins]) -> Table:
    """Puts histograms side by side: exactly, since their bins are the same."""
    keys = np.concatenate([keys for keys, _ in all_bins])
    keys[keys == _NEGATIVE_ZERO] = 0
    amounts = np.concatenate([amounts for _, amounts in all_bins])
    rows = np.repeat(np.arange(len(all_bins)), [len(keys) for keys, _ in all_bins])
    present = np.flatnonzero(np.bincount(keys, minlength=1)).astype(np.uint16)
    ends = np.where(present == 0, 0.0, edges(present))
    order = np.argsort(ends[0], kind="stable")
    columns = np.zeros(_MOST_KEYS, np.int64)
    columns[present[order]] = np.arange(present.size)
    shape = len(all_bins), present.size
    counts = np.bincount(rows * present.size + columns[keys], amounts, math.prod(shape)).reshape(shape)
    return Table(
        ends.mean(axis=0)[order], np.abs(ends).max(axis=0)[order], counts.astype(np.float64, copy=False)
    )


def mean_magnitudes(middles: Numbers, counts: Numbers) -> Numbers:
    """The mean of the magnitudes of each histogram; 0 where there is nothing.

    Args:
        middles: The middles of the bins, of shape (bins).
        counts: How much there is in each, of shape (..., bins).

    Returns:
        The means, of shape (...).
    """
    totals = counts.sum(axis=-1)
    return np.divide(counts @ np.abs(middles), totals, out=np.zeros_like(totals), where=totals > 0)


def wasserstein(values: Numbers, one: Numbers, other: Numbers) -> Numbers:
    """The Wasserstein-1 distance of distributions on the same values.

    Args:
        values: The values, increasing, of shape (values).
        one: How much there is of each, of shape (..., values).
        other: Likewise, of a shape that broadcasts with it.

    Returns:
        The distances, of shape (...); NaN where a distribution has nothing.
    """
    difference = _share_below(one) - _share_below(other)
    distances = np.abs(difference, out=difference)[..., :-1] @ np.diff(values)
    return np.where(one.any(axis=-1) & other.any(axis=-1), distances, np.nan)


def relative(distances: Numbers, middles: Numbers, one: Numbers, other: Numbers) -> Numbers:
    """Distances as multiples of the mean magnitude of both histograms; 0 where both hold nothing but zeros.

    Args:
        distances: The distance of each pair, of shape (...).
        middles: The middles of the bins, of shape (bins).
        one: The counts of one histogram of each pair, of shape (..., bins).
        other: Those of the other one.
    """
    scales = (mean_magnitudes(middles, one) + mean_magnitudes(middles, other)) / 2
    return np.divide(distances, scales, out=np.array(distances), where=scales > 0)


def jensen_shannon(one: Numbers, other: Numbers) -> float:
    """The Jensen-Shannon distance, to base 2, of two distributions on the same values.

    It is the square root of the divergence (Lin 1991, "Divergence measures based on the Shannon entropy"):
    0 for equal ones, 1 for those that share no bin.

    Args:
        one: How much there is of each value, of shape (values).
        other: Likewise.

    Returns:
        The distance; NaN where a distribution has nothing.
    """
    if not (one.any() and other.any()):
        return math.nan
    one, other = one / one.sum(), other / other.sum()
    middle = (one + other) / 2
    divergence = (_relative_entropy(one, middle) + _relative_entropy(other, middle)) / 2
    return math.sqrt(max(divergence, 0.0))


def _share_below(counts: Numbers) -> Numbers:
    """The share of what is at each value or below."""
    sums = np.cumsum(counts, axis=-1, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        sums /= sums[..., -1:].copy()
    return sums


def _relative_entropy(one: Numbers, other: Numbers) -> float:
    """That of two distributions, in bits; `other` has something wherever `one` has."""
    there = one > 0
    return float(one[there] @ np.log2(one[there] / other[there]))
