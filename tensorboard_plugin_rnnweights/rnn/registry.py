"""Which row of the table of gate layouts a cell has, and how users add rows for cells of their own."""

from __future__ import annotations

import functools
import importlib
import inspect
import logging
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from tensorboard_plugin_rnnweights.rnn.cell_layout import MATRICES, WHOLE, CellLayout, MatrixPart
from tensorboard_plugin_rnnweights.rnn.layouts import LAYOUTS

_logger = logging.getLogger(__name__)

# The matrices that all gates of a cell share, unless their parts say otherwise.
_DIVIDED = frozenset(MATRICES) - {"projection"}

_registered: dict[type, tuple[CellLayout, ...]] = {}
_hinted: set[type] = set()


def register_layout(
    cell_class: type,
    gates: Iterable[str] = (),
    matrices: Mapping[str, str] | Sequence[MatrixPart] = (),
    *,
    axis: Literal[0, -1] = -1,
    like: type | None = None,
) -> None:
    """Tells how a cell of your own packs its gates, so that they are shown one by one.

    It holds for subclasses of the cell, too. A cell that was registered before is registered again.

    Args:
        cell_class: The class of the cell: a Keras cell or layer, or a PyTorch module.
        gates: The names of the gates in the order in which they are packed.
        matrices: For each matrix, the attribute of the cell that holds it. `"kernel"`,
            `"recurrent_kernel"`, `"bias"`, `"recurrent_bias"` and `"peephole"` are divided by gates;
            `"projection"` and matrices of any other name, such as `"gain"`, are shown whole. Or
            `MatrixPart`s, for cells that pack each matrix in another way, and for further matrices that
            are divided by gates: those that `MatrixPart.gates` names. Variables of the cell that are
            not mentioned are shown whole, under their own names.
        axis: The axis that gates are packed on: -1, the last one (the default, as in Keras), or 0, the
            first one (as in PyTorch).
        like: In place of gates and matrices, a class whose layout is known and that this cell has, too;
            what the cell has beyond it is shown whole.

    Raises:
        TypeError: If `cell_class` is not a class.
        ValueError: If the layout can't be one: no gates, a name twice, a matrix without a name or with a
            slash in it.

    Example:
        >>> register_layout(  # doctest: +SKIP
        ...     MyLSTMCell,
        ...     gates=("input", "forget", "cell", "output"),
        ...     matrices={"kernel": "w", "recurrent_kernel": "u", "bias": "b"},
        ... )
    """
    for kind in (cell_class, *([like] if like is not None else [])):
        if not inspect.isclass(kind):
            raise TypeError(f"register_layout expects a class, not {kind!r}")
    if like is not None:
        rows = tuple(replace(row, cell=cell_class.__name__) for row in layouts_of(like))
        if not rows or gates or matrices:
            reason = "its own layout is not known" if not rows else "gates and matrices are given, too"
            raise ValueError(f"{cell_class.__name__} can't be registered like {like.__name__}: {reason}")
    else:
        rows = (_checked(cell_class, _names(gates), _parts(matrices, axis)),)
    _registered[cell_class] = rows
    layouts_of.cache_clear()


@functools.lru_cache(maxsize=1024)
def layouts_of(kind: type) -> tuple[CellLayout, ...]:
    """The rows that may hold for a class of cells; which one does is settled by their `when`."""
    for base in kind.__mro__:
        if base in _registered:
            return _registered[base]
    return tuple(row for row in LAYOUTS if any(_has(kind, path, row) for path in row.classes))


def layout_of(cell: object) -> CellLayout | None:
    """The row that holds for a cell; None where it is not known."""
    kind: Any = type(cell)
    for row in layouts_of(kind):
        if all(getattr(cell, name, None) == value for name, value in row.when.items()):
            return row
    return None


def whole_layout(path: str, kind: type, variables: Iterable[str]) -> CellLayout:
    """A row for a cell whose gates are not known: its matrices, whole. Tells how to register it, once.

    Args:
        path: Where such a cell was found.
        kind: Its class.
        variables: The names of its variables.
    """
    if kind not in _hinted:
        _hinted.add(kind)
        _logger.warning(
            "the recurrent layer '%s' is shown with its matrices whole, as it is not known how %s packs "
            "its gates: tensorboard_plugin_rnnweights.register_layout(%s, gates=..., matrices=...) tells",
            path,
            f"{kind.__module__}.{kind.__qualname__}",
            kind.__name__,
        )
    return CellLayout(
        cell=kind.__name__,
        classes=(),
        gates=(WHOLE,),
        parts=tuple(MatrixPart(name, name) for name in variables),
        equations=None,
        source="",
    )


def _has(kind: type, path: str, row: CellLayout) -> bool:
    base = _resolved(path)
    return base is not None and issubclass(kind, base) and _all_same(kind, base, row.defining_methods)


def _all_same(kind: type, base: type, methods: tuple[str, ...]) -> bool:
    return all(getattr(kind, name) is getattr(base, name) for name in methods)


def _resolved(path: str) -> type | None:
    """The class of that path, if its framework has been imported and has such a class."""
    module, _, name = path.rpartition(".")
    if path.partition(".")[0] not in sys.modules:
        return None
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def _names(gates: Iterable[str]) -> tuple[str, ...]:
    return (gates,) if isinstance(gates, str) else tuple(gates)


def _parts(matrices: Mapping[str, str] | Sequence[MatrixPart], axis: Any) -> tuple[MatrixPart, ...]:
    if isinstance(matrices, Mapping):
        ordered = sorted(matrices.items(), key=_place)
        parts = [MatrixPart(matrix, variable, axis=axis) for matrix, variable in ordered]
    else:
        parts = list(matrices)
    return tuple(
        part if part.gates or part.matrix in _DIVIDED else replace(part, gates=(WHOLE,)) for part in parts
    )


def _place(item: tuple[str, str]) -> int:
    return MATRICES.index(item[0]) if item[0] in MATRICES else len(MATRICES)


def _checked(kind: type, gates: tuple[str, ...], parts: tuple[MatrixPart, ...]) -> CellLayout:
    faults = [
        (not gates, "it has no gates"),
        (len({*gates}) < len(gates), f"its {len(gates)} gates have only {len({*gates})} names: {gates}"),
        (not parts, "it has no matrices"),
        *(
            (
                not part.matrix or "/" in part.matrix,
                f"the name of a matrix is not empty and has no slash, unlike '{part.matrix}'",
            )
            for part in parts
        ),
        *(
            (part.axis not in (0, -1), f"gates are packed on axis 0 or -1, not {part.axis!r}")
            for part in parts
        ),
        *(
            (gate not in (*gates, WHOLE), f"'{part.matrix}' packs '{gate}', which is none of {gates}")
            for part in parts
            for gate in part.gates
        ),
    ]
    for is_so, fault in faults:
        if is_so:
            raise ValueError(f"the gate layout of {kind.__name__} can't be registered: {fault}")
    return CellLayout(
        cell=kind.__name__, classes=(), gates=gates, parts=parts, equations=None, source=kind.__qualname__
    )
