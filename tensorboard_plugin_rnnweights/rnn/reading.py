"""Reads a cell's variables off the framework's object that keeps them, as its layout says."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

from tensorboard_plugin_rnnweights.rnn.attributes import NoAttributeError, attribute
from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout, MatrixPart
from tensorboard_plugin_rnnweights.rnn.fitting import Shape, misfit_of_axis, misfit_of_units


class UnbuiltError(ValueError):
    """A recurrent layer that has no weights yet."""


def read_variables(
    layer: str, layout: CellLayout, kept: Any, computed: Mapping[str, Any], names: Mapping[str, object]
) -> dict[str, Any]:
    """A cell's variables by the names that its layout gives them.

    Args:
        layer: The layer's path in the model, for messages.
        layout: The cell's row in the table.
        kept: The framework's cell, or the layer that holds it.
        computed: What stands for attributes that can't simply be read, by their paths.
        names: What the names of variables in `layout` leave open.

    Raises:
        ValueError: If a variable isn't there, or can't be what the layout says; an `UnbuiltError` if it has
            no values yet.
    """
    kind = type(kept).__qualname__
    found: dict[str, Any] = {}
    shapes: dict[str, Shape] = {}
    for part in layout.parts:
        where = f"the recurrent layer '{layer}' should keep its '{part.matrix}' in"
        path = _path(part, names, f"{where} '{part.variable}' of {kind}, by its gate layout, but")
        if path in computed:
            found[part.variable] = computed[path]
            continue
        start = f"{where} the attribute '{path}' of {kind}, by its gate layout, but"
        variable = _variable(part, kept, path, start)
        if variable is not None:
            found[part.variable], shapes[part.variable] = variable, _shape(variable, path, layer, start)
            _check_axis(part, kept, path, shapes[part.variable], start)
    if not found:
        names_of = ", ".join(f"'{part.variable}'" for part in layout.parts)
        raise UnbuiltError(
            f"the recurrent layer '{layer}' has no weights yet: {names_of} of {kind} are all None"
        )
    misfit = misfit_of_units(layout, shapes)
    if misfit is not None:
        raise ValueError(f"the recurrent layer '{layer}' doesn't fit the gate layout of {kind}: {misfit}")
    return found


def read_state_rows(layer: str, layout: CellLayout, kept: Any) -> int | None:
    """How many rows of a kernel shared by inputs and states are the states'; None if no attribute says it.

    Raises:
        ValueError: If the attribute isn't there, or isn't a whole number.
    """
    if layout.state_size is None:
        return None
    start = (
        f"the recurrent layer '{layer}' should keep the size of its states in the attribute "
        f"'{layout.state_size}' of {type(kept).__qualname__}, by its gate layout, but"
    )
    try:
        size = attribute(kept, layout.state_size)
        return operator.index(size)
    except NoAttributeError as error:
        raise ValueError(f"{start} {error}") from None
    except TypeError:
        raise ValueError(f"{start} that is no whole number: {size!r}") from None


def _path(part: MatrixPart, names: Mapping[str, object], start: str) -> str:
    try:
        return part.variable.format(**names)
    except KeyError as error:
        raise ValueError(f"{start} nothing says what {{{error.args[0]}}} is") from None


def _variable(part: MatrixPart, kept: Any, path: str, start: str) -> Any:
    if part.optional and not hasattr(kept, path.partition(".")[0]):
        return None
    try:
        return attribute(kept, path)
    except NoAttributeError as error:
        if part.optional:
            return None
        raise ValueError(f"{start} {error}") from None


def _shape(variable: Any, path: str, layer: str, start: str) -> Shape:
    try:
        return tuple(int(size) for size in variable.shape)
    except RuntimeError as error:  # A parameter of PyTorch's lazy modules.
        raise UnbuiltError(
            f"the recurrent layer '{layer}' has no weights yet, since '{path}' is not initialized: "
            "call the model on a batch of data first"
        ) from error
    except (AttributeError, TypeError):
        inside = [f"'{path}.{name}'" for name in ("kernel", "weight") if hasattr(variable, name)]
        raise ValueError(
            f"{start} that is no variable but of type {type(variable).__qualname__}"
            + (f": perhaps {inside[0]} is meant" if inside else "")
        ) from None


def _check_axis(part: MatrixPart, kept: Any, path: str, shape: Shape, start: str) -> None:
    holder = attribute(kept, path.rpartition(".")[0]) if "." in path else None
    misfit = misfit_of_axis(part, holder, shape)
    if misfit is not None:
        raise ValueError(f"{start} {misfit}")
