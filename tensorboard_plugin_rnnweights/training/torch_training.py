"""Logs one training of a PyTorch module, whatever loop trains it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import torch

from tensorboard_plugin_rnnweights.capture.held import HeldMatrix, hold_gradients, hold_weights
from tensorboard_plugin_rnnweights.capture.probe import Probe, probe_of
from tensorboard_plugin_rnnweights.frameworks.adapter import Loss, ProbeError
from tensorboard_plugin_rnnweights.frameworks.discovery import find
from tensorboard_plugin_rnnweights.frameworks.torch.training_gradients import TorchTrainingGradients
from tensorboard_plugin_rnnweights.rnn.kinds import GRADIENTS, WEIGHTS
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tensorboard_plugin_rnnweights.training.notices import Notices
from tensorboard_plugin_rnnweights.training.options import Options
from tensorboard_plugin_rnnweights.training.schedule import Schedule, schedule_for
from tensorboard_plugin_rnnweights.training.writer import SummaryWriter


@dataclass(frozen=True)
class Wanted:
    """What is logged of a training, and when.

    Attributes:
        update_freq: `"epoch"`, `"batch"` (each step of the optimizer), or a number of steps.
        weights: Whether to log weights. Default True.
        gradients: Whether to log training gradients. Default True.
        updates: Whether to log what weights changed by. Default True.
        probe: A batch to look at the model with, always the same: `x`, or `(x, y)`. Default None.
        probe_tokens: As for `RNNWeights`.
        probe_samples: As for `RNNWeights`.
        loss: Called with the model's outputs and the probe's targets; needed for a probe that has some.
        max_reach_time: As for `SummaryWriter`.
        heatmap_freq: As for `SummaryWriter`.
        max_cells: As for `SummaryWriter`.
        heatmap_dtype: As for `SummaryWriter`.

    Raises:
        ValueError: If one is none of those above.
    """

    update_freq: str | int = "epoch"
    weights: bool = True
    gradients: bool = True
    updates: bool = True
    probe: Any = None
    probe_tokens: Iterable[Sequence[str]] | None = None
    probe_samples: Iterable[int] | None = None
    loss: Loss | None = None
    max_reach_time: int = 128
    heatmap_freq: str | int = "logarithmic"
    max_cells: int = 4 * 2**20
    heatmap_dtype: str = "bfloat16"
    writing: Options = field(init=False)

    def __post_init__(self) -> None:
        schedule_for(self.update_freq)
        names = ("max_cells", "heatmap_dtype", "heatmap_freq", "updates", "max_reach_time")
        object.__setattr__(self, "writing", Options(**{name: getattr(self, name) for name in names}))

    def probed(self) -> Probe | None:
        """The probe, if there is one."""
        return probe_of(self.probe, self.probe_tokens, self.probe_samples)


class TorchTraining:
    """What the loops of PyTorch, Lightning and Hugging Face have in common.

    Each method may be called whatever has happened before: what goes wrong is reported once, and the
    training goes on.

    Args:
        log_dir: The run's directory.
        wanted: What is logged.
    """

    def __init__(self, log_dir: str | os.PathLike[str], wanted: Wanted) -> None:
        self._log_dir = os.fspath(log_dir)
        self._wanted = wanted
        self._schedule: Schedule = schedule_for(wanted.update_freq)
        self._notices = Notices(self._log_dir)
        self._model: Any = None
        self._writer: SummaryWriter | None = None
        self._last_writer: SummaryWriter | None = None
        self._gradients: TorchTrainingGradients | None = None
        self._held: list[HeldMatrix] = []
        self._missing: list[Notice] = []
        self._probe = wanted.probed()

    def begin(self, model: Any, step: int) -> None:
        """A training begins, of a model that was trained for so many steps before."""
        self._model = model
        self._safely(lambda: self._begin(step))

    def begin_epoch(self, epoch: int, steps: int | None = None) -> None:
        """An epoch begins, of so many steps, if that is known."""
        if self._schedule.begin_epoch(epoch, steps):
            self._safely(lambda: self._log(with_gradients=False))

    def begin_step(self, number: int) -> None:
        """The step of that number in the epoch, from 0, begins: no backward pass of it is done."""
        gradients = self._gradients
        if gradients is not None and self._schedule.may_log_after(number + 1):
            self._held = []
            self._safely(gradients.want)

    def settle(self, optimizer: torch.optim.Optimizer, loss_scale: float | None = None) -> None:
        """An optimizer is about to step; the loss was multiplied by `loss_scale`."""
        self._safely(lambda: self._hold(lambda one: one.settle(optimizer, loss_scale)))

    def take(self, optimizer: torch.optim.Optimizer) -> None:
        """An optimizer is about to step by what its parameters have in `.grad` now."""
        self._safely(lambda: self._hold(lambda one: one.take(optimizer)))

    def end_step(self, number: int) -> None:
        """The step of that number in the epoch has ended."""
        if self._schedule.end_batch(number):
            self._safely(self._log)

    def end_epoch(self, epoch: int) -> None:
        """The epoch of that number has ended."""
        if self._schedule.end_epoch(epoch):
            self._safely(self._log)

    def end(self) -> None:
        """Writes what is left, and leaves the model as it was."""
        if self._gradients is not None:
            self._safely(self._gradients.rest)
            self._gradients = None
        if self._writer is not None:
            self._safely(self._writer.close)
            self._last_writer, self._writer = self._writer, None

    def _begin(self, step: int) -> None:
        self.end()
        last = self._last_writer
        options = asdict(self._wanted.writing)
        self._writer = SummaryWriter(self._log_dir, **options) if last is None else last.reopened()
        self._notices = self._writer.notices
        self._schedule.begin(step)
        if self._wanted.gradients:
            self._gradients = TorchTrainingGradients(find(self._model).cells)

    def _hold(self, settle: Callable[[TorchTrainingGradients], None]) -> None:
        """Holds the gradients while the weights are still those that they are of."""
        gradients = self._gradients
        if gradients is not None and gradients.is_wanted:
            settle(gradients)
            self._missing = []
            if pairs := gradients.pairs():
                self._held = hold_gradients(self._model, pairs, self._missing.append)
            else:
                self._missing.append(
                    Notice("no gradients are logged, as no backward pass left any", GRADIENTS)
                )

    def _log(self, with_gradients: bool = True) -> None:
        writer = self._writer
        if writer is None:
            return
        step, report = self._schedule.step, self._notices.report
        self._notices.step = step
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
        if self._probe is not None:
            self._safely(functools.partial(self._log_probe, writer, self._probe, step))

    def _log_probe(self, writer: SummaryWriter, probe: Probe, step: int) -> None:
        try:
            self._probe = writer.add_probe(self._model, probe, step, self._wanted.loss)
        except ProbeError:
            # Each further attempt would cost the training as much, and end like this one.
            self._probe = None
            raise

    def _safely(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # logging must never end a training
            self._notices.report(error)
