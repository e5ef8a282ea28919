"""The gradients of a PyTorch training as its backward passes leave them, before anything clips them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.computed import sources_of
from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.torch.averaged import OnceAveraged
from tensorboard_plugin_rnnweights.frameworks.torch.clipped import is_only_clipped
from tensorboard_plugin_rnnweights.frameworks.torch.processes import are_joined, are_several
from tensorboard_plugin_rnnweights.frameworks.torch.sharded import SHARDED, is_flattened, is_sharded, local
from tensorboard_plugin_rnnweights.rnn.cells import Cell

Pairs = list[tuple["torch.Tensor | Missing | None", torch.nn.Parameter]]
"""Gradients, each with its parameter; None where no backward pass reached it."""

_SCALED = (
    "no gradients are logged, as the loss seems to be scaled: hand the GradScaler in, as in "
    "watch(..., scaler=scaler)"
)
_CHANGED = (
    "no gradients are logged, as after the backward pass they were changed by other means than clipping, "
    "such as a loop that averages them over its processes: train with DistributedDataParallel, or log the "
    "changed ones with SummaryWriter.add_gradients"
)
_FLATTENED = (
    "FullyShardedDataParallel hands it to the optimizer by ways that aren't seen: log it with "
    "SummaryWriter.add_gradients before the step, or train with DistributedDataParallel"
)


class ChangedError(ValueError):
    """Gradients that something has changed, or will change, in a way that nobody has told us."""


class TorchTrainingGradients:
    """Keeps the gradients of some parameters for the optimizer's next step, where that is wanted.

    They are copied where PyTorch has added them to `.grad`: with several backward passes before a step it
    is their sum, and it is that before clipping. Of several processes, that is after they have averaged
    them. What is kept for a parameter is settled when an optimizer that holds it steps, so that the
    backward pass of a GAN's other network doesn't change it.

    Args:
        cells: The recurrent cells whose variables are looked at.
        trained: All parameters of the model that are trained: where a backward pass reaches none of the
            cells in this process, it may in others.
    """

    def __init__(self, cells: Iterable[Cell], trained: Iterable[Any] = ()) -> None:
        self._parameters = _parameters(cells)
        self._trained = {id(one): one for one in trained if _is_trained(one)}
        self._averaged = OnceAveraged(self._parameters, self._keep)
        self._hooks: list[Any] = []
        self._kept: dict[int, torch.Tensor] = {}
        self._settled: dict[int, torch.Tensor] = {}

    def want(self) -> None:
        """Lets the gradients of the next step be kept."""
        if not self._hooks:
            hook = self._averaged.reached if are_joined() else self._keep
            self._hooks = [one.register_post_accumulate_grad_hook(hook) for one in self._hooked()]
        self._averaged.forget()
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
            ChangedError: If the loss was multiplied all the same, or, of several processes, if what the
                optimizer gets is neither what was kept nor that clipped.
        """
        for parameter in _held_by(optimizer):
            kept = self._kept.pop(id(parameter), None)
            if kept is None or id(parameter) not in self._parameters:
                continue
            own = kept if loss_scale is None else kept / loss_scale
            if fault := _fault(kept, own, _readable(parameter.grad)):
                self._kept = {}
                raise ChangedError(fault)
            self._settled[id(parameter)] = own

    def take(self, optimizer: torch.optim.Optimizer) -> None:
        """Settles what an optimizer's parameters have in `.grad` now, whatever was kept for them."""
        for parameter in _held_by(optimizer):
            gradient = _readable(parameter.grad)
            if id(parameter) in self._parameters and gradient is not None:
                self._kept.pop(id(parameter), None)
                self._settled[id(parameter)] = gradient.detach().clone()

    def pairs(self) -> Pairs:
        """What was kept, settled or not: optimizers such as LBFGS run backward passes by themselves.

        Empty if nothing was, for no reason that is known.
        """
        found: dict[int, Any] = {**self._kept, **self._settled}
        for name, one in self._parameters.items():
            if name not in found and (missing := _why_none(one)):
                found[name] = missing
        return [(found.get(name), one) for name, one in self._parameters.items()] if found else []

    def _hooked(self) -> list[torch.nn.Parameter]:
        hooked = {**self._parameters, **self._trained} if are_joined() else self._parameters
        return [one for one in hooked.values() if not is_sharded(one)]

    def _keep(self, parameter: torch.nn.Parameter) -> None:
        if (gradient := _readable(parameter.grad)) is not None:
            self._kept[id(parameter)] = gradient.detach().clone()


def _parameters(cells: Iterable[Cell]) -> dict[int, torch.nn.Parameter]:
    sources = [source for cell in cells for one in cell.variables.values() for source in sources_of(one)]
    return {id(one): one for one in sources if _is_trained(one)}


def _is_trained(variable: Any) -> bool:
    return isinstance(variable, torch.nn.Parameter) and variable.requires_grad


def _held_by(optimizer: torch.optim.Optimizer) -> list[torch.nn.Parameter]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _readable(gradient: torch.Tensor | None) -> torch.Tensor | None:
    """All of a gradient's values; None where this process hasn't got them."""
    return None if gradient is None or is_sharded(gradient) else local(gradient)


def _why_none(parameter: torch.nn.Parameter) -> Missing | None:
    gradient = parameter.grad
    if is_sharded(parameter) or (gradient is not None and is_sharded(gradient)):
        return Missing(SHARDED)
    return Missing(_FLATTENED) if is_flattened(parameter) else None


def _fault(kept: torch.Tensor, own: torch.Tensor, now: torch.Tensor | None) -> str:
    """What speaks against logging a gradient, given what is in `.grad` now; empty for nothing."""
    if own is kept and _is_scaled(kept, now):
        return _SCALED
    # In one process, whatever changes gradients does so to those that are logged.
    return _CHANGED if are_several() and now is not None and not is_only_clipped(own, now) else ""


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
