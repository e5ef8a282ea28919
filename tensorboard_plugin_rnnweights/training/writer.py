"""Writes the weights and gradients of recurrent layers, gate by gate, for TensorBoard."""

from __future__ import annotations

import functools
import logging
import operator
import os
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.capture.held import HeldMatrix, hold_gradients, hold_weights
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.summary import heatmap
from tensorboard_plugin_rnnweights.summary.background import BackgroundThread
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.metadata import GRADIENTS, WEIGHTS
from tensorboard_plugin_rnnweights.summary.recorder import Recorder

_logger = logging.getLogger(__name__)

_MAX_PENDING_VALUES = 64 * 2**20
_MAX_STEP = 2**63 - 1


class SummaryWriter:
    """Logs snapshots of recurrent layers to a run directory that TensorBoard reads.

    The caller is held only as long as it takes to hold on to the tensors: histograms, heatmaps and files
    are made in a thread of the writer's own. If more than 64 Mi values (256 MiB in float32) wait for it,
    the caller waits too. A fault of the disk is told once, as a warning, and never raised: training goes
    on, and so does logging, once there is room again.

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
        heatmap.check_options(max_cells, heatmap_dtype)
        self.log_dir = os.fspath(log_dir)
        warn_once = _WarnOnce(self.log_dir)
        file = EventFile(self.log_dir)
        self._file = file
        self._recorder = Recorder(file, max_cells, heatmap_dtype, warn_once)
        self._thread = BackgroundThread(
            "rnnweights-writer",
            _MAX_PENDING_VALUES,
            on_error=lambda error: warn_once(f"a snapshot was not written: {error}"),
        )
        # Also at the interpreter's exit, for trainings that end without closing us.
        self._close = weakref.finalize(self, _close, self._thread, file)

    def add_weights(self, model: Any, step: int) -> None:
        """Logs the weights of all recurrent layers of a model.

        Args:
            model: A built model, layer or cell of Keras 3 or tf_keras, or a PyTorch module. What lives in
                a TensorFlow graph is read in the default session, or in that of tf_keras.
            step: The training step: a whole number, larger than at the last call for the same model.

        Raises:
            TypeError: If `step` is no whole number, or `model` no model that we know.
            ValueError: If the model has no recurrent layer, or no weights yet, or the writer is closed, or
                if there is no session to read it in.
        """
        self.add_held(hold_weights(model), WEIGHTS, step)

    def add_gradients(
        self, model: Any, gradients: Iterable[Any] | int | None = None, step: int | None = None
    ) -> None:
        """Logs the gradients of all recurrent layers of a model.

        With PyTorch it is `add_gradients(module, step)`, between `loss.backward()` and
        `optimizer.zero_grad()`; with others `add_gradients(model, gradients, step)`.

        Args:
            model: As for `add_weights`.
            gradients: In the order of the model's trainable variables, or (gradient, variable) pairs;
                where one is None, its matrices are left out. If not given, those that PyTorch keeps in
                the parameters' `.grad`. Of a TensorFlow graph: what the session gave for them.
            step: As for `add_weights`.

        Raises:
            TypeError: If `step` is no whole number, or `model` no model that we know.
            ValueError: If the gradients don't match the model's variables, if none are given and the
                model keeps none, or as for `add_weights`.
        """
        given: Any = gradients
        if step is None:
            given, step = None, given
        self.add_held(hold_gradients(model, given), GRADIENTS, step)

    def add_tensors(self, tensors: Sequence[GateTensor], kind: str, step: int) -> None:
        """Logs tensors that are decomposed already, as `decompose` gives them.

        Args:
            tensors: Not to be written into any more.
            kind: `"weights"` or `"gradients"`.
            step: As for `add_weights`.
        """
        self._add([(functools.partial(_same, one), one.values.size) for one in tensors], kind, step)

    def add_held(self, matrices: Sequence[HeldMatrix], kind: str, step: Any) -> None:
        """Logs matrices that are still in the framework's hands; arguments as for `add_tensors`."""
        self._add([(one.tensor, one.size) for one in matrices], kind, step)

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

    def _add(self, parts: Sequence[tuple[Callable[[], GateTensor], int]], kind: str, step: int) -> None:
        checked = _checked_step(step)
        if not self._close.alive:
            raise ValueError(f"the writer for '{self.log_dir}' is closed")
        # Jobs must not hold the writer, which otherwise would never be collected while they wait.
        recorder, wall_time = self._recorder, time.time()
        for position, (tensor, size) in enumerate(parts):
            job = functools.partial(_record, recorder, tensor, kind, position, checked, wall_time)
            self._thread.submit(job, size)


def _same(tensor: GateTensor) -> GateTensor:
    return tensor


def _record(
    recorder: Recorder,
    tensor: Callable[[], GateTensor],
    kind: str,
    position: int,
    step: int,
    wall_time: float,
) -> None:
    recorder.record(tensor(), kind, position, step, wall_time)


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

    def __call__(self, fault: str) -> None:
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
