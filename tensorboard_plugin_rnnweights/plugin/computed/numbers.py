"""The numbers of a series' snapshots without their bins: decoded once, and remembered after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.plugin.computed.derived import AT_ONCE, DERIVED, derive
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import Snapshot, check_together, decoded
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS

# Beside its values, what the numbers of a snapshot take in memory, about.
_BYTES_OF_NUMBERS = 600


@dataclass(frozen=True, eq=False)
class Numbers:
    """All numbers of a series at one step.

    Attributes:
        step: The step.
        names: Of statistics, measures and derived statistics.
        values: float64 of shape (gates, names).
    """

    step: int
    names: tuple[str, ...]
    values: npt.NDArray[np.float64]

    @property
    def gates(self) -> int:
        """How many gates it has."""
        return len(self.values)


def numbers_at(
    request: Request,
    run: str,
    tag: str,
    data: Sequence[Any],
    kept: Sequence[Any],
    derived: tuple[str, ...],
) -> list[Numbers]:
    """The numbers of some of a series' snapshots, in the order of `kept`.

    Args:
        request: Whose data are asked for.
        run: The run's name.
        tag: The series' tag.
        data: All that TensorBoard kept of the series.
        kept: Those among them that are wanted.
        derived: Names of derived statistics that are wanted, too; they take longer.

    Raises:
        PayloadError: If what was logged can't be read.
    """
    # What is derived says how far a snapshot is from the first one.
    series = (request.experiment, run, tag, derived, data[0].step, data[0].wall_time)
    keys = [(*series, datum.step, datum.wall_time) for datum in kept]
    found = request.memory.all_of(
        keys,
        lambda places: _decode([kept[place] for place in places], data[0], derived),
        lambda numbers: _BYTES_OF_NUMBERS + numbers.values.nbytes,
        AT_ONCE,
    )
    check_together(found, [_measures])
    return found


def _decode(data: Sequence[Any], first: Any, names: tuple[str, ...]) -> list[Numbers]:
    """Decodes some snapshots, at least one, with what is derived of them and of their series' first one."""
    if not names:
        return [_numbers(one, {}) for one in decoded(data)]
    begun, *snapshots = decoded([first, *data])
    derived = derive(names, snapshots, begun)
    return [
        _numbers(one, {name: values[place] for name, values in derived.items()})
        for place, one in enumerate(snapshots)
    ]


def _numbers(snapshot: Snapshot, derived: dict[str, npt.NDArray[np.float64]]) -> Numbers:
    further = {**snapshot.measures, **derived}
    values = np.column_stack([snapshot.bins["statistics"], *further.values()])
    return Numbers(snapshot.step, (*STATISTICS, *further), values)


def _measures(numbers: Numbers) -> set[str]:
    return {*numbers.names} - {*STATISTICS} - DERIVED.keys()
