"""What is held of a variable stays as it was, while training goes on."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from tensorboard_plugin_rnnweights.capture.held import hold_gradients, hold_weights


@pytest.mark.parametrize("options", [{}, {"jit_compile": True}, {"run_eagerly": True}], ids=str)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_training_does_not_change_what_is_held(options: dict[str, Any], optimizer: str) -> None:
    model = keras.Sequential([keras.layers.Input((4, 3)), keras.layers.GRU(5), keras.layers.Dense(1)])
    model.compile(optimizer, "mse", **options)
    inputs = np.random.default_rng(0).normal(size=(16, 4, 3)).astype(np.float32)
    model.fit(inputs, inputs[:, 0, :1], verbose=0)
    held = hold_weights(model)
    before = [weights.numpy().copy() for weights in model.layers[0].weights]
    model.fit(inputs, inputs[:, 0, :1], epochs=3, verbose=0)
    model.layers[0].weights[0].assign(np.zeros_like(before[0]))
    for matrix, expected in zip(held, before, strict=False):
        values = matrix.tensor().values
        np.testing.assert_array_equal(values, expected[: len(values)])
    assert not np.array_equal(model.layers[0].weights[1].numpy(), before[1])


def test_an_array_of_the_callers_is_copied() -> None:
    model = keras.Sequential([keras.layers.Input((4, 3)), keras.layers.SimpleRNN(2)])
    gradients = [np.ones(variable.shape, np.float32) for variable in model.trainable_variables]
    held = hold_gradients(model, gradients)
    gradients[0][:] = 7
    assert float(held[0].tensor().values.max()) == 1.0


def test_the_size_is_that_of_the_whole_variable() -> None:
    model = keras.Sequential([keras.layers.Input((4, 3)), keras.layers.LSTM(2)])
    assert [matrix.size for matrix in hold_weights(model)] == [3 * 8, 2 * 8, 8]
