"""What a cell's equations compute of its blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.equations import equations_of
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.signals.replay import replay

Array = npt.NDArray[Any]


def forward(cell: Cell, tensors: Sequence[GateTensor], inputs: Array) -> Array:
    """The outputs of all time steps, from states of zeros, of the cell whose matrices `tensors` has."""
    own = [one for one in tensors if (one.direction, one.index) == (cell.direction, cell.index)]
    return replay(equations_of(cell, own, inputs.shape[2:-1], inputs.dtype), inputs).outputs
