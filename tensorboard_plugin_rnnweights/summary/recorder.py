"""Turns observations into events of one run, in the order in which they come."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import event_pb2, summary_pb2

from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME
from tensorboard_plugin_rnnweights.summary import heatmap, snapshot
from tensorboard_plugin_rnnweights.summary.alarms import Alarms, alarms_after, note_after
from tensorboard_plugin_rnnweights.summary.dropped import Dropped
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.event_pieces import Tensor, Value
from tensorboard_plugin_rnnweights.summary.heatmap_schedule import DearTime, is_dear_due, is_heatmap_due
from tensorboard_plugin_rnnweights.summary.measures.dead_units import Streaks, dead_units, zero_streaks
from tensorboard_plugin_rnnweights.summary.measures.table import measured
from tensorboard_plugin_rnnweights.summary.metadata import (
    FINDINGS_PLUGIN,
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    NONFINITE_PLUGIN,
    NOTICES_PLUGIN,
    Series,
    event_tag,
    short_metadata,
    summary_metadata,
)
from tensorboard_plugin_rnnweights.summary.notices import NOTICES_TAG, Reported, as_text
from tensorboard_plugin_rnnweights.summary.observation import Array, Observation
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS

# What has to stay as it was in a series' first snapshot: TensorBoard keeps the facts of that one.
_FIXED = ("gates", "rows", "columns", "row_shape", "planes", "is_reversed", "tokens", "of")

Tensors = dict[str, Tensor]
"""The tensors of one series in one event, by the plugin name that they are for."""


@dataclass(frozen=True)
class _Heatmap:
    """One that the schedule has left out, with its cells as they are stored, which hold least memory."""

    step: int
    wall_time: float
    cells: Array


@dataclass(frozen=True)
class _Plan:
    """What a snapshot has beside its histograms and statistics, and what is owed after it.

    Attributes:
        has_heatmap: Whether it has a heatmap.
        owes_heatmap: Whether one is due that is dropped.
        has_dear: Whether it has the measures that take long.
        owes_dear: Whether those are due, and there is no time for them.
    """

    has_heatmap: bool
    owes_heatmap: bool
    has_dear: bool
    owes_dear: bool


@dataclass
class _Progress:
    """What was written of a series by now.

    Attributes:
        series: Its facts, as they were at its first snapshot.
        count: How many snapshots.
        last_step: The step of the last one.
        nonfinite: Which gates have held NaN, +inf and -inf; one False for none.
        zero_streaks: For how long its units' columns have been zero; None where nobody counts.
        alarms: How the rules stand.
        plugin_names: Those that have its facts.
        left_out: The last snapshot's heatmap, if it was not written.
        owes_heatmap: Whether one that was due has been dropped since the last one.
        owes_dear: Whether there was no time for the measures that take long when they were due.
        dear_time: What keeps those from taking more than their share.
    """

    series: Series
    count: int = 0
    last_step: int | None = None
    nonfinite: npt.NDArray[np.bool_] | np.bool_ = np.False_
    zero_streaks: Streaks | None = None
    alarms: Alarms = field(default_factory=dict)
    plugin_names: set[str] = field(default_factory=set)
    left_out: _Heatmap | None = None
    owes_heatmap: bool = False
    owes_dear: bool = False
    dear_time: DearTime = field(default_factory=lambda: DearTime())


class Recorder:
    """Writes each series of a run, once a step; used by one thread at a time.

    Args:
        file: Where the events go.
        max_cells: How many cells a heatmap has at most.
        heatmap_dtype: One of `heatmap.DTYPES`.
        warn: Called with what could not be logged and why: once for each reason.
        heatmap_freq: Which snapshots have a heatmap: see `heatmap_schedule`.
        is_behind: Says whether to drop a heatmap that is due; the series' next snapshot then has one.
        dropped: What counts those.
    """

    def __init__(
        self,
        file: EventFile,
        max_cells: int,
        heatmap_dtype: str,
        warn: Callable[[str], None],
        heatmap_freq: str | int = "logarithmic",
        is_behind: Callable[[], bool] = lambda: False,
        dropped: Dropped | None = None,
    ) -> None:
        self._file = file
        self._max_cells = max_cells
        self._dtype = heatmap_dtype
        self._warn = warn
        self._heatmap_freq = heatmap_freq
        self._is_behind = is_behind
        self._dropped = dropped or Dropped(warn)
        self._progress: dict[str, _Progress] = {}
        self._has_begun = False
        self._warned: set[str] = set()
        self._notices = as_text([])
        self._has_notices = True

    def record(self, observation: Observation, position: int, step: int, wall_time: float) -> bool:
        """Writes one snapshot.

        Args:
            observation: What was observed. Its numbers are not to be written into any more.
            position: Its place among those of its kind in the model.
            step: A step that is larger than the last one of the series, or nothing is written.
            wall_time: When it was taken, in seconds since 1970.

        Returns:
            Whether it was written, rather than refused with a warning.

        Raises:
            OSError: If it can't be written. The file then is as it was before.
        """
        progress = self._progress.get(observation.series.tag)
        progress = progress or _Progress(self._series(observation.series, position))
        if not self._fits(observation.series, progress, step):
            return False
        self._begin(step, wall_time)
        plan = self._plan(progress)
        cells = snapshot.heatmap_cells(progress.series, observation, self._dtype)
        streaks = zero_streaks(progress.zero_streaks, observation)
        numbers = {**_measured(observation, progress, plan), **dead_units(streaks)}
        tensors = {HISTOGRAMS_PLUGIN: snapshot.histograms_tensor(observation.scan, numbers)}
        if plan.has_heatmap:
            tensors[HEATMAPS_PLUGIN] = snapshot.heatmap_tensor(cells)
        statistics = observation.scan.statistics
        nonfinite = _note_nonfinite(statistics, progress, tensors)
        named = {**dict(zip(STATISTICS, statistics.T, strict=True)), **numbers}
        alarms = alarms_after(progress.alarms, progress.series, named)
        note = note_after(progress.alarms, alarms, progress.last_step)
        if note is not None:
            tensors[FINDINGS_PLUGIN] = snapshot.findings_tensor(note)
        self._write(progress, tensors, step, wall_time)
        # Only once all is written, since what is not is to be written with the next one.
        progress.count, progress.last_step = progress.count + 1, step
        progress.nonfinite, progress.zero_streaks, progress.alarms = nonfinite, streaks, alarms
        progress.left_out = None if plan.has_heatmap else _Heatmap(step, wall_time, cells)
        progress.owes_heatmap, progress.owes_dear = plan.owes_heatmap, plan.owes_dear
        if plan.owes_heatmap:
            self._dropped.heatmap()
        self._progress[progress.series.tag] = progress
        return True

    def note(self, notices: Sequence[Reported], wall_time: float) -> None:
        """Writes what a person should know of the run.

        Where that can't be written, it is with the next snapshot.

        Args:
            notices: All of the training by now.
            wall_time: When the last one was reported, in seconds since 1970.
        """
        self._notices = as_text(notices)
        self._has_notices = False
        with contextlib.suppress(OSError):
            self._write_notices(notices[-1].step or 0, wall_time)

    def go_on_from(self, last: Recorder) -> None:
        """Goes on with the series of a recorder that is finished, whose file is an older one of the run."""
        self._notices = last._notices
        self._progress = {
            tag: replace(progress, plugin_names=set()) for tag, progress in last._progress.items()
        }

    def finish(self) -> None:
        """Writes the newest heatmap of each series where the schedule has left it out.

        More can be recorded afterwards.

        Raises:
            OSError: If one can't be written.
        """
        for progress in self._progress.values():
            if (late := progress.left_out) is not None:
                tensor = snapshot.heatmap_tensor(late.cells)
                self._write(progress, {HEATMAPS_PLUGIN: tensor}, late.step, late.wall_time)
                progress.left_out = None

    def _begin(self, step: int, wall_time: float) -> None:
        if not self._has_begun:
            self._file.write(_beginning(wall_time, step))
            self._has_begun = True
            # Those of a past training in the same directory are over, even if this one has none.
            self._has_notices = False
        if not self._has_notices:
            self._write_notices(step, wall_time)

    def _plan(self, progress: _Progress) -> _Plan:
        wants_heatmap = progress.owes_heatmap or self._is_heatmap_due(progress)
        has_heatmap = wants_heatmap and not self._is_behind()
        wants_dear = progress.owes_dear or is_dear_due(self._heatmap_freq, progress.count + 1)
        has_dear = wants_dear and progress.dear_time.is_there()
        return _Plan(has_heatmap, wants_heatmap and not has_heatmap, has_dear, wants_dear and not has_dear)

    def _series(self, series: Series, position: int) -> Series:
        planes = max(len(series.planes), 1)
        pool = heatmap.pool_size(series.rows, len(series.gates), series.columns, self._max_cells, planes)
        return replace(series, pool=pool, position=position)

    def _is_heatmap_due(self, progress: _Progress) -> bool:
        is_dear = BY_NAME[progress.series.kind].is_dear
        return is_dear or is_heatmap_due(self._heatmap_freq, progress.count + 1)

    def _write(self, progress: _Progress, tensors: Tensors, step: int, wall_time: float) -> None:
        series = progress.series
        values = [
            Value(
                _further_head(plugin_name, series.tag)
                if plugin_name in progress.plugin_names
                else _head(plugin_name, series.tag, summary_metadata(plugin_name, series)),
                tensor,
            )
            for plugin_name, tensor in tensors.items()
        ]
        self._file.write(event_pb2.Event(wall_time=wall_time, step=step), values)
        progress.plugin_names.update(tensors)

    def _write_notices(self, step: int, wall_time: float) -> None:
        tensor = snapshot.text_tensor(self._notices.encode())
        value = Value(_further_head(NOTICES_PLUGIN, NOTICES_TAG), tensor)
        self._file.write(event_pb2.Event(wall_time=wall_time, step=step), [value])
        self._has_notices = True

    def _fits(self, series: Series, progress: _Progress, step: int) -> bool:
        """Whether a snapshot can follow those that were written."""
        last = progress.last_step
        if last is None:
            return True
        # TensorBoard takes a step that is not larger for a restarted training, and forgets all
        # records from that step on.
        if step <= last:
            # Once for all series, which mostly come at the same steps.
            self._warn_once(
                "step",
                f"'{series.tag}' is not logged at step {step}, since it was at step {last} already: "
                "steps have to grow",
            )
            return False
        changed = [name for name in _FIXED if getattr(series, name) != getattr(progress.series, name)]
        if changed:
            self._warn_once(
                f"facts of {series.tag}",
                f"'{series.tag}' is not logged at step {step}, since its {_words(changed)} are other ones "
                "than before: log another model or probe to a directory of its own",
            )
        return not changed

    def _warn_once(self, fault: str, sentence: str) -> None:
        if fault not in self._warned:
            self._warned.add(fault)
            self._warn(sentence)


def _measured(observation: Observation, progress: _Progress, plan: _Plan) -> dict[str, Array]:
    if not plan.has_dear:
        return measured(observation, with_dear=False)
    with progress.dear_time.taken():
        return measured(observation, with_dear=True)


def _note_nonfinite(
    statistics: npt.NDArray[np.float64], progress: _Progress, tensors: Tensors
) -> npt.NDArray[np.bool_] | np.bool_:
    """Which gates have held NaN, +inf and -inf by now; notes it among the tensors if some are new."""
    counts = snapshot.nonfinite_counts(statistics)
    if not counts.any():
        return progress.nonfinite
    if ((counts > 0) & ~progress.nonfinite).any():
        tensors[NONFINITE_PLUGIN] = snapshot.nonfinite_tensor(counts)
    return progress.nonfinite | (counts > 0)


def _head(plugin_name: str, tag: str, metadata: summary_pb2.SummaryMetadata) -> bytes:
    return summary_pb2.Summary.Value(tag=event_tag(plugin_name, tag), metadata=metadata).SerializeToString()


@functools.lru_cache(maxsize=4096)
def _further_head(plugin_name: str, tag: str) -> bytes:
    return _head(plugin_name, tag, short_metadata(plugin_name))


def _words(names: list[str]) -> str:
    return " and ".join(name.replace("_", " ") for name in names)


def _beginning(wall_time: float, step: int) -> event_pb2.Event:
    """Marks what was logged to the same directory from this step on as that of a past training.

    TensorBoard's fast loader sees that by the steps; the other one needs the mark.
    """
    start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    return event_pb2.Event(wall_time=wall_time, step=step, session_log=start)
