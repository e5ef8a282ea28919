"""Each cell's forward equations, written from its blocks alone.

They prove the table of layouts: only with every gate in its right place do they give the outputs of
the framework's own layer. Written for clarity, one time step at a time, in the precision of what they
are given.

Sources: LSTM: Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000), and, where the
cell has them, peepholes of Gers and Schmidhuber (2000) and the projection of Sak et al. (2014); ConvLSTM:
Shi et al. (2015), without peepholes; GRU: Cho et al. (2014, `reset_before`: the first version,
arXiv:1406.1078v3) and as in CuDNN (`reset_after`: arXiv:1406.1078v1); the choice of activations as the
frameworks' defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor

Array = npt.NDArray[Any]

Blocks = Mapping[str, Mapping[str, Array]]
"""Blocks by matrix, then gate: `blocks["recurrent_kernel"]["forget"]`, of shape (*row_shape, units)."""

Step = Callable[[Blocks, Array, tuple[Array, ...]], tuple[Array, ...]]
"""(blocks, inputs of shape (batch, ..., features), states) -> new states; the first one is the output."""


def forward(tensors: Sequence[GateTensor], equations: str, inputs: Array) -> Array:
    """Runs one cell over a whole batch of sequences, from states of zeros.

    Args:
        tensors: All matrices of the cell.
        equations: A name in `EQUATIONS`.
        inputs: Shape (batch, time, features); for convolutions (batch, time, ..., channels).

    Returns:
        The outputs of all time steps, of shape (batch, time, units), or (batch, time, ..., units).
        Convolutions of the inputs are not padded, and have strides of 1.
    """
    blocks = {tensor.matrix: _shaped(tensor) for tensor in tensors}
    step, state_count = EQUATIONS[equations]
    states = _zeros(blocks, inputs[:, 0], state_count)
    outputs = []
    for time in range(inputs.shape[1]):
        states = step(blocks, inputs[:, time], states)
        outputs.append(states[0])
    return np.stack(outputs, axis=1)


def _shaped(tensor: GateTensor) -> dict[str, Array]:
    """Blocks whose rows are numbered as the kernel's; what the cell adds to a gate by itself is added."""
    added = {gate: np.array(tensor.added.get(gate, 0), tensor.values.dtype) for gate in tensor.gates}
    return {
        gate: block.reshape(*tensor.row_shape, tensor.units) + added[gate]
        for gate, block in tensor.blocks.items()
    }


def _zeros(blocks: Blocks, x: Array, count: int) -> tuple[Array, ...]:
    gate = next(iter(blocks["kernel"]))
    inner = np.zeros_like(_from_inputs(blocks, gate, x))
    return (_projected(blocks, inner), *(inner for _ in range(count - 1)))


def _simple_rnn(blocks: Blocks, x: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    (h,) = states
    return (np.tanh(_linear(blocks, "hidden", x, h)),)


def _lstm(blocks: Blocks, x: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    h, c = states
    i = _sigmoid(_linear(blocks, "input", x, h) + _peephole(blocks, "input", c))
    f = _sigmoid(_linear(blocks, "forget", x, h) + _peephole(blocks, "forget", c))
    g = np.tanh(_linear(blocks, "cell", x, h))
    c = f * c + i * g
    o = _sigmoid(_linear(blocks, "output", x, h) + _peephole(blocks, "output", c))
    return _projected(blocks, o * np.tanh(c)), c


def _gru_reset_before(blocks: Blocks, x: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    (h,) = states
    z = _sigmoid(_linear(blocks, "update", x, h))
    r = _sigmoid(_linear(blocks, "reset", x, h))
    candidate = np.tanh(_linear(blocks, "candidate", x, r * h))
    return (z * h + (1 - z) * candidate,)


def _gru_reset_after(blocks: Blocks, x: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    (h,) = states
    z = _sigmoid(_linear(blocks, "update", x, h))
    r = _sigmoid(_linear(blocks, "reset", x, h))
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
    return _product(x, blocks["kernel"][gate], is_padded=False) + _bias(blocks, "bias", gate)


def _from_states(blocks: Blocks, gate: str, h: Array) -> Array:
    product = _product(h, blocks["recurrent_kernel"][gate], is_padded=True)
    return product + _bias(blocks, "recurrent_bias", gate)


def _product(x: Array, kernel: Array, is_padded: bool) -> Array:
    """Matrix product, or convolution where the kernel has more than two axes.

    Args:
        x: Shape (batch, ..., features).
        kernel: Shape (..., features, units).
        is_padded: Whether zeros are added so that a convolution's output is as large as its input.
    """
    sizes = kernel.shape[:-2]
    if is_padded:
        margins = [((size - 1) // 2, size // 2) for size in sizes]
        x = np.pad(x, [(0, 0), *margins, (0, 0)])
    axes = tuple(range(1, 1 + len(sizes)))
    windows = np.lib.stride_tricks.sliding_window_view(x, sizes, axes) if sizes else x
    # Of the windows' axes, the features come first, and the places inside the window after them.
    ordered = np.moveaxis(kernel, -2, 0)
    return np.tensordot(windows, ordered, axes=1 + len(sizes))


def _peephole(blocks: Blocks, gate: str, c: Array) -> Array | float:
    return blocks["peephole"][gate] * c if "peephole" in blocks else 0.0


def _projected(blocks: Blocks, h: Array) -> Array:
    if "projection" not in blocks:
        return h
    (projection,) = blocks["projection"].values()
    return h @ projection


def _bias(blocks: Blocks, matrix: str, gate: str) -> Array | float:
    return blocks[matrix][gate] if matrix in blocks else 0.0


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))
