"""Layers that can't be replayed are refused in a sentence, and what is known of them is given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
import torch

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.signals import layer_signals
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall
from tensorboard_plugin_rnnweights.signals.layer_signals import signals_of
from tests.rnn.layers import LAYERS
from tests.signals.calls import by_place, keras_call, padding, random, randomised, torch_call

Array = npt.NDArray[Any]


def tried(model: Any, call: LayerCall, **options: Any) -> tuple[list[CellSignals], list[str]]:
    return signals_of(call, by_place(decompose(model)), **{"with_reach": False, **options})


def lstm(**options: Any) -> Any:
    return randomised(
        keras.layers.LSTM(3, **{"return_sequences": True, **options}, name="mine"), (None, None, 2)
    )


INPUTS = random((2, 5, 2), 1, np.float32)


class OwnCell(keras.layers.SimpleRNNCell):
    """A cell that computes something else than the one that it is derived from."""

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        output, states = super().call(inputs, states, training)
        return 2 * output, states


def assert_only_outputs(found: list[CellSignals], own: Any) -> None:
    (one,) = found
    np.testing.assert_array_equal(one.outputs, np.asarray(own))
    assert one.gate_activations is None
    assert one.cell_states is None
    assert one.output_gradients is None
    assert one.gate_gradients is None
    assert one.reach is None


def test_a_cell_whose_equations_are_not_known() -> None:
    layer = keras.layers.RNN(OwnCell(3), return_sequences=True, name="mine")
    call, _ = keras_call(randomised(layer, (None, None, 2)), INPUTS)
    found, faults = tried(layer, call, with_reach=True)
    assert faults == [
        "only its outputs are shown, as the recurrent layer 'mine' can't be replayed: "
        "the equations of OwnCell are not known"
    ]
    assert_only_outputs(found, call.outputs)


def test_nothing_is_known_of_such_a_cell_where_only_its_last_output_is_returned() -> None:
    layer = keras.layers.RNN(OwnCell(3), name="mine")
    call, _ = keras_call(randomised(layer, (None, None, 2)), INPUTS)
    assert tried(layer, call) == (
        [],
        [
            "nothing that flows through it is shown, as the recurrent layer 'mine' can't be replayed: "
            "the equations of OwnCell are not known"
        ],
    )


def test_an_activation_that_is_not_known() -> None:
    layer = lstm(recurrent_activation=lambda x: x / 2)
    call, _ = keras_call(layer, INPUTS)
    found, faults = tried(layer, call)
    assert faults == [
        "only its outputs are shown, as the recurrent layer 'mine' can't be replayed: "
        "its recurrent_activation is no function that is known by name"
    ]
    assert_only_outputs(found, call.outputs)


@pytest.mark.parametrize("whole", [False, True])
def test_equations_that_give_other_outputs_than_the_layer(whole: bool) -> None:
    layer = lstm(return_sequences=whole)
    call, _ = keras_call(layer, INPUTS)
    outputs = np.array(call.outputs)
    outputs[..., 1] += 0.02
    found, faults = tried(layer, replace(call, outputs=outputs))
    left = "only its outputs are shown" if whole else "nothing that flows through it is shown"
    assert faults == [
        f"{left}, as the recurrent layer 'mine' can't be replayed: "
        "its cell's equations, as they are known, give other outputs than its own"
    ]
    if whole:
        assert_only_outputs(found, outputs)


@pytest.mark.parametrize("name", LAYERS)
def test_two_gates_that_are_swapped_are_found_out(name: str) -> None:
    layer = randomised(LAYERS[name](3, return_sequences=True), (None, None, 2))
    call, _ = keras_call(layer, INPUTS)
    weights = by_place(decompose(layer))
    turned = {
        place: [replace(one, values=one.values[:, ::-1]) for one in tensors]
        for place, tensors in weights.items()
    }
    assert signals_of(call, weights, with_reach=False)[1] == []
    assert len(signals_of(call, turned, with_reach=False)[1]) == 1


def test_directions_of_an_unknown_layer_keep_their_outputs() -> None:
    module = torch.nn.GRU(2, 3, num_layers=2, bidirectional=True, batch_first=True)
    call = torch_call(module, INPUTS)
    found, faults = tried(module, replace(call, outputs=call.outputs + 1))
    assert len(faults) == 1
    assert "'gru'" in faults[0]
    assert [one.cell.place for one in found] == [("gru", "forward", 1), ("gru", "backward", 1)]
    assert [one.is_reversed for one in found] == [False, True]
    np.testing.assert_array_equal(np.concatenate([one.outputs for one in found], -1), call.outputs + 1)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("whole", [False, True])
def test_a_nan_in_the_weights_flows_through(name: str, whole: bool) -> None:
    layer = randomised(LAYERS[name](3, return_sequences=whole), (None, None, 2))
    kernel = layer.cell.kernel.numpy().copy()
    kernel[0, 1] = np.nan
    layer.cell.kernel.assign(kernel)
    call, _ = keras_call(layer, INPUTS)
    (found,), faults = tried(layer, call, with_reach=True)
    assert faults == []
    assert np.isnan(found.outputs).any()
    assert found.gate_activations is not None
    assert np.isnan(found.gate_activations[found.cell.layout.gates[0]]).any()


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "hard_sigmoid"])
def test_a_nan_in_one_sample_stays_there(name: str, activation: str) -> None:
    layer = randomised(LAYERS[name](3, return_sequences=True, activation=activation), (None, None, 2))
    inputs = INPUTS.copy()
    inputs[1, 2, 0] = np.nan
    call, _ = keras_call(layer, inputs)
    (found,), faults = tried(layer, call)
    assert faults == []
    assert found.output_gradients is not None
    assert np.isfinite(found.output_gradients[0]).all()
    assert np.isfinite(found.outputs[1, :2]).all()
    assert not np.isfinite(found.outputs[1, 2:]).all()


def test_a_nan_where_masked_is_no_nan() -> None:
    layer = lstm()
    inputs, mask = random((3, 5, 2), 1, np.float32), padding(3, 5)
    inputs[~mask] = np.nan
    call, _ = keras_call(layer, inputs, mask)
    (found,), faults = tried(layer, call, with_reach=True)
    assert faults == []
    assert found.gate_activations is not None
    assert found.gate_gradients is not None
    assert found.output_gradients is not None
    assert found.reach is not None
    everything = [*found.gate_activations.values(), *found.gate_gradients.values(), found.output_gradients]
    assert all(np.isfinite(one).all() for one in [*everything, found.reach.at_inputs, found.outputs])
    assert all(not one[~mask].any() for one in everything)


def test_sequences_longer_than_the_limit_have_no_reach() -> None:
    layer = lstm()
    call, _ = keras_call(layer, INPUTS)
    (found,), faults = tried(layer, call, with_reach=True, max_reach_time=4)
    assert faults == [
        "the reach in the recurrent layer 'mine' is not computed, as its sequences have 5 time steps: "
        "the limit is 4"
    ]
    assert found.reach is None
    assert found.gate_gradients is not None


def test_reach_is_computed_where_it_is_asked_for() -> None:
    layer = lstm()
    call, _ = keras_call(layer, INPUTS)
    assert tried(layer, call, max_reach_time=4)[0][0].reach is None
    assert tried(layer, call, with_reach=True, max_reach_time=5)[0][0].reach is not None


def test_without_a_loss_there_are_no_gradients() -> None:
    layer = lstm()
    call, _ = keras_call(layer, INPUTS)
    (found,), faults = tried(layer, replace(call, output_gradients=None), with_reach=True)
    assert faults == []
    assert found.output_gradients is None
    assert found.gate_gradients is None
    assert found.reach is not None
    assert found.reach.of == "outputs"


def test_a_mask_that_masks_nothing_is_none() -> None:
    layer = lstm()
    call, _ = keras_call(layer, INPUTS, np.ones((2, 5), np.bool_))
    assert tried(layer, call)[0][0].mask is None


def test_bounded_gates_are_those_that_open_and_shut() -> None:
    layer = lstm(recurrent_activation="hard_sigmoid", activation="sigmoid")
    call, _ = keras_call(layer, INPUTS)
    assert tried(layer, call)[0][0].bounded_gates == {"input", "forget", "cell", "output"}
    assert tried(lstm(), keras_call(lstm(), INPUTS)[0])[0][0].bounded_gates == {"input", "forget", "output"}


def test_one_layer_of_a_bidirectional_is_named_with_its_direction() -> None:
    layer = keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences=True), name="both")
    randomised(layer, (None, None, 2))
    _, backward = find_cells(layer)
    call, _ = keras_call(layer.backward_layer, INPUTS)
    call = replace(call, cells=((backward,),), outputs=tf.zeros_like(call.outputs))
    assert "'both, backward'" in tried(layer, call)[1][0]


@pytest.mark.parametrize("zeroes", [False, True])
def test_a_layers_own_outputs_tell_what_they_are_where_masked(zeroes: bool) -> None:
    layer = lstm(zero_output_for_mask=zeroes)
    call, _ = keras_call(layer, random((3, 5, 2), 1, np.float32), padding(3, 5))
    (found,), _ = tried(layer, call)
    (other,), faults = tried(layer, replace(call, zeroes_masked=not zeroes))
    assert faults == []
    assert found.output_gradients is not None
    np.testing.assert_array_equal(other.output_gradients, found.output_gradients)


def test_a_probe_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_signals, "MAX_VALUES", 2 * 5 * 4 * 3 - 1)
    layer = lstm()
    call, _ = keras_call(layer, INPUTS)
    found, (fault,) = tried(layer, call, with_reach=True)
    assert_only_outputs(found, call.outputs)
    assert "'mine' can't be replayed: its gates have 120 values on the probe" in fault
    monkeypatch.setattr(layer_signals, "MAX_VALUES", 2 * 5 * 4 * 3)
    assert tried(layer, call)[1] == []
