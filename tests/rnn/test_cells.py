"""What a cell was given: activations, regularisers, and how its convolution goes."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras
import torch
from tf_keras.src.layers.rnn import legacy_cells
from tf_keras.src.layers.rnn.cudnn_gru import CuDNNGRU

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.products import Convolution


def only_cell(layer: Any) -> Cell:
    (cell,) = find_cells(layer)
    return cell


def built(layer: Any, shape: tuple[int | None, ...] = (None, None, 2)) -> Any:
    layer.build(shape)
    return layer


DEFAULTS = {"activation": "tanh", "recurrent_activation": "sigmoid"}


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (built(keras.layers.LSTM(2)), DEFAULTS),
        (built(keras.layers.GRU(2, activation="relu")), DEFAULTS | {"activation": "relu"}),
        (built(keras.layers.SimpleRNN(2, activation=None)), {"activation": "linear"}),
        (
            built(keras.layers.LSTM(2, recurrent_activation="hard_sigmoid")),
            DEFAULTS | {"recurrent_activation": "hard_sigmoid"},
        ),
        (
            built(tf_keras.layers.LSTM(2, recurrent_activation="hard_sigmoid")),
            DEFAULTS | {"recurrent_activation": "hard_sigmoid_keras_2"},
        ),
        (
            built(keras.layers.LSTM(2, activation=lambda x: x)),
            {"activation": None, "recurrent_activation": "sigmoid"},
        ),
        (built(CuDNNGRU(2)), DEFAULTS),
        (torch.nn.LSTM(2, 2), DEFAULTS),
        (torch.nn.GRUCell(2, 2), DEFAULTS),
        (torch.nn.RNN(2, 2, nonlinearity="relu"), {"activation": "relu"}),
        (torch.nn.RNNCell(2, 2), {"activation": "tanh"}),
    ],
    ids=lambda one: type(one).__name__,
)
def test_activations_are_those_that_the_cell_was_given(layer: Any, expected: dict[str, str | None]) -> None:
    assert dict(only_cell(layer).activations) == expected


@pytest.mark.filterwarnings("ignore")
def test_cells_of_tensorflow_1_have_a_sigmoid_that_they_were_not_given() -> None:
    with tf.Graph().as_default():
        cell = legacy_cells.GRUCell(2, activation=tf.nn.relu)
        cell.build(tf.TensorShape((None, 2)))
        assert dict(only_cell(cell).activations) == DEFAULTS | {"activation": "relu"}


@pytest.mark.parametrize("module", [keras, tf_keras])
def test_penalties_are_those_of_the_regularisers(module: Any) -> None:
    kinds = module.regularizers
    layer = built(
        module.layers.GRU(
            2,
            kernel_regularizer=kinds.L1(0.25),
            recurrent_regularizer=kinds.L1L2(0.5, 0.125),
            bias_regularizer=kinds.L2(2.0),
        )
    )
    expected = {
        "kernel": (0.25, 0.0),
        "recurrent_kernel": (0.5, 0.125),
        "bias": (0.0, 2.0),
        "recurrent_bias": (0.0, 2.0),
    }
    assert dict(only_cell(layer).penalties) == expected
    assert {tensor.matrix: tensor.penalty for tensor in decompose(layer)} == expected


@pytest.mark.parametrize("module", [keras, tf_keras])
def test_a_frozen_matrix_has_the_penalty_that_its_framework_adds_to_the_loss(module: Any) -> None:
    layer = module.layers.LSTM(2, kernel_regularizer=module.regularizers.L2(0.5))
    owner = module.Sequential([module.layers.Input((None, 2)), layer])
    layer.trainable = False
    ((_, l2),) = [tensor.penalty for tensor in decompose(owner) if tensor.penalty is not None]
    kernel = np.asarray(layer.get_weights()[0])
    assert l2 * np.square(kernel).sum() == pytest.approx(float(sum(owner.losses)))


class Squares(keras.regularizers.L2):
    """A regulariser that may do anything with its weight."""


@pytest.mark.parametrize(
    "regularizer", [keras.regularizers.OrthogonalRegularizer(), Squares(), lambda weights: 0.0]
)
def test_a_regulariser_that_is_not_known_has_no_penalty(regularizer: Any) -> None:
    layer = built(keras.layers.LSTM(2, kernel_regularizer=regularizer))
    assert dict(only_cell(layer).penalties) == {"kernel": None}
    assert [tensor.penalty for tensor in decompose(layer)] == [None, None, None]


def test_a_convolution_is_the_layers() -> None:
    layer = keras.layers.ConvLSTM2D(
        2, (2, 3), strides=(2, 1), padding="same", data_format="channels_first", dilation_rate=1
    )
    cell = only_cell(built(layer, (None, None, 3, 6, 7)))
    assert cell.convolution == Convolution((2, 1), "same", (1, 1), "channels_first")
    assert only_cell(built(keras.layers.LSTM(2))).convolution is None
