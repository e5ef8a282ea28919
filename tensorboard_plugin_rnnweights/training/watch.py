"""Logs a training of PyTorch in any loop, by watching its optimizer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.torch.processes import is_first
from tensorboard_plugin_rnnweights.training.torch_training import TorchTraining, Wanted


def watch(
    model: Any,
    optimizer: Any,
    log_dir: str | os.PathLike[str] = "logs",
    update_freq: int = 100,
    *,
    scaler: Any = None,
    **options: Any,
) -> Watch:
    """Logs weights and gradients of a module's recurrent layers while a loop of yours trains it.

    The gradients are those that the backward passes leave in `.grad`: accumulated, and before clipping. A
    step is a step of the optimizer, or of the last one where there are several. Whatever goes wrong in
    logging is reported once; the training goes on.

    Of several processes, all of which call this after `torch.distributed.init_process_group`, the first one
    logs, and the others do nothing. Gradients are those that DistributedDataParallel has averaged.

    Args:
        model: A PyTorch module, also as `accelerator.prepare` gives it.
        optimizer: Its optimizer, or a list of several; also Accelerate's.
        log_dir: The run's directory.
        update_freq: A snapshot is logged every so many steps, and before the first one.
        scaler: The `torch.amp.GradScaler` of the loop, if it has one, so that gradients are logged without
            its scale. That of Accelerate is found.
        **options: The fields of `training.torch_training.Wanted`: `weights`, `gradients`, `updates`,
            `probe`, `probe_tokens`, `probe_samples`, `loss` and those of `SummaryWriter`.

    Returns:
        What logs, until it is closed; a context manager.

    Raises:
        ValueError: If an argument is none of those above.

    Example:
        >>> with rnnweights.watch(model, optimizer, "logs/run1", update_freq=100):  # doctest: +SKIP
        ...     for inputs, targets in batches:
        ...         optimizer.zero_grad()
        ...         loss_function(model(inputs), targets).backward()
        ...         optimizer.step()
    """
    if isinstance(update_freq, bool) or not isinstance(update_freq, int) or update_freq < 1:
        raise ValueError(f"update_freq of watch() has to be a number of steps, not {update_freq!r}")
    optimizers = list(optimizer) if isinstance(optimizer, list | tuple) else [optimizer]
    training = TorchTraining(log_dir, Wanted(update_freq=update_freq, **options))
    return Watch(training, model, optimizers, scaler)


class Watch:
    """What `watch` gives.

    Args:
        training: What logs.
        model: The module.
        optimizers: Its optimizers.
        scaler: What scales the loss, if something does.
    """

    def __init__(self, training: TorchTraining, model: Any, optimizers: Sequence[Any], scaler: Any) -> None:
        self._training = training
        self._steps = 0
        self._hooks: list[Any] = []
        if is_first():
            self._begin(model, optimizers, scaler)

    def _begin(self, model: Any, optimizers: Sequence[Any], scaler: Any) -> None:
        training = self._training
        training.begin(model, 0)
        training.begin_epoch(0)
        training.begin_step(0)
        for optimizer in optimizers:
            its_scaler = scaler or getattr(optimizer, "scaler", None)
            self._hooks.append(_plain(optimizer).register_step_pre_hook(_Settling(training, its_scaler)))
        self._hooks.append(_plain(optimizers[-1]).register_step_post_hook(self._step_ended))

    def close(self) -> None:
        """Writes what is left, and leaves the model and its optimizers as they were."""
        for hook in self._hooks:
            hook.remove()
        self._hooks = []
        self._training.end()

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _step_ended(self, optimizer: torch.optim.Optimizer, arguments: Any, options: Any) -> None:
        self._training.end_step(self._steps)
        self._steps += 1
        self._training.begin_step(self._steps)


class _Settling:
    """Settles an optimizer's gradients just before it steps."""

    def __init__(self, training: TorchTraining, scaler: Any) -> None:
        self._training = training
        self._scaler = scaler

    def __call__(self, optimizer: torch.optim.Optimizer, arguments: Any, options: Any) -> None:
        self._training.settle(optimizer, scale_of(self._scaler))


def scale_of(scaler: Any) -> float | None:
    """What a `GradScaler` multiplies the loss by; None where there is none, or where it does nothing."""
    return float(scaler.get_scale()) if scaler is not None and scaler.is_enabled() else None


def _plain(optimizer: Any) -> torch.optim.Optimizer:
    """PyTorch's own optimizer inside that of Accelerate."""
    return getattr(optimizer, "optimizer", optimizer)
