"""Training gradients of Keras 3 on its PyTorch backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.keras.gradients.optimizer_tap import OptimizerTaps, Pairs


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
        # Compiled or not, this has to be run by Python at each step.
        run_by_python = torch.compiler.disable
        self._taps = OptimizerTaps(model, variables, self._keep, on_fault, run_by_python)
        self._is_wanted = False
        self._kept: dict[int, torch.Tensor] = {}

    def attach(self) -> None:
        self._taps.attach()
        self._model.make_train_function(force=True)

    def detach(self) -> None:
        self._taps.detach()
        self._model.train_function = None

    def want(self) -> None:
        self._is_wanted = True
        self._kept = {}

    def rest(self) -> None:
        self._is_wanted = False

    def of(self, variable: Any) -> torch.Tensor | None:
        return self._kept.get(id(variable))

    def unseen(self) -> str | None:
        return self._taps.unseen()

    def _keep(self, pairs: Pairs, loss_scale: float) -> None:
        if self._is_wanted:
            self._kept |= {id(variable): gradient.detach() / loss_scale for gradient, variable in pairs}
