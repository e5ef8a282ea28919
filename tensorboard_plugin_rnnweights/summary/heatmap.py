"""A matrix as an image: one cell a value, in 16 bits, or pooled where there are too many."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.summary.passes.rounding import DTYPES, rounded_with_one_nan

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


def check_options(max_cells: int, dtype: str) -> None:
    """Checks what a person has set about heatmaps.

    Raises:
        ValueError: If it means nothing.
    """
    if dtype not in DTYPES:
        known = " or ".join(repr(name) for name in DTYPES)
        raise ValueError(f"heatmap_dtype has to be {known}, not {dtype!r}")
    if max_cells < 1:
        raise ValueError(f"max_cells has to be at least 1, not {max_cells}")


def pool_size(rows: int, gates: int, columns: int, max_cells: int, planes: int = 1) -> tuple[int, int]:
    """How many rows and columns each stored cell has to stand for.

    Args:
        rows: Rows of the matrix.
        gates: Gates that stand side by side in it; a cell never spans two.
        columns: Columns of one gate.
        max_cells: How many cells may be stored at most. At least one a gate and plane always is.
        planes: How many such matrices one heatmap holds.

    Returns:
        The smallest (rows, columns) that keep to the limit, equal as far as there are rows.
    """
    size = 1
    while True:
        pool = (min(size, rows), min(size, columns))
        cells = planes * math.ceil(rows / pool[0]) * gates * math.ceil(columns / pool[1])
        if cells <= max_cells or pool == (rows, columns):
            return pool
        size += 1


def as_cells(values: Array, dtype: str, masked: Mask | None = None) -> Array:
    """The cells as they are stored: rounded to `DTYPES[dtype]`, with one NaN, and masked ones marked.

    Args:
        values: Of any shape.
        dtype: A name of `DTYPES`.
        masked: Which cells hold no number, of the shape of `values`. All of their bits are set: a NaN apart
            from that of arithmetic, which is always stored as the same positive quiet NaN.
    """
    cells = rounded_with_one_nan(values, dtype)
    if masked is None:
        return cells
    cells = cells.copy()
    bits = cells.view(f"u{cells.itemsize}")
    bits[masked] = np.iinfo(bits.dtype).max
    return cells
