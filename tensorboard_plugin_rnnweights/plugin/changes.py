"""Which blocks differ most between two runs, or two steps of one run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tensorboard_plugin_rnnweights.plugin.distances import (
    jensen_shannon,
    on_common_bins,
    relative,
    wasserstein,
)
from tensorboard_plugin_rnnweights.plugin.pairs import LoggedSeries, Pair, nearest
from tensorboard_plugin_rnnweights.plugin.records import Request
from tensorboard_plugin_rnnweights.plugin.snapshots import Snapshot, decoded
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import MetadataError

BLOCK_FACTS = ("tag", "other_tag", "gate", "step", "other_step")
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
    one = _At(request, run, step, [tag for tag, _ in pairs])
    other = _At(request, other_run, other_step, [tag for _, tag in pairs])
    blocks: list[dict[str, Any]] = []
    unreadable: dict[str, str] = {}
    for tag, other_tag in pairs:
        try:
            blocks += _blocks(one, tag, other, other_tag)
        except (payload.PayloadError, MetadataError) as error:
            unreadable[tag] = str(error)
    return {"blocks": sorted(blocks, key=_rank), "unreadable": unreadable}


class _At:
    """Series of one run near one step."""

    def __init__(self, request: Request, run: str, step: int, tags: Sequence[str]) -> None:
        self._step = step
        self._series = LoggedSeries(request, run, tags)

    def snapshot(self, tag: str) -> Snapshot:
        """The snapshot of a series that is nearest to the step."""
        (found,) = decoded([nearest(self._series.data(tag), self._step)])
        return found

    def gates(self, tag: str) -> tuple[str, ...]:
        """The names of a series' gates."""
        return self._series.gates(tag)


def _blocks(one: _At, tag: str, other: _At, other_tag: str) -> list[dict[str, Any]]:
    snapshot, other_snapshot = one.snapshot(tag), other.snapshot(other_tag)
    gates, other_gates = one.gates(tag), other.gates(other_tag)
    return [
        {
            "tag": tag,
            "other_tag": other_tag,
            "gate": gate,
            "step": snapshot.step,
            "other_step": other_snapshot.step,
            **_distances(snapshot, gates.index(gate), other_snapshot, other_gates.index(gate)),
        }
        for gate in gates
        if gate in other_gates
    ]


def _distances(one: Snapshot, gate: int, other: Snapshot, other_gate: int) -> dict[str, float | None]:
    middles, _, (counts, other_counts) = on_common_bins([one.of_gate(gate), other.of_gate(other_gate)])
    distance = wasserstein(middles, counts, other_counts)
    return {
        "wasserstein": _number(float(distance)),
        "relative_wasserstein": _number(float(relative(distance, middles, counts, other_counts))),
        "jensen_shannon": _number(jensen_shannon(counts, other_counts)),
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rank(block: dict[str, Any]) -> tuple[bool, float, float]:
    distance = block["relative_wasserstein"]
    # Whatever began at zero has the same relative distance, and is told apart by how far it went.
    return distance is None, -(distance or 0.0), -(block["wasserstein"] or 0.0)
