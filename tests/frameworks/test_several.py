"""A list, tuple or dict of models or cells is read as one model."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from tf_keras.src.layers.rnn import legacy_cells
from torch import nn

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.capture.held import hold_gradients
from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find, find_cells
from tests.rnn.layers import built

layers = keras.layers


def paths(models: Any) -> list[str]:
    return [cell.layer for cell in find_cells(models)]


def test_paths_begin_with_names_or_with_places() -> None:
    encoder = built(keras.Sequential([layers.LSTM(2, name="lstm")], name="encoder"))
    decoder = built(layers.GRU(2, name="decoder"))
    assert paths([encoder, decoder]) == ["encoder/lstm", "decoder"]
    assert paths((nn.LSTM(2, 3), nn.Sequential(nn.Linear(2, 2), nn.GRU(2, 3)))) == ["0", "1/1"]
    assert paths({"generator": nn.LSTM(2, 3), "critic": encoder}) == ["generator", "critic/lstm"]


def test_models_that_share_a_name_are_told_apart_by_their_places() -> None:
    same = [built(layers.LSTM(2, name="same")) for _ in range(2)]
    assert paths([*same, built(layers.GRU(2, name="other"))]) == ["0", "1", "other"]


def test_a_model_inside_another_one_is_found_once() -> None:
    generator = built(
        keras.Sequential([layers.LSTM(2, return_sequences=True, name="lstm")], name="generator")
    )
    gan = keras.Sequential([generator, layers.GRU(2, name="gru")], name="gan")
    assert paths([generator, built(gan)]) == ["generator/lstm", "gan/gru"]


def test_gradients_are_in_the_order_of_all_models() -> None:
    models = [nn.LSTM(2, 3), nn.GRUCell(2, 3)]
    parameters = [one for model in models for one in model.parameters()]
    given = [torch.full_like(one, place) for place, one in enumerate(parameters)]
    expected = [float(place) for place in range(8)]
    assert [float(one.values.max()) for one in decompose(models, given)] == expected
    for one, gradient in zip(parameters, given, strict=True):
        one.grad = gradient
    assert [float(one.tensor().values.max()) for one in hold_gradients(models, None)] == expected


def test_models_of_two_frameworks_may_stand_beside_each_other() -> None:
    of_keras = built(layers.SimpleRNN(2, name="simple"))
    of_torch = nn.RNN(2, 3)
    pairs = [(np.full(one.shape, 1.0), one) for one in of_keras.trainable_variables]
    pairs += [(torch.full_like(one, 2), one) for one in of_torch.parameters()]
    found = {(one.layer, float(one.values.max())) for one in decompose([of_keras, of_torch], pairs)}
    assert found == {("simple", 1.0), ("1", 2.0)}


def test_one_that_can_not_be_read_does_not_keep_the_others_from_it() -> None:
    found = find([layers.LSTM(2, name="new"), nn.LSTM(2, 3)])
    assert [cell.layer for cell in found.cells] == ["1"]
    assert [one.layer for one in found.left_out] == ["new"]


def test_cells_of_tensorflow_1_may_come_in_a_list() -> None:
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        cells = [legacy_cells.LSTMCell(4, name="first"), legacy_cells.GRUCell(2, name="second")]
        outputs = tf.zeros((2, 3))
        for cell in cells:
            outputs, _ = cell(outputs, cell.zero_state(2, tf.float32))
        variables = [one for cell in cells for one in cell.trainable_variables]
        gradients = tf.gradients(tf.reduce_sum(outputs), variables)
        session.run(tf.compat.v1.global_variables_initializer())
        found = [(one.layer, one.cell, one.matrix) for one in decompose(cells)]
        pairs = [*zip(session.run(gradients), variables, strict=True)]
        given = [(one.layer, one.cell, one.matrix) for one in decompose(cells, pairs)]
    assert found == given
    assert {one[:2] for one in found} == {("first", "LSTM"), ("second", "GRU")}


@pytest.mark.parametrize("given", [[], (), {}, [nn.LSTM(2, 3), 7], [np.zeros(3)]], ids=str)
def test_what_is_no_list_of_models_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="or a list of them, not "):
        find_cells(given)


def test_a_probe_of_several_models_is_refused_in_one_sentence() -> None:
    models = [nn.LSTM(2, 3), nn.LSTM(3, 2)]
    with pytest.raises(ProbeError, match="hand in the model that calls them"):
        adapter_for(models).probe_runner(models)


def test_the_writer_says_the_same(log_dir: str) -> None:
    models = [nn.LSTM(2, 3), nn.GRU(2, 3)]
    with SummaryWriter(log_dir) as writer, pytest.raises(ProbeError, match="several models can't be run"):
        writer.add_activations(models, torch.zeros(4, 1, 2), 0)
