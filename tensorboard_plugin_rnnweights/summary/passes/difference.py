"""What has changed of a matrix, in parts, so that it takes no memory of its size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def by_rows(values: Array, before: Array | None, at_once: int, multiple: int = 1) -> Iterator[Array]:
    """A matrix in parts of some rows.

    Args:
        values: The matrix.
        before: What is taken off it; None for nothing.
        at_once: Values that a part has at most, where that can be.
        multiple: Of what each part but the last has a whole number of rows.
    """
    step = multiple * max(1, at_once // max(1, multiple * values.shape[1]))
    for start in range(0, values.shape[0], step):
        rows = values[start : start + step]
        yield rows if before is None else _difference(rows, before[start : start + step])


def _difference(values: Array, before: Array) -> Array:
    # In at least 32 bits, since differences of 16 bits are mostly rounding.
    kind = np.result_type(values.dtype, np.float32)
    # Weights that are not finite have such differences, too, which is no fault to report.
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.subtract(values, before, dtype=kind))
