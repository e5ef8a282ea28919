"""Training gradients of Keras 3 on its PyTorch backend."""

from __future__ import annotations

from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.keras.gradients.optimizer_tap import Pairs, See
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.tapped_gradients import TappedGradients


class TorchGradients(TappedGradients):
    """Copies the gradients of the batches for which that is wanted, since optimizers write into them."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._is_wanted = False
        self._kept: dict[int, torch.Tensor] = {}

    def want(self) -> None:
        self._is_wanted = True
        self._kept = {}

    def rest(self) -> None:
        self._is_wanted = False

    def _outside_compilation(self, see: See) -> See:
        # Compiled or not, this has to be run by Python at each step.
        disabled: See = torch.compiler.disable(see)
        return disabled

    def _kept_for(self, variable: Any) -> torch.Tensor | None:
        return self._kept.get(id(variable))

    def _keep(self, pairs: Pairs, loss_scale: float) -> None:
        if self._is_wanted:
            self._kept |= {id(variable): gradient.detach() / loss_scale for gradient, variable in pairs}
