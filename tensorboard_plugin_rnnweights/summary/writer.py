"""Writes the weights and gradients of recurrent layers, gate by gate, for TensorBoard."""

from __future__ import annotations

import logging
import operator
import os
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import event_pb2, summary_pb2

from tensorboard_plugin_rnnweights.rnn.decompose import GateTensor, decompose
from tensorboard_plugin_rnnweights.summary import heatmap, snapshot
from tensorboard_plugin_rnnweights.summary.background import BackgroundThread
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.metadata import GRADIENTS, WEIGHTS, Series

_logger = logging.getLogger(__name__)

_MAX_PENDING_BYTES = 256 * 2**20
_MAX_STEP = 2**63 - 1


class SummaryWriter:
    """Logs snapshots of recurrent layers to a run directory that TensorBoard reads.

    The caller is held only while the tensors are copied: histograms, heatmaps and files are made in a
    thread of the writer's own. If more than 256 MiB wait for it, the caller waits too. A fault of the
    disk is told once, as a warning, and never raised: training goes on, and so does logging, once there
    is room again.

    Args:
        log_dir: The run's directory; best one of its own, such as `"logs/run1"`, since TensorBoard
            reads only the newest event file of a directory when it runs with `--load_fast=false`.
        max_cells: How many cells a heatmap has at most. A larger matrix is pooled: each cell then shows
            the value of largest magnitude of several. Default 4 Mi.
        heatmap_dtype: What a heatmap's cells are stored as: `"bfloat16"` (the default; 3 significant
            digits) or `"float32"` (exact, and twice as large). Histograms and statistics are always made
            from the exact values.

    Raises:
        OSError: If the directory can't be made or written to.
        ValueError: If an argument is none of those above.

    Example:
        >>> with SummaryWriter("logs/run1") as writer:  # doctest: +SKIP
        ...     for step, batch in enumerate(batches):
        ...         gradients = train_step(batch)
        ...         writer.add_weights(model, step)
        ...         writer.add_gradients(model, gradients, step)
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        max_cells: int = 4 * 2**20,
        heatmap_dtype: str = "bfloat16",
    ) -> None:
        if heatmap_dtype not in heatmap.DTYPES:
            known = " or ".join(repr(name) for name in heatmap.DTYPES)
            raise ValueError(f"heatmap_dtype has to be {known}, not {heatmap_dtype!r}")
        if max_cells < 1:
            raise ValueError(f"max_cells has to be at least 1, not {max_cells}")
        self.log_dir = os.fspath(log_dir)
        self._max_cells = max_cells
        self._dtype = heatmap_dtype
        self._file = EventFile(self.log_dir)
        self._last_steps: dict[str, int] = {}
        self._nonfinite_seen: dict[str, npt.NDArray[np.bool_]] = {}
        warn_once = _WarnOnce(self.log_dir)
        self._warn_once = warn_once
        self._thread = BackgroundThread("rnnweights-writer", _MAX_PENDING_BYTES, warn_once)
        # Also at the interpreter's exit, for trainings that end without closing us.
        self._close = weakref.finalize(self, _close, self._thread, self._file)

    def add_weights(self, model: Any, step: int) -> None:
        """Logs the weights of all recurrent layers of a model.

        Args:
            model: A built Keras 3 model or layer.
            step: The training step: a whole number, larger than at the last call for the same model.

        Raises:
            TypeError: If `step` is no whole number, or `model` no model that we know.
            ValueError: If the model has no recurrent layer, or no weights yet, or the writer is closed.
        """
        self.add_tensors(decompose(model), WEIGHTS, step)

    def add_gradients(self, model: Any, gradients: Iterable[Any], step: int) -> None:
        """Logs the gradients of all recurrent layers of a model.

        Args:
            model: A built Keras 3 model or layer.
            gradients: In the order of `model.trainable_variables`, or (gradient, variable) pairs. Where
                one is None, its matrices are left out.
            step: As for `add_weights`.

        Raises:
            TypeError: If `step` is no whole number, or `model` no model that we know.
            ValueError: If the gradients don't match the model's variables, or as for `add_weights`.
        """
        self.add_tensors(decompose(model, gradients), GRADIENTS, step)

    def add_tensors(self, tensors: Sequence[GateTensor], kind: str, step: int) -> None:
        """Logs tensors that are decomposed already, as `decompose` gives them.

        Args:
            tensors: Not to be written into any more.
            kind: `"weights"` or `"gradients"`.
            step: As for `add_weights`.
        """
        checked = _checked_step(step)
        if not self._close.alive:
            raise ValueError(f"the writer for '{self.log_dir}' is closed")
        wall_time = time.time()
        for position, tensor in enumerate(tensors):
            rows, units = tensor.values.shape[0], tensor.units
            pool = heatmap.pool_size(rows, len(tensor.gates), units, self._max_cells)
            series = Series.of(tensor, kind, pool, position)
            if self._is_new(series.tag, checked):
                self._thread.submit(self._job(series, tensor, checked, wall_time), tensor.values.nbytes)

    def flush(self) -> None:
        """Waits until all that was added can be read by TensorBoard."""
        if self._close.alive:
            self._thread.submit(self._file.flush, 0)
            self._thread.wait()

    def close(self) -> None:
        """Writes what is left and closes the file. Nothing can be added afterwards."""
        self._close()

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _is_new(self, tag: str, step: int) -> bool:
        # TensorBoard takes a step that is not larger for a restarted training, and forgets all
        # records from that step on.
        last = self._last_steps.get(tag)
        if last is not None and step <= last:
            self._warn_once.of(
                f"'{tag}' is not logged at step {step}, since it was at step {last} already: "
                "steps have to grow"
            )
            return False
        self._last_steps[tag] = step
        return True

    def _job(self, series: Series, tensor: GateTensor, step: int, wall_time: float) -> Callable[[], None]:
        # Must not hold the writer, which otherwise would never be collected while jobs wait.
        file, dtype, seen = self._file, self._dtype, self._nonfinite_seen

        def write() -> None:
            statistics = snapshot.statistics_by_gate(tensor)
            values = [
                snapshot.histograms_value(series, tensor, statistics),
                snapshot.heatmap_value(series, tensor, dtype),
            ]
            counts = snapshot.nonfinite_counts(statistics)
            known = seen.get(series.tag, np.zeros(counts.shape, np.bool_))
            if ((counts > 0) & ~known).any():
                values.append(snapshot.nonfinite_value(series, counts))
            summary = summary_pb2.Summary(value=values)
            file.write(event_pb2.Event(wall_time=wall_time, step=step, summary=summary))
            seen[series.tag] = known | (counts > 0)

        return write


def _checked_step(step: Any) -> int:
    plain = step.numpy() if hasattr(step, "numpy") else step
    try:
        if isinstance(plain, bool | np.bool_):
            raise TypeError
        checked = operator.index(plain)
    except TypeError:
        raise TypeError(f"the step has to be a whole number, not {step!r}") from None
    if not 0 <= checked <= _MAX_STEP:
        raise ValueError(f"the step has to be from 0 to 2**63 - 1, not {checked}")
    return checked


class _WarnOnce:
    """Tells the first fault of a run, and keeps quiet about those that follow it."""

    def __init__(self, log_dir: str) -> None:
        self._log_dir = log_dir
        self._warned = False

    def __call__(self, error: Exception) -> None:
        self.of(f"a snapshot was not written: {error}")

    def of(self, fault: str) -> None:
        if not self._warned:
            self._warned = True
            _logger.warning(
                "logging recurrent layers to '%s': %s. Training goes on; further faults of this "
                "run are not told.",
                self._log_dir,
                fault,
            )


def _close(thread: BackgroundThread, file: EventFile) -> None:
    thread.submit(file.close, 0)
    thread.close()
