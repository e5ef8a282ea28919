"""The callback that logs recurrent layers while Hugging Face's Trainer trains a model."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from tensorboard_plugin_rnnweights.training.torch_training import TorchTraining, Wanted
from tensorboard_plugin_rnnweights.training.watch import scale_of


class TransformersRNNWeights(TrainerCallback):
    """Shows the gates of a model's recurrent layers in TensorBoard while a `Trainer` trains it.

    The gradients are those that the backward passes leave in `.grad`: accumulated, without the scale of
    mixed precision, and before clipping. Whatever goes wrong in logging is reported once; the training goes
    on. Of several processes, the first one logs, and the gradients are those that they have averaged.

    Args:
        log_dir: The run's directory; by default `rnnweights` in the trainer's `output_dir`.
        update_freq: `"epoch"` (the default), `"batch"`, or a number of the optimizer's steps. The step is
            the number of epochs, or else of the optimizer's steps, that were trained.
        **options: The fields of `training.torch_training.Wanted`: `weights`, `gradients`, `updates`,
            `probe`, `probe_tokens`, `probe_samples`, `loss` and those of `SummaryWriter`.

    Raises:
        ValueError: If an argument is none of those above.

    Example:
        >>> Trainer(model, callbacks=[rnnweights.TransformersRNNWeights("logs")])  # doctest: +SKIP
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] | None = None,
        update_freq: str | int = "epoch",
        **options: Any,
    ) -> None:
        self._log_dir = log_dir
        self._wanted = Wanted(update_freq=update_freq, **options)
        self._training: TorchTraining | None = None
        self._first = 0
        self._epoch = 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **options: Any) -> None:
        """Finds the recurrent layers."""
        if state.is_world_process_zero:
            folder = self._log_dir or Path(args.output_dir) / "rnnweights"
            self._training = self._training or TorchTraining(folder, self._wanted)
            self._training.begin(options["model"], state.global_step)

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **options: Any) -> None:
        """Logs the weights as they are before training."""
        self._first, self._epoch = state.global_step, int(state.epoch or 0)
        if self._training is not None:
            self._training.begin_epoch(self._epoch)

    def on_step_begin(self, args: Any, state: Any, control: Any, **options: Any) -> None:
        """Asks for the coming step's gradients if they are to be logged."""
        if self._training is not None:
            self._training.begin_step(state.global_step - self._first)

    def on_pre_optimizer_step(self, args: Any, state: Any, control: Any, **options: Any) -> None:
        """Settles the gradients."""
        if self._training is not None:
            optimizer = options["optimizer"]
            self._training.settle(optimizer, scale_of(getattr(optimizer, "scaler", None)))

    def on_step_end(self, args: Any, state: Any, control: Any, **options: Any) -> None:
        """Logs a snapshot if it is due after this step."""
        if self._training is not None:
            self._training.end_step(state.global_step - self._first - 1)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **options: Any) -> None:
        """Logs a snapshot if it is due after this epoch."""
        if self._training is not None:
            self._training.end_epoch(self._epoch)

    def on_train_end(self, args: Any, state: Any, control: Any, **options: Any) -> None:
        """Writes what is left."""
        if self._training is not None:
            self._training.end()
