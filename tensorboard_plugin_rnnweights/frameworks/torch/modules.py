"""Which submodules of a PyTorch module are recurrent, and their cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from tensorboard_plugin_rnnweights.frameworks.computed import Computed, sources_of
from tensorboard_plugin_rnnweights.frameworks.found import Found, LeftOut
from tensorboard_plugin_rnnweights.frameworks.torch.computed.weights import computed_weights
from tensorboard_plugin_rnnweights.frameworks.torch.hints import hints_for
from tensorboard_plugin_rnnweights.frameworks.torch.kerases import (
    found_in_keras,
    is_keras_layer,
    keras_notices,
)
from tensorboard_plugin_rnnweights.frameworks.torch.paths import Placed, kind_of, submodules
from tensorboard_plugin_rnnweights.frameworks.torch.scripted import is_scripted, scripted_layout, stacked_in
from tensorboard_plugin_rnnweights.frameworks.torch.sharded import SHARDED, is_flat, is_in_pieces
from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout
from tensorboard_plugin_rnnweights.rnn.cells import BACKWARD, FORWARD, Cell
from tensorboard_plugin_rnnweights.rnn.further import with_further_variables
from tensorboard_plugin_rnnweights.rnn.registry import layout_of


@dataclass(frozen=True, eq=False)
class RecurrentModule:
    """A recurrent submodule.

    Attributes:
        path: Its path in the model.
        module: The submodule.
        found: Its cells, or why it can't be read; of a Keras model all that is recurrent in it.
        no_signals: Why what flows through it can't be seen; empty where it can.
    """

    path: str
    module: nn.Module
    found: Found
    no_signals: str = ""


def recurrent_modules(model: nn.Module) -> Iterator[RecurrentModule]:
    """All recurrent submodules, in the order of the module.

    A module that stands in several places is given once, at its first place. Modules of types that the
    table of gate layouts doesn't know have one cell with their matrices whole, if they derive from
    PyTorch's recurrent modules. A module is not given by itself if the layout of one around it names
    parameters of it.
    """
    named: set[int] = set()
    for placed in submodules(model, is_keras_layer):
        if is_keras_layer(placed.module):
            found = found_in_keras(placed)
            yield RecurrentModule(
                placed.path, placed.module, found, "it is a layer of Keras in a PyTorch module"
            )
        elif _is_recurrent(placed.module) and not named & _parameters_of([placed.module]):
            found = _found(placed)
            named |= _named_inside(placed.module, found.cells)
            reason = "torch.jit has compiled it" if is_scripted(placed.module) else ""
            yield RecurrentModule(placed.path, placed.module, found, reason)


def found_in(model: nn.Module) -> Found:
    """All that is recurrent in a module."""
    recurrent = [*recurrent_modules(model)]
    placed = [*submodules(model, is_keras_layer)]
    return Found(
        cells=tuple(cell for one in recurrent for cell in one.found.cells),
        left_out=tuple(left_out for one in recurrent for left_out in one.found.left_out),
        hints=(
            *(hint for one in recurrent for hint in one.found.hints),
            *keras_notices(placed),
            *hints_for(placed, [one.module for one in recurrent]),
        ),
    )


def _is_recurrent(module: nn.Module) -> bool:
    return isinstance(module, nn.RNNBase | nn.RNNCellBase) or _layout(module) is not None


def _layout(module: nn.Module) -> CellLayout | None:
    return scripted_layout(module) if is_scripted(module) else layout_of(module)


def _found(placed: Placed) -> Found:
    if is_in_pieces(placed.module):
        error = ValueError(f"nothing is logged of the recurrent layer '{placed.path}': {SHARDED}")
        return Found((), left_out=(LeftOut(placed.path, error),))
    try:
        return Found(cells=tuple(_cells(placed)))
    except ValueError as error:
        return Found((), left_out=(LeftOut(placed.path, error),))


def _cells(placed: Placed) -> list[Cell]:
    module, path = placed.module, placed.path
    computed = {} if is_scripted(module) else computed_weights(module, placed.parent)
    layout = _layout(module)
    if layout is None:
        own = _own_variables(module, computed)
        return [Cell.whole((path, None, 0), kind_of(module), own, _is_trained)]
    levels, is_bidirectional = _stacked(module, layout)
    directions = (FORWARD, BACKWARD) if is_bidirectional else (None,)
    cells = [
        Cell.read(
            (path, direction, index),
            layout,
            module,
            _is_trained,
            computed,
            index=index,
            reverse="_reverse" if direction == BACKWARD else "",
        )
        for direction, index in itertools.product(directions, range(levels))
    ]
    return with_further_variables(cells, _own_variables(module, computed, cells), _is_trained)


def _stacked(module: nn.Module, layout: CellLayout) -> tuple[int, bool]:
    """How many levels of cells a module has, and whether each has two directions."""
    if is_scripted(module):
        return stacked_in(module)
    # Modules of one's own may have attributes of these names that mean something else.
    names = "".join(part.variable for part in layout.parts)
    levels = getattr(module, "num_layers", 1) if "{index}" in names else 1
    return levels, "{reverse}" in names and bool(getattr(module, "bidirectional", False))


def _is_trained(variable: Any) -> bool:
    if not isinstance(variable, Computed):
        return bool(variable.requires_grad)
    # Where it isn't known what a weight is computed from, that may be trained.
    return not variable.sources or any(one.requires_grad for one in variable.sources.values())


def _own_variables(
    module: nn.Module, computed: Mapping[str, Computed], cells: Iterable[Cell] = ()
) -> dict[str, Any]:
    """All variables of a module, with computed ones in place of their sources.

    The names have no dots, which would read as a path. What is recurrent inside is found by itself, unless
    the module's cells have variables of it.
    """
    sources = {id(source) for one in computed.values() for source in one.sources.values()}
    variables = {
        **{name: one for name, one in module.named_parameters() if id(one) not in sources},
        **{name: one for name, one in computed.items() if one.sources},
    }
    named = _named_inside(module, cells)
    inside = _parameters_of(
        one
        for one in module.modules()
        if one is not module and _is_recurrent(one) and not named & _parameters_of([one])
    )
    return {
        name.replace(".", "_"): one
        for name, one in variables.items()
        if id(one) not in inside and _is_real(one)
    }


def _named_inside(module: nn.Module, cells: Iterable[Cell]) -> set[int]:
    """The parameters of submodules that the layout of a module's own cells names."""
    variables = (
        one for cell in cells for variable in cell.variables.values() for one in sources_of(variable)
    )
    return {id(one) for one in variables} - {id(one) for one in module.parameters(recurse=False)}


def _parameters_of(modules: Iterable[nn.Module]) -> set[int]:
    return {id(parameter) for one in modules for parameter in one.parameters()}


def _is_real(variable: Any) -> bool:
    return isinstance(variable, Computed) or (variable.is_floating_point() and not is_flat(variable))
