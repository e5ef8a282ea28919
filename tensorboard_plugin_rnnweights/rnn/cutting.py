"""Cuts one part of a matrix out of the variable that holds it, as the table of layouts says."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.cell_layout import MatrixPart

Array = npt.NDArray[Any]


class CutError(ValueError):
    """A variable that can't be what its layout says."""


def cut(part: MatrixPart, variable: Array, gates: int, state_rows: int | None) -> Array:
    """The part of a matrix that a variable holds.

    Args:
        part: Where it stands.
        variable: The whole variable.
        gates: How many gates the part packs.
        state_rows: How many rows of a kernel shared by inputs and states are the states'; None for as many
            as its units.

    Returns:
        Shape (..., gates * units): rows = what comes in, on one axis or, of a convolution's kernel, on
        several: its size on each axis, and then its channels. Gates stand side by side in the order in
        which they are packed. A bias has one row. A view of `variable` where that can be.

    Raises:
        CutError: If the variable's shape doesn't allow it.
    """
    matrix = variable if part.half is None else _half(variable, part.half)
    matrix = _packed_last(matrix, part.axis)
    if matrix.shape[-1] % gates or not matrix.size:
        raise CutError(f"has {matrix.shape[-1]} columns, which {gates} gates can't share")
    if part.rows != "all":
        units = matrix.shape[-1] // gates
        matrix = _rows(part, matrix, units if state_rows is None else state_rows)
    return _by_row(matrix, gates) if part.transposed else matrix


def _packed_last(matrix: Array, axis: int) -> Array:
    """With gates on the last axis, and channels on the one before, as Keras has them."""
    if matrix.ndim < 2:
        return np.atleast_2d(matrix)
    return matrix if axis == -1 else matrix.transpose(*range(2, matrix.ndim), 1, 0)


def _half(variable: Array, half: int) -> Array:
    if variable.size % 2:
        raise CutError(f"has {variable.size} values, which are no two halves")
    return variable.reshape(2, -1)[half]


def _rows(part: MatrixPart, matrix: Array, state_rows: int) -> Array:
    rows = matrix.shape[-2]
    if not 0 < state_rows < rows:
        raise CutError(f"has {rows} rows of inputs and states, of which {state_rows} can't be the states'")
    is_first = part.states_first == (part.rows == "states")
    count = state_rows if part.rows == "states" else rows - state_rows
    return matrix[..., :count, :] if is_first else matrix[..., rows - count :, :]


def _by_row(matrix: Array, gates: int) -> Array:
    blocks = np.split(matrix, gates, axis=1)
    return np.concatenate([block.reshape(block.shape[::-1]).T for block in blocks], axis=1)
