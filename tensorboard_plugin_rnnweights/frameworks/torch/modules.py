"""Which submodules of a PyTorch module are recurrent, and their cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from torch import nn
from torch.nn.utils.parametrize import ParametrizationList

from tensorboard_plugin_rnnweights.frameworks.found import Found, LeftOut
from tensorboard_plugin_rnnweights.rnn.cells import BACKWARD, FORWARD, Cell
from tensorboard_plugin_rnnweights.rnn.further import with_further_variables
from tensorboard_plugin_rnnweights.rnn.registry import layout_of

# Parts of a path that say how a module is run, and not which one it is.
_COMPILED = "_orig_mod"


def without_wrappers(model: nn.Module) -> nn.Module:
    """The user's own module, out of `DataParallel`, `DistributedDataParallel` and `torch.compile`."""
    while True:
        if isinstance(model, nn.DataParallel | nn.parallel.DistributedDataParallel):
            model = model.module
        elif _COMPILED in model._modules:
            model = model._modules[_COMPILED]
        else:
            return model


def recurrent_modules(model: nn.Module) -> Iterator[tuple[nn.Module, list[Cell]]]:
    """All recurrent submodules, each with its cells, in the order of the module.

    A module that stands in several places is given once, at its first place. Modules of types that the
    table of gate layouts doesn't know have one cell with their matrices whole, if they derive from
    PyTorch's recurrent modules. Modules that are not as their layouts say are left out.
    """
    for module, read in _modules(model):
        if not isinstance(read, LeftOut):
            yield module, read


def found_in(model: nn.Module) -> Found:
    """All that is recurrent in a module."""
    read = [one for _, one in _modules(model)]
    return Found(
        cells=tuple(cell for one in read if not isinstance(one, LeftOut) for cell in one),
        left_out=tuple(one for one in read if isinstance(one, LeftOut)),
    )


def _modules(model: nn.Module) -> Iterator[tuple[nn.Module, list[Cell] | LeftOut]]:
    for path, module in without_wrappers(model).named_modules():
        if not _is_recurrent(module):
            continue
        name = _path(path, module)
        try:
            yield module, _cells(name, module)
        except ValueError as error:
            yield module, LeftOut(name, error)


def _is_recurrent(module: nn.Module) -> bool:
    return isinstance(module, nn.RNNBase | nn.RNNCellBase) or layout_of(module) is not None


def _path(path: str, module: nn.Module) -> str:
    """The module's path, written as Keras's are."""
    parts = [part for part in path.split(".") if part and part != _COMPILED]
    return "/".join(parts) or type(module).__name__.lower()


def _cells(path: str, module: nn.Module) -> list[Cell]:
    # What is recurrent inside is found by itself.
    inside = [one for one in module.modules() if one is not module and _is_recurrent(one)]
    layout = layout_of(module)
    if layout is None:
        return [Cell.whole((path, None, 0), type(module), _parameters(module, inside), _is_trained)]
    directions = (FORWARD, BACKWARD) if getattr(module, "bidirectional", False) else (None,)
    cells = [
        Cell.read((path, direction, index), layout, module, _is_trained, **_open_names(direction, index))
        for direction in directions
        for index in range(getattr(module, "num_layers", 1))
    ]
    # Weights that are computed, as by weight_norm, are shown as they are used, and not their sources.
    sources = [one for one in module.modules() if isinstance(one, ParametrizationList)]
    return with_further_variables(cells, _parameters(module, [*inside, *sources]), _is_trained)


def _open_names(direction: str | None, index: int) -> dict[str, object]:
    """What the names of parameters in a layout leave open."""
    return {"index": index, "reverse": "_reverse" if direction == BACKWARD else ""}


def _is_trained(variable: Any) -> bool:
    return bool(variable.requires_grad)


def _parameters(module: nn.Module, without: Iterable[nn.Module]) -> dict[str, Any]:
    """By a name that has no dots, which would read as a path."""
    left_out = {id(parameter) for one in without for parameter in one.parameters()}
    return {
        name.replace(".", "_"): one
        for name, one in module.named_parameters()
        if one.is_floating_point() and id(one) not in left_out
    }
