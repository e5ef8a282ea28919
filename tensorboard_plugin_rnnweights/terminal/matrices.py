"""One matrix as a line of the summary."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import WEIGHTS
from tensorboard_plugin_rnnweights.summary.metadata import Series


class SummaryError(ValueError):
    """What can't be shown, and why, in one sentence."""


@dataclass(frozen=True)
class Matrix:
    """What is shown of one matrix.

    Attributes:
        run: Its run; empty for a saved model's.
        step: The step at which it was logged; None for a saved model's.
        series: Its facts.
        nonfinite: How many of its parameters are NaN or infinite.
    """

    run: str
    step: int | None
    series: Series
    nonfinite: int

    @classmethod
    def of_tensor(cls, tensor: GateTensor, position: int) -> Matrix:
        """That of a model, at a place among its matrices."""
        nonfinite = tensor.values.size - np.count_nonzero(np.isfinite(tensor.values))
        return cls("", None, Series.of_tensor(tensor, WEIGHTS, (1, 1), position), int(nonfinite))

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, with the gates side by side."""
        return (*self.series.row_shape, self.series.columns * len(self.series.gates))

    @property
    def parameters(self) -> int:
        """How many parameters it has."""
        return math.prod(self.shape)
