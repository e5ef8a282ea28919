"""Turns decomposed tensors into events of one run, in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import event_pb2, summary_pb2

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.summary import heatmap, snapshot
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.metadata import Series


class Recorder:
    """Writes each series of a run, once a step; used by one thread at a time.

    Args:
        file: Where the events go.
        max_cells: How many cells a heatmap has at most.
        heatmap_dtype: One of `heatmap.DTYPES`.
        warn: Called with what could not be logged and why.
    """

    def __init__(
        self, file: EventFile, max_cells: int, heatmap_dtype: str, warn: Callable[[str], None]
    ) -> None:
        self._file = file
        self._max_cells = max_cells
        self._dtype = heatmap_dtype
        self._warn = warn
        self._last_steps: dict[str, int] = {}
        self._nonfinite: dict[str, npt.NDArray[np.bool_]] = {}

    def record(self, tensor: GateTensor, kind: str, position: int, step: int, wall_time: float) -> None:
        """Writes one snapshot.

        Args:
            tensor: What it is of.
            kind: What the numbers are.
            position: The tensor's place among the matrices of its model.
            step: A step that is larger than the last one of the series, or nothing is written.
            wall_time: When it was taken, in seconds since 1970.

        Raises:
            OSError: If it can't be written. The file then is as it was before.
        """
        pool = heatmap.pool_size(tensor.rows, len(tensor.gates), tensor.units, self._max_cells)
        series = Series.of(tensor, kind, pool, position)
        if not self._is_new(series.tag, step):
            return
        if not self._last_steps:
            self._file.write(_beginning(wall_time, step))
        statistics = snapshot.statistics_by_gate(tensor)
        values = [
            snapshot.histograms_value(series, tensor, statistics),
            snapshot.heatmap_value(series, tensor, self._dtype),
        ]
        counts = snapshot.nonfinite_counts(statistics)
        known = self._nonfinite.get(series.tag, np.zeros(counts.shape, np.bool_))
        if ((counts > 0) & ~known).any():
            values.append(snapshot.nonfinite_value(series, counts))
        summary = summary_pb2.Summary(value=values)
        self._file.write(event_pb2.Event(wall_time=wall_time, step=step, summary=summary))
        self._nonfinite[series.tag] = known | (counts > 0)
        self._last_steps[series.tag] = step

    def _is_new(self, tag: str, step: int) -> bool:
        # TensorBoard takes a step that is not larger for a restarted training, and forgets all
        # records from that step on.
        last = self._last_steps.get(tag)
        if last is None or step > last:
            return True
        self._warn(
            f"'{tag}' is not logged at step {step}, since it was at step {last} already: steps have to grow"
        )
        return False


def _beginning(wall_time: float, step: int) -> event_pb2.Event:
    """Tells that what was logged to the same directory from this step on is of a past training.

    TensorBoard's fast loader sees that by the steps; the other one wants to be told.
    """
    start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    return event_pb2.Event(wall_time=wall_time, step=step, session_log=start)
