"""What there is to see: every run's series, their facts, and the steps at hand."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tensorboard_plugin_rnnweights.plugin.records import Request
from tensorboard_plugin_rnnweights.summary.metadata import (
    FORMAT_VERSION,
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    NONFINITE_PLUGIN,
    MetadataError,
    Series,
    parse_series,
)
from tensorboard_plugin_rnnweights.summary.payload import PayloadError
from tensorboard_plugin_rnnweights.summary.statistics import NONFINITE

Name = tuple[str, str]
"""Run and tag of a series."""


class _Steps(NamedTuple):
    """A series' heatmaps, and the step and time of the last one when they were read."""

    state: tuple[int, float]
    references: list[Any]


_UNKNOWN = _Steps((-1, 0.0), [])


class Catalog:
    """Answers what there is; remembers steps, so that asking again costs little while nothing changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Name], _Steps] = {}
        self._lock = threading.Lock()

    def of(self, request: Request) -> dict[str, Any]:
        """The catalog as `http_api.md` describes it."""
        listed = request.list_tensors(HISTOGRAMS_PLUGIN)
        heatmaps = self.heatmap_references(request)
        notes = _decodable(request, list(request.list_tensors(NONFINITE_PLUGIN)))
        runs: dict[str, dict[str, list[Any]]] = {}
        for (run, tag), time_series in listed.items():
            name = (run, tag)
            entry = runs.setdefault(run, {"series": [], "unreadable": []})
            try:
                series = parse_series(time_series.plugin_content)
            except MetadataError as error:
                entry["unreadable"].append({"tag": tag, "reason": str(error)})
                continue
            blobs = heatmaps.get(name, [])
            facts = _facts(series, tag, time_series.max_step, blobs)
            try:
                facts["nonfinite"] = _first_nonfinite(series, blobs, notes.get(name, []))
            except MetadataError as error:
                entry["unreadable"].append({"tag": tag, "reason": str(error)})
            entry["series"].append((series.position, facts))
        return {"format_version": FORMAT_VERSION, "runs": [_run(run, runs[run]) for run in sorted(runs)]}

    def heatmap_references(self, request: Request) -> dict[Name, list[Any]]:
        """References to all heatmaps at hand, by run and tag; only what has changed is read again."""
        # One loader makes as many references as an event claims to have blobs, whether it has them or not.
        listed = {
            name: one
            for name, one in request.list_blob_sequences(HEATMAPS_PLUGIN).items()
            if one.max_length == 1
        }
        state = {name: (one.max_step, one.max_wall_time) for name, one in listed.items()}
        with self._lock:
            known = {name: self._known.get((request.experiment, name), _UNKNOWN) for name in listed}
        changed = [name for name in listed if known[name].state != state[name]]
        read = {
            name: _Steps(state[name], references)
            for name, references in request.read_blob_sequences(HEATMAPS_PLUGIN, changed).items()
        }
        with self._lock:
            self._known.update({(request.experiment, name): steps for name, steps in read.items()})
        known.update(read)
        return {name: steps.references for name, steps in known.items()}


def _run(run: str, entry: dict[str, list[Any]]) -> dict[str, Any]:
    by_position = sorted(entry["series"], key=lambda one: (one[1]["kind"], one[0]))
    return {"run": run, "series": [facts for _, facts in by_position], "unreadable": entry["unreadable"]}


def _decodable(request: Request, names: list[Name]) -> dict[Name, list[Any] | None]:
    """The notes of NaN and infinity by series, and None where they can't be decoded.

    That is told only of all that are asked for together, so we ask for ever fewer where it happens.
    """
    try:
        return {**request.read_tensors(NONFINITE_PLUGIN, names)}
    except PayloadError:
        if len(names) == 1:
            return {names[0]: None}
        half = len(names) // 2
        return {**_decodable(request, names[:half]), **_decodable(request, names[half:])}


def _facts(series: Series, tag: str, last_step: int, heatmaps: Sequence[Any]) -> dict[str, Any]:
    return {
        "tag": tag,
        "kind": series.kind,
        "layer": series.layer,
        "direction": series.direction,
        "index": series.index,
        "cell": series.cell,
        "matrix": series.matrix,
        "gates": list(series.gates),
        "rows": series.rows,
        "row_shape": list(series.row_shape),
        "units": series.units,
        "is_trained": series.is_trained,
        "added": dict(series.added),
        "last_step": int(last_step),
        "heatmaps": {
            "steps": [datum.step for datum in heatmaps],
            "wall_times": [datum.wall_time for datum in heatmaps],
            "pool": list(series.pool),
        },
        "nonfinite": [],
    }


def _first_nonfinite(
    series: Series, heatmaps: Sequence[Any], notes: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """When each gate first held NaN or infinity.

    Raises:
        MetadataError: If the notes of that are none that this plugin wrote for such a series.
    """
    if notes is None or not all(_is_note(note, series) for note in notes):
        raise MetadataError("what was noted of its NaN and infinity can't be read")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for note in notes:
        if _is_past(note, heatmaps):
            continue
        for place in np.argwhere(note.numpy > 0):
            gate, value = series.gates[place[0]], NONFINITE[place[1]]
            count = int(note.numpy[tuple(place)])
            fact = {"gate": gate, "value": value, "step": note.step, "count": count}
            found.setdefault((gate, value), fact)
    return list(found.values())


def _is_note(note: Any, series: Series) -> bool:
    return note.numpy.shape == (len(series.gates), len(NONFINITE)) and note.numpy.dtype == np.int64


def _is_past(note: Any, heatmaps: Sequence[Any]) -> bool:
    """Whether a note is of a training that was since begun anew in the same directory.

    A training without NaN writes no notes, so nothing in their own series tells that it is over.
    """
    return any(one.step <= note.step and one.wall_time > note.wall_time for one in heatmaps)
