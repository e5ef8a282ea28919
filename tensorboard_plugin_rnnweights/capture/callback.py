"""The Keras callback that logs recurrent layers while a model is trained."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import keras

from tensorboard_plugin_rnnweights.capture.schedule import schedule_for
from tensorboard_plugin_rnnweights.rnn.cells import Cell, UnbuiltError
from tensorboard_plugin_rnnweights.rnn.discovery import adapter_for, find_cells
from tensorboard_plugin_rnnweights.rnn.held import hold
from tensorboard_plugin_rnnweights.summary import heatmap
from tensorboard_plugin_rnnweights.summary.metadata import GRADIENTS, WEIGHTS
from tensorboard_plugin_rnnweights.summary.writer import SummaryWriter

if TYPE_CHECKING:
    from tensorboard_plugin_rnnweights.capture.training_gradients import TrainingGradients

_logger = logging.getLogger(__name__)


class RNNWeights(keras.callbacks.Callback):
    """Shows the gates of a model's recurrent layers in TensorBoard while it is trained.

    Weights and gradients of every recurrent layer are logged before training (step 0, weights only,
    unless the model is built by its first batch) and then every `update_freq`. The gradients are those
    that the optimizer got for that very batch: before clipping, without the scale of mixed precision,
    and of the weights before the batch's update. Whatever goes wrong in logging is told in one
    warning; training goes on.

    Args:
        log_dir: The run's directory. Best one of its own, beside those of other callbacks:
            `"logs/run1"`.
        update_freq: `"epoch"` (the default), `"batch"`, or a number of batches. The step is the number
            of epochs, or else of batches, that the model was trained for; a further `fit` with the
            same callback counts on.
        weights: Whether to log weights. Default True.
        gradients: Whether to log training gradients. Default True. They need Keras's TensorFlow
            backend.
        max_cells: As for `SummaryWriter`.
        heatmap_dtype: As for `SummaryWriter`.

    Raises:
        ValueError: If `update_freq` or another argument is none of those above.

    Example:
        >>> model.fit(x, y, callbacks=[RNNWeights("logs/run1", update_freq=100)])  # doctest: +SKIP
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        update_freq: str | int = "epoch",
        *,
        weights: bool = True,
        gradients: bool = True,
        max_cells: int = 4 * 2**20,
        heatmap_dtype: str = "bfloat16",
    ) -> None:
        super().__init__()
        heatmap.check_options(max_cells, heatmap_dtype)
        self._schedule = schedule_for(update_freq)
        self._log_dir = os.fspath(log_dir)
        self._options: dict[str, Any] = {"max_cells": max_cells, "heatmap_dtype": heatmap_dtype}
        self._wants_weights = weights
        self._wants_gradients = gradients
        self._writer: SummaryWriter | None = None
        self._cells: list[Cell] = []
        self._gradients: TrainingGradients | None = None
        self._has_warned = False

    def on_train_begin(self, logs: Any = None) -> None:
        """Finds the recurrent layers and gets between the model and its optimizer."""
        self._safely(self._begin)
        if self._writer is not None and self._wants_gradients:
            self._safely(self._tap_gradients)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Logs the weights as they are before training."""
        if self._schedule.begin_epoch(epoch, self.params.get("steps")) and self._cells:
            self._safely(lambda: self._log(with_gradients=False))

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Asks for the coming batches' gradients if they are to be logged."""
        if self._gradients is not None:
            count = getattr(self.model, "steps_per_execution", 1)
            if self._schedule.may_log_after(batch + count):
                self._safely(self._gradients.want)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Logs a snapshot if it is due after this batch."""
        if self._schedule.end_batch(batch):
            self._safely(self._log)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Logs a snapshot if it is due after this epoch."""
        if self._schedule.end_epoch(epoch):
            self._safely(self._log)

    def on_train_end(self, logs: Any = None) -> None:
        """Writes what is left, and leaves the optimizer as it was."""
        if self._gradients is not None:
            self._safely(self._gradients.detach)
            self._gradients = None
        if self._writer is not None:
            self._safely(self._writer.close)
            self._writer = None

    def _begin(self) -> None:
        # A model that is built by its first batch has its cells looked for once more after it.
        self._cells = []
        with contextlib.suppress(UnbuiltError):
            self._cells = find_cells(self.model)
        self._writer = SummaryWriter(self._log_dir, **self._options)
        iterations = getattr(self.model.optimizer, "iterations", 0)
        self._schedule.begin(int(keras.ops.convert_to_numpy(iterations)))

    def _tap_gradients(self) -> None:
        if keras.backend.backend() != "tensorflow":
            raise NotImplementedError(
                "training gradients need Keras's TensorFlow backend; only weights are logged"
            )
        if self.model.optimizer is None:
            raise ValueError("the model has no optimizer to take gradients from; only weights are logged")
        from tensorboard_plugin_rnnweights.capture.training_gradients import TrainingGradients

        gradients = TrainingGradients(self.model, self._variables, self._warn)
        gradients.attach()
        self._gradients = gradients

    def _log(self, with_gradients: bool = True) -> None:
        if self._writer is None:
            return
        self._cells = self._cells or find_cells(self.model)
        step, adapter = self._schedule.step, adapter_for(self.model)
        if self._wants_weights:
            weights = hold(adapter, self._cells, lambda variable: variable)
            self._writer.add_held(weights, WEIGHTS, step)
        if with_gradients and self._gradients is not None:
            gradients = hold(adapter, self._cells, self._gradients.of)
            self._writer.add_held(gradients, GRADIENTS, step)
            self._gradients.rest()

    def _variables(self) -> list[Any]:
        return [one for cell in find_cells(self.model) for one in cell.variables.values()]

    def _safely(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # logging must never end a training
            self._warn(error)

    def _warn(self, error: Exception) -> None:
        if not self._has_warned:
            self._has_warned = True
            _logger.warning(
                "RNNWeights, logging to '%s': %s. Training goes on; further faults are not told.",
                self._log_dir,
                error,
            )
