"""The matrices of a log directory's runs, as they were logged last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2

from tensorboard_plugin_rnnweights.rnn.kinds import WEIGHTS
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import (
    HISTOGRAMS_PLUGIN,
    MetadataError,
    Series,
    parse_series,
)
from tensorboard_plugin_rnnweights.summary.record_format import DamagedError, read_records
from tensorboard_plugin_rnnweights.summary.snapshot import nonfinite_counts
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS
from tensorboard_plugin_rnnweights.terminal.matrices import Matrix, SummaryError

_MAX_SNAPSHOT_BYTES = 2**24


def matrices_of_logs(logdir: Path) -> tuple[list[Matrix], list[str]]:
    """The weights of all runs below a directory, each at its last step, and what there is to note.

    Raises:
        SummaryError: If no run holds any.
    """
    matrices: list[Matrix] = []
    notes: list[str] = []
    folders = sorted({file.parent for file in logdir.rglob("*tfevents*") if file.is_file()})
    for folder in folders:
        run = _Run(folder.relative_to(logdir).as_posix())
        for file in sorted(folder.glob("*tfevents*")):
            run.read(file)
        matrices += run.matrices()
        notes += run.notes
    if not matrices:
        reason = f": {notes[0]}" if notes else ", or no TensorBoard logs at all"
        raise SummaryError(f"'{logdir}' holds no weights logged by this plugin{reason}")
    return matrices, notes


class _Run:
    """One directory's events, of which the last one of each series counts."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._facts: dict[str, bytes] = {}
        self._last: dict[str, tuple[int, Any]] = {}
        self.notes: list[str] = []

    def read(self, path: Path) -> None:
        """Reads one event file, after those that are older."""
        try:
            with path.open("rb") as file:
                for record in read_records(file):
                    self._take(event_pb2.Event.FromString(record))
        except (DamagedError, DecodeError, OSError) as error:
            self.notes.append(f"'{path.name}' of run '{self._name}' is read in part only: {error}")

    def matrices(self) -> list[Matrix]:
        """The weights in the order of the model."""
        found = [one for tag in self._last if (one := self._matrix(tag)) is not None]
        return sorted(found, key=lambda one: one.series.position)

    def _take(self, event: event_pb2.Event) -> None:
        if event.session_log.status == event_pb2.SessionLog.START:
            # A training began again: what was logged from this step on is of the past.
            self._last = {tag: one for tag, one in self._last.items() if one[0] < event.step}
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name == HISTOGRAMS_PLUGIN:
                # Only the first value of a tag in a file has the facts.
                if content := value.metadata.plugin_data.content:
                    self._facts[value.tag] = content
                self._last[value.tag] = (event.step, value.tensor)

    def _matrix(self, tag: str) -> Matrix | None:
        """The matrix of a series; None where that is of another kind, or can't be read."""
        step, tensor = self._last[tag]
        try:
            series = parse_series(self._facts.get(tag, b""))
            if series.kind != WEIGHTS:
                return None
            nonfinite = _nonfinite(series, tensor)
        except (MetadataError, payload.PayloadError) as error:
            self.notes.append(f"'{tag}' of run '{self._name}' can't be read: {error}")
            return None
        return Matrix(self._name, step, series, nonfinite)


def _nonfinite(series: Series, tensor: Any) -> int:
    if len(tensor.string_val) != 1:
        raise payload.PayloadError("it is not one payload")
    arrays = payload.decode(payload.decompress(tensor.string_val[0], _MAX_SNAPSHOT_BYTES))
    statistics = arrays.get("statistics", np.empty(0))
    if statistics.shape != (len(series.gates), len(STATISTICS)):
        raise payload.PayloadError("its statistics are not of its gates")
    return int(nonfinite_counts(statistics).sum())
