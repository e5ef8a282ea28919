"""Logs one training of a PyTorch module, whatever loop trains it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from tensorboard_plugin_rnnweights.capture.held import HeldMatrix, hold_gradients, hold_weights
from tensorboard_plugin_rnnweights.capture.probe import Probe, probe_of
from tensorboard_plugin_rnnweights.frameworks.adapter import Loss
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find
from tensorboard_plugin_rnnweights.frameworks.torch.training_gradients import (
    ChangedError,
    TorchTrainingGradients,
)
from tensorboard_plugin_rnnweights.rnn.kinds import GRADIENTS, WEIGHTS
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tensorboard_plugin_rnnweights.training.options import Options
from tensorboard_plugin_rnnweights.training.run import Run
from tensorboard_plugin_rnnweights.training.schedule import Schedule, schedule_for


@dataclass(frozen=True, kw_only=True)
class Wanted(Options):
    """What is logged of a training, and when; how it is written, `Options` says.

    Attributes:
        update_freq: `"epoch"`, `"batch"` (each step of the optimizer), or a number of steps.
        weights: Whether to log weights. Default True.
        gradients: Whether to log training gradients. Default True.
        probe: A batch to look at the model with, always the same: `x`, or `(x, y)`. Default None.
        probe_tokens: As for `RNNWeights`.
        probe_samples: As for `RNNWeights`.
        loss: Called with the model's outputs and the probe's targets; needed for a probe that has some.
        probed: The probe as it was read; None where there is none.

    Raises:
        ValueError: If one is none of those above.
    """

    update_freq: str | int = "epoch"
    weights: bool = True
    gradients: bool = True
    probe: Any = None
    probe_tokens: Iterable[Sequence[str]] | None = None
    probe_samples: Iterable[int] | None = None
    loss: Loss | None = None
    probed: Probe | None = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        schedule_for(self.update_freq)
        object.__setattr__(self, "probed", probe_of(self.probe, self.probe_tokens, self.probe_samples))


class TorchTraining:
    """What the loops of PyTorch, Lightning and Hugging Face have in common.

    Each method may be called whatever has happened before: what goes wrong is reported once, and the
    training goes on.

    Args:
        log_dir: The run's directory.
        wanted: What is logged.
    """

    def __init__(self, log_dir: str | os.PathLike[str], wanted: Wanted) -> None:
        self._run = Run(os.fspath(log_dir), wanted, wanted.probed)
        self._wanted = wanted
        self._schedule: Schedule = schedule_for(wanted.update_freq)
        self._model: Any = None
        self._gradients: TorchTrainingGradients | None = None
        self._held: list[HeldMatrix] = []
        self._missing: list[Notice] = []

    def begin(self, model: Any, step: int) -> None:
        """A training begins, of a model that was trained for so many steps before."""
        self._model = model
        self._run.safely(lambda: self._begin(step))

    def begin_epoch(self, epoch: int, steps: int | None = None) -> None:
        """An epoch begins, of so many steps, if that is known."""
        if self._schedule.begin_epoch(epoch, steps):
            self._run.safely(lambda: self._log(with_gradients=False))

    def begin_step(self, number: int) -> None:
        """The step of that number in the epoch, from 0, begins: no backward pass of it is done."""
        gradients = self._gradients
        if gradients is not None and self._schedule.may_log_after(number + 1):
            self._held = []
            self._run.safely(gradients.want)

    def settle(self, optimizer: torch.optim.Optimizer, loss_scale: float | None = None) -> None:
        """An optimizer is about to step; the loss was multiplied by `loss_scale`."""
        self._run.safely(lambda: self._hold(lambda one: one.settle(optimizer, loss_scale)))

    def take(self, optimizer: torch.optim.Optimizer) -> None:
        """An optimizer is about to step by what its parameters have in `.grad` now."""
        self._run.safely(lambda: self._hold(lambda one: one.take(optimizer)))

    def end_step(self, number: int) -> None:
        """The step of that number in the epoch has ended."""
        if self._schedule.end_batch(number):
            self._run.safely(self._log)

    def end_epoch(self, epoch: int) -> None:
        """The epoch of that number has ended."""
        if self._schedule.end_epoch(epoch):
            self._run.safely(self._log)

    def end(self) -> None:
        """Writes what is left, and leaves the model as it was."""
        if self._gradients is not None:
            self._run.safely(self._gradients.rest)
            self._gradients = None
        self._run.close()

    def _begin(self, step: int) -> None:
        self.end()
        self._run.open()
        self._schedule.begin(step)
        if self._wanted.gradients:
            trained = adapter_for(self._model).trainable_variables(self._model)
            self._gradients = TorchTrainingGradients(find(self._model).cells, trained)

    def _hold(self, settle: Callable[[TorchTrainingGradients], None]) -> None:
        """Holds the gradients while the weights are still those that they are of."""
        gradients = self._gradients
        if gradients is not None and gradients.is_wanted:
            self._missing = []
            try:
                settle(gradients)
            except ChangedError as error:
                self._missing.append(Notice(str(error), GRADIENTS))
                gradients.rest()
                return
            if pairs := gradients.pairs():
                self._held = hold_gradients(self._model, pairs, self._missing.append)
            else:
                self._missing.append(
                    Notice("no gradients are logged, as no backward pass left any", GRADIENTS)
                )

    def _log(self, with_gradients: bool = True) -> None:
        writer = self._run.writer
        if writer is None:
            return
        step, report = self._schedule.step, self._run.notices.report
        self._run.notices.step = step
        if self._wanted.weights:
            writer.add_held(hold_weights(self._model, report), WEIGHTS, step)
        if with_gradients and self._gradients is not None:
            if not self._held:
                self._hold(lambda one: None)
            self._gradients.rest()
            for notice in self._missing:
                report(notice)
            writer.add_held(self._held, GRADIENTS, step)
            self._held = []
        self._run.log_probe(self._model, step, self._wanted.loss)
