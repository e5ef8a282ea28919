"""The loss's gradients at hidden states and at gates are those of the frameworks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
import torch

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals
from tests.rnn.layers import CELLS, LAYERS
from tests.signals.calls import (
    by_place,
    keras_call,
    loss_of,
    padding,
    random,
    randomised,
    randomised_module,
    signals,
    torch_call,
)

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


def assert_close(actual: Array, expected: Any) -> None:
    np.testing.assert_allclose(actual, np.asarray(expected), rtol=1e-9, atol=1e-11)


def unrolled(
    layer: Any, inputs: Array, mask: Mask | None, initial: Sequence[Array] | None
) -> tuple[Any, list[Any]]:
    """The layer's outputs by a loop over its own cell, and the hidden state of each time step."""
    sizes = layer.cell.state_size
    sizes = sizes if isinstance(sizes, list | tuple) else [sizes]
    states = [tf.zeros((len(inputs), size), inputs.dtype) for size in sizes]
    if initial is not None:
        states = [tf.constant(one) for one in initial]
    hidden: list[Any] = [None] * inputs.shape[1]
    outputs: list[Any] = [None] * inputs.shape[1]
    held = tf.zeros_like(states[0])
    order = range(inputs.shape[1])
    for time in reversed(order) if layer.go_backwards else order:
        _, after = layer.cell(tf.constant(inputs[:, time]), states)
        if mask is None:
            states = after
            outputs[time] = states[0]
        else:
            counts = tf.constant(mask[:, time, None])
            states = [tf.where(counts, new, old) for new, old in zip(after, states, strict=True)]
            outputs[time] = tf.where(counts, states[0], held)
            held = tf.zeros_like(held) if layer.zero_output_for_mask else outputs[time]
        hidden[time] = states[0]
    whole = tf.stack(outputs, axis=1)
    last = outputs[0 if layer.go_backwards else -1]
    return whole if layer.return_sequences else last, hidden


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"go_backwards": True},
        {"activation": "softplus"},
        {"zero_output_for_mask": True},
        {"return_sequences": False},
        {"return_sequences": False, "go_backwards": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_output_gradients_are_those_of_a_loop_over_the_layers_own_cell(
    name: str, started: bool, masked: bool, options: dict[str, Any]
) -> None:
    options = {"return_sequences": True, "dtype": "float64", **options}
    layer = randomised(LAYERS[name](4, **options), (None, None, 3))
    inputs, mask = random((3, 6, 3), 1), padding(3, 6) if masked else None
    initial = [random((3, 4), 7 + one) for one in range(2 if name == "LSTM" else 1)] if started else None
    with tf.GradientTape() as tape:
        outputs, hidden = unrolled(layer, inputs, mask, initial)
        # The layer gives outputs in the order in which it computed them.
        turned = outputs[:, ::-1] if layer.go_backwards and layer.return_sequences else outputs
        loss = loss_of(turned)
    expected = np.stack(tape.gradient(loss, hidden, unconnected_gradients="zero"), axis=1)
    call, _ = keras_call(layer, inputs, mask, initial)
    (found,) = signals(layer, call)
    assert found.output_gradients is not None
    if mask is not None:
        assert not found.output_gradients[~mask].any()
        expected[~mask] = 0
    assert_close(found.output_gradients, expected)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_output_gradients_of_a_last_output_are_finite_differences(name: str, backwards: bool) -> None:
    options = {"dtype": "float64", "go_backwards": backwards}
    layer = randomised(LAYERS[name](4, **options), (None, None, 3))
    inputs = random((3, 6, 3), 1)
    call, _ = keras_call(layer, inputs)
    (found,) = signals(layer, call)
    assert found.output_gradients is not None
    for time in range(6):
        later = inputs[:, :time] if backwards else inputs[:, time + 1 :]
        for unit in range(4):
            losses = []
            for shift in (1e-6, -1e-6):
                states = [found.outputs[:, time].copy()]
                if found.cell_states is not None:
                    states.append(found.cell_states[:, time])
                states[0][:, unit] += shift
                last = states[0]
                if later.shape[1]:
                    last = layer(tf.constant(later), initial_state=[tf.constant(one) for one in states])
                losses.append(_loss_by_sample(last))
            expected = (losses[0] - losses[1]) / 2e-6
            np.testing.assert_allclose(
                found.output_gradients[:, time, unit], expected, rtol=1e-5, atol=1e-8
            )


def _loss_by_sample(last: Any) -> Array:
    last = np.asarray(last)
    return (random(last.shape, 5) * (last + last**2)).sum(axis=-1)


def weight_gradients(
    found: CellSignals,
    inputs: Array,
    initial: Array | None = None,
    convolve: Callable[..., Any] | None = None,
) -> dict[str, dict[str, Array]]:
    """What the gates' gradients add up to for each matrix, by gate."""
    gates, gradients = found.gate_activations, found.gate_gradients
    assert gates is not None
    assert gradients is not None
    first = np.zeros_like(found.outputs[:, :1]) if initial is None else initial[:, None]
    hidden = (
        np.where(found.mask[..., None], found.outputs, np.nan) if found.mask is not None else found.outputs
    )
    before = _before(hidden, first, found.is_reversed)
    kernel, recurrent, bias, recurrent_bias = {}, {}, {}, {}
    for gate, gradient in gradients.items():
        is_inner = gate == "candidate"
        is_after = found.cell.layout.equations == "gru_reset_after"
        reset = gates["reset"] if is_inner else 1.0
        kernel[gate] = np.einsum("bti,btu->iu", inputs, gradient)
        bias[gate] = gradient.sum((0, 1))[None]
        coming = before * (1.0 if is_after or not is_inner else reset)
        going = gradient * (reset if is_after else 1.0)
        recurrent[gate] = np.einsum("bti,btu->iu", coming, going)
        recurrent_bias[gate] = going.sum((0, 1))[None]
    return {
        "kernel": kernel,
        "recurrent_kernel": recurrent,
        "bias": bias,
        "recurrent_bias": recurrent_bias,
    }


def _before(hidden: Array, first: Array, is_reversed: bool) -> Array:
    """The hidden state before each time step: the last one that counts, which is no NaN."""
    in_order = hidden[:, ::-1] if is_reversed else hidden
    states = [first[:, 0]]
    for time in range(in_order.shape[1] - 1):
        states.append(np.where(np.isnan(in_order[:, time]), states[-1], in_order[:, time]))
    stacked = np.stack(states, axis=1)
    return stacked[:, ::-1] if is_reversed else stacked


def assert_adds_up(
    found: CellSignals, inputs: Array, logged: Sequence[GateTensor], initial: Array | None = None
) -> None:
    added_up = weight_gradients(found, inputs, initial)
    matrices = [one for one in logged if one.matrix != "projection"]
    assert matrices
    for tensor in matrices:
        for gate, block in tensor.blocks.items():
            assert_close(added_up[tensor.matrix][gate], block)


@pytest.mark.parametrize(
    "options",
    [
        {"return_sequences": True},
        {"return_sequences": True, "go_backwards": True, "activation": "softplus"},
        {"return_sequences": False},
        {"return_sequences": False, "go_backwards": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_gate_gradients_add_up_to_the_weights_gradients(
    name: str, started: bool, masked: bool, options: dict[str, Any]
) -> None:
    layer = randomised(LAYERS[name](4, dtype="float64", **options), (None, None, 3))
    inputs, mask = random((3, 6, 3), 1), padding(3, 6) if masked else None
    initial = [random((3, 4), 7 + one) for one in range(2 if name == "LSTM" else 1)] if started else None
    call, gradients = keras_call(layer, inputs, mask, initial)
    (found,) = signals(layer, call)
    assert_adds_up(found, inputs, decompose(layer, gradients), initial[0] if initial else None)


def test_gate_gradients_of_stacked_cells_add_up() -> None:
    stack = keras.layers.StackedRNNCells(
        [make(3, dtype="float64") for make in CELLS.values()], dtype="float64"
    )
    layer = randomised(keras.layers.RNN(stack, return_sequences=True, dtype="float64"), (None, None, 2))
    inputs = random((3, 5, 2), 1)
    call, gradients = keras_call(layer, inputs, padding(3, 5))
    logged = by_place(decompose(layer, gradients))
    for found in signals(layer, call):
        assert_adds_up(found, inputs, logged[found.cell.place])
        inputs = found.outputs


@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize("lengths", [None, (5, 3, 4)])
@pytest.mark.parametrize(
    "module",
    [
        torch.nn.LSTM(2, 4, num_layers=2, bidirectional=True, batch_first=True),
        torch.nn.LSTM(2, 4, num_layers=2, bidirectional=True, batch_first=True, proj_size=3),
        torch.nn.GRU(2, 4, num_layers=3, bidirectional=True, batch_first=True),
        torch.nn.RNN(2, 4, num_layers=2, batch_first=True),
    ],
    ids=repr,
)
def test_gate_gradients_of_pytorchs_layers_add_up(module: Any, lengths: tuple[int, ...] | None) -> None:
    randomised_module(module.double())
    module.zero_grad()
    inputs = random((3, 5, 2), 1)
    call = torch_call(module, inputs, lengths)
    logged = by_place(decompose(module, [one.grad for one in module.parameters()]))
    found = {one.cell.place: one for one in signals(module, call)}
    for level in call.cells:
        for cell in level:
            assert_adds_up(found[cell.place], inputs, logged[cell.place])
        inputs = np.concatenate([found[cell.place].outputs for cell in level], axis=-1)


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 2, "padding": "valid"},
        {"kernel_size": 3, "padding": "same", "strides": 2},
        {"kernel_size": 2, "padding": "same", "dilation_rate": 2, "return_sequences": False},
    ],
    ids=str,
)
@pytest.mark.parametrize("rank", [1, 2])
def test_gate_gradients_of_convolutions_add_up(rank: int, options: dict[str, Any]) -> None:
    kind = getattr(keras.layers, f"ConvLSTM{rank}D")
    shape = (3, 4, *(5, 6)[:rank], 2)
    layer = randomised(
        kind(3, dtype="float64", **{"return_sequences": True, **options}), (None, *shape[1:])
    )
    inputs = random(shape, 1)
    # Masked outputs are those before, as the recurrent kernel's own inputs are.
    call, gradients = keras_call(layer, inputs, padding(3, 4))
    (found,) = signals(layer, call)
    assert found.gate_gradients is not None
    logged = {tensor.matrix: tensor.blocks for tensor in decompose(layer, gradients)}
    before = np.concatenate([np.zeros_like(found.outputs[:, :1]), found.outputs[:, :-1]], axis=1)
    ways = {
        "kernel": (inputs, functools.partial(layer.cell.input_conv, padding=layer.cell.padding)),
        "recurrent_kernel": (before, layer.cell.recurrent_conv),
    }
    for gate, gradient in found.gate_gradients.items():
        for matrix, (coming, convolve) in ways.items():
            by_framework = kernel_gradient(convolve, coming, gradient, layer.cell.kernel_size)
            assert_close(by_framework, logged[matrix][gate])
        assert_close(gradient.sum(tuple(range(rank + 2)))[None], logged["bias"][gate])


def kernel_gradient(
    convolve: Callable[..., Any], coming: Array, gradient: Array, sizes: tuple[int, ...]
) -> Array:
    """The framework's gradient at the kernel of a convolution, from that at its results."""
    flat, given = (tf.constant(one.reshape(-1, *one.shape[2:])) for one in (coming, gradient))
    kernel = tf.Variable(np.zeros((*sizes, coming.shape[-1], gradient.shape[-1])))
    with tf.GradientTape() as tape:
        convolved = convolve(flat, kernel)
    found = tape.gradient(convolved, kernel, output_gradients=given)
    return np.reshape(found, (-1, gradient.shape[-1]))


def test_a_loss_at_the_final_states_is_followed_back() -> None:
    layer = randomised(keras.layers.LSTM(4, dtype="float64", return_state=True), (None, None, 3))
    inputs, mask = random((3, 6, 3), 1), padding(3, 6)
    with tf.GradientTape() as tape:
        _, *states = layer(tf.constant(inputs), mask=tf.constant(mask))
        loss = loss_of(states[0]) + loss_of(states[1], 6)
    variables = [one.value for one in layer.trainable_variables]
    at_states = tape.gradient(loss, [*states, *variables], unconnected_gradients="zero")
    plain = keras.layers.LSTM(4, dtype="float64", name=layer.name)
    plain.build((None, None, 3))
    plain.set_weights(layer.get_weights())
    call, _ = keras_call(plain, inputs, mask)
    call = replace(call, output_gradients=None, state_gradients=((tuple(at_states[:2]),),))
    (found,) = signals(plain, call)
    assert_adds_up(found, inputs, decompose(plain, at_states[2:]))
