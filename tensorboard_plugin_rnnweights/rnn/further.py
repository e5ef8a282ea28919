"""What a recurrent cell has beyond its gate layout, such as the gain and the offset of a layer norm."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from tensorboard_plugin_rnnweights.rnn.cell_layout import WHOLE, CellLayout, MatrixPart
from tensorboard_plugin_rnnweights.rnn.cells import Cell


def with_further_variables(
    cells: Iterable[Cell], own: Mapping[str, Any], is_trained: Callable[[Any], bool]
) -> list[Cell]:
    """Adds the variables that no layout mentions to the first of the cells, each as one matrix, whole.

    Args:
        cells: All cells that one object of the framework keeps, read by their layouts.
        own: That object's variables, by the names that they are shown under. A name that the first
            cell's layout has already taken is numbered.
        is_trained: Whether a variable is trained.

    Returns:
        The cells in their order. Each variable of `own` is a variable of one of them.
    """
    first, *others = cells
    known = {id(variable) for cell in (first, *others) for variable in cell.variables.values()}
    taken = {name for part in first.layout.parts for name in (part.matrix, part.variable)}
    further: dict[str, Any] = {}
    for name, variable in own.items():
        if id(variable) not in known:
            known.add(id(variable))
            further[_numbered(name, {*taken, *further})] = variable
    return [_extended(first, further, is_trained) if further else first, *others]


def _extended(cell: Cell, further: Mapping[str, Any], is_trained: Callable[[Any], bool]) -> Cell:
    frozen = {name for name in cell.variables if name in cell.frozen}
    frozen |= {name for name, variable in further.items() if not is_trained(variable)}
    variables = {**cell.variables, **further}
    return replace(cell, layout=_completed(cell.layout, further), variables=variables, frozen=frozen)


def _completed(layout: CellLayout, names: Iterable[str]) -> CellLayout:
    return replace(layout, parts=(*layout.parts, *(MatrixPart(name, name, (WHOLE,)) for name in names)))


def _numbered(name: str, taken: set[str]) -> str:
    """The name, or the first of `name_1`, `name_2`, ... that isn't taken."""
    candidates = itertools.chain([name], (f"{name}_{count}" for count in itertools.count(1)))
    return next(one for one in candidates if one not in taken)
