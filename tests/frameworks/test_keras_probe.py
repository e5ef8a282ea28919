"""Which calls a probe sees in models of all kinds; `tests/kerases` has what holds on every backend."""

from __future__ import annotations

import logging
from typing import Any

import keras
import keras.layers as layers
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find_cells
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall
from tests.rnn.layers import sequences

BATCH, TIME, FEATURES = 2, 4, 3
INPUTS = sequences(BATCH, TIME, FEATURES)


def probed(model: Any, inputs: Any = INPUTS, targets: Any = None, loss: Any = None) -> list[LayerCall]:
    return adapter_for(model).probe_runner(model, loss).run(inputs, targets)


def names(calls: list[LayerCall]) -> list[str]:
    return [call.cells[0][0].name() for call in calls]


def squared(targets: Any, outputs: Any) -> Any:
    return (targets - outputs) ** 2


class Subclassed(keras.Model):
    """Layers in another order than they are called in, one called twice, and one never."""

    def __init__(self) -> None:
        super().__init__()
        self.second = layers.GRU(3, return_sequences=True, name="second")
        self.unused = layers.LSTM(2, name="unused")
        self.first = layers.LSTM(3, return_sequences=True, name="first")

    def build(self, shape: Any) -> None:
        for layer in (self.first, self.second, self.unused):
            layer.build(shape)

    def call(self, inputs: Any) -> Any:
        return self.second(self.second(self.first(inputs)))


def test_a_layer_that_is_called_twice_has_its_first_call_and_one_that_is_not_has_none() -> None:
    model = Subclassed()
    model.build((None, TIME, FEATURES))
    second, first = probed(model, targets=np.zeros((BATCH, TIME, 3), np.float32), loss=squared)
    assert names([second, first]) == ["second", "first"]
    np.testing.assert_array_equal(second.inputs, first.outputs)
    with tf.GradientTape() as tape:
        at = tf.constant(second.outputs)
        tape.watch(at)
        loss = tf.reduce_mean(model.second(at) ** 2)
    np.testing.assert_allclose(second.output_gradients, tape.gradient(loss, at), rtol=1e-5, atol=1e-8)


def test_layers_of_nested_models_are_seen() -> None:
    inner = keras.Sequential([layers.GRU(2, name="g")], name="inner")
    model = keras.Sequential([layers.LSTM(3, return_sequences=True, name="l"), inner])
    model(INPUTS)
    assert names(probed(model)) == ["l", "inner/g"]


@pytest.mark.parametrize("is_named", [False, True], ids=["a list", "a dictionary"])
def test_several_inputs_are_taken(is_named: bool) -> None:
    entries = {name: layers.Input((TIME, FEATURES), name=name) for name in ("b", "a")}
    branches = [layers.SimpleRNN(2, name=f"rnn_{name}")(entry) for name, entry in entries.items()]
    model = keras.Model(entries if is_named else list(entries.values()), layers.Add()(branches))
    given = {"b": INPUTS, "a": INPUTS * 2}
    calls = probed(model, given if is_named else list(given.values()))
    found = dict(zip(names(calls), calls, strict=True))
    np.testing.assert_array_equal(found["rnn_b"].inputs, INPUTS)
    np.testing.assert_array_equal(found["rnn_a"].inputs, INPUTS * 2)


@pytest.mark.parametrize(
    "options", [{"unroll": True}, {"implementation": 1}, {"reset_after": False}], ids=str
)
def test_how_a_layer_computes_makes_no_difference(options: dict[str, Any]) -> None:
    model = keras.Sequential([layers.Input((TIME, FEATURES)), layers.GRU(3, **options)])
    (call,) = probed(model)
    np.testing.assert_allclose(call.outputs, model(INPUTS), rtol=1e-6)


class Unknown(layers.Layer):
    """A cell of the user's own, that doesn't start from zeros."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.state_size = units
        self.output_size = units

    def build(self, shape: Any) -> None:
        self.kernel = self.add_weight(shape=(shape[-1], self.state_size), name="kernel")

    def get_initial_state(self, batch_size: Any = None) -> Any:
        return [keras.ops.ones((batch_size, self.state_size)) * 0.5]

    def call(self, inputs: Any, states: Any) -> Any:
        output = keras.ops.tanh(inputs @ self.kernel + states[0])
        return output, [output]


def test_unknown_cells_have_calls_and_the_states_that_they_start_from() -> None:
    model = keras.Sequential([layers.Input((TIME, FEATURES)), layers.RNN(Unknown(2), name="unknown")])
    (call,) = probed(model)
    assert call.cells[0][0].layout.cell == "Unknown"
    assert call.initial_states is not None
    ((states,),) = call.initial_states
    assert states is not None
    np.testing.assert_array_equal(states[0], np.full((BATCH, 2), 0.5, np.float32))


def test_states_of_stacked_cells_are_told_by_level() -> None:
    stack = layers.RNN([layers.GRUCell(2), layers.LSTMCell(3)], return_state=True, name="stack")
    entry = layers.Input((TIME, FEATURES))
    output, first, (_, memory) = stack(entry)
    model = keras.Model(entry, layers.Dense(1)(layers.Concatenate()([output, memory, first])))
    (call,) = probed(model, targets=np.zeros((BATCH, 1), np.float32), loss=squared)
    assert call.state_gradients is not None
    shapes = [[tuple(state.shape) for state in states or ()] for (states,) in call.state_gradients]
    assert shapes == [[(BATCH, 2)], [(BATCH, 3), (BATCH, 3)]]
    (_, at_memory) = call.state_gradients[1][0] or ()
    assert np.abs(at_memory).max() > 1e-6


def test_a_layer_in_a_wrapper_over_time_has_its_first_call() -> None:
    model = keras.Sequential([layers.TimeDistributed(layers.LSTM(2, name="l"), name="each")])
    frames = sequences(BATCH, 5 * TIME, FEATURES).reshape(BATCH, 5, TIME, FEATURES)
    expected = model(frames)
    (call,) = probed(model, frames)
    np.testing.assert_array_equal(call.inputs, frames[:, 0])
    np.testing.assert_allclose(call.outputs, expected[:, 0], rtol=1e-6)


def test_a_layer_in_tf_keras_own_wrapper_gets_all_times_as_samples() -> None:
    inner = tf_keras.layers.TimeDistributed(tf_keras.layers.LSTM(2, name="l"), name="each")
    frames = sequences(BATCH, 5 * TIME, FEATURES).reshape(BATCH, 5, TIME, FEATURES)
    entry = tf_keras.layers.Input((5, TIME, FEATURES))
    model = tf_keras.Model(entry, inner(entry))
    (call,) = probed(model, frames)
    np.testing.assert_array_equal(call.inputs, frames.reshape(-1, TIME, FEATURES))
    np.testing.assert_allclose(call.outputs, np.reshape(model(frames), (-1, 2)), rtol=1e-5)


class AroundCell(layers.Layer):
    """A layer that steps through time by itself."""

    def __init__(self) -> None:
        super().__init__(name="mine")
        self.cell_of_mine = layers.GRUCell(2, name="cell")

    def build(self, shape: Any) -> None:
        self.cell_of_mine.build((shape[0], shape[2]))

    def call(self, inputs: Any) -> Any:
        return self.cell_of_mine(inputs[:, 0], [keras.ops.zeros((inputs.shape[0], 2))])[0]


def test_a_bare_cell_is_left_out_with_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    model = keras.Sequential([layers.Input((TIME, FEATURES), BATCH), AroundCell()])
    with caplog.at_level(logging.WARNING):
        assert probed(model) == []
    (record,) = caplog.records
    assert "leaves 'mine/cell' out: it is a cell that a layer of your own steps" in record.getMessage()


def test_a_recurrent_layer_is_a_model_too() -> None:
    layer = layers.Bidirectional(layers.LSTM(2), name="alone")
    layer(INPUTS)
    assert names(probed(layer)) == ["alone, forward", "alone, backward"]


def test_what_saves_memory_hides_nothing() -> None:
    with keras.RematScope("full"):
        hidden = layers.LSTM(2, name="twice", return_sequences=True)
    model = keras.Sequential([layers.Input((TIME, FEATURES)), hidden, layers.GRU(2, name="once")])
    calls = probed(model, targets=np.zeros((BATCH, 2), np.float32), loss=squared)
    assert names(calls) == ["twice", "once"]
    assert np.abs(calls[0].output_gradients).max() > 1e-6
    assert hidden._remat_mode is not None


def test_what_layers_add_to_the_loss_counts() -> None:
    kept = layers.LSTM(2, activity_regularizer=keras.regularizers.L2(0.5), name="kept")
    model = keras.Sequential([layers.Input((TIME, FEATURES)), kept])
    model.compile("sgd", "mse")
    (call,) = probed(model, targets=model(INPUTS))
    # Keras divides by the batch, and the other part of the loss is at its minimum.
    np.testing.assert_allclose(call.output_gradients, call.outputs / BATCH, rtol=1e-5)


class OwnLoss(keras.Model):
    """A model that says itself what its loss is."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = layers.SimpleRNN(2, name="rnn")

    def build(self, shape: Any) -> None:
        self.rnn.build(shape)

    def call(self, inputs: Any) -> Any:
        return self.rnn(inputs)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None
    ) -> Any:
        return keras.ops.sum(y * y_pred)


def test_a_loss_of_the_models_own_is_taken() -> None:
    model = OwnLoss()
    model.build((None, TIME, FEATURES))
    targets = sequences(BATCH, 1, 2)[:, 0]
    (call,) = probed(model, targets=targets)
    np.testing.assert_allclose(call.output_gradients, targets, rtol=1e-6)


class Counting(keras.Model):
    """A model that keeps variables of TensorFlow's own, and draws from a generator of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = layers.GRU(2, name="rnn")
        self.count = tf.Variable(0)
        self.generator = tf.random.Generator.from_seed(1)

    def build(self, shape: Any) -> None:
        self.rnn.build(shape)

    def call(self, inputs: Any) -> Any:
        self.count.assign_add(1)
        return self.rnn(inputs + self.generator.normal(inputs.shape))


def test_variables_that_keras_knows_nothing_of_are_as_before() -> None:
    model = Counting()
    model.build((None, TIME, FEATURES))
    before = model.generator.state.numpy()
    runner = adapter_for(model).probe_runner(model)
    for _ in range(2):
        assert len(runner.run(INPUTS)) == 1
    assert model.count.numpy() == 0
    np.testing.assert_array_equal(model.generator.state, before)


class Pythonic(keras.Model):
    """A model that can only be run eagerly."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = layers.GRU(2, stateful=True, name="rnn")
        self.scale = 1.0

    def build(self, shape: Any) -> None:
        self.rnn.build(shape)

    def call(self, inputs: Any) -> Any:
        return self.rnn(np.asarray(inputs) * self.scale)


def test_a_model_that_runs_eagerly_is_probed_so() -> None:
    model = Pythonic()
    model.build((BATCH, TIME, FEATURES))
    model.compile("sgd", "mse", run_eagerly=True)
    runner = adapter_for(model).probe_runner(model)
    for scale in (1.0, 2.0):
        model.scale = scale
        (call,) = runner.run(INPUTS, np.zeros((BATCH, 2), np.float32))
        np.testing.assert_array_equal(call.inputs, INPUTS * np.float32(scale))
        np.testing.assert_allclose(call.output_gradients, call.outputs / BATCH, rtol=1e-5)
    np.testing.assert_array_equal(model.rnn.states[0].value, np.zeros((BATCH, 2)))


def test_a_model_of_tf_keras_that_runs_eagerly_is_left_as_it_was() -> None:
    entry = tf_keras.layers.Input((TIME, FEATURES), batch_size=BATCH)
    rnn = tf_keras.layers.GRU(2, stateful=True, name="rnn")
    model = tf_keras.Model(entry, rnn(entry))
    model.compile("sgd", "mse", run_eagerly=True)
    runner = adapter_for(model).probe_runner(model)
    for _ in range(2):
        (call,) = runner.run(INPUTS, np.zeros((BATCH, 2), np.float32))
        np.testing.assert_allclose(call.output_gradients, call.outputs / BATCH, rtol=1e-5)
    np.testing.assert_array_equal(rnn.states[0], np.zeros((BATCH, 2)))


class Fused(layers.Bidirectional):
    """A layer that would compute both directions in one go, as it does on a GPU."""

    def _call_fused_lstm(self, *_: Any) -> Any:
        raise AssertionError("its layers are not called")


def test_directions_are_computed_one_by_one() -> None:
    layer = Fused(layers.LSTM(2), name="both")
    layer.build(INPUTS.shape)
    assert names(probed(layer)) == ["both, forward", "both, backward"]
    with pytest.raises(AssertionError, match="its layers are not called"):
        layer(INPUTS)


def test_fractions_for_a_model_of_tokens_are_refused() -> None:
    model = keras.Sequential(
        [layers.Input((TIME,), dtype="int32"), layers.Embedding(5, 2), layers.LSTM(2, name="l")],
        name="tokens",
    )
    with pytest.raises(
        ProbeError, match=r"'tokens' takes whole numbers \(int32\), and the probe has fractions"
    ):
        probed(model, np.full((BATCH, TIME), 0.5))
    assert names(probed(model, np.full((BATCH, TIME), 1.0))) == ["l"]


def test_time_that_comes_first_in_a_layer_comes_second_here() -> None:
    entry = tf_keras.layers.Input((TIME, FEATURES))
    rnn = tf_keras.layers.LSTM(2, time_major=True, return_sequences=True, go_backwards=True, name="l")
    permuted = tf_keras.layers.Lambda(lambda one: tf.transpose(one, [1, 0, 2]))
    model = tf_keras.Model(entry, rnn(permuted(entry)))
    expected = model(INPUTS)
    (call,) = probed(model, targets=np.zeros(BATCH, np.float32), loss=lambda _, outputs: outputs**2)
    np.testing.assert_array_equal(call.inputs, INPUTS)
    natural = np.swapaxes(np.asarray(expected), 0, 1)[:, ::-1]
    np.testing.assert_allclose(call.outputs, natural, rtol=1e-5)
    np.testing.assert_allclose(call.output_gradients, 2 * natural / natural.size, rtol=1e-5)


class Rewritten(tf_keras.layers.LSTM):
    """A layer whose control flow TensorFlow has to rewrite."""

    def call(self, inputs: Any, **options: Any) -> Any:
        if tf.reduce_sum(inputs) > 0:
            inputs = inputs * 2
        return super().call(inputs, **options)


def test_layers_of_tf_keras_that_need_autograph_are_run() -> None:
    model = tf_keras.Sequential([Rewritten(2, name="l")])
    for sign in (1, -1):
        inputs = np.abs(INPUTS) * sign
        expected = model(inputs)
        np.testing.assert_allclose(probed(model, inputs)[0].outputs, expected, rtol=1e-5)


def test_ragged_probes_are_refused() -> None:
    model = tf_keras.Sequential([tf_keras.layers.LSTM(2, name="l")])
    ragged = tf.RaggedTensor.from_tensor(INPUTS, lengths=[2, 4])
    model(ragged)
    with pytest.raises(ProbeError, match=r"the probe's inputs are no arrays, but .*RaggedTensor: give it"):
        probed(model, ragged)


def test_a_layer_that_gets_ragged_sequences_is_left_out_with_a_sentence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cut = tf_keras.layers.Lambda(lambda one: tf.RaggedTensor.from_tensor(one, lengths=[2, 4]))
    entry = tf_keras.layers.Input((TIME, FEATURES), batch_size=BATCH)
    model = tf_keras.Model(entry, tf_keras.layers.LSTM(2, name="l")(cut(entry)))
    runner = adapter_for(model).probe_runner(model)
    with caplog.at_level(logging.WARNING):
        assert runner.run(INPUTS) == runner.run(INPUTS) == []
    (record,) = caplog.records
    assert record.getMessage() == (
        "the probe leaves the recurrent layer 'l' out: what it gets or returns is ragged, or no tensor"
    )


def test_cells_are_the_ones_that_are_found() -> None:
    model = keras.Sequential(
        [layers.Input((TIME, FEATURES)), layers.LSTM(2), layers.Reshape((1, 2)), layers.GRU(2)]
    )
    cells = [cell for call in probed(model) for level in call.cells for cell in level]
    for one, other in zip(cells, find_cells(model), strict=True):
        assert (one.layer, one.direction, one.index, one.variables) == (
            other.layer, other.direction, other.index, other.variables,
        )  # fmt: skip
