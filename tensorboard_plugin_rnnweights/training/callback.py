"""The Keras callback that logs recurrent layers while a model is trained."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tensorboard_plugin_rnnweights.capture.held import hold
from tensorboard_plugin_rnnweights.capture.probe import probe_of
from tensorboard_plugin_rnnweights.frameworks.discovery import find
from tensorboard_plugin_rnnweights.frameworks.found import Found
from tensorboard_plugin_rnnweights.frameworks.keras import graph_mode
from tensorboard_plugin_rnnweights.frameworks.keras.batches_a_call import BatchesACall, tells_first
from tensorboard_plugin_rnnweights.frameworks.keras.distribution import has_several_workers, is_chief
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.training_gradients import (
    TrainingGradients,
    training_gradients_for,
)
from tensorboard_plugin_rnnweights.frameworks.values import hold_values
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.kinds import GRADIENTS, WEIGHTS
from tensorboard_plugin_rnnweights.training.options import Options
from tensorboard_plugin_rnnweights.training.run import Run
from tensorboard_plugin_rnnweights.training.schedule import schedule_for


def _callback_class() -> Any:
    """The base class of callbacks, of the Keras that is imported; either Keras takes the other's."""
    imported = [name for name in ("keras", "tf_keras") if name in sys.modules]
    return importlib.import_module(imported[0] if imported else "keras").callbacks.Callback


if TYPE_CHECKING:
    from keras.callbacks import Callback
else:
    Callback = _callback_class()


# What only the trainers of others ask a callback for, and the callback that they need.
_OF_OTHER_TRAINERS = {
    **dict.fromkeys(("setup", "state_key", "on_exception"), "LightningRNNWeights"),
    **dict.fromkeys(("on_init_end", "on_step_begin"), "TransformersRNNWeights"),
}


class RNNWeights(Callback):
    """Shows the gates of a model's recurrent layers in TensorBoard while it is trained.

    For models of Keras 3, on its TensorFlow, PyTorch and JAX backends, and of tf_keras (Keras 2), in eager
    mode and in graph mode.

    Weights and gradients of every recurrent layer are logged before training (step 0, weights only,
    unless the model is built by its first batch) and then every `update_freq`. The gradients are those
    that the optimizer got for that very batch: before clipping, without the scale of mixed precision,
    and of the weights before the batch's update. Beside them stands what the weights changed by since the
    last snapshot. All optimizers are observed that the model or a layer in
    it holds, as a GAN's `train_step` uses several.

    With a probe, the model is run on it for each snapshot, in inference mode, and what flows through its
    recurrent layers is logged: outputs, cell states, each gate's activations; if the probe has targets,
    also how the loss's gradient flows back through time. That changes nothing of the model or its training.

    Whatever goes wrong in logging is reported once, as a warning; training goes on.

    Args:
        log_dir: The run's directory. Best one of its own, beside those of other callbacks:
            `"logs/run1"`.
        update_freq: `"epoch"` (the default), `"batch"`, or a number of batches. The step is the number
            of epochs, or else of batches, that the model was trained for; a further `fit` with the
            same callback counts on.
        weights: Whether to log weights. Default True.
        gradients: Whether to log training gradients. Default True.
        updates: Whether to log what weights changed by. Default True.
        probe: A batch to look at the model with, always the same: `x`, `(x, y)` or `(x, y, sample_weight)`,
            as `fit` takes them, or a data set of which the first batch is taken (which moves the shuffling
            of a `tf.data` set on). A few samples are enough. Default None.
        probe_tokens: For each sample of the probe, what stands at each time step: a list of texts, or one
            text of which each character is a token. They are shown under the time axis.
        probe_samples: The samples to be shown one by one, by their place in the probe; its first ones by
            default.
        max_reach_time: As for `SummaryWriter`.
        heatmap_freq: As for `SummaryWriter`.
        max_cells: As for `SummaryWriter`.
        heatmap_dtype: As for `SummaryWriter`.

    Raises:
        ValueError: If `update_freq` or another argument is none of those above.

    Example:
        >>> model.fit(x, y, callbacks=[RNNWeights("logs/run1", update_freq=100)])  # doctest: +SKIP
    """

    # What tf_keras asks of callbacks beyond what Keras 3 does. Logs need not be made numbers for us.
    _supports_tf_logs = True
    _chief_worker_only = None

    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        update_freq: str | int = "epoch",
        *,
        weights: bool = True,
        gradients: bool = True,
        updates: bool = True,
        probe: Any = None,
        probe_tokens: Iterable[Sequence[str]] | None = None,
        probe_samples: Iterable[int] | None = None,
        max_reach_time: int = 128,
        heatmap_freq: str | int = "logarithmic",
        max_cells: int = 4 * 2**20,
        heatmap_dtype: str = "bfloat16",
    ) -> None:
        super().__init__()
        options = Options(max_cells, heatmap_dtype, heatmap_freq, updates, max_reach_time)
        self._run = Run(os.fspath(log_dir), options, probe_of(probe, probe_tokens, probe_samples))
        if gradients:
            graph_mode.before_training_step_is_built()
        self._schedule = schedule_for(update_freq)
        self._wants_weights = weights
        self._wants_gradients = gradients
        self._found = Found(())
        self._is_found = False
        self._gradients: TrainingGradients | None = None
        self._batches_a_call = BatchesACall()

    def on_train_begin(self, logs: Any = None) -> None:
        """Finds the recurrent layers and gets between the model and its optimizers.

        Of several workers, the chief alone does.
        """
        self._run.safely(self._begin)
        if self._run.writer is not None and self._wants_gradients:
            self._run.safely(self._tap_gradients)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Logs the weights as they are before training."""
        if self._schedule.begin_epoch(epoch, self.params.get("steps")) and self._cells:
            self._run.safely(lambda: self._log(is_trained=False))

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Asks for the coming batches' gradients if they are to be logged."""
        gradients = self._gradients
        if gradients is not None and self._schedule.may_log_after(batch + self._batches_a_call.count):
            self._run.safely(gradients.want)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Logs a snapshot if it is due after this batch."""
        if self._schedule.end_batch(self._batches_a_call.last(batch, self.params.get("steps"))):
            self._run.safely(self._log)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Logs a snapshot if it is due after this epoch."""
        if self._schedule.end_epoch(epoch):
            self._run.safely(self._log)

    def on_train_end(self, logs: Any = None) -> None:
        """Writes what is left, and leaves the optimizers as they were."""
        if self._gradients is not None:
            self._run.safely(self._gradients.detach)
            self._gradients = None
        self._run.close()

    def _begin(self) -> None:
        self._found, self._is_found = Found(()), False
        if not is_chief(self.model):
            return
        self._run.open()
        # What the first batch builds is found after it.
        with contextlib.suppress(ValueError):
            self._found = find(self.model)
        if has_several_workers(self.model):
            self._run.leave_out_probe(
                "the model is not run on the probe, since some variables are read by all workers together, "
                "and only the chief logs"
            )
        self._is_found = self._found.is_complete
        if self._is_found:
            self._report_found()
        graph_mode.before_variables_are_read()
        count = _number(getattr(self.model, "steps_per_execution", None), 1)
        self._batches_a_call = BatchesACall(count, tells_first(self.model))
        self._schedule.begin(_number(getattr(self.model.optimizer, "iterations", None), 0))

    def _report_found(self) -> None:
        for notice in self._found.notices():
            self._run.notices.report(notice)

    @property
    def _cells(self) -> Sequence[Cell]:
        return self._found.cells

    def _tap_gradients(self) -> None:
        # Not to be asked for while the training step is traced, since Keras then moves variables about.
        model = self.model
        gradients = training_gradients_for(
            model,
            lambda: _trained(find(model).cells),
            self._run.notices.report,
            # Keras gives all callbacks of one training the same.
            session=self.params,
        )
        gradients.attach()
        self._gradients = gradients

    def _log(self, is_trained: bool = True) -> None:
        writer = self._run.writer
        if writer is None:
            return
        # Asking for the model lets Keras bring its variables up to date, which JAX keeps elsewhere.
        model, step = self.model, self._schedule.step
        self._run.notices.step = step
        if is_trained and not self._is_found:
            self._is_found = True
            self._found = find(model)
            self._report_found()
        if self._wants_weights:
            weights = hold(self._cells, lambda variable: variable, self._run.notices.report)
            writer.add_held(weights, WEIGHTS, step)
        if is_trained and self._gradients is not None:
            gradients = hold(self._cells, self._gradients.of, self._run.notices.report)
            writer.add_held(gradients, GRADIENTS, step)
            self._gradients.rest()
        self._run.log_probe(model, step)

    def __getattr__(self, name: str) -> Any:
        better = _OF_OTHER_TRAINERS.get(name)
        if better is not None:
            raise AttributeError(f"RNNWeights is Keras's callback: here it has to be rnnweights.{better}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _implements_train_batch_hooks(self) -> bool:
        """What tf_keras asks before it calls the methods of batches."""
        return True

    def _implements_test_batch_hooks(self) -> bool:
        return False

    def _implements_predict_batch_hooks(self) -> bool:
        return False


def _trained(cells: Iterable[Cell]) -> list[Any]:
    """The variables of recurrent cells that are not frozen."""
    return [
        variable for cell in cells for name, variable in cell.variables.items() if name not in cell.frozen
    ]


def _number(value: Any, default: int) -> int:
    """The value of a number or of a variable that holds one."""
    return default if value is None else int(np.asarray(hold_values([value])[0]))
