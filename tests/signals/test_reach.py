"""Reach: each time step's loss or output followed back on its own, as the frameworks do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
import torch

from tensorboard_plugin_rnnweights.signals import reach
from tensorboard_plugin_rnnweights.signals.cell_signals import Reach
from tests.rnn.layers import LAYERS
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


def reach_of(model: Any, call: Any, place: int = 0) -> Reach:
    found = signals(model, call, with_reach=True)[place].reach
    assert found is not None
    return found


def loop(layer: Any, inputs: Any) -> list[Any]:
    """The hidden states of a loop over a layer's cell."""
    states = [tf.zeros((inputs[0].shape[0], layer.units), inputs[0].dtype)] * (
        2 if isinstance(layer, keras.layers.LSTM) else 1
    )
    hidden: list[Any] = [None] * len(inputs)
    order = range(len(inputs))
    for time in reversed(order) if layer.go_backwards else order:
        _, states = layer.cell(inputs[time], states)
        hidden[time] = states[0]
    return hidden


def root_mean_square(gradients: Any) -> float:
    """Over the samples of gradients of shape (batch, ...); None is 0."""
    if gradients is None:
        return 0.0
    values = np.asarray(gradients)
    return float(np.sqrt((values**2).sum() / len(values)))


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_rows_of_a_loss_are_autodiff_one_loss_time_at_a_time(name: str, backwards: bool) -> None:
    options = {"dtype": "float64", "return_sequences": True, "go_backwards": backwards}
    layer = randomised(LAYERS[name](3, **options), (None, None, 2))
    inputs = random((4, 6, 2), 1)
    call, _ = keras_call(layer, inputs)
    found = reach_of(layer, call)
    assert found.of == "loss"
    at_outputs = np.asarray(call.output_gradients)
    steps = [tf.constant(inputs[:, time]) for time in range(6)]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(steps)
        hidden = loop(layer, steps)
        losses = [tf.reduce_sum(at_outputs[:, time] * hidden[time]) for time in range(6)]
    for time, loss in enumerate(losses):
        for matrix, those in ((found.at_outputs, hidden), (found.at_inputs, steps)):
            expected = [root_mean_square(one) for one in tape.gradient(loss, those)]
            np.testing.assert_allclose(matrix[time], expected, rtol=1e-9, atol=1e-15)
    future = np.tril(found.at_outputs, -1) if backwards else np.triu(found.at_outputs, 1)
    assert not future.any()


@pytest.mark.parametrize("lengths", [None, (5, 3, 4)])
@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_rows_below_levels_of_both_directions_are_autodiff(
    layers: int, direction: str, lengths: tuple[int, ...] | None
) -> None:
    module: Any = torch.nn.GRU(2, 3, num_layers=layers, bidirectional=True, batch_first=True).double()
    randomised_module(module)
    # What reaches the inputs then does so through one direction alone.
    with torch.no_grad():
        (module.weight_ih_l0 if direction == "backward" else module.weight_ih_l0_reverse).zero_()
    inputs = random((3, 5, 2), 1)
    call = torch_call(module, inputs, lengths)
    found = reach_of(module, call, 0 if direction == "forward" else 1)
    given = torch.from_numpy(inputs).requires_grad_()
    outputs = run(module, given, lengths)
    assert found.is_causal == (layers == 1)
    mask = np.ones((3, 5)) if call.mask is None else call.mask.astype(float)
    samples = np.maximum(mask.T @ mask, 1)
    for time in range(5):
        loss = (call.output_gradients[:, time] * outputs[:, time]).sum()
        (gradient,) = torch.autograd.grad(loss, given, retain_graph=True)
        expected = np.sqrt((gradient.numpy() ** 2).sum((0, 2)) / samples[time])
        np.testing.assert_allclose(found.at_inputs[time], expected, rtol=1e-9, atol=1e-15)


def run(module: Any, inputs: Any, lengths: tuple[int, ...] | None) -> Any:
    if lengths is None:
        return module(inputs)[0]
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        inputs, torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    return torch.nn.utils.rnn.pad_packed_sequence(module(packed)[0], batch_first=True)[0]


def jacobian_norms(layer: Any, inputs: Array) -> tuple[Array, Array]:
    """The Frobenius norms of d h_s / d h_t and d h_s / d x_t of one sample."""
    length = inputs.shape[1]
    steps = [tf.constant(inputs[:, time]) for time in range(length)]
    norms = np.zeros((2, length, length))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(steps)
        hidden = loop(layer, steps)
        units = [[one[0, unit] for unit in range(layer.units)] for one in hidden]
    for time in range(length):
        rows = [tape.gradient(unit, [hidden, steps]) for unit in units[time]]
        for which in range(2):
            for other in range(length):
                parts = [np.asarray(row[which][other]) for row in rows if row[which][other] is not None]
                norms[which, time, other] = np.sqrt(sum((part**2).sum() for part in parts))
    return norms[0], norms[1]


@pytest.mark.parametrize("name", LAYERS)
def test_reach_of_outputs_is_the_norm_of_the_jacobian_within_the_estimates_error(name: str) -> None:
    layer = randomised(LAYERS[name](3, dtype="float64"), (None, None, 2))
    inputs = random((1, 5, 2), 1)
    expected = jacobian_norms(layer, inputs)
    samples = 4000
    call, _ = keras_call(layer, np.repeat(inputs, samples, axis=0))
    found = reach_of(layer, call)
    assert found.of == "outputs"
    # An estimate's variance is at most twice its square; five standard deviations of the mean's root.
    for matrix, exact in zip((found.at_outputs, found.at_inputs), expected, strict=True):
        np.testing.assert_allclose(matrix, exact, rtol=2.5 * np.sqrt(2 / samples), atol=1e-15)


@pytest.mark.parametrize("name", LAYERS)
def test_reach_of_outputs_is_exact_for_one_unit(name: str) -> None:
    layer = randomised(LAYERS[name](1, dtype="float64", return_sequences=True), (None, None, 2))
    inputs = random((1, 6, 2), 1)
    call, _ = keras_call(layer, inputs)
    found = reach_of(layer, replace(call, output_gradients=None))
    at_outputs, at_inputs = jacobian_norms(layer, inputs)
    np.testing.assert_allclose(found.at_outputs, at_outputs, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(found.at_inputs, at_inputs, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(np.diag(found.at_outputs), 1)


def test_the_signs_are_the_same_at_each_call() -> None:
    layer = randomised(keras.layers.LSTM(3), (None, None, 2))
    call, _ = keras_call(layer, random((2, 5, 2), 1, np.float32))
    np.testing.assert_array_equal(reach_of(layer, call).at_outputs, reach_of(layer, call).at_outputs)


@pytest.mark.parametrize("values", [1, 40, 200])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_chunks_of_loss_times_change_nothing(
    monkeypatch: pytest.MonkeyPatch, values: int, bidirectional: bool
) -> None:
    module = torch.nn.LSTM(2, 3, num_layers=2, bidirectional=bidirectional, batch_first=True).double()
    call = torch_call(randomised_module(module), random((2, 7, 2), 1))
    whole = signals(module, call, with_reach=True)
    monkeypatch.setattr(reach, "_CHUNK_VALUES", values)
    for one, other in zip(whole, signals(module, call, with_reach=True), strict=True):
        assert one.reach is not None
        assert other.reach is not None
        np.testing.assert_allclose(other.reach.at_outputs, one.reach.at_outputs, rtol=1e-12)
        np.testing.assert_allclose(other.reach.at_inputs, one.reach.at_inputs, rtol=1e-12)


def test_samples_that_are_masked_do_not_count() -> None:
    layer = randomised(keras.layers.GRU(3, dtype="float64", return_sequences=True), (None, None, 2))
    inputs, mask = random((3, 6, 2), 1), padding(3, 6)
    # A loss that is a sum over time steps, so that the samples can be looked at one by one.
    call, _ = keras_call(layer, inputs, mask)
    found = reach_of(layer, call).at_outputs
    squares, counts = np.zeros((6, 6)), np.zeros((6, 6))
    for sample in range(3):
        those = np.flatnonzero(mask[sample])
        alone = replace(
            call,
            inputs=inputs[sample : sample + 1, those],
            outputs=np.asarray(call.outputs)[sample : sample + 1, those],
            output_gradients=np.asarray(call.output_gradients)[sample : sample + 1, those],
            mask=None,
        )
        squares[np.ix_(those, those)] += reach_of(layer, alone).at_outputs ** 2
        counts[np.ix_(those, those)] += 1
    np.testing.assert_allclose(found, np.sqrt(squares / np.maximum(counts, 1)), rtol=1e-9)


def test_reach_of_a_convolution_is_over_all_places() -> None:
    layer = keras.layers.ConvLSTM1D(1, 1, dtype="float64", return_sequences=True)
    randomised(layer, (None, 5, 4, 2))
    call, _ = keras_call(layer, random((2, 5, 4, 2), 1))
    found = reach_of(layer, call).at_outputs
    # A kernel of one place: each place is a cell of its own.
    plain = keras.layers.LSTM(1, dtype="float64", return_sequences=True)
    plain.build((None, None, 2))
    plain.set_weights(
        [one.reshape(-1, one.shape[-1]) if one.ndim > 1 else one for one in layer.get_weights()]
    )

    def apart(values: Any) -> Array:
        return np.moveaxis(np.asarray(values), 2, 1).reshape(8, 5, -1)

    other, _ = keras_call(plain, apart(call.inputs))
    other = replace(other, output_gradients=apart(call.output_gradients))
    # Four places a sample: the sum over places is four times the mean.
    np.testing.assert_allclose(found, 2 * reach_of(plain, other).at_outputs, rtol=1e-9)


def test_a_gradient_that_has_all_but_vanished_is_not_zero() -> None:
    layer = keras.layers.SimpleRNN(1, activation="linear")
    layer.build((None, None, 1))
    layer.set_weights([np.ones((1, 1)), np.full((1, 1), 1e-4), np.zeros(1)])
    call, _ = keras_call(layer, np.zeros((2, 9, 1), np.float32))
    found = reach_of(layer, call)
    np.testing.assert_allclose(found.at_outputs[8], 1e-4 ** np.arange(8, -1, -1), rtol=1e-4)
    np.testing.assert_allclose(found.at_inputs[8], found.at_outputs[8], rtol=1e-4)
