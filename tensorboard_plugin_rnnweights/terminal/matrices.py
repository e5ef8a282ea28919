"""One matrix as a line of the summary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.summary.metadata import Series


class SummaryError(ValueError):
    """What can't be told, and why, in one sentence."""


@dataclass(frozen=True)
class Matrix:
    """What is told of one matrix.

    Attributes:
        run: Its run; empty for a saved model's.
        step: The step at which it was logged; None for a saved model's.
        layer: The layer's path in the model.
        direction: `"forward"`, `"backward"`, or None where the layer is not bidirectional.
        index: The cell's place in its layer's stack of cells.
        cell: The cell's type.
        matrix: The matrix's name.
        gates: The gates in the order in which they are shown.
        row_shape: What its rows are numbered by.
        columns: Columns of all gates together.
        is_trained: Whether it is not frozen.
        nonfinite: How many of its parameters are NaN or infinite.
    """

    run: str
    step: int | None
    layer: str
    direction: str | None
    index: int
    cell: str
    matrix: str
    gates: tuple[str, ...]
    row_shape: tuple[int, ...]
    columns: int
    is_trained: bool
    nonfinite: int

    @classmethod
    def of_tensor(cls, tensor: GateTensor) -> Matrix:
        """That of a model."""
        nonfinite = tensor.values.size - np.count_nonzero(np.isfinite(tensor.values))
        return cls(
            run="",
            step=None,
            layer=tensor.layer,
            direction=tensor.direction,
            index=tensor.index,
            cell=tensor.cell,
            matrix=tensor.matrix,
            gates=tensor.gates,
            row_shape=tensor.row_shape,
            columns=tensor.values.shape[1],
            is_trained=tensor.is_trained,
            nonfinite=int(nonfinite),
        )

    @classmethod
    def of_series(cls, run: str, step: int, series: Series, nonfinite: int) -> Matrix:
        """That of a run."""
        return cls(
            run=run,
            step=step,
            layer=series.layer,
            direction=series.direction,
            index=series.index,
            cell=series.cell,
            matrix=series.matrix,
            gates=series.gates,
            row_shape=series.row_shape,
            columns=series.units * len(series.gates),
            is_trained=series.is_trained,
            nonfinite=nonfinite,
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, with the gates side by side."""
        return (*self.row_shape, self.columns)

    @property
    def parameters(self) -> int:
        """How many parameters it has."""
        return int(np.prod(self.shape, dtype=np.int64))
