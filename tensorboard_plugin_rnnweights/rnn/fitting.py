"""Whether a cell's variables can be what its layout says, as far as their shapes and their holders tell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tensorboard_plugin_rnnweights.rnn.cell_layout import DIVIDED, WHOLE, CellLayout, MatrixPart

Shape = tuple[int, ...]

# The axis that gates are packed on in what the frameworks' own layers keep.
_AXES = {
    "torch.nn.modules.linear.Linear": 0,
    "torch.nn.modules.conv.Conv1d": 0,
    "torch.nn.modules.conv.Conv2d": 0,
    "torch.nn.modules.conv.Conv3d": 0,
    "keras.src.layers.core.dense.Dense": -1,
    "keras.src.layers.convolutional.base_conv.BaseConv": -1,
    "tf_keras.src.layers.core.dense.Dense": -1,
    "tf_keras.src.layers.convolutional.base_conv.Conv": -1,
}


def misfit_of_axis(part: MatrixPart, holder: Any, shape: Shape) -> str | None:
    """Why the layer that holds a part's variable doesn't pack gates on the part's axis; None if it may."""
    names = (f"{base.__module__}.{base.__qualname__}" for base in type(holder).__mro__)
    axis = next((_AXES[name] for name in names if name in _AXES), part.axis)
    if axis == part.axis or len(shape) < 2:
        return None
    kind = type(holder).__qualname__
    return f"{kind} packs what comes out on axis {axis}, not on axis {part.axis}: axis={axis} says so"


def misfit_of_units(layout: CellLayout, shapes: Mapping[str, Shape]) -> str | None:
    """Why the matrices of a cell can't be of one cell; None if they can.

    Args:
        layout: The cell's layout.
        shapes: The shapes of its variables, by the names in the layout, as far as they are known. Those
            that gates can't share are passed over here, since they are refused matrix by matrix.
    """
    units: dict[int, str] = {}
    for part in layout.parts:
        gates = layout.packed(part)
        if part.variable not in shapes or part.matrix not in DIVIDED or WHOLE in gates:
            continue
        shape = shapes[part.variable]
        columns = _columns(part, shape)
        if columns % len(gates):
            continue
        units.setdefault(columns // len(gates), f"'{part.variable}' ({part.matrix})")
        if _is_turned(part, shape, len(gates)):
            return (
                f"'{part.variable}' ({part.matrix}) of shape {shape} packs its gates on axis "
                f"{-1 - part.axis}, not on axis {part.axis}: axis={-1 - part.axis} says so"
            )
    if len(units) < 2:
        return None
    each = " but ".join(f"{count} in {name}" for count, name in units.items())
    return f"a gate has as many columns as {each}: one of them packs other gates, or on another axis"


def _columns(part: MatrixPart, shape: Shape) -> int:
    if part.half is not None:
        return math.prod(shape) // 2
    return shape[0 if len(shape) == 1 else part.axis] if shape else 1


def _is_turned(part: MatrixPart, shape: Shape, gates: int) -> bool:
    """Whether a recurrent kernel has one row a unit only if its gates are packed on the other axis."""
    if part.matrix != "recurrent_kernel" or part.rows != "all" or len(shape) != 2 or part.half is not None:
        return False
    rows, columns = shape if part.axis == -1 else shape[::-1]
    return rows * gates != columns and columns * gates == rows
