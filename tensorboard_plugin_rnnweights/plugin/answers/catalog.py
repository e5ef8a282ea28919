"""What there is to see: every run's series, their facts, and the steps at hand."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tensorboard_plugin_rnnweights.plugin.answers.json_text import as_json
from tensorboard_plugin_rnnweights.plugin.logged.notes import Notes, findings, first_nonfinite, notices
from tensorboard_plugin_rnnweights.plugin.logged.records import Request, state_of
from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME, KINDS, Kind
from tensorboard_plugin_rnnweights.summary.metadata import (
    FINDINGS_PLUGIN,
    FORMAT_VERSION,
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    NONFINITE_PLUGIN,
    NOTICES_PLUGIN,
    MetadataError,
    Series,
    parse_series,
)
from tensorboard_plugin_rnnweights.summary.rules import RULES, Rule

Name = tuple[str, str]
"""Run and tag of a series."""


class _Steps(NamedTuple):
    """A series' heatmaps, and the step and time of the last one when they were read."""

    state: tuple[int, float]
    references: list[Any]


_UNKNOWN = _Steps((-1, 0.0), [])

_NOTES: dict[str, tuple[str, Callable[[Series, Sequence[Any], Notes], list[dict[str, Any]]]]] = {
    NONFINITE_PLUGIN: ("nonfinite", first_nonfinite),
    FINDINGS_PLUGIN: ("findings", findings),
}
"""By plugin name: the fact in the catalog, and how it is made of a series, its heatmaps and its notes."""


_TENSORS = (HISTOGRAMS_PLUGIN, NONFINITE_PLUGIN, FINDINGS_PLUGIN, NOTICES_PLUGIN)

Listed = Mapping[str, Mapping[Name, Any]]
"""The time series of all our plugin names."""


class _Answer(NamedTuple):
    """The catalog as JSON, and the steps and times of all that was listed just before it was made."""

    state: dict[str, dict[Name, tuple[int, float]]]
    text: bytes


class Catalog:
    """Answers what there is; remembers it, so that asking again costs little while nothing changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Name], _Steps] = {}
        self._lock = threading.Lock()

    def of(self, request: Request) -> bytes:
        """The catalog as `http_api.md` describes it; made again only where TensorBoard has read more."""
        listed = {name: request.list_tensors(name) for name in _TENSORS}
        listed[HEATMAPS_PLUGIN] = request.list_blob_sequences(HEATMAPS_PLUGIN)
        state = {
            plugin_name: {name: state_of(one) for name, one in series.items()}
            for plugin_name, series in listed.items()
        }
        key = ("catalog", request.experiment)
        remembered: _Answer | None = request.memory.get(key)
        if remembered is not None and remembered.state == state:
            return remembered.text
        text = as_json(self._made(request, listed))
        request.memory.put(key, _Answer(state, text), len(text))
        return text

    def _made(self, request: Request, listed: Listed) -> dict[str, Any]:
        heatmaps = self._heatmap_references(request, listed[HEATMAPS_PLUGIN])
        notes = {name: request.read_tensors(name, listed[name]) for name in _NOTES}
        runs: dict[str, dict[str, list[Any]]] = {}
        for name, time_series in listed[HISTOGRAMS_PLUGIN].items():
            run, tag = name
            entry = runs.setdefault(run, _entry())
            try:
                series = parse_series(time_series.plugin_content)
            except MetadataError as error:
                entry["unreadable"].append({"tag": tag, "reason": str(error)})
                continue
            blobs = heatmaps.get(name, [])
            facts = _facts(series, tag, time_series.max_step, blobs)
            for plugin_name, (fact, of) in _NOTES.items():
                try:
                    facts[fact] = of(series, blobs, notes[plugin_name].get(name, []))
                except MetadataError as error:
                    entry["unreadable"].append({"tag": tag, "reason": str(error)})
            entry["series"].append((series, facts))
        for (run, tag), logged in request.read_tensors(NOTICES_PLUGIN, listed[NOTICES_PLUGIN]).items():
            try:
                if reported := notices(logged):
                    runs.setdefault(run, _entry())["notices"] = reported
            except MetadataError as error:
                runs.setdefault(run, _entry())["unreadable"].append({"tag": tag, "reason": str(error)})
        found = {series.kind for entry in runs.values() for series, _ in entry["series"]}
        # Where a kind is missing in all runs, there is a place to say why.
        found |= {notice["kind"] for entry in runs.values() for notice in entry["notices"]}
        return {
            "format_version": FORMAT_VERSION,
            "kinds": [_kind_facts(kind) for kind in KINDS if kind.name in found],
            "rules": [_rule_facts(rule) for rule in RULES],
            "runs": [_run(run, runs[run]) for run in sorted(runs)],
        }

    def _heatmap_references(self, request: Request, listed: Mapping[Name, Any]) -> dict[Name, list[Any]]:
        """References to all heatmaps at hand, by run and tag; only what has changed is read again."""
        state = {name: state_of(one) for name, one in listed.items()}
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


def _entry() -> dict[str, list[Any]]:
    return {"series": [], "notices": [], "unreadable": []}


def _run(run: str, entry: dict[str, list[Any]]) -> dict[str, Any]:
    by_place = sorted(entry["series"], key=lambda one: _place(one[0]))
    return {"run": run, **entry, "series": [facts for _, facts in by_place]}


def _place(series: Series) -> tuple[int, int]:
    return KINDS.index(BY_NAME[series.kind]), series.position


def _kind_facts(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "rows": kind.rows,
        "columns": kind.columns,
        "has_gates": kind.has_gates,
        "spans_decades": kind.spans_decades,
        "views": list(kind.views),
        "help": kind.help,
    }


def _rule_facts(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "text": rule.text,
        "sentence": rule.sentence,
        "kinds": list(rule.kinds),
        "gates": list(rule.gates),
        "statistic": rule.statistic,
        "direction": rule.direction,
        "threshold": rule.threshold,
        "snapshots": rule.snapshots,
        "largest": rule.largest if math.isfinite(rule.largest) else None,
        "is_percent": rule.is_percent,
    }


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
        "columns": series.columns,
        "planes": list(series.planes),
        "is_reversed": series.is_reversed,
        "tokens": [list(texts) for texts in series.tokens],
        "of": series.of,
        "note": series.note,
        "is_trained": series.is_trained,
        "added": dict(series.added),
        "last_step": int(last_step),
        "heatmaps": {
            "steps": [datum.step for datum in heatmaps],
            "wall_times": [datum.wall_time for datum in heatmaps],
            "pool": list(series.pool),
        },
        "nonfinite": [],
        "findings": [],
    }
