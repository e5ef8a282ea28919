"""From the activations of its gates, a layer's own outputs are computed anew."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
import tf_keras
import torch

from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.activations import ACTIVATIONS
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall
from tests.rnn.layers import CELLS, LAYERS
from tests.rnn.real_cells import RUNNABLE, Sizes, inputs_for, real_layer
from tests.signals.calls import (
    keras_call,
    padding,
    random,
    randomised,
    randomised_module,
    signals,
    torch_call,
)

Array = npt.NDArray[Any]


def assert_close(actual: Array, expected: Any) -> None:
    np.testing.assert_allclose(actual, np.asarray(expected), rtol=1e-5, atol=2e-6)


def recomputed(found: CellSignals, initial: tuple[Array, ...] | None = None) -> Array:
    """The outputs by the gates' activations alone, and the states that they lead to."""
    gates = found.gate_activations
    assert gates is not None
    first = next(iter(gates.values()))
    if "hidden" in gates:
        return gates["hidden"]
    state = np.zeros_like(first[:, 0]) if initial is None else initial[-1]
    outputs: list[Any] = [None] * first.shape[1]
    order = range(first.shape[1])
    for time in reversed(order) if found.is_reversed else order:
        at = {gate: values[:, time] for gate, values in gates.items()}
        if "forget" in gates:
            after = at["forget"] * state + at["input"] * at["cell"]
            name = found.cell.activations["activation"]
            assert name is not None
            outputs[time] = at["output"] * ACTIVATIONS[name].value(after)
        else:
            after = outputs[time] = at["update"] * state + (1 - at["update"]) * at["candidate"]
        if found.mask is not None:
            counts = found.mask[:, time].reshape(-1, *[1] * (after.ndim - 1))
            after = np.where(counts, after, state)
        state = after
    return np.stack(outputs, axis=1)


def assert_reproduces(found: CellSignals, own: Any, initial: tuple[Array, ...] | None = None) -> None:
    """Whether the gates' activations give the layer's own outputs, wherever something counts."""
    outputs, own = recomputed(found, initial), np.asarray(own)
    assert_close(found.outputs, own)
    if found.mask is not None:
        outputs, own = outputs[found.mask], own[found.mask]
    assert_close(outputs, own)


OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "backwards": {"go_backwards": True},
    "other activations": {"activation": "softsign"},
    "relu": {"activation": "relu"},
    "no bias": {"use_bias": False},
    "float64": {"dtype": "float64"},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize(("masked", "started"), [*itertools.product([False, True], repeat=2)])
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_of_keras(name: str, masked: bool, started: bool, options: dict[str, Any]) -> None:
    if "GRU" in name or name == "LSTM":
        options = {"recurrent_activation": "hard_sigmoid", **options}
    layer = randomised(LAYERS[name](4, return_sequences=True, **options), (None, None, 3))
    dtype = layer.compute_dtype
    initial = tuple(random((3, 4), 7 + one, dtype) for one in range(2 if name == "LSTM" else 1))
    call, _ = keras_call(
        layer, random((3, 6, 3), 1, dtype), padding(3, 6) if masked else None, initial if started else None
    )
    (found,) = signals(layer, call)
    assert_reproduces(found, call.outputs, initial if started else None)
    assert found.outputs.dtype == dtype
    assert (found.cell_states is not None) == (name == "LSTM")


@pytest.mark.parametrize("zeroes", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_all_outputs_of_a_layer_that_returns_only_its_last(
    name: str, backwards: bool, zeroes: bool
) -> None:
    options = {"go_backwards": backwards, "zero_output_for_mask": zeroes}
    layer = randomised(LAYERS[name](4, **options), (None, None, 3))
    whole = randomised(LAYERS[name](4, return_sequences=True, **options), (None, None, 3))
    inputs, mask = random((3, 6, 3), 1, np.float32), padding(3, 6)
    call, _ = keras_call(layer, inputs, mask)
    expected, _ = keras_call(whole, inputs, mask)
    (found,) = signals(layer, call)
    assert_reproduces(found, expected.outputs)


@pytest.mark.parametrize("name", LAYERS)
def test_both_layers_of_a_bidirectional(name: str) -> None:
    layer = keras.layers.Bidirectional(LAYERS[name](3, return_sequences=True), merge_mode="concat")
    randomised(layer, (None, None, 2))
    inputs, mask = random((3, 5, 2), 1, np.float32), padding(3, 5)
    outputs = np.split(np.asarray(layer(tf.constant(inputs), mask=tf.constant(mask))), 2, axis=-1)
    cells = find_cells(layer)
    for cell, one, own in zip(cells, (layer.forward_layer, layer.backward_layer), outputs, strict=True):
        call, _ = keras_call(one, inputs, mask)
        (found,) = signals(layer, replace(call, cells=((cell,),)))
        assert found.cell.direction == cell.direction
        assert_reproduces(found, own)


def test_stacked_cells() -> None:
    stack = keras.layers.StackedRNNCells([make(3) for make in CELLS.values()])
    layer = randomised(keras.layers.RNN(stack, return_sequences=True), (None, None, 2))
    call, _ = keras_call(layer, random((3, 5, 2), 1, np.float32), padding(3, 5))
    found = signals(layer, call)
    assert [one.cell.index for one in found] == [0, 1, 2, 3]
    assert_reproduces(found[-1], call.outputs)
    for one in found[:-1]:
        assert_reproduces(one, one.outputs)


def _has_channels_first() -> bool:
    try:
        tf.nn.conv2d(tf.zeros((1, 1, 2, 2)), tf.zeros((1, 1, 1, 1)), 1, "VALID", data_format="NCHW")
    except tf.errors.UnimplementedError:
        return False
    return True


CONVOLUTIONS: list[dict[str, Any]] = [
    {"kernel_size": 2, "padding": "valid"},
    {"kernel_size": 3, "padding": "same"},
    {"kernel_size": 3, "padding": "same", "strides": 2},
    {"kernel_size": 2, "padding": "valid", "strides": 2, "recurrent_activation": "hard_sigmoid"},
    {"kernel_size": 2, "padding": "same", "dilation_rate": 2, "activation": "relu"},
    {"kernel_size": 2, "padding": "valid", "data_format": "channels_first"},
    {"kernel_size": 2, "padding": "valid", "go_backwards": True},
    {"kernel_size": 2, "padding": "valid", "return_sequences": False},
    {"kernel_size": 2, "padding": "valid", "return_sequences": False, "data_format": "channels_first"},
]


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("options", CONVOLUTIONS, ids=str)
@pytest.mark.parametrize("rank", [1, 2])
def test_convolutions(rank: int, options: dict[str, Any], masked: bool) -> None:
    kind = getattr(keras.layers, f"ConvLSTM{rank}D")
    is_first = options.get("data_format") == "channels_first"
    if is_first and not _has_channels_first():
        pytest.skip("TensorFlow has no such convolution for this processor")
    image = (5, 6)[:rank]
    shape = (3, 4, 2, *image) if is_first else (3, 4, *image, 2)
    layer = randomised(kind(3, **{"return_sequences": True, **options}), (None, *shape[1:]))
    call, _ = keras_call(layer, random(shape, 1, np.float32), padding(3, 4) if masked else None)
    (found,) = signals(layer, call)
    own = np.asarray(call.outputs)
    own = np.moveaxis(own, -1 - rank, -1) if is_first else own
    if call.returns_sequences:
        assert_reproduces(found, own)
    else:
        assert_close(found.outputs[:, -1], own)


@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize("lengths", [None, (5, 3, 4)])
@pytest.mark.parametrize(
    "module",
    [
        torch.nn.LSTM(2, 4, num_layers=2, bidirectional=True, batch_first=True),
        torch.nn.LSTM(2, 4, num_layers=2, bidirectional=True, batch_first=True, proj_size=3),
        torch.nn.LSTM(2, 4, batch_first=True, bias=False),
        torch.nn.GRU(2, 4, num_layers=3, bidirectional=True, batch_first=True),
        torch.nn.RNN(2, 4, num_layers=2, batch_first=True, nonlinearity="relu"),
        torch.nn.RNN(2, 4, bidirectional=True, batch_first=True),
    ],
    ids=repr,
)
def test_layers_of_pytorch(module: Any, lengths: tuple[int, ...] | None) -> None:
    randomised_module(module)
    call = torch_call(module, random((3, 5, 2), 1, np.float32), lengths)
    found = signals(module, call)
    assert len(found) == module.num_layers * len(call.reversed)
    assert_close(np.concatenate([one.outputs for one in found[-len(call.reversed) :]], -1), call.outputs)
    if not getattr(module, "proj_size", 0):
        for one in found:
            assert_reproduces(one, one.outputs)


@pytest.mark.parametrize(("row", "path"), RUNNABLE)
def test_cells_of_every_row(row: Any, path: str) -> None:
    inputs = inputs_for(row, 2, 4, Sizes())
    with real_layer(row, path) as layer:
        call = LayerCall(
            ((layer.cell(),),), (False,), inputs, layer.outputs(inputs), returns_sequences=True
        )
        (found,) = signals(layer.model, call)
    assert_close(found.outputs, call.outputs)
    assert found.gate_activations is not None
    assert tuple(found.gate_activations) == row.gates


def test_a_keras_2_layer_with_its_own_hard_sigmoid() -> None:
    layer = tf_keras.layers.GRU(4, return_sequences=True, recurrent_activation="hard_sigmoid")
    layer.build((None, None, 3))
    for number, variable in enumerate(layer.trainable_variables):
        variable.assign(random(variable.shape, number))
    inputs = random((3, 5, 3), 9, np.float32)
    (cell,) = find_cells(layer)
    call = LayerCall(((cell,),), (False,), inputs, layer(tf.constant(inputs)), returns_sequences=True)
    (found,) = signals(layer, call)
    assert_reproduces(found, call.outputs)
    assert found.bounded_gates == {"update", "reset"}


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "bfloat16"])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_of_16_bits_are_replayed_in_float32(name: str, policy: str) -> None:
    # The initializer that is there by default knows no bfloat16.
    options = {"dtype": policy, "recurrent_initializer": "zeros", "return_sequences": True}
    layer = randomised(LAYERS[name](8, **options), (None, None, 8), scale=0.3)
    call, _ = keras_call(layer, random((4, 30, 8), 1, np.float32))
    (found,) = signals(layer, call)
    assert found.outputs.dtype == np.float32


def test_a_chaotic_layer_is_followed_where_it_gives_all_its_outputs() -> None:
    layer = randomised(keras.layers.SimpleRNN(32, return_sequences=True), (None, None, 2), scale=1.5)
    call, _ = keras_call(layer, random((2, 200, 2), 1, np.float32))
    (found,) = signals(layer, call)
    assert_reproduces(found, call.outputs)
