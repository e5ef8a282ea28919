"""Probes models of Keras 3 on its PyTorch backend."""

# ruff: noqa: D102 (What the methods do is said once, in their protocol.)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import keras
import torch

from tensorboard_plugin_rnnweights.frameworks.keras.probe.batch import ProbeBatch
from tensorboard_plugin_rnnweights.frameworks.keras.probe.forward_pass import ForwardPass, Passed
from tensorboard_plugin_rnnweights.frameworks.torch.values import hold


class TorchEngine:
    """Runs the model and differentiates it, without adding to the gradients beside its parameters.

    Arguments and methods as for `Engine`.
    """

    def __init__(self, forward: ForwardPass) -> None:
        self._forward = forward

    def tensor(self, value: Any) -> Any:
        return keras.ops.convert_to_tensor(value)

    def run(self, batch: ProbeBatch, loss_scale: float) -> Passed:
        with _restored(self._forward.model), torch.set_grad_enabled(batch.targets is not None):
            return self._pass(batch, loss_scale)

    def flipped(self, value: Any) -> Any:
        return torch.flip(value, [1])

    def batch_first(self, value: Any) -> Any:
        return torch.swapaxes(value, 0, 1)

    def unscaled(self, value: Any, loss_scale: float) -> Any:
        return value.float() / loss_scale

    def is_finite(self, value: Any) -> bool:
        return bool(torch.isfinite(value).all())

    def held(self, value: Any) -> Any:
        return hold([value])[0]

    def is_dense(self, value: Any) -> bool:
        return isinstance(value, torch.Tensor)

    def now(self, value: Any) -> Any:
        return value

    def calling(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def place(self) -> Any:
        return None

    def _pass(self, batch: ProbeBatch, loss_scale: float) -> Passed:
        if batch.targets is None:
            _, recorded = self._forward(batch, self, lambda _, values: values)
            return Passed(recorded, None)
        tapped: dict[int, list[torch.Tensor]] = {}

        def tap(number: int, values: list[torch.Tensor]) -> list[torch.Tensor]:
            # A layer may return one tensor twice, as outputs and as a state; and all may be frozen.
            tapped[number] = [value.clone().requires_grad_() for value in values]
            return tapped[number]

        loss, recorded = self._forward(batch, self, tap)
        return Passed(recorded, _gradients(loss.double() * loss_scale, tapped))


def _gradients(loss: torch.Tensor, tapped: dict[int, list[torch.Tensor]]) -> dict[int, list[torch.Tensor]]:
    """Zeros where the loss doesn't depend on what was tapped."""
    places = [(number, one) for number, those in tapped.items() for one in those]
    found: Any = [None] * len(places)
    if loss.requires_grad and places:
        found = torch.autograd.grad(loss, [one for _, one in places], allow_unused=True)
    gradients: dict[int, list[torch.Tensor]] = {number: [] for number in tapped}
    for (number, one), gradient in zip(places, found, strict=True):
        gradients[number].append(torch.zeros_like(one) if gradient is None else gradient)
    return gradients


@contextmanager
def _restored(model: torch.nn.Module) -> Iterator[None]:
    """Keeps what PyTorch's own modules inside a model change: flags, buffers, and the random state."""
    flags = [(module, module.training) for module in model.modules()]
    buffers = [(buffer, buffer.clone()) for buffer in model.buffers()]
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(devices):
        try:
            yield
        finally:
            for module, is_training in flags:
                module.training = is_training
            with torch.no_grad():
                for buffer, before in buffers:
                    buffer.copy_(before)
