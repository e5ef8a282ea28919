"""Rounding to the types that numbers are stored as."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.summary.passes import choice

DTYPES: dict[str, npt.DTypeLike] = {"bfloat16": ml_dtypes.bfloat16, "float32": np.float32}
"""What a cell may be stored as. bfloat16 keeps float32's range with 8 bits of precision."""

Array = npt.NDArray[Any]


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


def rounded_with_one_nan(values: Array, dtype: str) -> Array:
    """Rounds values as `rounded` does; each NaN becomes the same positive quiet one."""
    kind = np.dtype(DTYPES[dtype])
    if kind == ml_dtypes.bfloat16 and choice.suits(values) and values.flags.c_contiguous:
        cells = np.empty(values.shape, kind)
        choice.compiled.to_bfloat16(choice.address(values), values.size, choice.address(cells))
        return cells
    cells = rounded(values, dtype)
    if _has_nonfinite(cells):
        cells = cells.copy()
        cells[np.isnan(cells)] = np.nan
    return cells


def _has_nonfinite(cells: Array) -> bool:
    """Whether some cell is NaN or infinity, by its bits: NumPy's own test is slow for bfloat16."""
    bits = cells.view(f"u{cells.itemsize}")
    infinity = np.array(np.inf, cells.dtype).view(bits.dtype)
    # Without the sign, all that is not finite is at least infinity.
    return bool((bits << 1).max(initial=0) >= infinity << 1)
