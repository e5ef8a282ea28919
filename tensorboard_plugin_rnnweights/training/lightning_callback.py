"""The callback that logs recurrent layers while Lightning trains a module."""

from __future__ import annotations

import importlib
import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tensorboard_plugin_rnnweights.training.torch_training import TorchTraining, Wanted


def _callback_class() -> Any:
    """The base class of callbacks, of the Lightning that is imported; it has two names."""
    names = ("lightning", "pytorch_lightning")
    imported = next((name for name in names if name in sys.modules), names[0])
    inside = "pytorch." if imported == "lightning" else ""
    return importlib.import_module(f"{imported}.{inside}callbacks").Callback


if TYPE_CHECKING:
    from lightning.pytorch.callbacks import Callback
else:
    Callback = _callback_class()


class LightningRNNWeights(Callback):
    """Shows the gates of a `LightningModule`'s recurrent layers in TensorBoard while it is trained.

    The gradients are accumulated, without the scale of mixed precision, and before clipping: those of
    Lightning's hook `on_before_optimizer_step`, of all optimizers. Whatever goes wrong in logging is
    reported once; the training goes on. Of several processes, the first one logs, and the gradients are
    those that they have averaged.

    Args:
        log_dir: The run's directory; by default `rnnweights` in that of the trainer's logger.
        update_freq: `"epoch"` (the default), `"batch"`, or a number of batches. The step is the number of
            epochs, or else of batches after which an optimizer has stepped: with accumulated gradients, of
            several batches it is one.
        **options: The fields of `training.torch_training.Wanted`: `weights`, `gradients`, `updates`,
            `probe`, `probe_tokens`, `probe_samples`, `loss` and those of `SummaryWriter`.

    Raises:
        ValueError: If an argument is none of those above.

    Example:
        >>> Trainer(callbacks=[rnnweights.LightningRNNWeights("logs/run1")])  # doctest: +SKIP
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] | None = None,
        update_freq: str | int = "epoch",
        **options: Any,
    ) -> None:
        super().__init__()
        self._log_dir = log_dir
        self._wanted = Wanted(update_freq=update_freq, **options)
        self._training: TorchTraining | None = None
        self._step = 0
        self._is_accumulating = False
        self._has_stepped = False

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Finds the recurrent layers."""
        if trainer.is_global_zero:
            folder = self._log_dir or Path(trainer.log_dir or trainer.default_root_dir) / "rnnweights"
            self._training = self._training or TorchTraining(folder, self._wanted)
            self._training.begin(pl_module, trainer.global_step)

    def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:
        """Logs the weights as they are before training."""
        if self._training is not None:
            steps = trainer.num_training_batches / trainer.accumulate_grad_batches
            self._training.begin_epoch(
                trainer.current_epoch, None if math.isinf(steps) else math.ceil(steps)
            )
            self._step, self._is_accumulating = 0, False

    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int) -> None:
        """Asks for the coming batch's gradients if they are to be logged."""
        if self._training is not None and not self._is_accumulating:
            self._training.begin_step(self._step)
        self._is_accumulating, self._has_stepped = True, False

    def on_before_optimizer_step(self, trainer: Any, pl_module: Any, optimizer: Any) -> None:
        """Takes the gradients that the optimizer has now."""
        self._has_stepped = True
        if self._training is not None:
            self._training.take(optimizer)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Logs a snapshot if it is due after this batch."""
        if self._training is not None and self._has_stepped:
            self._training.end_step(self._step)
            self._step, self._is_accumulating = self._step + 1, False

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Logs a snapshot if it is due after this epoch."""
        if self._training is not None:
            self._training.end_epoch(trainer.current_epoch)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Writes what is left."""
        if self._training is not None:
            self._training.end()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Writes what is left of a training that was interrupted."""
        self.on_train_end(trainer, pl_module)
