"""A matrix as an image: one cell a value, in 16 bits, or pooled where there are too many."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

DTYPES: dict[str, npt.DTypeLike] = {"bfloat16": ml_dtypes.bfloat16, "float32": np.float32}
"""What a cell may be stored as. bfloat16 keeps float32's range with 8 bits of precision."""


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


def pool_size(rows: int, gates: int, units: int, max_cells: int) -> tuple[int, int]:
    """How many rows and columns each stored cell has to stand for.

    Args:
        rows: Rows of the matrix.
        gates: Gates that stand side by side in it; a cell never spans two.
        units: Columns of one gate.
        max_cells: How many cells may be stored at most. At least one a gate always is.

    Returns:
        The smallest (rows, columns) that keep to the limit, equal as far as there are rows.
    """
    size = 1
    while True:
        pool = (min(size, rows), min(size, units))
        cells = math.ceil(rows / pool[0]) * gates * math.ceil(units / pool[1])
        if cells <= max_cells or pool == (rows, units):
            return pool
        size += 1


def pooled(values: npt.NDArray[Any], gates: int, pool: tuple[int, int]) -> npt.NDArray[Any]:
    """Keeps, of each `pool` of cells, the value of largest magnitude; NaN wins over all.

    Args:
        values: Shape (rows, gates * units).
        gates: Gates that stand side by side.
        pool: Rows and columns, as `pool_size` gives them. At the lower and right edges of a gate fewer
            cells may be left for the last ones.

    Returns:
        Shape (ceil(rows / pool rows), gates * ceil(units / pool columns)).
    """
    if pool == (1, 1):
        return values
    rows, columns = values.shape
    down, across = (math.ceil(rows / pool[0]), math.ceil(columns // gates / pool[1]))
    gaps = ((0, down * pool[0] - rows), (0, 0), (0, across * pool[1] - columns // gates))
    padded = np.pad(values.reshape(rows, gates, -1), gaps)
    apart = padded.reshape(down, pool[0], gates, across, pool[1])
    together = apart.transpose(0, 2, 3, 1, 4).reshape(down, gates * across, -1)
    # NumPy's argmax takes the first NaN for the largest.
    largest = np.abs(together).argmax(axis=-1, keepdims=True)
    return np.take_along_axis(together, largest, axis=-1)[..., 0]


def as_cells(values: npt.NDArray[Any], dtype: str) -> npt.NDArray[Any]:
    """Rounds values to `DTYPES[dtype]`; a finite value stays finite."""
    kind = np.dtype(DTYPES[dtype])
    with np.errstate(over="ignore"):
        cells = np.ascontiguousarray(values).astype(kind, copy=False)
    if cells.dtype != values.dtype and _has_nonfinite(cells):
        overflowed = np.isinf(cells) & np.isfinite(values)
        largest = float(ml_dtypes.finfo(kind).max)
        cells[overflowed] = np.copysign(largest, values[overflowed].astype(np.float64)).astype(kind)
    return cells


def _has_nonfinite(cells: npt.NDArray[Any]) -> bool:
    """Whether some cell is NaN or infinity, by its bits: NumPy's own test is slow for bfloat16."""
    bits = cells.view(f"u{cells.itemsize}")
    infinity = np.array(np.inf, cells.dtype).view(bits.dtype)
    # Without the sign, all that is not finite is at least infinity.
    return bool((bits << 1).max() >= infinity << 1)
