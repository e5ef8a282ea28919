"""A matrix as an image: one cell a value, in 16 bits, or pooled where there are too many."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

DTYPES: dict[str, npt.DTypeLike] = {"bfloat16": ml_dtypes.bfloat16, "float32": np.float32}
"""What a cell may be stored as. bfloat16 keeps float32's range with 8 bits of precision."""

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


def pooled(
    values: Array, gates: int, pool: tuple[int, int], masked: Mask | None = None
) -> tuple[Array, Mask | None]:
    """Keeps, of each `pool` of cells, the value of largest magnitude; NaN wins over all.

    Args:
        values: Shape (..., rows, gates * columns).
        gates: Gates that stand side by side.
        pool: Rows and columns, as `pool_size` gives them. At the lower and right edges of a gate fewer
            cells may be left for the last ones.
        masked: Which cells hold no number, of the shape of `values`: they count for nothing.

    Returns:
        The pools, of shape (..., ceil(rows / pool rows), gates * ceil(columns / pool columns)), and which
        of them hold no number because none of their cells does; None if `masked` is.
    """
    if pool == (1, 1):
        return values, masked
    together = _by_pool(values if masked is None else np.where(masked, 0, values), gates, pool, 0)
    # NumPy's argmax takes the first NaN for the largest.
    largest = np.abs(together).argmax(axis=-1, keepdims=True)
    strongest = np.take_along_axis(together, largest, axis=-1)[..., 0]
    without = None if masked is None else np.asarray(_by_pool(masked, gates, pool, True).all(axis=-1))
    return strongest, without


def rounded(values: Array, dtype: str) -> Array:
    """Rounds values to `DTYPES[dtype]`; a finite value stays finite."""
    kind = np.dtype(DTYPES[dtype])
    with np.errstate(over="ignore"):
        cells = np.ascontiguousarray(values).astype(kind, copy=False)
    if cells.dtype != values.dtype and _has_nonfinite(cells):
        overflowed = np.isinf(cells) & np.isfinite(values)
        largest = float(ml_dtypes.finfo(kind).max)
        cells[overflowed] = np.copysign(largest, values[overflowed].astype(np.float64)).astype(kind)
    return cells


def as_cells(values: Array, dtype: str, masked: Mask | None = None) -> Array:
    """The cells as they are stored: rounded to `DTYPES[dtype]`, with one NaN, and masked ones marked.

    Args:
        values: Of any shape.
        dtype: A name of `DTYPES`.
        masked: Which cells hold no number, of the shape of `values`. All of their bits are set: a NaN apart
            from that of arithmetic, which is always stored as the same positive quiet NaN.
    """
    cells = rounded(values, dtype)
    if masked is None and not _has_nonfinite(cells):
        return cells
    cells = cells.copy()
    cells[np.isnan(cells)] = np.nan
    if masked is not None:
        bits = cells.view(f"u{cells.itemsize}")
        bits[masked] = np.iinfo(bits.dtype).max
    return cells


def _by_pool(values: Array, gates: int, pool: tuple[int, int], fill: float) -> Array:
    """The cells of each pool along a last axis of their own, filled up where an edge leaves fewer."""
    *outer, rows, columns = values.shape
    down, across = (math.ceil(rows / pool[0]), math.ceil(columns // gates / pool[1]))
    gaps = ((0, down * pool[0] - rows), (0, 0), (0, across * pool[1] - columns // gates))
    parts = values.reshape(-1, rows, gates, columns // gates)
    padded = np.pad(parts, ((0, 0), *gaps), constant_values=fill)
    apart = padded.reshape(-1, down, pool[0], gates, across, pool[1])
    return apart.transpose(0, 1, 3, 4, 2, 5).reshape(*outer, down, gates * across, -1)


def _has_nonfinite(cells: Array) -> bool:
    """Whether some cell is NaN or infinity, by its bits: NumPy's own test is slow for bfloat16."""
    bits = cells.view(f"u{cells.itemsize}")
    infinity = np.array(np.inf, cells.dtype).view(bits.dtype)
    # Without the sign, all that is not finite is at least infinity.
    return bool((bits << 1).max(initial=0) >= infinity << 1)
