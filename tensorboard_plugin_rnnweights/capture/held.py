"""The matrices of a model as they are at one moment, to be cut into blocks later, in any thread."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.capture.gradients import gradient_lookup
from tensorboard_plugin_rnnweights.frameworks.computed import Computed
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells, warn_once
from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.noted import Noted
from tensorboard_plugin_rnnweights.frameworks.values import hold_values, why_unreadable
from tensorboard_plugin_rnnweights.rnn.cell_layout import MatrixPart
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.cutting import Array, CutError, cut
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import GRADIENTS, WEIGHTS
from tensorboard_plugin_rnnweights.rnn.notice import Notice, Report

_NONE_OF = {WEIGHTS: "no weights are logged of", GRADIENTS: "no gradient is logged of"}


@dataclass(frozen=True, eq=False)
class HeldMatrix:
    """One matrix, still in the framework's hands.

    Attributes:
        cell: The cell that it belongs to.
        matrix: The matrix's name.
        parts: Where its parts stand, each with the whole variable, as `hold_values` gives it.
        note: What a person should know of it; see `GateTensor.note`.
    """

    cell: Cell
    matrix: str
    parts: tuple[tuple[MatrixPart, Any], ...]
    note: str = ""

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
            note=self.note,
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


Find = Callable[[Any, Report], Sequence[Cell]]


def hold_weights(model: Any, report: Report = warn_once, find: Find = find_cells) -> list[HeldMatrix]:
    """Holds the weights of all recurrent layers of a model; for what is raised, see `decompose`.

    Args:
        model: The model.
        report: Called with what is left out, and why.
        find: Gives the cells of a model, as `find_cells` does.
    """
    return hold(find(model, report), lambda variable: variable, report)


def hold_gradients(
    model: Any, gradients: Iterable[Any] | None, report: Report = warn_once, find: Find = find_cells
) -> list[HeldMatrix]:
    """Holds gradients of the recurrent layers of a model; for what is raised, see `decompose`.

    Args:
        model: The model.
        gradients: Its gradients.
        report: Called with what is left out, and why.
        find: As above.
    """
    cells = find(model, report)
    return hold(cells, gradient_lookup(model, cells, gradients), report)


def hold(
    cells: Iterable[Cell],
    values_of: Callable[[Any], Any | Noted | Missing],
    report: Report = warn_once,
) -> list[HeldMatrix]:
    """Holds what stands for each variable of some cells.

    Args:
        cells: The cells, as `find_cells` gives them.
        values_of: Gives, for a variable, the variable itself, or the array, tensor or variable of the same
            shape to hold, or why its gradient is missing.
        report: Called with the variables that nothing is held of, and why; frozen ones have no gradients.

    Raises:
        ValueError: If one of them has another shape than its variable.
    """
    asked = [
        _ask(cell, name, variable, values_of) for cell in cells for name, variable in cell.variables.items()
    ]
    for notice in _missing(asked):
        report(notice)
    found = [one for one in asked if not isinstance(one.values, Missing)]
    # All at once: where variables live in a session, that is one run instead of many.
    held = hold_values([one.values for one in found])
    by_cell: dict[int, tuple[Cell, dict[str, Noted]]] = {}
    for one, values in zip(found, held, strict=True):
        _check_shape(one, values)
        by_cell.setdefault(id(one.cell), (one.cell, {}))[1][one.name] = Noted(values, one.note)
    return [matrix for cell, of_cell in by_cell.values() for matrix in _matrices(cell, of_cell)]


@dataclass(frozen=True, eq=False)
class _Asked:
    """What was asked for of one variable of a cell, and the answer."""

    cell: Cell
    name: str
    variable: Any
    kind: str
    values: Any
    note: str = ""

    @property
    def matrix(self) -> str:
        """What people know it as: the first matrix that the variable holds."""
        return next(part.matrix for part in self.cell.layout.parts if part.variable == self.name)


def _ask(cell: Cell, name: str, variable: Any, values_of: Callable[[Any], Any]) -> _Asked:
    values = values_of(variable)
    kind = WEIGHTS if values is variable else GRADIENTS
    if isinstance(values, Computed):
        # To compute with what one process can't read might be to wait for the others.
        values = _unreadable(values.sources.values()) or values.now()
    answer = values if isinstance(values, Noted) else Noted(values, "")
    if not isinstance(answer.values, Missing) and (missing := _unreadable([answer.values])):
        answer = Noted(missing, "")
    return _Asked(cell, name, variable, kind, *answer)


def _unreadable(values: Iterable[Any]) -> Missing | None:
    reason = next(filter(None, map(why_unreadable, values)), None)
    return None if reason is None else Missing(reason)


def _missing(asked: Iterable[_Asked]) -> list[Notice]:
    """A notice for each reason, with all layers for which it holds."""
    names: dict[tuple[str, str], dict[str, list[str]]] = {}
    for one in asked:
        is_wanted = one.kind != GRADIENTS or one.name not in one.cell.frozen
        if isinstance(one.values, Missing) and is_wanted and not one.values.is_passing:
            by_layer = names.setdefault((one.kind, one.values.reason), {})
            by_layer.setdefault(one.cell.layer, []).append(one.matrix)
    return [
        Notice(
            f"{_NONE_OF[kind]} {_listed(by_layer)}: {reason}",
            kind=kind,
            layers=tuple(by_layer),
        )
        for (kind, reason), by_layer in names.items()
    ]


def _listed(names: Mapping[str, Sequence[str]]) -> str:
    """The first matrix in words, and how many more there are."""
    (layer, (first, *_)), *_ = names.items()
    others = sum(map(len, names.values())) - 1
    return f"'{first}' of the recurrent layer '{layer}'" + (f" and {others} more" if others else "")


def _matrices(cell: Cell, held: Mapping[str, Noted]) -> Iterator[HeldMatrix]:
    for matrix, group in itertools.groupby(cell.layout.parts, key=lambda part: part.matrix):
        parts = [part for part in group if part.variable in cell.variables]
        if parts and all(part.variable in held for part in parts):
            notes = dict.fromkeys(held[part.variable].note for part in parts)
            yield HeldMatrix(
                cell,
                matrix,
                parts=tuple((part, held[part.variable].values) for part in parts),
                note="; ".join(filter(None, notes)),
            )


def _check_shape(one: _Asked, values: Any) -> None:
    if one.values is one.variable or isinstance(one.variable, Computed):
        # Those of a computed one's sources are checked before its own is made of them.
        return
    given, expected = tuple(values.shape), tuple(one.variable.shape)
    if given != expected:
        raise ValueError(
            f"the values for '{one.matrix}' of the recurrent layer '{one.cell.name()}' have shape "
            f"{given}, but the variable has shape {expected}"
        )
