"""What is found in models of Keras in the style of public code: each cell once, the odd ones by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from tensorboard_plugin_rnnweights import decompose, register_layout
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find, find_cells
from tests.rnn.registering import registered_for_a_while

LSTM_GATES = ("input", "forget", "cell", "output")


@pytest.fixture(autouse=True)
def _only_for_this_test() -> Iterator[None]:
    with registered_for_a_while():
        yield


def feedback(module: Any) -> Any:
    """A model in the style of TensorFlow's tutorial on time series: its cell warms up inside an RNN."""

    class FeedBack(module.Model):
        def __init__(self) -> None:
            super().__init__()
            self.lstm_cell = module.layers.LSTMCell(3)
            self.lstm_rnn = module.layers.RNN(self.lstm_cell, return_state=True, name="warmup")
            self.dense = module.layers.Dense(2)

        def call(self, inputs: Any, training: Any = None) -> Any:
            x, *state = self.lstm_rnn(inputs)
            predictions = [self.dense(x)]
            for _ in range(2):
                x, state = self.lstm_cell(predictions[-1], states=state)
                predictions.append(self.dense(x))
            return tf.stack(predictions, axis=1)

    found = FeedBack()
    found(np.ones((1, 4, 2), np.float32))
    return found


@pytest.mark.parametrize("module", [keras, tf_keras], ids=["keras", "tf_keras"])
def test_a_cell_that_stands_by_itself_and_in_an_rnn_is_found_once(module: Any) -> None:
    model = feedback(module)
    assert [(cell.layer, cell.index) for cell in find_cells(model)] == [("warmup", 0)]
    assert [one.matrix for one in decompose(model)] == ["kernel", "recurrent_kernel", "bias"]


def test_what_flows_through_such_a_cell_is_that_of_its_rnn() -> None:
    model = feedback(keras)
    (call,) = adapter_for(model).probe_runner(model).run(np.ones((2, 4, 2), np.float32))
    assert call.inputs.shape == (2, 4, 2)


def test_a_cell_of_two_layers_is_found_in_the_first() -> None:
    cell = keras.layers.GRUCell(2)
    first, second = keras.layers.RNN(cell, name="first"), keras.layers.RNN(cell, name="second")
    inputs = keras.Input((4, 2))
    model = keras.Model(inputs, [first(inputs), second(inputs)])
    assert [cell.layer for cell in find_cells(model)] == ["first"]


class PlainCell:
    """A cell that is no layer, but has what Keras asks of one."""

    compute_dtype = "float32"

    def __init__(self, units: int) -> None:
        self.state_size = self.output_size = units
        self.w = keras.Variable(np.arange(2.0 * 2 * units).reshape(2, 2 * units), dtype="float32", name="w")
        self.more = {
            "u": [keras.Variable(np.ones((units, 2 * units)), name="u", trainable=False, dtype="float32")]
        }
        self.head = keras.layers.Dense(units)
        self.head.build((None, units))
        self.count = keras.Variable(0, dtype="int32")

    def call(self, inputs: Any, states: Any) -> Any:
        mixed = inputs @ self.w + states[0] @ self.more["u"][0]
        one, two = keras.ops.split(mixed, 2, axis=-1)
        output = self.head(keras.ops.sigmoid(one) * keras.ops.tanh(two))
        return output, [output]

    __call__ = call


def test_a_cell_that_is_a_plain_object_has_its_matrices() -> None:
    layer = keras.layers.RNN(PlainCell(3), name="plain")
    layer(np.ones((1, 4, 2), np.float32))
    found = {one.matrix: one for one in decompose(layer)}
    assert {name: one.values.shape for name, one in found.items()} == {
        "w": (2, 6),
        "more_u_0": (3, 6),
        "head_kernel": (3, 3),
        "head_bias": (1, 3),
    }
    assert [name for name, one in found.items() if not one.is_trained] == ["more_u_0"]


def test_a_plain_object_can_be_registered() -> None:
    register_layout(PlainCell, ("one", "two"), {"kernel": "w", "recurrent_kernel": "more.u.0"})
    layer = keras.layers.RNN(PlainCell(3), name="plain")
    layer(np.ones((1, 4, 2), np.float32))
    kernel, recurrent, *further = decompose(layer)
    np.testing.assert_array_equal(kernel.blocks["two"], layer.cell.w.numpy()[:, 3:])
    assert (recurrent.gates, recurrent.is_trained) == (("one", "two"), False)
    assert [one.matrix for one in further] == ["head_kernel", "head_bias"]


class Mistyped(keras.layers.LSTMCell):
    """A cell that is registered with an attribute that it hasn't got."""


def test_a_mistyped_layout_leaves_the_other_layers() -> None:
    register_layout(Mistyped, LSTM_GATES, {"kernel": "kernle"})
    layers = [
        keras.layers.Input((4, 2)),
        keras.layers.RNN(Mistyped(3), return_sequences=True, name="odd"),
        keras.layers.GRU(2, name="good"),
    ]
    found = find(keras.Sequential(layers))
    assert [cell.layer for cell in found.cells] == ["good"]
    (notice,) = found.notices()
    assert notice.layers == ("odd",)
    assert "'kernle'" in notice.text
    assert "kernel" in notice.text


def test_a_layer_that_was_never_called_is_left_out_by_name() -> None:
    model = MinGRUTagger(keras.layers.LSTM(3, name="good"))
    model.spare = keras.layers.Bidirectional(keras.layers.GRU(2), name="spare")
    model(np.ones((1, 4, 2), np.float32))
    found = find(model)
    assert [cell.layer for cell in found.cells] == ["good"]
    assert not found.is_complete
    (notice,) = found.notices()
    assert notice.text == (
        "the recurrent layer 'spare' is left out, as it has no weights: it was never called"
    )


class MinGRU(keras.layers.Layer):
    """A layer that steps through time by itself (Feng et al., 2024), of which nobody knows that it does."""

    def build(self, shape: Any) -> None:
        self.gate = keras.layers.Dense(3, name="gate")
        self.gate.build(shape)
        self.built = True

    def call(self, inputs: Any) -> Any:
        return self.gate(inputs)


class MinGRUTagger(keras.Model):
    """A model that is named for its layer."""

    def __init__(self, *layers: Any) -> None:
        super().__init__(name="tagger")
        self.parts = list(layers)

    def call(self, inputs: Any) -> Any:
        for layer in self.parts:
            inputs = layer(inputs)
        return inputs


def test_a_layer_that_sounds_recurrent_is_hinted_at_once_a_class() -> None:
    model = MinGRUTagger(MinGRU(name="a"), MinGRU(name="b"), keras.layers.LSTM(2, name="c"))
    model(np.ones((1, 4, 2), np.float32))
    found = find(model)
    assert [cell.layer for cell in found.cells] == ["c"]
    (hint,) = found.hints
    assert hint.layers == ("a", "b")
    assert "'a' (and 1 more MinGRU) is not logged" in hint.text
    assert "register_layout(MinGRU, gates=..., matrices=...)" in hint.text


def test_where_nothing_else_is_recurrent_the_hint_is_the_error() -> None:
    model = MinGRUTagger(MinGRU(name="a"))
    model(np.ones((1, 4, 2), np.float32))
    with pytest.raises(
        ValueError, match="'tagger' has no recurrent layer that is known: 'a' is not logged"
    ):
        find_cells(model)


def test_a_model_that_is_named_for_a_known_layer_is_no_hint() -> None:
    class LSTMTagger(MinGRUTagger):
        """It only holds an LSTM."""

    model = LSTMTagger(keras.layers.LSTM(2))
    model(np.ones((1, 4, 2), np.float32))
    assert find(model).hints == ()
