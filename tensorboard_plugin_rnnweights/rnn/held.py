"""The matrices of a model as they are at one moment, to be cut into blocks later, in any thread."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.discovery import Adapter, adapter_for, find_cells
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.gradients import gradient_lookup
from tensorboard_plugin_rnnweights.rnn.layouts import MatrixLayout


@dataclass(frozen=True, eq=False)
class HeldMatrix:
    """One matrix, still in the framework's hands.

    Attributes:
        cell: The cell that it belongs to.
        layout: Which of the cell's matrices it is.
        values: The whole variable, as the adapter's `held` gives it.
    """

    cell: Cell
    layout: MatrixLayout
    values: Any

    @property
    def size(self) -> int:
        """How many values it holds."""
        return math.prod(self.values.shape)

    def tensor(self) -> GateTensor:
        """The matrix as an array, which is not to be written into.

        Raises:
            ValueError: If its columns can't be shared equally by the gates.
        """
        array = np.asarray(self.values)
        whole = array if self.layout.row is None else array[self.layout.row]
        matrix = whole.reshape(-1, whole.shape[-1])
        gates = self.cell.layout.gates
        if matrix.shape[1] % len(gates):
            raise ValueError(
                f"'{self.layout.matrix}' of the recurrent layer '{self.cell.name()}' has "
                f"{matrix.shape[1]} columns, which {len(gates)} gates ({', '.join(gates)}) can't share"
            )
        return GateTensor(
            layer=self.cell.layer,
            direction=self.cell.direction,
            index=self.cell.index,
            cell=self.cell.layout.cell,
            matrix=self.layout.matrix,
            gates=gates,
            values=matrix,
        )


def hold_weights(model: Any) -> list[HeldMatrix]:
    """Holds the weights of all recurrent layers of a model; for what is raised, see `decompose`."""
    return hold(adapter_for(model), find_cells(model), lambda variable: variable)


def hold_gradients(model: Any, gradients: Iterable[Any]) -> list[HeldMatrix]:
    """Holds gradients of the recurrent layers of a model; for arguments and errors, see `decompose`."""
    cells = find_cells(model)
    return hold(adapter_for(model), cells, gradient_lookup(model, gradients))


def hold(
    adapter: Adapter, cells: Iterable[Cell], values_of: Callable[[Any], Any | None]
) -> list[HeldMatrix]:
    """Holds what stands for each variable of some cells.

    Args:
        adapter: That of the cells' framework.
        cells: The cells, as `find_cells` gives them.
        values_of: Gives, for a variable, the array, tensor or variable of the same shape to hold, or
            None to leave the variable's matrices out.

    Raises:
        ValueError: If one of them has another shape than its variable.
    """
    found = []
    for cell in cells:
        held = {
            name: _checked(cell, name, variable, values, adapter)
            for name, variable in cell.variables.items()
            if (values := values_of(variable)) is not None
        }
        found += [
            HeldMatrix(cell, layout, held[layout.variable])
            for layout in cell.layout.matrices
            if layout.variable in held
        ]
    return found


def _checked(cell: Cell, name: str, variable: Any, values: Any, adapter: Adapter) -> Any:
    held = adapter.held(values)
    if tuple(held.shape) != tuple(variable.shape):
        raise ValueError(
            f"the values for '{name}' of the recurrent layer '{cell.name()}' have shape "
            f"{tuple(held.shape)}, but the variable has shape {tuple(variable.shape)}"
        )
    return held
