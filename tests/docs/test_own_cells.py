"""The examples of `docs/own_cells.md`: from their registered blocks alone come the cells' own outputs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import torch

from tensorboard_plugin_rnnweights import GateTensor, decompose
from tensorboard_plugin_rnnweights.rnn.products import ConvolutionProduct

Array = npt.NDArray[Any]
Matrices = dict[str, GateTensor]

PAGE = Path(__file__).parents[2] / "docs" / "own_cells.md"
EXAMPLES: dict[str, str] = dict(
    re.findall(
        r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE
    )
)

BATCH, TIME, FEATURES, UNITS = 2, 5, 3, 4


def defined_by(example: str) -> dict[str, Any]:
    """What an example of the page defines."""
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(EXAMPLES[example], f"{PAGE.name}: {example}", "exec"), names)
    return names


def inputs(*shape: int) -> Array:
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def of_keras(cell: Any, x: Array) -> tuple[Matrices, Array]:
    """The matrices of a Keras cell with random weights, and its outputs."""
    layer = keras.layers.RNN(cell, return_sequences=True)
    layer.build(x.shape)
    random = np.random.default_rng(0)
    for variable in layer.trainable_variables:
        variable.assign(random.normal(0, 0.7, tuple(variable.shape)))
    return matrices_of(layer), np.asarray(layer(x))


def of_torch(module: Any, outputs: Callable[[Any], Any]) -> tuple[Matrices, Array]:
    """The matrices of a PyTorch module with random weights, and its outputs."""
    random = np.random.default_rng(0)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.from_numpy(random.normal(0, 0.7, tuple(parameter.shape))))
        return matrices_of(module), outputs(module).numpy()


def matrices_of(model: Any) -> Matrices:
    """Its matrices by name; each value of the model is in one of them, once."""
    tensors = decompose(model)
    weights = model.weights if hasattr(model, "weights") else model.parameters()
    assert sum(one.values.size for one in tensors) == sum(np.prod(one.shape) for one in weights)
    assert len({one.matrix for one in tensors}) == len(tensors)
    return {one.matrix: one for one in tensors}


def in_steps(module: Any, x: Any, states: tuple[Any, Any]) -> Any:
    """The outputs of a PyTorch cell that is called once a time step."""
    outputs = []
    for time in range(x.shape[1]):
        states = module(x[:, time], states)
        outputs.append(states[0])
    return torch.stack(outputs, dim=1)


def lstm(gates_of: Callable[[Array, Array], dict[str, Array]], x: Array, zeros: Array) -> Array:
    """The outputs of an LSTM, given what comes to its gates of inputs and states."""
    h = c = zeros
    outputs = []
    for time in range(x.shape[1]):
        gates = gates_of(x[:, time], h)
        c = sigmoid(gates["forget"]) * c + sigmoid(gates["input"]) * np.tanh(gates["cell"])
        h = sigmoid(gates["output"]) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def affine(matrices: Matrices, gate: str, x: Array, h: Array) -> Array:
    kernels = x @ matrices["kernel"].blocks[gate] + h @ matrices["recurrent_kernel"].blocks[gate]
    return kernels + matrices["bias"].blocks[gate]


def lstm_of(matrices: Matrices, x: Array) -> Array:
    """The outputs of a plain LSTM."""
    gates = matrices["kernel"].gates
    zeros = np.zeros((len(x), UNITS), np.float32)
    return lstm(lambda now, h: {gate: affine(matrices, gate, now, h) for gate in gates}, x, zeros)


def two_kernels(names: dict[str, Any]) -> tuple[Array, Array]:
    x = inputs(BATCH, TIME, FEATURES)
    matrices, expected = of_keras(names["LightGRUCell"](UNITS), x)
    h, outputs = np.zeros((BATCH, UNITS), np.float32), []
    for now in np.moveaxis(x, 1, 0):
        z = sigmoid(affine(matrices, "update", now, h))
        h = z * h + (1 - z) * np.maximum(affine(matrices, "candidate", now, h), 0)
        outputs.append(h)
    return np.stack(outputs, axis=1), expected


def one_kernel_for_both(names: dict[str, Any]) -> tuple[Array, Array]:
    x = inputs(BATCH, TIME, FEATURES)
    matrices, expected = of_keras(names["JoinedLSTMCell"](UNITS), x)
    return lstm_of(matrices, x), expected


def a_matrix_for_each_gate(names: dict[str, Any]) -> tuple[Array, Array]:
    x = inputs(BATCH, TIME, FEATURES)
    matrices, expected = of_keras(names["SeparateGRUCell"](UNITS), x)
    kernel, recurrent, bias = (matrices[name].blocks for name in ("kernel", "recurrent_kernel", "bias"))
    h, outputs = np.zeros((BATCH, UNITS), np.float32), []
    for now in np.moveaxis(x, 1, 0):
        z, r = (sigmoid(affine(matrices, gate, now, h)) for gate in ("update", "reset"))
        n = np.tanh(now @ kernel["candidate"] + (r * h) @ recurrent["candidate"] + bias["candidate"])
        h = z * h + (1 - z) * n
        outputs.append(h)
    return np.stack(outputs, axis=1), expected


def a_convolution(names: dict[str, Any]) -> tuple[Array, Array]:
    height, width, size = 5, 6, 3
    x = inputs(BATCH, TIME, FEATURES, height, width)
    zeros = torch.zeros(BATCH, UNITS, height, width)
    matrices, expected = of_torch(
        names["ConvLSTMCell"](FEATURES, UNITS, size),
        lambda module: in_steps(module, torch.from_numpy(x), (zeros, zeros)),
    )
    assert matrices["kernel"].row_shape == (size, size, FEATURES)
    assert matrices["recurrent_kernel"].row_shape == (size, size, UNITS)

    def gates_of(now: Array, h: Array) -> dict[str, Array]:
        return {
            gate: convolved(matrices["kernel"], gate, now)
            + convolved(matrices["recurrent_kernel"], gate, h)
            + bias
            for gate, bias in matrices["bias"].blocks.items()
        }

    found = lstm(gates_of, np.moveaxis(x, 2, -1), np.zeros((BATCH, height, width, UNITS), np.float32))
    return np.moveaxis(found, -1, 2), expected


def convolved(tensor: GateTensor, gate: str, x: Array) -> Array:
    kernel = tensor.blocks[gate].reshape(*tensor.row_shape, tensor.units)
    ones = (1,) * (x.ndim - 2)
    return ConvolutionProduct(kernel, x.shape[1:-1], strides=ones, dilation=ones, is_padded=True)(x)


def layers_for_gates(names: dict[str, Any]) -> tuple[Array, Array]:
    x = inputs(BATCH, TIME, FEATURES)
    module = names["MinLSTM"](FEATURES, UNITS)
    matrices, expected = of_torch(module, lambda module: module(torch.from_numpy(x)))
    kernel, bias = matrices["kernel"].blocks, matrices["bias"].blocks
    h, outputs = np.zeros((BATCH, UNITS), np.float32), []
    for now in np.moveaxis(x, 1, 0):
        f, i = (sigmoid(now @ kernel[gate] + bias[gate]) for gate in ("forget", "input"))
        h = (f * h + i * (now @ kernel["cell"] + bias["cell"])) / (f + i)
        outputs.append(h)
    return np.stack(outputs, axis=1), expected


def layers_over_both(names: dict[str, Any]) -> tuple[Array, Array]:
    x = inputs(BATCH, TIME, FEATURES)
    module = names["ScratchLSTM"](FEATURES, UNITS)
    matrices, expected = of_torch(module, lambda module: module(torch.from_numpy(x)))
    return lstm_of(matrices, x), expected


def like_a_known_cell(names: dict[str, Any]) -> tuple[Array, Array]:
    x = inputs(BATCH, TIME, FEATURES)
    zeros = torch.zeros(BATCH, UNITS)
    matrices, expected = of_torch(
        names["LayerNormLSTMCell"](FEATURES, UNITS),
        lambda module: in_steps(module, torch.from_numpy(x), (zeros, zeros)),
    )
    gates = ("input", "forget", "cell", "output")

    def normed(name: str, values: Array) -> Array:
        centered = values - values.mean(-1, keepdims=True)
        scaled = centered / np.sqrt((centered**2).mean(-1, keepdims=True) + 1e-5)
        return scaled * matrices[f"{name}_weight"].values + matrices[f"{name}_bias"].values

    def together(matrix: str) -> Array:
        return np.concatenate([matrices[matrix].blocks[gate] for gate in gates], axis=1)

    def gates_of(now: Array, h: Array) -> dict[str, Array]:
        mixed = normed("norm_inputs", now @ together("kernel") + together("bias"))
        mixed = mixed + normed("norm_states", h @ together("recurrent_kernel") + together("recurrent_bias"))
        return dict(zip(gates, np.split(mixed, 4, axis=-1), strict=True))

    return lstm(gates_of, x, np.zeros((BATCH, UNITS), np.float32)), expected


PROOFS: dict[str, Callable[[dict[str, Any]], tuple[Array, Array]]] = {
    "Two kernels": two_kernels,
    "One kernel for both": one_kernel_for_both,
    "A matrix for each gate": a_matrix_for_each_gate,
    "A convolution": a_convolution,
    "Layers for gates": layers_for_gates,
    "Layers over both": layers_over_both,
    "Like a known cell": like_a_known_cell,
}


def test_every_example_is_proved() -> None:
    assert list(EXAMPLES) == list(PROOFS)
    assert PAGE.read_text().count("```python") == len(EXAMPLES)


@pytest.mark.parametrize("example", PROOFS)
def test_the_registered_blocks_give_the_cells_outputs(example: str) -> None:
    found, expected = PROOFS[example](defined_by(example))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_each_pattern_that_the_page_points_to_is_there() -> None:
    headings = re.findall(r"^## (.+)$", PAGE.read_text(), re.MULTILINE)
    places = {heading.lower().replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(#([^)]+)\)", PAGE.read_text())
    assert {*links} <= places
    assert {example.lower().replace(" ", "-") for example in EXAMPLES} <= {*links}


def test_what_the_first_example_is_said_to_print_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    defined_by("Two kernels")
    first = capsys.readouterr().out.splitlines()[0]
    assert f"It prints `{first}`" in PAGE.read_text()
