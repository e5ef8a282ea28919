"""Finds the recurrent cells of PyTorch modules."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from torch import nn

from tensorboard_plugin_rnnweights.rnn.cells import BACKWARD, FORWARD, Cell
from tensorboard_plugin_rnnweights.rnn.registry import layout_of

# Parts of a path that say how a module is run, and not which one it is.
_COMPILED = "_orig_mod"


class TorchAdapter:
    """What PyTorch's modules are made of."""

    def find_cells(self, model: nn.Module) -> list[Cell]:
        """Finds all recurrent cells of a module, in the order of its submodules.

        A module that stands in several places is found once, at its first place. Modules of types that
        the table of gate layouts doesn't know are found with their matrices whole, if they derive from
        PyTorch's recurrent modules.

        Raises:
            ValueError: If a module is not as its layout says.
        """
        return [
            cell
            for path, module in _without_wrappers(model).named_modules()
            if isinstance(module, nn.RNNBase | nn.RNNCellBase) or layout_of(module) is not None
            for cell in _cells(_path(path, module), module)
        ]

    def trainable_variables(self, model: nn.Module) -> list[Any]:
        """The parameters that are trained, in the order in which the module has them."""
        return [parameter for parameter in model.parameters() if parameter.requires_grad]

    def identities(self, variable: Any) -> tuple[int, ...]:
        """What a parameter is known by."""
        return (id(variable),)

    def gradient(self, variable: Any) -> Any:
        """The gradient that the last backward pass left; computed weights, as by weight_norm, have none."""
        return variable.grad if variable.is_leaf else None


def adapter(framework: ModuleType) -> TorchAdapter:
    """The adapter for `torch`."""
    return TorchAdapter()


def _without_wrappers(model: nn.Module) -> nn.Module:
    while isinstance(model, nn.DataParallel | nn.parallel.DistributedDataParallel):
        model = model.module
    return model


def _path(path: str, module: nn.Module) -> str:
    """The module's path, written as Keras's are."""
    parts = [part for part in path.split(".") if part and part != _COMPILED]
    return "/".join(parts) or type(module).__name__.lower()


def _cells(path: str, module: nn.Module) -> Iterator[Cell]:
    layout = layout_of(module)
    if layout is None:
        yield Cell.whole((path, None, 0), type(module), _parameters(module), _is_trained)
        return
    directions = (FORWARD, BACKWARD) if getattr(module, "bidirectional", False) else (None,)
    for direction in directions:
        for index in range(getattr(module, "num_layers", 1)):
            names = {"index": index, "reverse": "_reverse" if direction == BACKWARD else ""}
            yield Cell.read((path, direction, index), layout, module, _is_trained, **names)


def _is_trained(variable: Any) -> bool:
    return bool(variable.requires_grad)


def _parameters(module: nn.Module) -> dict[str, Any]:
    """By a name that has no dots, which would read as a path."""
    found = module.named_parameters()
    return {name.replace(".", "_"): one for name, one in found if one.is_floating_point()}
