"""The gradients of a PyTorch training as its backward passes leave them, before anything clips them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.computed import sources_of
from tensorboard_plugin_rnnweights.rnn.cells import Cell

Pairs = list[tuple["torch.Tensor | None", torch.nn.Parameter]]
"""Gradients, each with its parameter; None where no backward pass reached it."""


class ScaledError(ValueError):
    """Gradients that are multiplied by a number that nobody has told us."""


class TorchTrainingGradients:
    """Keeps the gradients of some parameters for the optimizer's next step, where that is wanted.

    They are copied where PyTorch has added them to `.grad`: with several backward passes before a step it
    is their sum, and it is that before clipping. What is kept for a parameter is settled when an optimizer
    that holds it steps, so that the backward pass of a GAN's other network doesn't change it.

    Args:
        cells: The recurrent cells whose variables are looked at.
    """

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._parameters = _parameters(cells)
        self._hooks: list[Any] = []
        self._kept: dict[int, torch.Tensor] = {}
        self._settled: dict[int, torch.Tensor] = {}

    def want(self) -> None:
        """Lets the gradients of the next step be kept."""
        if not self._hooks:
            self._hooks = [
                one.register_post_accumulate_grad_hook(self._keep) for one in self._parameters.values()
            ]
        self._kept, self._settled = {}, {}

    @property
    def is_wanted(self) -> bool:
        """Whether gradients are kept now."""
        return bool(self._hooks)

    def rest(self) -> None:
        """Lets no more gradients be kept, and leaves the parameters as they were."""
        for hook in self._hooks:
            hook.remove()
        self._hooks = []

    def settle(self, optimizer: torch.optim.Optimizer, loss_scale: float | None = None) -> None:
        """Settles what an optimizer's parameters have as their gradients, just before it steps.

        Args:
            optimizer: The optimizer.
            loss_scale: What the loss was multiplied by; None for nothing.

        Raises:
            ScaledError: If the loss was multiplied all the same.
        """
        for parameter in _held_by(optimizer):
            kept = self._kept.pop(id(parameter), None)
            if kept is None or id(parameter) not in self._parameters:
                continue
            if loss_scale is None and _is_scaled(kept, parameter.grad):
                self._kept = {}
                raise ScaledError(
                    "no gradients are logged, as the loss seems to be scaled: hand the GradScaler in, "
                    "as in watch(..., scaler=scaler)"
                )
            self._settled[id(parameter)] = kept / (loss_scale or 1.0)

    def take(self, optimizer: torch.optim.Optimizer) -> None:
        """Settles what an optimizer's parameters have in `.grad` now, whatever was kept for them."""
        for parameter in _held_by(optimizer):
            if id(parameter) in self._parameters and parameter.grad is not None:
                self._kept.pop(id(parameter), None)
                self._settled[id(parameter)] = parameter.grad.detach().clone()

    def pairs(self) -> Pairs:
        """What was kept, settled or not: optimizers such as LBFGS run backward passes by themselves.

        Empty if nothing was.
        """
        found = {**self._kept, **self._settled}
        return [(found.get(name), one) for name, one in self._parameters.items()] if found else []

    def _keep(self, parameter: torch.nn.Parameter) -> None:
        if parameter.grad is not None:
            self._kept[id(parameter)] = parameter.grad.detach().clone()


def _parameters(cells: Iterable[Cell]) -> dict[int, torch.nn.Parameter]:
    sources = [source for cell in cells for one in cell.variables.values() for source in sources_of(one)]
    return {id(one): one for one in sources if isinstance(one, torch.nn.Parameter) and one.requires_grad}


def _held_by(optimizer: torch.optim.Optimizer) -> list[torch.nn.Parameter]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _is_scaled(kept: torch.Tensor, now: torch.Tensor | None) -> bool:
    """Whether the gradient was divided by a power of two since the backward pass, as a GradScaler does.

    Clipping divides by hardly any such number.
    """
    if now is None or kept.shape != now.shape:
        return False
    largest, left = float(kept.abs().max()), float(now.abs().max())
    if not (0 < left < largest < math.inf):
        return False
    return math.frexp(largest / left)[0] == 0.5
