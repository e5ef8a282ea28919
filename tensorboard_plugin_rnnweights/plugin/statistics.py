"""Statistics of all series of one kind in one run, in one body."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.derived import DERIVED
from tensorboard_plugin_rnnweights.plugin.records import Request
from tensorboard_plugin_rnnweights.plugin.snapshots import Snapshot, decoded, names_of
from tensorboard_plugin_rnnweights.plugin.thinning import Thinning
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN, MetadataError, parse_series
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS


def statistics(
    request: Request, run: str, kind: str, tags: Sequence[str], names: Sequence[str], thinning: Thinning
) -> bytes:
    """The safetensors that `http_api.md` describes; of a series that can't be read, the reason.

    Args:
        request: Whose data are asked for.
        run: The run's name.
        kind: The kind of the series.
        tags: The series' tags; all of the kind if there is none.
        names: Which statistics, measures and derived statistics; all that were logged if there is none.
        thinning: Which steps.

    Raises:
        NotFoundError: If there is no such series.
    """
    known = _tags(request, run, kind)
    wanted = [tag for tag in known if not tags or tag in tags]
    if not wanted or set(tags) - set(known):
        missing = next((repr(tag) for tag in tags if tag not in known), "")
        raise errors.NotFoundError(f"run {run!r} has no series {missing} of the kind {kind!r}")
    arrays: dict[str, npt.NDArray[Any]] = {}
    answered: list[tuple[str, list[str]]] = []
    reasons: dict[str, str] = {}
    found = request.read_tensors(HISTOGRAMS_PLUGIN, [(run, tag) for tag in wanted])
    for tag in wanted:
        data = found.get((run, tag), [])
        if not data:
            continue
        try:
            first, *snapshots = decoded([*data[:1], *thinning.of(data)])
        except payload.PayloadError as error:
            reasons[tag] = f"the histograms of run {run!r}, series {tag!r} can't be read: {error}"
            continue
        own, values = _values(snapshots, first, names)
        place = len(answered)
        arrays[f"{place}/all_steps"] = np.array([datum.step for datum in data], np.int64)
        arrays[f"{place}/steps"] = np.array([one.step for one in snapshots], np.int64)
        arrays[f"{place}/values"] = values
        answered.append((tag, own))
    metadata = {
        "tags": json.dumps([tag for tag, _ in answered]),
        "names": json.dumps([own for _, own in answered]),
        "unreadable": json.dumps(reasons),
    }
    return payload.encode(arrays, metadata)


def _tags(request: Request, run: str, kind: str) -> list[str]:
    """The tags of all series of a kind, in the model's order."""
    found = []
    for (_, tag), time_series in request.list_tensors(HISTOGRAMS_PLUGIN, run).items():
        try:
            series = parse_series(time_series.plugin_content)
        except MetadataError:
            continue
        if series.kind == kind:
            found.append((series.position, tag))
    return [tag for _, tag in sorted(found)]


def _values(
    snapshots: Sequence[Snapshot], first: Snapshot, names: Sequence[str]
) -> tuple[list[str], npt.NDArray[np.float32]]:
    """The names that a series has among those asked for, and float32 of shape (steps, gates, names)."""
    logged = [*STATISTICS, *names_of(snapshots, lambda one: one.measures)]
    own = [name for name in (names or logged) if name in logged or name in DERIVED]
    if not snapshots or not own:
        return own, np.zeros((len(snapshots), first.gates, len(own)), np.float32)
    columns = [_column(snapshots, first, name) for name in own]
    with np.errstate(over="ignore"):
        return own, np.ascontiguousarray(np.stack(columns, axis=2), np.float32)


def _column(snapshots: Sequence[Snapshot], first: Snapshot, name: str) -> npt.NDArray[np.float64]:
    if name in DERIVED:
        return DERIVED[name](snapshots, first)
    if name in STATISTICS:
        place = STATISTICS.index(name)
        return np.stack([one.bins["statistics"][:, place] for one in snapshots])
    absent = np.full(first.gates, np.nan)
    return np.stack([one.measures.get(name, absent) for one in snapshots])
