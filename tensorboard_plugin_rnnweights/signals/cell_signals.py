"""What flowed through one cell on the probe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.cells import Cell

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Reach:
    """Which past counts; see `reach.py`.

    Attributes:
        at_outputs: Shape (time, time): row s, column t: the norm of the gradient of the loss (or of the
            output) of time step s at the hidden state of time step t; 0 where t can't reach s.
        at_inputs: The same at the cell's inputs.
        of: `"loss"` or `"outputs"`: what was differentiated.
        is_causal: Whether t can reach s only if the cell comes to it before s. Below a level of both
            directions it always can.
    """

    at_outputs: Array
    at_inputs: Array
    of: str
    is_causal: bool = True


@dataclass(frozen=True, eq=False)
class CellSignals:
    """What flowed through one cell. All arrays run in the natural order of time, batch first, units last.

    Attributes:
        cell: The cell.
        is_reversed: Whether it goes through time from the end.
        mask: Shape (batch, time), True where there is something; None where all of it counts.
        outputs: Its hidden states, of shape (batch, time, ..., units): projected where the cell has a
            projection. Where masked, what the layer itself gives there: zeros, or the output before.
        cell_states: Those of an LSTM; None for other cells. Where masked, the one before.
        gate_activations: By gate, in the order in which they are shown: (batch, time, ..., units), 0 where
            masked; None where the cell can't be replayed.
        bounded_gates: The gates whose activation has the range 0 to 1.
        output_gradients: The loss's gradient at every hidden state, through all later time steps, too; of
            the shape of `outputs`, 0 where masked; None where there is no loss.
        gate_gradients: The loss's gradient at each gate's pre-activation, by gate, 0 where masked; None
            where there is no loss.
        reach: None where it was not asked for.
    """

    cell: Cell
    is_reversed: bool
    mask: npt.NDArray[np.bool_] | None
    outputs: Array
    cell_states: Array | None = None
    gate_activations: Mapping[str, Array] | None = None
    bounded_gates: frozenset[str] = frozenset()
    output_gradients: Array | None = None
    gate_gradients: Mapping[str, Array] | None = None
    reach: Reach | None = None
