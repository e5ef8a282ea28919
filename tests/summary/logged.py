"""What was logged to a run directory, as TensorBoard's own reader gives it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.compat.proto import event_pb2, summary_pb2

from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.histogram import Histogram
from tensorboard_plugin_rnnweights.summary.metadata import (
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    NOTICES_PLUGIN,
    Series,
    parse_series,
    series_tag,
)
from tensorboard_plugin_rnnweights.summary.notices import Reported, parse_notices
from tensorboard_plugin_rnnweights.summary.snapshot import MEASURE, PROFILE
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS

LIMIT = 2**28


@dataclass(frozen=True)
class Snapshot:
    """One series at one step.

    Attributes:
        series: Its facts.
        step: The step.
        cells: Its heatmap; empty where the schedule left it out.
        blocks: The heatmap's part of each gate.
        statistics: Of each gate, by name; measures beside the others.
        profiles: By name, of shape (gates, n).
        histograms: Of each gate.
    """

    series: Series
    step: int
    cells: npt.NDArray[Any]
    blocks: dict[str, npt.NDArray[Any]]
    statistics: dict[str, dict[str, float]]
    profiles: dict[str, npt.NDArray[Any]]
    histograms: dict[str, Histogram]


def event_files(log_dir: str) -> list[Path]:
    return sorted(Path(log_dir).glob("events.out.tfevents.*"))


def read_events(log_dir: str) -> list[event_pb2.Event]:
    """All events of a run in their order, its files' first ones too."""
    return [event for path in event_files(log_dir) for event in EventFileLoader(str(path)).Load()]


def read_snapshots(log_dir: str) -> list[Snapshot]:
    """All snapshots of a run in the order in which they were written."""
    facts: dict[str, Series] = {}
    snapshots: dict[tuple[str, int], Snapshot] = {}
    for event in read_events(log_dir):
        values = values_of(event)
        if histograms := values.get(HISTOGRAMS_PLUGIN):
            tag = series_tag(HISTOGRAMS_PLUGIN, histograms.tag)
            if content := histograms.metadata.plugin_data.content:
                facts[tag] = parse_series(content)
            snapshots[tag, event.step] = _snapshot(facts[tag], event.step, histograms)
        if heatmap := values.get(HEATMAPS_PLUGIN):
            place = series_tag(HEATMAPS_PLUGIN, heatmap.tag), event.step
            if content := heatmap.metadata.plugin_data.content:
                assert parse_series(content) == facts[place[0]]
            snapshots[place] = _with_cells(snapshots[place], heatmap)
    return list(snapshots.values())


def series_by_tag(log_dir: str) -> dict[str, dict[int, Snapshot]]:
    """Snapshots by the tag of their series and their step."""
    found: dict[str, dict[int, Snapshot]] = {}
    for snapshot in read_snapshots(log_dir):
        found.setdefault(snapshot.series.tag, {})[snapshot.step] = snapshot
    return found


def steps_by_kind(log_dir: str) -> dict[str, list[int]]:
    """The steps of all series of each kind, which all have to have the same."""
    found: dict[str, set[tuple[int, ...]]] = {}
    for snapshots in series_by_tag(log_dir).values():
        kind = next(iter(snapshots.values())).series.kind
        found.setdefault(kind, set()).add(tuple(snapshots))
    assert all(len(steps) == 1 for steps in found.values())
    return {kind: list(steps.pop()) for kind, steps in found.items()}


def notices_of(log_dir: str) -> list[Reported]:
    """The notices of a run, as they were written last."""
    values = [values_of(event).get(NOTICES_PLUGIN) for event in read_events(log_dir)]
    newest = [value for value in values if value is not None][-1]
    return parse_notices(newest.tensor.string_val[0])


def values_of(event: event_pb2.Event) -> dict[str, summary_pb2.Summary.Value]:
    """An event's values by the plugin that they are for."""
    return {value.metadata.plugin_data.plugin_name: value for value in event.summary.value}


def _snapshot(series: Series, step: int, value: summary_pb2.Summary.Value) -> Snapshot:
    arrays = _arrays(value.tensor.string_val[0])
    measures = {name: one for name, one in arrays.items() if name.startswith(MEASURE)}
    names = [*STATISTICS, *(name.removeprefix(MEASURE) for name in measures)]
    numbers = np.column_stack([arrays["statistics"], *measures.values()])
    return Snapshot(
        series=series,
        step=step,
        cells=np.empty(0),
        blocks={},
        statistics={
            gate: dict(zip(names, row.tolist(), strict=True))
            for gate, row in zip(series.gates, numbers, strict=True)
        },
        profiles={
            name.removeprefix(PROFILE): one for name, one in arrays.items() if name.startswith(PROFILE)
        },
        histograms=dict(zip(series.gates, _histograms(arrays), strict=True)),
    )


def _with_cells(snapshot: Snapshot, value: summary_pb2.Summary.Value) -> Snapshot:
    cells = _arrays(value.tensor.string_val[0])["cells"]
    gates = snapshot.series.gates
    blocks = dict(zip(gates, np.split(cells, len(gates), axis=-1), strict=True))
    return replace(snapshot, cells=cells, blocks=blocks)


def _histograms(arrays: dict[str, npt.NDArray[Any]]) -> Iterator[Histogram]:
    offsets = arrays["offsets"].tolist()
    for start, end in itertools.pairwise(offsets):
        yield Histogram(arrays["keys"][start:end], arrays["counts"][start:end])


def _arrays(compressed: bytes) -> dict[str, npt.NDArray[Any]]:
    return payload.decode(payload.decompress(compressed, LIMIT))
