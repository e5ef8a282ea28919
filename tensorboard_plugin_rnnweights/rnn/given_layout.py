"""A row of the table of gate layouts, made of what a user says of a cell."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tensorboard_plugin_rnnweights.rnn.cell_layout import DIVIDED, MATRICES, WHOLE, CellLayout, MatrixPart

_PLACEHOLDERS = {"index", "reverse"}


def given_layout(
    kind: type,
    gates: Iterable[str],
    matrices: Mapping[str, str | Sequence[str]] | Sequence[MatrixPart],
    axis: Any,
    state_size: str | None,
) -> CellLayout:
    """Makes a row of the arguments of `register_layout`, which describes them.

    Raises:
        ValueError: If the layout can't be one; its sentence says why.
    """
    names = _names(gates)
    try:
        _check_gates(names)
        parts = _in_order(_parts(matrices, names, axis))
        for part in parts:
            _check_part(part, names)
        _check_parts(parts, names)
        _check_state_size(parts, state_size)
    except _LayoutError as fault:
        raise ValueError(f"the gate layout of {kind.__name__} can't be registered: {fault}") from None
    return CellLayout(
        cell=kind.__name__,
        classes=(),
        gates=names,
        parts=parts,
        equations=None,
        source=kind.__qualname__,
        state_size=state_size,
    )


class _LayoutError(Exception):
    """Why a layout can't be one."""


def _names(gates: Iterable[str]) -> tuple[str, ...]:
    return (gates,) if isinstance(gates, str) else tuple(gates)


def _refuse(*faults: tuple[bool, str]) -> None:
    for is_so, fault in faults:
        if is_so:
            raise _LayoutError(fault)


def _parts(matrices: Any, gates: tuple[str, ...], axis: Any) -> Iterator[MatrixPart]:
    if isinstance(matrices, Mapping):
        _refuse((axis not in (0, -1), f"gates are packed on axis 0 or -1, not {axis!r}"))
        for matrix, given in sorted(matrices.items(), key=_place):
            yield from _parts_of(matrix, given, gates, axis)
        return
    is_list = isinstance(matrices, Sequence) and all(isinstance(one, MatrixPart) for one in matrices)
    _refuse(
        (
            not is_list,
            f"its matrices are a mapping of names to attributes, or MatrixParts, not {matrices!r}",
        ),
        (axis != -1, f"axis={axis!r} says nothing of MatrixParts, each of which has an axis of its own"),
    )
    yield from matrices


def _parts_of(matrix: str, given: Any, gates: tuple[str, ...], axis: Any) -> Iterator[MatrixPart]:
    if isinstance(given, str):
        yield MatrixPart(matrix, given, axis=axis)
        return
    is_list = isinstance(given, Sequence) and all(isinstance(one, str) for one in given)
    _refuse(
        (
            not is_list,
            f"'{matrix}' is the name of an attribute or a list of one name a gate, not {given!r}",
        ),
    )
    _refuse(
        (
            len(given) != len(gates),
            f"'{matrix}' lists {len(given)} attributes for {len(gates)} gates ({', '.join(gates)}): it "
            "takes one for each, or MatrixParts that name the gates of each",
        ),
    )
    for gate, variable in zip(gates, given, strict=True):
        yield MatrixPart(matrix, variable, (gate,), axis=axis)


def _place(item: tuple[str, Any]) -> int:
    return MATRICES.index(item[0]) if item[0] in MATRICES else len(MATRICES)


def _in_order(parts: Iterable[MatrixPart]) -> tuple[MatrixPart, ...]:
    """Parts of one matrix follow each other; of further matrices they are whole, unless they name gates."""
    by_matrix: dict[str, list[MatrixPart]] = {}
    for part in parts:
        gates = _names(part.gates) or (() if part.matrix in DIVIDED else (WHOLE,))
        by_matrix.setdefault(part.matrix, []).append(replace(part, gates=gates))
    return tuple(part for group in by_matrix.values() for part in group)


def _check_gates(gates: tuple[str, ...]) -> None:
    names = {*gates}
    _refuse(
        (not gates, "it has no gates"),
        (not all(isinstance(one, str) and one for one in gates), f"its gates are names, unlike {gates}"),
        (len(names) < len(gates), f"its {len(gates)} gates have only {len(names)} names: {gates}"),
    )


def _check_part(part: MatrixPart, gates: tuple[str, ...]) -> None:
    matrix = part.matrix
    _refuse(
        (
            not isinstance(matrix, str) or not matrix or "/" in matrix,
            f"the name of a matrix is not empty and has no slash, unlike '{matrix}'",
        ),
        (
            not _is_path(part.variable),
            f"'{matrix}' is kept in an attribute, or in attributes of attributes with dots between them, "
            f"not in {part.variable!r}",
        ),
        (part.axis not in (0, -1), f"gates are packed on axis 0 or -1, not {part.axis!r}"),
        (
            part.half not in (None, 0, 1),
            f"the halves of '{part.variable}' are 0 and 1, unlike {part.half!r}",
        ),
        (
            part.rows not in ("all", "inputs", "states"),
            f"the rows of '{matrix}' are 'all', 'inputs' or 'states', not {part.rows!r}",
        ),
        *(
            (gate not in (*gates, WHOLE), f"'{matrix}' packs '{gate}', which is none of {gates}")
            for gate in part.gates
        ),
    )


def _is_path(variable: Any) -> bool:
    if not isinstance(variable, str) or not all(variable.split(".")):
        return False
    try:
        return {
            name for _, name, *_ in string.Formatter().parse(variable) if name is not None
        } <= _PLACEHOLDERS
    except ValueError:
        return False


def _check_parts(parts: Sequence[MatrixPart], gates: tuple[str, ...]) -> None:
    _refuse((not parts, "it has no matrices"))
    packed: set[tuple[str, str]] = set()
    for part in parts:
        for gate in part.gates or gates:
            name = "its whole" if gate == WHOLE else f"'{gate}'"
            _refuse(((part.matrix, gate) in packed, f"'{part.matrix}' has several parts that pack {name}"))
            packed.add((part.matrix, gate))


def _check_state_size(parts: Sequence[MatrixPart], state_size: Any) -> None:
    shared = [part for part in parts if part.rows != "all"]
    if state_size is not None:
        _refuse(
            (
                not _is_path(state_size),
                f"state_size is the name of an attribute that holds a whole number, not {state_size!r}",
            ),
            (not shared, "state_size is given, but no MatrixPart has rows='inputs' or rows='states'"),
        )
        return
    for part in shared:
        _refuse(
            (
                WHOLE in part.gates,
                f"'{part.matrix}' has rows='{part.rows}' and isn't divided by gates: state_size has to say "
                "how many rows are the states'",
            ),
        )
