"""Training gradients of Keras 3 on its PyTorch backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.keras.optimizer_tap import OptimizerTap


class TorchGradients:
    """Copies the gradients of the batches for which that is wanted, since optimizers write into them.

    Arguments and methods as for `training_gradients`.
    """

    def __init__(
        self,
        model: Any,
        variables: Callable[[], Iterable[Any]],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._model = model
        self._variables = variables
        # Compiled or not, this has to be run by Python at each step.
        keep = torch.compiler.disable(self._keep)
        self._tap = OptimizerTap(model.optimizer, keep, on_fault)
        self._is_wanted = False
        self._kept: dict[int, torch.Tensor] = {}

    def attach(self) -> None:
        self._tap.attach()
        self._model.make_train_function(force=True)

    def detach(self) -> None:
        self._tap.detach()
        self._model.train_function = None

    def want(self) -> None:
        self._is_wanted = True
        self._kept = {}

    def rest(self) -> None:
        self._is_wanted = False

    def of(self, variable: Any) -> torch.Tensor | None:
        return self._kept.get(id(variable))

    def _keep(self, gradients: Sequence[Any], variables: Sequence[Any]) -> None:
        if not self._is_wanted:
            return
        wanted = {id(variable) for variable in self._variables()}
        self._kept = {
            id(variable): gradient.detach() / self._tap.loss_scale
            for gradient, variable in zip(gradients, variables, strict=True)
            if gradient is not None and id(variable) in wanted
        }
