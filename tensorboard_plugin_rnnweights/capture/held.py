"""The matrices of a model as they are at one moment, to be cut into blocks later, in any thread."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.capture.gradients import gradient_lookup
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells, warn_once
from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.values import hold_values
from tensorboard_plugin_rnnweights.rnn.cell_layout import MatrixPart
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.cutting import Array, CutError, cut
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import GRADIENTS
from tensorboard_plugin_rnnweights.rnn.notice import Notice, Report


@dataclass(frozen=True, eq=False)
class HeldMatrix:
    """One matrix, still in the framework's hands.

    Attributes:
        cell: The cell that it belongs to.
        matrix: The matrix's name.
        parts: Where its parts stand, each with the whole variable, as `hold_values` gives it.
    """

    cell: Cell
    matrix: str
    parts: tuple[tuple[MatrixPart, Any], ...]

    @property
    def size(self) -> int:
        """How many values are held for it."""
        return sum(math.prod(values.shape) for _, values in self.parts)

    def tensor(self) -> GateTensor:
        """The matrix as an array, which is not to be written into.

        Raises:
            ValueError: If its columns can't be shared equally by the gates.
        """
        gates = self.cell.layout.shown(part for part, _ in self.parts)
        pieces = [self._cut(part, values) for part, values in self.parts]
        shapes = {(*piece.shape[:-1], piece.shape[-1] // count) for piece, count in pieces}
        if len(shapes) > 1:
            raise ValueError(f"the parts of {self._name()} have gates of other sizes: {sorted(shapes)}")
        row_shape = pieces[0][0].shape[:-1]
        return GateTensor(
            layer=self.cell.layer,
            direction=self.cell.direction,
            index=self.cell.index,
            cell=self.cell.layout.cell,
            matrix=self.matrix,
            gates=gates,
            values=self._side_by_side(gates, [piece for piece, _ in pieces]),
            row_shape=row_shape,
            is_trained=not any(part.variable in self.cell.frozen for part, _ in self.parts),
            added=self.cell.added if self.matrix == "bias" else {},
            penalty=self.cell.penalties.get(self.matrix),
        )

    def _cut(self, part: MatrixPart, values: Any) -> tuple[Array, int]:
        packed = self.cell.layout.packed(part)
        try:
            return cut(part, np.asarray(values), len(packed), self.cell.state_rows), len(packed)
        except CutError as error:
            raise ValueError(f"{self._name()} {error} ({', '.join(packed)})") from None

    def _side_by_side(self, gates: tuple[str, ...], pieces: list[Array]) -> Array:
        """The gates of all parts in the order in which they are shown."""
        flat = [piece.reshape(-1, piece.shape[-1]) for piece in pieces]
        packed = [self.cell.layout.packed(part) for part, _ in self.parts]
        if packed == [gates]:
            return flat[0]
        blocks = {
            gate: block
            for names, piece in zip(packed, flat, strict=True)
            for gate, block in zip(names, np.split(piece, len(names), axis=1), strict=True)
        }
        return np.concatenate([blocks[gate] for gate in gates], axis=1)

    def _name(self) -> str:
        return f"'{self.matrix}' of the recurrent layer '{self.cell.name()}'"


def hold_weights(model: Any, report: Report = warn_once) -> list[HeldMatrix]:
    """Holds the weights of all recurrent layers of a model; for what is raised, see `decompose`.

    Args:
        model: The model.
        report: Called with what is left out, and why.
    """
    return hold(find_cells(model, report), lambda variable: variable)


def hold_gradients(
    model: Any, gradients: Iterable[Any] | None, report: Report = warn_once
) -> list[HeldMatrix]:
    """Holds gradients of the recurrent layers of a model; for further arguments and errors, see `decompose`.

    Args:
        model: The model.
        gradients: Its gradients.
        report: Called with what is left out, and why.
    """
    cells = find_cells(model, report)
    return hold(cells, gradient_lookup(model, cells, gradients), report)


def hold(
    cells: Iterable[Cell], values_of: Callable[[Any], Any | Missing], report: Report = warn_once
) -> list[HeldMatrix]:
    """Holds what stands for each variable of some cells.

    Args:
        cells: The cells, as `find_cells` gives them.
        values_of: Gives, for a variable, the array, tensor or variable of the same shape to hold, or why its
            gradient is missing.
        report: Called with the trained variables of which gradients are missing, and why.

    Raises:
        ValueError: If one of them has another shape than its variable.
    """
    asked = [
        (cell, name, variable, values_of(variable))
        for cell in cells
        for name, variable in cell.variables.items()
    ]
    for notice in _missing(asked):
        report(notice)
    found = [one for one in asked if not isinstance(one[-1], Missing)]
    # All at once: where variables live in a session, that is one run instead of many.
    held = hold_values([values for *_, values in found])
    by_cell: dict[int, tuple[Cell, dict[str, Any]]] = {}
    for (cell, name, variable, _), values in zip(found, held, strict=True):
        _check_shape(cell, name, variable, values)
        by_cell.setdefault(id(cell), (cell, {}))[1][name] = values
    return [matrix for cell, values in by_cell.values() for matrix in _matrices(cell, values)]


def _missing(asked: Iterable[tuple[Cell, str, Any, Any]]) -> list[Notice]:
    """A notice for each reason, with all layers for which it holds."""
    names: dict[str, dict[str, list[str]]] = {}
    for cell, name, _, values in asked:
        if isinstance(values, Missing) and name not in cell.frozen:
            names.setdefault(values.reason, {}).setdefault(cell.layer, []).append(name)
    return [
        Notice(
            f"no gradient is logged of {_listed(by_layer)}: {reason}",
            kind=GRADIENTS,
            layers=tuple(by_layer),
        )
        for reason, by_layer in names.items()
    ]


def _listed(names: Mapping[str, Sequence[str]]) -> str:
    """The first variable in words, and how many more there are."""
    (layer, (first, *_)), *_ = names.items()
    others = sum(map(len, names.values())) - 1
    return f"'{first}' of the recurrent layer '{layer}'" + (f" and {others} more" if others else "")


def _matrices(cell: Cell, values: dict[str, Any]) -> Iterator[HeldMatrix]:
    for matrix, group in itertools.groupby(cell.layout.parts, key=lambda part: part.matrix):
        parts = [part for part in group if part.variable in cell.variables]
        if parts and all(part.variable in values for part in parts):
            yield HeldMatrix(cell, matrix, tuple((part, values[part.variable]) for part in parts))


def _check_shape(cell: Cell, name: str, variable: Any, values: Any) -> None:
    if tuple(values.shape) != tuple(variable.shape):
        raise ValueError(
            f"the values for '{name}' of the recurrent layer '{cell.name()}' have shape "
            f"{tuple(values.shape)}, but the variable has shape {tuple(variable.shape)}"
        )
