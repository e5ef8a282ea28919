"""One matrix of one recurrent cell, decomposed."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

DIRECTIONS = ("forward", "backward")


@dataclass(frozen=True, eq=False)
class GateTensor:
    """One matrix of one recurrent cell, with its gates side by side.

    Attributes:
        layer: The layer's path in the model.
        direction: `"forward"`, `"backward"`, or None where the layer is not bidirectional.
        index: The cell's place in its layer's stack of cells; 0 where there is only one.
        cell: The cell's type, such as `"LSTM"`.
        matrix: The matrix's name, such as `"recurrent_kernel"`.
        gates: The gates in the order in which they stand side by side, which is the same for all
            frameworks, however they pack them; `("whole",)` for a matrix that is not divided by gates.
        values: The matrix, of shape (rows, gates * units): rows = what comes in; a bias has one row, which
            need not be given as such.
        row_shape: What the rows are numbered by: `(rows,)`; for a convolution's kernel, its size on each
            axis and then its input channels, so that their product is the rows.
        is_trained: False where the variable is frozen, so that it never has a gradient.
        added: What the cell itself adds to a gate of its bias at run time, by gate: the forget bias of
            TensorFlow 1's cells.
        penalty: (l1, l2) of its regulariser, which adds `l1 * sum(abs(values)) + l2 * sum(values ** 2)` to
            the loss; None where it has none, or one that we don't know.
        note: What a person should know of these values, in a few words, such as `"gradient of
            weight_hh_l0_raw"` where that is trained in the matrix's place; empty for nothing.

    Raises:
        ValueError: If a name is missing, or if the values are no real numbers or not of that shape.

    Example:
        >>> GateTensor("lstm", None, 0, "LSTM", "bias", ("input", "forget", "cell", "output"), bias)
        ... # doctest: +SKIP
    """

    layer: str
    direction: str | None
    index: int
    cell: str
    matrix: str
    gates: tuple[str, ...]
    values: npt.NDArray[Any]
    row_shape: tuple[int, ...] = ()
    is_trained: bool = True
    added: Mapping[str, float] = field(default_factory=dict)
    penalty: tuple[float, float] | None = None
    note: str = ""

    def __post_init__(self) -> None:
        values = np.asarray(self.values)
        object.__setattr__(self, "values", values[np.newaxis] if values.ndim == 1 else values)
        fault = next(_faults(self), None)
        if fault is not None:
            raise ValueError(f"'{self.matrix}' of the layer '{self.layer}' can't be a GateTensor: {fault}")
        if not self.row_shape:
            object.__setattr__(self, "row_shape", (self.rows,))

    @property
    def rows(self) -> int:
        """Rows of the matrix."""
        return int(self.values.shape[0])

    @property
    def units(self) -> int:
        """Columns of one gate."""
        return int(self.values.shape[1]) // len(self.gates)

    @property
    def blocks(self) -> dict[str, npt.NDArray[Any]]:
        """Each gate's part of the matrix: a view of `values` of shape (rows, units)."""
        units = self.units
        return {
            gate: self.values[:, place * units : (place + 1) * units]
            for place, gate in enumerate(self.gates)
        }


def _faults(tensor: GateTensor) -> Iterator[str]:
    """What is wrong with a tensor that a person has made."""
    values, gates = tensor.values, tensor.gates
    if not tensor.layer or not tensor.matrix or "/" in tensor.matrix:
        yield "a layer needs a name, and a matrix one without a slash"
    if tensor.direction not in (None, *DIRECTIONS):
        yield f"its direction is {tensor.direction!r}, which is none of {', '.join(DIRECTIONS)} and None"
    if not _is_real(values.dtype):
        yield f"its values are of type {values.dtype}, which are no real numbers"
    if values.ndim != 2 or not values.size:
        yield f"its values have the shape {values.shape}, where (rows, gates * units) is expected"
    if isinstance(gates, str) or not gates or len({*gates}) < len(gates):
        yield f"its gates are {gates!r}, where a tuple of names is expected, each given once"
    if values.shape[1] % len(gates):
        yield f"it has {values.shape[1]} columns, which {len(gates)} gates can't share"
    if tensor.row_shape and math.prod(tensor.row_shape) != values.shape[0]:
        yield f"it has {values.shape[0]} rows, which are not of the shape {tensor.row_shape}"


@functools.lru_cache(maxsize=64)
def _is_real(dtype: np.dtype[Any]) -> bool:
    if np.issubdtype(dtype, np.complexfloating):
        return False
    try:
        # Floats of NumPy, and bfloat16 and others that NumPy doesn't have.
        return np.issubdtype(dtype, np.integer) or bool(ml_dtypes.finfo(dtype).bits)
    except ValueError:
        return False
