"""What we have to know of PyTorch's modules."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from torch import nn

from tensorboard_plugin_rnnweights.frameworks.torch.modules import recurrent_modules
from tensorboard_plugin_rnnweights.frameworks.torch.probe.runner import TorchProbeRunner
from tensorboard_plugin_rnnweights.rnn.cells import Cell


class TorchAdapter:
    """What PyTorch's modules are made of."""

    def find_cells(self, model: nn.Module) -> list[Cell]:
        """Finds all recurrent cells of a module, in the order of its submodules.

        Raises:
            ValueError: If a module is not as its layout says.
        """
        return [cell for _, cells in recurrent_modules(model) for cell in cells]

    def trainable_variables(self, model: nn.Module) -> list[Any]:
        """The parameters that are trained, in the order in which the module has them."""
        return [parameter for parameter in model.parameters() if parameter.requires_grad]

    def identities(self, variable: Any) -> tuple[int, ...]:
        """What a parameter is known by."""
        return (id(variable),)

    def gradient(self, variable: Any) -> Any:
        """The gradient that the last backward pass left; computed weights, as by weight_norm, have none."""
        return variable.grad if variable.is_leaf else None

    def probe_runner(self, model: nn.Module, loss: Callable[..., Any] | None = None) -> TorchProbeRunner:
        """What runs the module on a probe.

        Args:
            model: The module.
            loss: The loss function, called with the module's outputs and the targets.
        """
        return TorchProbeRunner(model, loss)


def adapter(framework: ModuleType) -> TorchAdapter:
    """The adapter for `torch`."""
    return TorchAdapter()
