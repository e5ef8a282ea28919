"""What the catalog says of a run: its series, what is missing and why, and what can't be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tensorboard_plugin_rnnweights.plugin.logged.notes import Notes, findings, first_nonfinite, notices
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME, KINDS
from tensorboard_plugin_rnnweights.summary.metadata import (
    FINDINGS_PLUGIN,
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    NONFINITE_PLUGIN,
    NOTICES_PLUGIN,
    MetadataError,
    Series,
    parse_series,
)

PLUGINS = (HISTOGRAMS_PLUGIN, HEATMAPS_PLUGIN, NONFINITE_PLUGIN, FINDINGS_PLUGIN, NOTICES_PLUGIN)
"""The plugin names whose data the facts are made of."""

Listed = Mapping[str, Mapping[tuple[str, str], Any]]
"""By plugin name, the time series by run and tag."""

_NOTES: dict[str, tuple[str, Callable[[Series, Sequence[Any], Notes], list[dict[str, Any]]]]] = {
    NONFINITE_PLUGIN: ("nonfinite", first_nonfinite),
    FINDINGS_PLUGIN: ("findings", findings),
}
"""By plugin name: the fact in the catalog, and how it is made of a series, its heatmaps and its notes."""


@dataclass
class RunFacts:
    """One run's.

    Attributes:
        run: Its name.
        series: With their facts.
        notices: What a person should know of it.
        unreadable: What can't be read of it, and why.
    """

    run: str
    series: list[tuple[Series, dict[str, Any]]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    unreadable: list[dict[str, Any]] = field(default_factory=list)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that it has; where one is missing in all runs, there is a place to say why."""
        noticed = {notice["kind"] for notice in self.notices}
        return frozenset({series.kind for series, _ in self.series} | noticed)

    def as_dict(self) -> dict[str, Any]:
        """As `http_api.md` describes it."""
        in_order = sorted(self.series, key=lambda one: _place(one[0]))
        return {
            "run": self.run,
            "series": [facts for _, facts in in_order],
            "notices": self.notices,
            "unreadable": self.unreadable,
        }


def facts_of_runs(request: Request, listed: Listed) -> dict[str, RunFacts]:
    """The facts of all runs of which something was listed, by name; none of a run without any.

    Args:
        request: Whose data are asked for.
        listed: What was listed of these runs, for each of `PLUGINS`.
    """
    found: dict[str, RunFacts] = {}
    heatmaps = request.read_blob_sequences(HEATMAPS_PLUGIN, listed[HEATMAPS_PLUGIN])
    notes = {name: request.read_tensors(name, listed[name]) for name in _NOTES}
    for name, time_series in listed[HISTOGRAMS_PLUGIN].items():
        run, tag = name
        facts = found.setdefault(run, RunFacts(run))
        try:
            series = parse_series(time_series.plugin_content)
        except MetadataError as error:
            facts.unreadable.append({"tag": tag, "reason": str(error)})
            continue
        blobs = heatmaps.get(name, [])
        of_series = _facts(series, tag, time_series.max_step, blobs)
        for plugin_name, (fact, of) in _NOTES.items():
            try:
                of_series[fact] = of(series, blobs, notes[plugin_name].get(name, []))
            except MetadataError as error:
                facts.unreadable.append({"tag": tag, "reason": str(error)})
        facts.series.append((series, of_series))
    for (run, tag), logged in request.read_tensors(NOTICES_PLUGIN, listed[NOTICES_PLUGIN]).items():
        try:
            if reported := notices(logged):
                found.setdefault(run, RunFacts(run)).notices = reported
        except MetadataError as error:
            found.setdefault(run, RunFacts(run)).unreadable.append({"tag": tag, "reason": str(error)})
    return found


def _place(series: Series) -> tuple[int, int]:
    return KINDS.index(BY_NAME[series.kind]), series.position


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
