"""Which blocks differ most between two runs, or two steps of one run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tensorboard_plugin_rnnweights.plugin.computed.distances import (
    Bins,
    Table,
    jensen_shannon,
    mean_magnitudes,
    on_common_bins,
    relative,
    wasserstein,
)
from tensorboard_plugin_rnnweights.plugin.computed.pairs import LoggedSeries, Pair, nearest
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import Snapshot, check_gates, decoded
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import MetadataError

BLOCK_FACTS = ("tag", "other_tag", "gate", "step", "other_step", "began_at_zero")
"""What is said of a block beside its distances."""

DISTANCES = ("wasserstein", "relative_wasserstein", "jensen_shannon")
"""The names of the distances."""


def changes(
    request: Request, run: str, step: int, other_run: str, other_step: int, pairs: Sequence[Pair]
) -> dict[str, Any]:
    """The blocks of some pairs of series, those that differ most first, as `http_api.md` describes them.

    Args:
        request: Whose data are asked for.
        run: The first run.
        step: A step of it; each series is looked at where it was logged next to it.
        other_run: The second run, which may be the same.
        other_step: A step of that one.
        pairs: The series' tags in both.

    Raises:
        NotFoundError: If there is no such series.
    """
    one = LoggedSeries(request, run, [tag for tag, _ in pairs])
    other = LoggedSeries(request, other_run, [tag for _, tag in pairs])
    blocks: list[dict[str, Any]] = []
    unreadable: dict[str, str] = {}
    for tag, other_tag in pairs:
        try:
            own, opposite = _side(one, tag, step), _side(other, other_tag, other_step)
            blocks += _blocks(own, tag, opposite, other_tag)
        except (payload.PayloadError, MetadataError) as error:
            unreadable[tag] = str(error)
    return {"blocks": sorted(blocks, key=_rank), "unreadable": unreadable}


@dataclass(frozen=True, eq=False)
class _Side:
    """A series near a step.

    Attributes:
        snapshot: The one nearest to the step.
        is_first: Whether it is the series' first one.
        gates: The names of its gates.
    """

    snapshot: Snapshot
    is_first: bool
    gates: tuple[str, ...]

    def bins(self, gate: str) -> Bins:
        """The histogram of a gate."""
        return self.snapshot.of_gate(self.gates.index(gate))


def _side(series: LoggedSeries, tag: str, step: int) -> _Side:
    data = series.data(tag)
    kept = nearest(data, step)
    (snapshot,), gates = decoded([kept]), series.gates(tag)
    check_gates([snapshot], gates)
    return _Side(snapshot, kept is data[0], gates)


def _blocks(own: _Side, tag: str, opposite: _Side, other_tag: str) -> list[dict[str, Any]]:
    tables = {
        gate: on_common_bins([own.bins(gate), opposite.bins(gate)])
        for gate in own.gates
        if gate in opposite.gates
    }
    are_first = own.is_first, opposite.is_first
    return [
        {
            "tag": tag,
            "other_tag": other_tag,
            "gate": gate,
            "step": own.snapshot.step,
            "other_step": opposite.snapshot.step,
            "began_at_zero": _began_at_zero(table, are_first),
            **_distances(table),
        }
        for gate, table in tables.items()
    ]


def _began_at_zero(table: Table, are_first: tuple[bool, bool]) -> bool:
    """Whether one of the two holds only zeros at its first step, and the other one something else."""
    magnitudes = mean_magnitudes(table.middles, table.counts)
    is_zero = (magnitudes == 0) & table.counts.any(axis=1)
    return bool((is_zero & are_first).any() and magnitudes.any())


def _distances(table: Table) -> dict[str, float | None]:
    middles, _, (counts, other_counts) = table
    distance = wasserstein(middles, counts, other_counts)
    return {
        "wasserstein": _number(float(distance)),
        "relative_wasserstein": _number(float(relative(distance, middles, counts, other_counts))),
        "jensen_shannon": _number(jensen_shannon(counts, other_counts)),
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rank(block: dict[str, Any]) -> tuple[bool, bool, float, float]:
    distance = block["relative_wasserstein"]
    # What began at zero has the same relative distance wherever it went, which would hide all else.
    return (
        distance is None,
        block["began_at_zero"],
        -(distance or 0.0),
        -(block["wasserstein"] or 0.0),
    )
