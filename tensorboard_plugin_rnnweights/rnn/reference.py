"""Each cell's forward equations, written from its blocks alone.

They prove the table of layouts: only with every gate in its right place do they give the outputs of
the framework's own layer. Written for clarity, one time step at a time, in the precision of what they
are given.

Sources: LSTM: Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000); GRU: Cho
et al. (2014, `reset_before`: the first version, arXiv:1406.1078v3) and as in CuDNN (`reset_after`:
arXiv:1406.1078v1); the choice of activations as Keras's defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor

Array = npt.NDArray[Any]
Blocks = Mapping[str, Mapping[str, Array]]
"""Blocks by matrix, then gate: `blocks["recurrent_kernel"]["forget"]`, of shape (rows, units)."""

Step = Callable[[Blocks, Array, tuple[Array, ...]], tuple[Array, ...]]
"""(blocks, inputs of shape (batch, features), states) -> new states; the first one is the output."""


def forward(tensors: Sequence[GateTensor], equations: str, inputs: Array) -> Array:
    """Runs one cell over a whole batch of sequences, from states of zeros.

    Args:
        tensors: All matrices of the cell.
        equations: A name in `EQUATIONS`.
        inputs: Shape (batch, time, features).

    Returns:
        The outputs of all time steps, of shape (batch, time, units).
    """
    blocks = {tensor.matrix: tensor.blocks for tensor in tensors}
    step, state_count = EQUATIONS[equations]
    zeros = np.zeros((inputs.shape[0], tensors[0].units), inputs.dtype)
    states: tuple[Array, ...] = (zeros,) * state_count
    outputs = []
    for time in range(inputs.shape[1]):
        states = step(blocks, inputs[:, time], states)
        outputs.append(states[0])
    return np.stack(outputs, axis=1)


def _simple_rnn(blocks: Blocks, x: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    (h,) = states
    return (np.tanh(_linear(blocks, "hidden", x, h)),)


def _lstm(blocks: Blocks, x: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    h, c = states
    i = _sigmoid(_linear(blocks, "input", x, h))
    f = _sigmoid(_linear(blocks, "forget", x, h))
    g = np.tanh(_linear(blocks, "cell", x, h))
    o = _sigmoid(_linear(blocks, "output", x, h))
    c = f * c + i * g
    return o * np.tanh(c), c


def _gru_reset_before(blocks: Blocks, x: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    (h,) = states
    z = _sigmoid(_linear(blocks, "update", x, h))
    r = _sigmoid(_linear(blocks, "reset", x, h))
    candidate = np.tanh(_linear(blocks, "candidate", x, r * h))
    return (z * h + (1 - z) * candidate,)


def _gru_reset_after(blocks: Blocks, x: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    (h,) = states
    z = _sigmoid(_from_inputs(blocks, "update", x) + _from_states(blocks, "update", h))
    r = _sigmoid(_from_inputs(blocks, "reset", x) + _from_states(blocks, "reset", h))
    candidate = np.tanh(_from_inputs(blocks, "candidate", x) + r * _from_states(blocks, "candidate", h))
    return (z * h + (1 - z) * candidate,)


EQUATIONS: Mapping[str, tuple[Step, int]] = {
    "simple_rnn": (_simple_rnn, 1),
    "lstm": (_lstm, 2),
    "gru_reset_before": (_gru_reset_before, 1),
    "gru_reset_after": (_gru_reset_after, 1),
}
"""The equations of a cell by name, and how many states it carries."""


def _linear(blocks: Blocks, gate: str, x: Array, h: Array) -> Array:
    return _from_inputs(blocks, gate, x) + _from_states(blocks, gate, h)


def _from_inputs(blocks: Blocks, gate: str, x: Array) -> Array:
    return x @ blocks["kernel"][gate] + _bias(blocks, "bias", gate)


def _from_states(blocks: Blocks, gate: str, h: Array) -> Array:
    return h @ blocks["recurrent_kernel"][gate] + _bias(blocks, "recurrent_bias", gate)


def _bias(blocks: Blocks, matrix: str, gate: str) -> Array | float:
    return blocks[matrix][gate] if matrix in blocks else 0.0


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))
