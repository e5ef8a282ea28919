"""Cuts the matrices of a model's recurrent layers into their gates' blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.cells import Cell, copy_of
from tensorboard_plugin_rnnweights.rnn.discovery import adapter_for, find_cells
from tensorboard_plugin_rnnweights.rnn.layouts import MatrixLayout


@dataclass(frozen=True, eq=False)
class GateTensor:
    """One matrix of one recurrent cell, with its gates side by side.

    Attributes:
        layer: The layer's path in the model.
        direction: `"forward"`, `"backward"`, or None where the layer is not bidirectional.
        index: The cell's place in its layer's stack of cells; 0 where there is only one.
        cell: The cell's type, such as `"LSTM"`.
        matrix: The matrix's name, such as `"recurrent_kernel"`.
        gates: The gates in the order in which they stand side by side.
        values: The matrix, of shape (rows, gates * units): rows = what comes in; a bias has one row.
    """

    layer: str
    direction: str | None
    index: int
    cell: str
    matrix: str
    gates: tuple[str, ...]
    values: npt.NDArray[Any]

    @property
    def units(self) -> int:
        """Columns of one gate."""
        return int(self.values.shape[1]) // len(self.gates)

    @property
    def blocks(self) -> dict[str, npt.NDArray[Any]]:
        """Each gate's part of the matrix: a view of `values` of shape (rows, units)."""
        parts = np.split(self.values, len(self.gates), axis=1)
        return dict(zip(self.gates, parts, strict=True))


def decompose(model: Any, gradients: Iterable[Any] | None = None) -> list[GateTensor]:
    """Decomposes the recurrent layers of a model by layer, direction, cell, matrix and gate.

    Args:
        model: A built Keras 3 model or layer.
        gradients: Gradients to decompose in place of the weights: in the order of
            `model.trainable_variables`, or as (gradient, variable) pairs, as optimizers take them. A
            gradient may be None, where the loss doesn't depend on the variable.

    Returns:
        A tensor for each matrix, copied from the model, in the model's order of layers. With
        `gradients`, only those that have one.

    Raises:
        TypeError: If `model` is not a model of a framework that we know.
        ValueError: If it has no recurrent layer, or no weights yet, or if the gradients don't match
            its variables.

    Example:
        >>> for tensor in decompose(model):  # doctest: +SKIP
        ...     print(tensor.layer, tensor.matrix, tensor.blocks["forget"].mean())
    """
    cells = find_cells(model)
    if gradients is None:
        return decompose_cells(cells, lambda variable: variable)
    return decompose_cells(cells, gradient_lookup(model, gradients))


def decompose_cells(cells: Iterable[Cell], values_of: Callable[[Any], Any | None]) -> list[GateTensor]:
    """Decomposes what stands for each variable of some cells.

    Args:
        cells: The cells, as `find_cells` gives them.
        values_of: Gives, for a variable, the array, tensor or variable of the same shape to cut, or
            None to leave the variable's matrices out.
    """
    found = []
    for cell in cells:
        arrays = _arrays(cell, values_of)
        for layout in cell.layout.matrices:
            if layout.variable in arrays:
                found.append(_gate_tensor(cell, layout, arrays[layout.variable]))
    return found


def gradient_lookup(model: Any, gradients: Iterable[Any]) -> Callable[[Any], Any | None]:
    """A function that gives each variable's gradient, and None where there is none.

    Args:
        model: The model that the gradients are of.
        gradients: As in `decompose`.

    Raises:
        ValueError: If the gradients don't match the model's trainable variables.
    """
    adapter = adapter_for(model)
    variables = adapter.trainable_variables(model)
    given = list(gradients)
    if given and all(isinstance(one, tuple) and len(one) == 2 for one in given):
        gradient_of = {id(variable): gradient for gradient, variable in given}
        if not any(gradient_of.keys() & set(adapter.identities(v)) for v in variables):
            raise ValueError("none of the (gradient, variable) pairs is of a variable of this model")
    elif len(given) == len(variables):
        gradient_of = {id(v): gradient for v, gradient in zip(variables, given, strict=True)}
    else:
        raise ValueError(
            f"got {len(given)} gradients for a model with {len(variables)} trainable variables: pass "
            "them in the order of model.trainable_variables, or as (gradient, variable) pairs"
        )

    def lookup(variable: Any) -> Any | None:
        for identity in adapter.identities(variable):
            if identity in gradient_of:
                return gradient_of[identity]
        return None

    return lookup


def _arrays(cell: Cell, values_of: Callable[[Any], Any | None]) -> Mapping[str, npt.NDArray[Any]]:
    arrays = {}
    for name, variable in cell.variables.items():
        values = values_of(variable)
        if values is None:
            continue
        array = copy_of(values)
        if array.shape != tuple(variable.shape):
            raise ValueError(
                f"the values for '{name}' of the recurrent layer '{cell.name()}' have shape "
                f"{array.shape}, but the variable has shape {tuple(variable.shape)}"
            )
        arrays[name] = array
    return arrays


def _gate_tensor(cell: Cell, layout: MatrixLayout, array: npt.NDArray[Any]) -> GateTensor:
    whole = array if layout.row is None else array[layout.row]
    matrix = whole.reshape(-1, whole.shape[-1])
    gates = cell.layout.gates
    if matrix.shape[1] % len(gates):
        raise ValueError(
            f"'{layout.matrix}' of the recurrent layer '{cell.name()}' has {matrix.shape[1]} columns, "
            f"which {len(gates)} gates ({', '.join(gates)}) can't share"
        )
    return GateTensor(
        layer=cell.layer,
        direction=cell.direction,
        index=cell.index,
        cell=cell.layout.cell,
        matrix=layout.matrix,
        gates=gates,
        values=matrix,
    )
