"""Which row of the table of gate layouts a cell has, and how users add rows for cells of their own."""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout, MatrixPart
from tensorboard_plugin_rnnweights.rnn.given_layout import given_layout
from tensorboard_plugin_rnnweights.rnn.layouts import LAYOUTS

# What belongs to these packages is in the table, or a class that others derive from.
_FRAMEWORKS = frozenset({"keras", "tf_keras", "tensorflow", "torch"})

_registered: dict[type, tuple[CellLayout, ...]] = {}


def register_layout(
    cell_class: type,
    gates: Iterable[str] = (),
    matrices: Mapping[str, str | Sequence[str]] | Sequence[MatrixPart] = (),
    *,
    axis: Literal[0, -1] = -1,
    state_size: str | None = None,
    like: type | None = None,
) -> None:
    """Says how a cell of your own packs its gates, so that they are shown one by one.

    It holds for subclasses of the cell, too, unless one is registered itself. A cell that was registered
    before is registered again. `docs/own_cells.md` has an example of each way to keep gates.

    Args:
        cell_class: The class of the cell, rather than of the layer that calls it: a Keras cell or layer,
            any other object that `keras.layers.RNN` takes for a cell, or a PyTorch module.
        gates: The names of the gates in the order in which they are packed.
        matrices: For each matrix, the attribute of the cell that holds it, or a list of one attribute a
            gate, in the order of `gates`. An attribute may be a path: attributes, places in lists and keys
            of dicts, with dots between them, such as `"x.kernel"` or `"gates.0.weight"`. `"kernel"`,
            `"recurrent_kernel"`, `"bias"`, `"recurrent_bias"` and `"peephole"` are divided by gates;
            `"projection"` and matrices of any other name, such as `"gain"`, are shown whole, unless they
            are lists. Or `MatrixPart`s, for cells that pack each matrix in another way, keep several
            matrices in one variable (a kernel over `[x, h]`), or have further matrices that are divided by
            gates: those that `MatrixPart.gates` names. Variables of the cell that are not mentioned are
            shown whole, under their own names.
        axis: The axis that gates are packed on: -1, the last one (the default, as in Keras), or 0, the
            first one (as in PyTorch, also in its `Linear` and its convolutions). `MatrixPart`s have axes of
            their own.
        state_size: Where inputs and states share a kernel, the attribute that holds how many of its rows
            are the states' (a path, as above), of cells where they are not as many as the cell's units,
            such as those with a projection.
        like: In place of all this, a class whose layout is known and that this cell has, too; what the cell
            has beyond it is shown whole.

    Raises:
        TypeError: If `cell_class` is not a class.
        ValueError: If the layout can't be one: no gates, a name twice, a matrix without a name or with a
            slash in it, a list that isn't as long as the gates are many. Or if the class is a framework's
            own.

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
    _check_own(cell_class)
    if like is None:
        rows: tuple[CellLayout, ...] = (given_layout(cell_class, gates, matrices, axis, state_size),)
    else:
        rows = _rows_like(cell_class, like, is_alone=not (gates or matrices or state_size))
    _registered[cell_class] = rows
    layouts_of.cache_clear()


@functools.lru_cache(maxsize=1024)
def layouts_of(kind: type) -> tuple[CellLayout, ...]:
    """The rows that may hold for a class of cells; which one does is settled by their `when`.

    They are those of the nearest of its base classes that is registered, or in the table.
    """
    for base in kind.__mro__:
        rows = _registered.get(base) or _rows_of(base, kind)
        if rows:
            return rows
    return ()


def layout_of(cell: object) -> CellLayout | None:
    """The row that holds for a cell; None where it is not known."""
    kind: Any = type(cell)
    for row in layouts_of(kind):
        if all(getattr(cell, name, None) == value for name, value in row.when.items()):
            return row
    return None


def _check_own(kind: type) -> None:
    if kind.__module__.partition(".")[0] in _FRAMEWORKS:
        raise ValueError(
            f"{kind.__module__}.{kind.__qualname__} can't be registered, as it belongs to the framework "
            "itself and other cells derive from it: register the class of your own cell, such as the one "
            "that you give to RNN"
        )


def _rows_like(kind: type, like: type, *, is_alone: bool) -> tuple[CellLayout, ...]:
    rows = tuple(replace(row, cell=kind.__name__) for row in layouts_of(like))
    if not rows or not is_alone:
        reason = "its own layout is not known" if not rows else "gates and matrices are given, too"
        raise ValueError(f"{kind.__name__} can't be registered like {like.__name__}: {reason}")
    return rows


def _rows_of(base: type, kind: type) -> tuple[CellLayout, ...]:
    """The rows of the table that are of `base`, and hold for its subclass `kind`."""
    return tuple(
        row
        for row in LAYOUTS
        if any(_resolved(path) is base for path in row.classes)
        and _all_same(kind, base, row.defining_methods)
    )


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
