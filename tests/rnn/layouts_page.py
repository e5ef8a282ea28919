"""Makes `docs/layouts.md` out of the table of gate layouts, with the shapes of real layers' variables."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout, MatrixPart
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.layouts import LAYOUTS
from tests.rnn.real_cells import CUDNN, Sizes, rank_of, real_layer

# Sizes of which no two products or sums that occur are equal, so that a number tells what it is.
_INPUTS, _UNITS = 101, 11
_PROJECTED = _UNITS + 1

_SIZES = {
    _INPUTS: "inputs",
    _PROJECTED: "projected",
    _INPUTS + _UNITS: "inputs + units",
    _INPUTS + _PROJECTED: "inputs + projected",
    **{count * _UNITS: "units" if count == 1 else f"{count} units" for count in (1, 2, 3, 4, 6, 8)},
}

_HEAD = """# Gate layouts

How each cell that the plugin knows keeps its gates: the rows of
[`layouts.py`](../tensorboard_plugin_rnnweights/rnn/layouts.py), from which this page is made:
`{command}`. Each row is proved by running the layer: blocks cut by it, put
into the cell's equations, give the layer's own outputs. (CuDNN's layers, which CPUs can't run, are proved
by Keras's own conversion of their weights.)

On screen and in `decompose`, gates stand in the order that is given first, rows are what comes in, and
columns are units, whatever the framework's own order and axis, which the table tells. A cell of yours is
one more row: `register_layout`, see [cells of your own](own_cells.md).
"""

COMMAND = "python -m tests.rnn.layouts_page > docs/layouts.md"


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([_HEAD.format(command=COMMAND), *(line for row in LAYOUTS for line in _section(row))])


def _section(row: CellLayout) -> Iterator[str]:
    when = "".join(f", `{name}={value}`" for name, value in row.when.items() if name != "rank")
    yield f"## {row.cell}: `{row.source}`{when}"
    yield ""
    yield f"Gates: {', '.join(row.gates)}. Classes: {', '.join(f'`{path}`' for path in row.classes)}."
    yield f"Equations: `{row.equations}` in `equations.py`."
    for gate, attribute in row.added.items():
        yield f"The cell adds its `{attribute}` to the {gate} gate at run time: bias is shown without it."
    yield ""
    yield "| matrix | kept in | shape | axis of gates | gates packed |"
    yield "| --- | --- | --- | --- | --- |"
    shapes = _shapes(row)
    for part in row.parts:
        packed = ", ".join(row.packed(part))
        cells = (part.matrix, _kept_in(part), shapes[part.variable], _axis(part), packed)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _kept_in(part: MatrixPart) -> str:
    where = {"inputs": ", first rows", "states": ", last rows", "all": ""}[part.rows]
    half = "" if part.half is None else f", {('first', 'second')[part.half]} half"
    blocks = ", each block column by column" if part.transposed else ""
    optional = " (where the cell has it)" if part.optional else ""
    return f"`{part.variable}`{where}{half}{blocks}{optional}"


def _axis(part: MatrixPart) -> str:
    return {-1: "last", 0: "first"}[part.axis]


def _shapes(row: CellLayout) -> dict[str, str]:
    """The shapes of a row's variables, in words."""
    sizes = Sizes(units=_UNITS, features=_INPUTS)
    if row.classes[0].startswith(CUDNN):
        return _in_words(row, _cudnn_cell(row, sizes))
    with real_layer(row, row.classes[0], sizes) as layer:
        found = _in_words(row, layer.cell())
    if row.classes == ("torch.nn.LSTM",):
        found |= {part.variable: "(projected, units)" for part in row.parts if part.matrix == "projection"}
    return found


def _cudnn_cell(row: CellLayout, sizes: Sizes) -> Cell:
    module, _, name = row.classes[0].rpartition(".")
    layer = getattr(importlib.import_module(module), name)(sizes.units)
    layer.build((None, None, sizes.features))
    (cell,) = find_cells(layer)
    return cell


def _in_words(row: CellLayout, cell: Cell) -> dict[str, str]:
    return {name: _shape(row, variable) for name, variable in cell.variables.items()}


def _shape(row: CellLayout, variable: Any) -> str:
    sizes = [int(size) for size in variable.shape]
    rank = rank_of(row) if len(sizes) > 1 else 0
    words = [
        *(f"size {axis + 1}" for axis in range(rank)),
        *(_SIZES.get(one, str(one)) for one in sizes[rank:]),
    ]
    return f"({', '.join(words)})" if len(words) > 1 else f"({words[0]},)"


if __name__ == "__main__":
    sys.stdout.write(page())
