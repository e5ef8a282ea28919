"""Models of tf_keras (Keras 2), eager and in graphs, and cells of TensorFlow 1."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import tf_keras
from tf_keras.src.layers.rnn import cell_wrappers, legacy_cell_wrappers, legacy_cells
from tf_keras.src.layers.rnn.cudnn_gru import CuDNNGRU

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells

layers = tf_keras.layers

Place = tuple[str, str | None, int, str]


def places(model: Any) -> list[Place]:
    return [(cell.layer, cell.direction, cell.index, cell.layout.cell) for cell in find_cells(model)]


def built(model: Any, *shape: int) -> Any:
    model(np.zeros(shape or (2, 3, 4), np.float32))
    return model


class Subclassed(tf_keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.decoders = [layers.GRU(2, name="decoder_a"), layers.GRU(2, name="decoder_b")]

    def call(self, inputs: Any) -> Any:
        return self.decoders[0](inputs) + self.decoders[1](inputs)


MODELS: dict[str, tuple[Any, list[Place]]] = {
    "sequential": (
        lambda: tf_keras.Sequential(
            [layers.LSTM(2, return_sequences=True, name="a"), layers.SimpleRNN(3, name="b")]
        ),
        [("a", None, 0, "LSTM"), ("b", None, 0, "SimpleRNN")],
    ),
    "subclassed": (Subclassed, [("decoder_a", None, 0, "GRU"), ("decoder_b", None, 0, "GRU")]),
    "nested": (
        lambda: tf_keras.Sequential([tf_keras.Sequential([layers.GRU(2, name="g")], name="inner")]),
        [("inner/g", None, 0, "GRU")],
    ),
    "bidirectional": (
        lambda: layers.Bidirectional(layers.LSTM(2), name="both"),
        [("both", "forward", 0, "LSTM"), ("both", "backward", 0, "LSTM")],
    ),
    "stacked": (
        lambda: layers.RNN([layers.LSTMCell(2), layers.GRUCell(3, reset_after=False)], name="stack"),
        [("stack", None, 0, "LSTM"), ("stack", None, 1, "GRU")],
    ),
    "wrapped cell": (
        lambda: layers.RNN(cell_wrappers.ResidualWrapper(layers.LSTMCell(4)), name="residual"),
        [("residual", None, 0, "LSTM")],
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_cells_are_found_as_in_keras_3(name: str) -> None:
    make, expected = MODELS[name]
    assert places(built(make())) == expected


def test_a_layer_inside_a_wrapper_is_found() -> None:
    model = tf_keras.Sequential([layers.TimeDistributed(layers.LSTM(2, name="l"), name="each")])
    assert places(built(model, 2, 3, 4, 5)) == [("each/l", None, 0, "LSTM")]


def test_a_layer_that_keeps_its_weights_by_itself_has_two_directions_too() -> None:
    model = layers.Bidirectional(CuDNNGRU(2), name="both")
    model.build((None, 3, 4))
    assert places(model) == [("both", "forward", 0, "CuDNNGRU"), ("both", "backward", 0, "CuDNNGRU")]


def test_a_model_without_weights_yet_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="'a' has no weights yet: call the model on a batch"):
        find_cells(tf_keras.Sequential([layers.LSTM(2, name="a")]))


def test_frozen_layers_say_so_and_have_no_gradients() -> None:
    model = built(MODELS["sequential"][0]())
    model.layers[0].trainable = False
    assert {(one.layer, one.is_trained) for one in decompose(model)} == {("a", False), ("b", True)}
    gradients = [np.ones(variable.shape) for variable in model.trainable_variables]
    assert {one.layer for one in decompose(model, gradients)} == {"b"}


def test_weights_under_mixed_precision_are_the_exact_ones() -> None:
    layer = layers.LSTM(2, dtype=tf_keras.mixed_precision.Policy("mixed_float16"))
    layer.build((None, None, 3))
    assert {one.values.dtype.name for one in decompose(layer)} == {"float32"}


def test_gradients_of_a_tape_are_cut_like_the_weights() -> None:
    model = built(MODELS["sequential"][0]())
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(np.ones((2, 3, 4), np.float32)) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = list(zip(gradients, model.trainable_variables, strict=True))
    for given in (gradients, pairs):
        kernel, recurrent, *_ = decompose(model, given)
        assert kernel.gates == ("input", "forget", "cell", "output")
        np.testing.assert_array_equal(kernel.values, gradients[0].numpy())
        np.testing.assert_array_equal(recurrent.blocks["cell"], gradients[1].numpy()[:, 4:6])


@pytest.fixture
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as found, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield found


def unrolled(cell: Any) -> Any:
    """The last output of a cell over three steps of ones."""
    state = cell.zero_state(2, tf.float32)
    for _ in range(3):
        output, state = cell(tf.ones((2, 4)), state)
    return output


@pytest.mark.usefixtures("graph")
def test_cells_of_tensorflow_1_are_found_inside_their_wrappers() -> None:
    cells = [
        legacy_cell_wrappers.DropoutWrapper(legacy_cells.LSTMCell(3, use_peepholes=True), 0.5),
        legacy_cells.GRUCell(2),
    ]
    stack = legacy_cells.MultiRNNCell(cells)
    unrolled(stack)
    assert places(stack) == [(stack.name, None, 0, "LSTM"), (stack.name, None, 1, "GRU")]
    with tf.compat.v1.Session().as_default() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        matrices = [tensor.matrix for tensor in decompose(stack)]
    assert matrices == [
        *("kernel", "recurrent_kernel", "bias", "peephole"),
        *("kernel", "recurrent_kernel", "bias"),
    ]


@pytest.mark.usefixtures("graph")
def test_the_forget_bias_that_a_cell_adds_is_told_with_its_bias_and_not_added_to_it() -> None:
    cell = legacy_cells.BasicLSTMCell(3, forget_bias=0.5)
    unrolled(cell)
    with tf.compat.v1.Session().as_default() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        kernel, recurrent, bias = decompose(cell)
    assert (dict(kernel.added), dict(recurrent.added), dict(bias.added)) == ({}, {}, {"forget": 0.5})
    np.testing.assert_array_equal(bias.blocks["forget"], np.zeros((1, 3)))


@pytest.mark.usefixtures("graph")
def test_gradients_of_a_graph_are_those_that_the_session_gave() -> None:
    cell = legacy_cells.GRUCell(3)
    loss = tf.reduce_sum(unrolled(cell) ** 2)
    symbolic = tf.gradients(loss, cell.trainable_variables)
    with tf.compat.v1.Session().as_default() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        gradients = session.run(symbolic)
        kernel, recurrent, bias = decompose(cell, gradients)
    by_name = {
        variable.name.split("/", 1)[1]: gradient
        for variable, gradient in zip(cell.trainable_variables, gradients, strict=True)
    }
    np.testing.assert_array_equal(kernel.blocks["reset"], by_name["gates/kernel:0"][:4, :3])
    np.testing.assert_array_equal(recurrent.blocks["update"], by_name["gates/kernel:0"][4:, 3:])
    np.testing.assert_array_equal(bias.blocks["candidate"], by_name["candidate/bias:0"][None])


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("make", [lambda: legacy_cells.GRUCell(3), lambda: layers.LSTM(3)])
def test_variables_of_a_graph_need_the_session_that_trains_them(make: Any) -> None:
    cell = make()
    cell.build(tf.TensorShape((None, 4)) if isinstance(cell, legacy_cells.GRUCell) else (None, 3, 4))
    with tf.compat.v1.Session() as session:
        session.run(tf.compat.v1.global_variables_initializer())
    with pytest.raises(ValueError, match=r"do it inside 'with session.as_default\(\):'"):
        decompose(cell)


@pytest.mark.usefixtures("graph")
def test_a_session_that_has_not_initialized_the_variables_is_told_by_name() -> None:
    cell = legacy_cells.GRUCell(3)
    unrolled(cell)
    with tf.compat.v1.Session().as_default(), pytest.raises(ValueError, match="has not initialized all"):
        decompose(cell)


@pytest.mark.usefixtures("graph")
def test_symbolic_gradients_that_need_feeding_are_refused_with_what_to_do() -> None:
    cell = legacy_cells.GRUCell(3)
    fed = tf.compat.v1.placeholder(tf.float32, (2, 4))
    output, _ = cell(fed, cell.zero_state(2, tf.float32))
    symbolic = tf.gradients(tf.reduce_sum(output), cell.trainable_variables)
    with tf.compat.v1.Session().as_default() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        with pytest.raises(ValueError, match=r"pass what session.run\(\) gave for them"):
            decompose(cell, symbolic)
