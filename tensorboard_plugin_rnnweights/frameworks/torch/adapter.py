"""What we have to know of PyTorch's modules."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from torch import nn

from tensorboard_plugin_rnnweights.frameworks.computed import Computed
from tensorboard_plugin_rnnweights.frameworks.found import Found
from tensorboard_plugin_rnnweights.frameworks.torch.modules import found_in
from tensorboard_plugin_rnnweights.frameworks.torch.probe.runner import TorchProbeRunner
from tensorboard_plugin_rnnweights.frameworks.values import without_keras


class TorchAdapter:
    """What PyTorch's modules are made of."""

    def find(self, model: nn.Module) -> Found:
        """Finds all that is recurrent in a module, in the order of its submodules."""
        return found_in(model)

    def trainable_variables(self, model: nn.Module) -> list[Any]:
        """The parameters that are trained, in the order in which the module has them."""
        return [parameter for parameter in model.parameters() if parameter.requires_grad]

    def identities(self, variable: Any) -> tuple[int, ...]:
        """What a parameter is known by; a computed weight, by the tensor that was computed last."""
        return tuple(id(one) for one in (variable, _tensor(variable)) if one is not None)

    def gradient(self, variable: Any) -> Any:
        """The gradient that the last backward pass left; of a computed weight, where it was retained."""
        tensor = _tensor(variable)
        is_kept = tensor is not None and (tensor.is_leaf or tensor.retains_grad)
        return tensor.grad if is_kept else None

    def probe_runner(self, model: nn.Module, loss: Callable[..., Any] | None = None) -> TorchProbeRunner:
        """What runs the module on a probe.

        Args:
            model: The module.
            loss: The loss function, called with the module's outputs and the targets.
        """
        return TorchProbeRunner(model, loss)


def _tensor(variable: Any) -> Any:
    return variable.present() if isinstance(variable, Computed) else without_keras(variable)


def adapter(framework: ModuleType) -> TorchAdapter:
    """The adapter for `torch`."""
    return TorchAdapter()
