"""Statistics that the server derives from the bins of a series' histograms, all steps and gates at once.

The bins are those of `http_api.md`: a number counts as the middle of its bin, which is at most 1/64 off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.plugin.distances import mean_magnitude, on_common_bins, wasserstein
from tensorboard_plugin_rnnweights.plugin.snapshots import Snapshot
from tensorboard_plugin_rnnweights.summary.histogram import MAGNITUDE, edges
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS

Numbers = npt.NDArray[np.float64]

_LARGE = 0.995
_SMALL = 0.02
_ENDS = STATISTICS.index("minimum"), STATISTICS.index("maximum")


def robust_magnitudes(snapshots: Sequence[Snapshot], _: Snapshot) -> Numbers:
    """The magnitude that 99.5 % of a gate's finite values but its zeros don't exceed: (steps, gates)."""
    return _magnitude_quantiles(snapshots, _LARGE)


def small_magnitudes(snapshots: Sequence[Snapshot], _: Snapshot) -> Numbers:
    """The magnitude that 2 % of a gate's finite values but its zeros don't exceed: (steps, gates)."""
    return _magnitude_quantiles(snapshots, _SMALL)


def distribution_changes(snapshots: Sequence[Snapshot], first: Snapshot) -> Numbers:
    """How far a gate's values have moved since its first step: (steps, gates).

    The Wasserstein-1 distance of the histogram from that of the first step, as a multiple of the mean
    magnitude at the first step; NaN where either has no finite value, or where all was zero at first.
    """
    gates = first.gates
    return np.stack([_changes_of_gate(snapshots, first, gate) for gate in range(gates)], axis=1)


DERIVED: Mapping[str, Callable[[Sequence[Snapshot], Snapshot], Numbers]] = {
    "robust_magnitude": robust_magnitudes,
    "small_magnitude": small_magnitudes,
    "distribution_change": distribution_changes,
}
"""By name: what is derived of some snapshots of a series, and of its very first one."""


def _changes_of_gate(snapshots: Sequence[Snapshot], first: Snapshot, gate: int) -> Numbers:
    middles, counts = on_common_bins([one.of_gate(gate) for one in (first, *snapshots)])
    scale = mean_magnitude(middles, counts[0])
    return wasserstein(middles, counts[1:], counts[0]) / (scale or np.nan)


def _magnitude_quantiles(snapshots: Sequence[Snapshot], share: float) -> Numbers:
    """The upper ends of the bins that quantiles lie in, but no more than the largest magnitude itself.

    Zeros have no say; where there is nothing else, it is 0. NaN where nothing is finite.
    """
    gates = snapshots[0].gates
    lengths = np.concatenate([np.diff(one.bins["offsets"]) for one in snapshots])
    places = np.repeat(np.arange(lengths.size), lengths)
    magnitudes = np.concatenate([one.bins["keys"] for one in snapshots]).astype(np.int64) & MAGNITUDE
    counts = np.concatenate([one.bins["counts"] for one in snapshots]).astype(np.int64)
    counts[magnitudes == 0] = 0
    # Each gate's bins are two lists in order, the positive and the negative ones: that is quickly sorted.
    order = np.argsort(places * (MAGNITUDE + 1) + magnitudes, kind="stable")
    sums = np.concatenate([[0], np.cumsum(counts[order])])
    ends = np.cumsum(lengths)
    before, total = sums[ends - lengths], sums[ends] - sums[ends - lengths]
    wanted = before + np.maximum(1, np.ceil(share * total).astype(np.int64))
    found = magnitudes[order][np.minimum(np.searchsorted(sums[1:], wanted), max(0, order.size - 1))]
    upper = edges(found.astype(np.uint16))[1]
    numbers = np.concatenate([one.bins["statistics"] for one in snapshots])
    largest = np.abs(numbers[:, _ENDS]).max(axis=1)
    result = np.where(np.isnan(largest), np.nan, np.where(total > 0, np.fmin(upper, largest), 0.0))
    return np.asarray(result.reshape(len(snapshots), gates))
