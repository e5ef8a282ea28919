"""What a probe hands over is enough to replay Keras's layers, and to follow the loss back through them."""

from __future__ import annotations

from typing import Any

import keras
import keras.layers as layers
import numpy as np
import tensorflow as tf

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find_cells
from tensorboard_plugin_rnnweights.signals.layer_signals import signals_of
from tests.rnn.layers import sequences

INPUTS = sequences(4, 6, 3)
TARGETS = sequences(4, 1, 1)[:, 0]


def translating() -> Any:
    """An encoder behind a mask, in both directions, whose states go into a decoder that goes backwards."""
    entry = layers.Input((6, 3))
    both = layers.Bidirectional(layers.GRU(4, return_sequences=True), name="both")
    encoder = layers.LSTM(4, return_sequences=True, return_state=True, name="encoder")
    encoded, hidden, memory = encoder(both(layers.Masking()(entry)))
    decoder = layers.LSTM(4, return_sequences=True, go_backwards=True, name="decoder")
    decoded = decoder(entry, initial_state=[hidden, memory])
    stacked = layers.RNN([layers.GRUCell(3, reset_after=False), layers.LSTMCell(2)], name="stack")(decoded)
    model = keras.Model(entry, layers.Dense(1)(layers.Concatenate()([stacked, encoded[:, 2]])))
    model.compile("sgd", "mse")
    return model


def bias_gradients(model: Any, inputs: Any) -> dict[str, Any]:
    """TensorFlow's own, by the variable's path."""
    with tf.GradientTape() as tape:
        loss = model.compute_loss(y=tf.constant(TARGETS), y_pred=model(inputs))
    variables = model.trainable_variables
    found = tape.gradient(loss, [variable.value for variable in variables])
    return {one.path: np.asarray(value) for one, value in zip(variables, found, strict=True)}


def test_gradients_of_gates_add_up_to_those_of_the_biases() -> None:
    keras.utils.set_random_seed(1)
    model = translating()
    inputs = INPUTS.copy()
    inputs[1, 4:] = inputs[2, 2:] = 0
    weights = {
        cell.place: [one for one in decompose(model) if (one.layer, one.direction, one.index) == cell.place]
        for cell in find_cells(model)
    }
    expected = bias_gradients(model, inputs)
    seen = []
    for call in adapter_for(model).probe_runner(model).run(inputs, TARGETS):
        signals, faults = signals_of(call, weights, with_reach=False)
        assert faults == []
        for one in signals:
            assert one.gate_gradients is not None
            gates = np.concatenate(
                [np.reshape(at, (-1, at.shape[-1])).sum(0) for at in one.gate_gradients.values()]
            )
            whole = expected[one.cell.variables["bias"].path]
            # Keras packs gates in another order; a GRU's first bias is the one of its inputs.
            bias = whole[0] if whole.ndim == 2 else whole
            np.testing.assert_allclose(np.sort(gates), np.sort(bias), rtol=1e-4, atol=1e-7)
            assert np.abs(bias).max() > 1e-4
            seen.append(one.cell.place)
    assert seen == list(weights)
