"""Statistics that the server derives from the bins of a series' histograms, all steps at once.

The bins are those of `http_api.md`: a number counts as the middle of its bin, which is at most 1/64 off.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.plugin.computed.distances import (
    Table,
    mean_magnitudes,
    on_common_bins,
    wasserstein,
)
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import Snapshot
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS

Numbers = npt.NDArray[np.float64]

AT_ONCE = 128
"""What is derived of so many steps of LSTM(64) fits into a core's own cache."""
LARGE_SHARE = 0.995
"""The share of finite values but zeros that the robust magnitude is not exceeded by."""
SMALL_SHARE = 0.02
"""The share of them that the small magnitude is not exceeded by."""
_ENDS = STATISTICS.index("minimum"), STATISTICS.index("maximum")


@dataclass(frozen=True, eq=False)
class Gate:
    """The histograms of one gate at some steps.

    Attributes:
        table: The series' very first step, then the others.
        largest: The largest magnitude, of shape (steps); NaN where nothing is finite.
    """

    table: Table
    largest: Numbers

    @classmethod
    def of(cls, snapshots: Sequence[Snapshot], first: Snapshot, gate: int) -> Gate:
        """The histograms of a gate, by its place."""
        table = on_common_bins([one.of_gate(gate) for one in (first, *snapshots)])
        ends = np.stack([one.bins["statistics"][gate, _ENDS] for one in snapshots])
        return cls(table, np.abs(ends).max(axis=1))

    @functools.cached_property
    def by_magnitude(self) -> tuple[Numbers, Numbers]:
        """The far ends of the bins in the order of their magnitudes, and how much lies up to each.

        Without zeros; of shapes (bins) and (steps, bins).
        """
        _, far_ends, counts = self.table
        order = np.argsort(far_ends, kind="stable")
        order = order[far_ends[order] > 0]
        return far_ends[order], np.cumsum(counts[1:, order], axis=1)


def robust_magnitudes(gate: Gate) -> Numbers:
    """The magnitude that 99.5 % of a gate's finite values but its zeros don't exceed, of shape (steps)."""
    return _magnitude_quantiles(gate, LARGE_SHARE)


def small_magnitudes(gate: Gate) -> Numbers:
    """The magnitude that 2 % of a gate's finite values but its zeros don't exceed, of shape (steps)."""
    return _magnitude_quantiles(gate, SMALL_SHARE)


def distribution_changes(gate: Gate) -> Numbers:
    """How far a gate's values have moved since its first step, of shape (steps).

    The Wasserstein-1 distance of the histogram from that of the first step, as a multiple of the mean
    magnitude at the first step; NaN where either has no finite value, or where all was zero at first.
    """
    middles, _, counts = gate.table
    scale = mean_magnitudes(middles, counts[0])
    return wasserstein(middles, counts[1:], counts[0]) / (scale or np.nan)


DERIVED: Mapping[str, Callable[[Gate], Numbers]] = {
    "robust_magnitude": robust_magnitudes,
    "small_magnitude": small_magnitudes,
    "distribution_change": distribution_changes,
}
"""By name: what is derived of some snapshots of a gate, and of its very first one."""


def derive(names: Iterable[str], snapshots: Sequence[Snapshot], first: Snapshot) -> dict[str, Numbers]:
    """Derives statistics of some snapshots of a series.

    Args:
        names: Names of `DERIVED`.
        snapshots: At least one.
        first: The series' very first one.

    Returns:
        By name, of shape (steps, gates).
    """
    wanted = [*names]
    parts = [
        _derived(wanted, snapshots[start : start + AT_ONCE], first)
        for start in range(0, len(snapshots), AT_ONCE)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in wanted}


def _derived(names: Sequence[str], snapshots: Sequence[Snapshot], first: Snapshot) -> dict[str, Numbers]:
    gates = [Gate.of(snapshots, first, gate) for gate in range(first.gates)]
    return {name: np.stack([DERIVED[name](gate) for gate in gates], axis=1) for name in names}


def _magnitude_quantiles(gate: Gate, share: float) -> Numbers:
    """The far ends of the bins that quantiles lie in, but no more than the largest magnitude itself.

    Zeros have no say; where there is nothing else, it is 0. NaN where nothing is finite.
    """
    far_ends, sums = gate.by_magnitude
    if not far_ends.size:
        return gate.largest
    wanted = np.maximum(1, np.ceil(share * sums[:, -1:]))
    found = far_ends[np.argmax(sums >= wanted, axis=1)]
    return np.where(np.isnan(gate.largest), np.nan, np.minimum(found, gate.largest))
