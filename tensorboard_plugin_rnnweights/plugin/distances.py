"""How far two histograms are from each other: exact on their bins, since these are the same for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.summary.histogram import edges

Numbers = npt.NDArray[np.float64]
Bins = tuple[npt.NDArray[Any], npt.NDArray[Any]]
"""Keys, increasing, and their counts."""


def on_common_bins(all_bins: Sequence[Bins]) -> tuple[Numbers, Numbers]:
    """Histograms side by side.

    Returns:
        The middles of all bins that one of them has, increasing, of shape (bins); and how much each has
        there, of shape (histograms, bins).
    """
    keys = np.unique(np.concatenate([keys for keys, _ in all_bins]))
    counts = np.zeros((len(all_bins), keys.size))
    for row, (own, amounts) in enumerate(all_bins):
        counts[row, np.searchsorted(keys, own)] = amounts
    middles = np.mean(edges(keys), axis=0)
    order = np.argsort(middles, kind="stable")
    return middles[order], counts[:, order]


def mean_magnitude(middles: Numbers, counts: Numbers) -> float:
    """The mean of the magnitudes; 0 where there is nothing."""
    total = counts.sum()
    return float(np.abs(middles) @ counts / total) if total else 0.0


def wasserstein(values: Numbers, one: Numbers, other: Numbers) -> Numbers:
    """The Wasserstein-1 distance of distributions on the same values.

    Args:
        values: The values, increasing, of shape (values).
        one: How much there is of each, of shape (..., values).
        other: Likewise, of a shape that broadcasts with it.

    Returns:
        The distances, of shape (...); NaN where a distribution has nothing.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        below, others_below = (
            np.cumsum(counts, -1) / counts.sum(-1, keepdims=True) for counts in (one, other)
        )
    return np.asarray(np.abs(below - others_below)[..., :-1] @ np.diff(values))


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
    with np.errstate(invalid="ignore", divide="ignore"):
        one, other = one / one.sum(), other / other.sum()
        middle = (one + other) / 2
        divergence = (_relative_entropy(one, middle) + _relative_entropy(other, middle)) / 2
    return float(np.sqrt(np.maximum(divergence, 0.0)))


def _relative_entropy(one: Numbers, other: Numbers) -> float:
    terms = np.where(one == 0, 0.0, one * np.log2(one / other))
    return float(terms.sum())
