"""How far the histograms of blocks are from those that they are compared with, over the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.plugin.answers.by_tag import NumbersByTag
from tensorboard_plugin_rnnweights.plugin.computed.distances import on_common_bins, relative, wasserstein
from tensorboard_plugin_rnnweights.plugin.computed.pairs import Compared, LoggedSeries, moment
from tensorboard_plugin_rnnweights.plugin.logged.memory import Memory
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import Snapshot, check_gates, decoded
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import MetadataError

NAMES = ("wasserstein", "relative_wasserstein")
"""What is answered, in its order."""

# What the distances of a step take in memory beside their values, about.
_BYTES_OF_DISTANCES = 200
# Histograms of so many steps of LSTM(64) fit into a core's own cache.
_AT_ONCE = 64

Distances = npt.NDArray[np.float32]
"""Of shape (gates, names)."""

Gates = tuple[Sequence[str], Sequence[str]]
"""The gates of either series."""


def distances_over_steps(request: Request, compared: Compared) -> bytes:
    """The safetensors that `http_api.md` describes; of a series that can't be read, the reason.

    Raises:
        NotFoundError: If there is no such series.
    """
    one = LoggedSeries(request, compared.run, [tag for tag, _ in compared.pairs])
    other = LoggedSeries(request, compared.other_run, [tag for _, tag in compared.pairs])
    body = NumbersByTag()
    for tag, other_tag in compared.pairs:
        try:
            data = one.data(tag)
            kept = compared.thinning.of(data)
            others = compared.counterparts(kept, other.data(other_tag))
            gates = one.gates(tag), other.gates(other_tag)
            name = (request.experiment, "distances", compared.run, tag, compared.other_run, other_tag)
            found = _remembered(request.memory, name, kept, others, gates)
        except (payload.PayloadError, MetadataError) as error:
            body.leave_out(tag, str(error))
            continue
        shape = len(kept), len(gates[0]), len(NAMES)
        body.add(tag, data, kept, NAMES, np.array(found, np.float32).reshape(shape))
    return body.encode()


def _remembered(
    memory: Memory, name: tuple[str, ...], kept: Sequence[Any], others: Sequence[Any], gates: Gates
) -> list[Distances]:
    """The distances of a pair of series at some steps."""
    return memory.all_of(
        [(*name, moment(one), moment(other)) for one, other in zip(kept, others, strict=True)],
        lambda places: _distances(
            [kept[place] for place in places], [others[place] for place in places], gates
        ),
        lambda distances: _BYTES_OF_DISTANCES + distances.nbytes,
        _AT_ONCE,
    )


def _distances(data: Sequence[Any], others: Sequence[Any], gates: Gates) -> list[Distances]:
    """The distances at some steps, at least one, between what is not decoded yet."""
    snapshots, (own_gates, other_gates) = decoded(data), gates
    check_gates(snapshots, own_gates)
    # Often they are all the same one.
    unique = {moment(datum): datum for datum in others}
    numbers = {at: number for number, at in enumerate(unique)}
    other_snapshots = decoded([*unique.values()])
    check_gates(other_snapshots, other_gates)
    fitting = [numbers[moment(datum)] for datum in others]
    found = np.full((len(snapshots), len(own_gates), len(NAMES)), np.nan)
    for place, gate in enumerate(own_gates):
        if gate in other_gates:
            other_place = other_gates.index(gate)
            found[:, place] = _of_gate(snapshots, place, other_snapshots, other_place, fitting)
    with np.errstate(over="ignore"):
        return [*found.astype(np.float32)]


def _of_gate(
    snapshots: Sequence[Snapshot],
    gate: int,
    others: Sequence[Snapshot],
    other_gate: int,
    fitting: Sequence[int],
) -> npt.NDArray[np.float64]:
    """The distances of one gate, of shape (steps, names)."""
    histograms = [one.of_gate(gate) for one in snapshots] + [one.of_gate(other_gate) for one in others]
    middles, _, counts = on_common_bins(histograms)
    own, other = counts[: len(snapshots)], counts[len(snapshots) :][[*fitting]]
    distances = wasserstein(middles, own, other)
    return np.stack([distances, relative(distances, middles, own, other)], axis=1)
