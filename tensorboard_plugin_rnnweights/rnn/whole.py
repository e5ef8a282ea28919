"""Cells of which it is not known how they pack their gates: shown with their matrices whole."""

from __future__ import annotations

from collections.abc import Iterable

from tensorboard_plugin_rnnweights.rnn.cell_layout import WHOLE, CellLayout, MatrixPart
from tensorboard_plugin_rnnweights.rnn.notice import Notice


def whole_layout(kind: type, variables: Iterable[str]) -> CellLayout:
    """A row for a cell whose gates are not known.

    Args:
        kind: Its class.
        variables: The names of its variables, each of which is a matrix.
    """
    return CellLayout(
        cell=kind.__name__,
        classes=(),
        gates=(WHOLE,),
        parts=tuple(MatrixPart(name, name) for name in variables),
        equations=None,
        source=f"{kind.__module__}.{kind.__qualname__}",
    )


def whole_notices(placed: Iterable[tuple[str, CellLayout]]) -> list[Notice]:
    """A notice for each class of cells that are shown whole, which says how to register it.

    Args:
        placed: The layers of cells, and their rows.
    """
    layers: dict[tuple[str, str], dict[str, None]] = {}
    for layer, layout in placed:
        if layout.gates == (WHOLE,):
            layers.setdefault((layout.cell, layout.source), {})[layer] = None
    return [_notice(*names, tuple(those)) for names, those in layers.items()]


def _notice(cell: str, source: str, layers: tuple[str, ...]) -> Notice:
    return Notice(
        f"the recurrent layer '{layers[0]}' is shown with its matrices whole, as it is not known how "
        f"{source} packs its gates: tensorboard_plugin_rnnweights.register_layout({cell}, "
        "gates=..., matrices=...) says so, as docs/own_cells.md shows",
        layers=layers,
    )
