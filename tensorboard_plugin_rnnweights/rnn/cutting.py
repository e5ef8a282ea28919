"""Cuts one part of a matrix out of the variable that holds it, as the table of layouts says."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.cell_layout import MatrixPart

Array = npt.NDArray[Any]


class CutError(ValueError):
    """A variable that can't be what its layout says."""


def cut(part: MatrixPart, variable: Array, gates: int, state_rows: int) -> Array:
    """The part of a matrix that a variable holds.

    Args:
        part: Where it stands.
        variable: The whole variable.
        gates: How many gates the part packs.
        state_rows: How many rows of a kernel shared by inputs and states are the states'.

    Returns:
        Shape (..., gates * units): rows = what comes in, on one axis or, of a convolution's kernel, on
        several; gates side by side in the order in which they are packed. A bias has one row. A view of
        `variable` where that can be.

    Raises:
        CutError: If the variable's shape doesn't allow it.
    """
    matrix = variable if part.half is None else _half(variable, part.half)
    matrix = np.moveaxis(np.atleast_2d(matrix), part.axis if matrix.ndim > 1 else -1, -1)
    if part.rows != "all":
        matrix = _rows(matrix, part.rows == "states", state_rows)
    if matrix.shape[-1] % gates or not matrix.size:
        raise CutError(f"has {matrix.shape[-1]} columns, which {gates} gates can't share")
    return _by_row(matrix, gates) if part.transposed else matrix


def _half(variable: Array, half: int) -> Array:
    if variable.size % 2:
        raise CutError(f"has {variable.size} values, which are no two halves")
    return variable.reshape(2, -1)[half]


def _rows(matrix: Array, are_states: bool, state_rows: int) -> Array:
    inputs = len(matrix) - state_rows
    if inputs < 1 or state_rows < 1:
        raise CutError(f"has {len(matrix)} rows, of which {state_rows} can't be those of the states")
    return matrix[inputs:] if are_states else matrix[:inputs]


def _by_row(matrix: Array, gates: int) -> Array:
    blocks = np.split(matrix, gates, axis=1)
    return np.concatenate([block.reshape(block.shape[::-1]).T for block in blocks], axis=1)
