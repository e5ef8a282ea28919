"""Models of the Keras at hand, and what SGD does to them."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.kerases.conftest import MODE

keras: Any = importlib.import_module(MODE.partition("-")[0])
IS_KERAS_3 = MODE == "keras"
IS_GRAPH = MODE == "tf_keras-graph"
BACKEND: str = keras.backend.backend()

RATE = 0.5
BATCH, TIME, FEATURES = 8, 5, 3

Array = npt.NDArray[Any]


def sgd(**options: Any) -> Any:
    """Plain SGD, which steps by the rate times the gradient."""
    optimizers = keras.optimizers.legacy if IS_GRAPH else keras.optimizers
    return optimizers.SGD(RATE, **options)


def model(seed: int = 1, optimizer: Any = None, **compiled: Any) -> Any:
    """Layers of all three kinds, in both directions and stacked; the same weights for the same seed."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    stack = [layers.LSTMCell(3), layers.SimpleRNNCell(2)]
    recurrent = [
        layers.Bidirectional(layers.GRU(4, return_sequences=True), name="both"),
        layers.LSTM(5, return_sequences=True, name="lstm"),
        layers.RNN(stack, name="stack"),
    ]
    return _compiled(recurrent, optimizer, compiled)


def lstm_model(seed: int = 1, optimizer: Any = None, **compiled: Any) -> Any:
    """One LSTM, for what has nothing to do with kinds of layers: built in a quarter of the time."""
    keras.utils.set_random_seed(seed)
    return _compiled([keras.layers.LSTM(5, name="lstm")], optimizer, compiled)


def _compiled(recurrent: list[Any], optimizer: Any, compiled: dict[str, Any]) -> Any:
    layers = keras.layers
    found = keras.Sequential([layers.Input((TIME, FEATURES)), *recurrent, layers.Dense(1, dtype="float32")])
    found.compile(optimizer or sgd(), "mse", **compiled)
    return found


def batches(count: int) -> tuple[Array, Array]:
    """Inputs and targets of so many batches."""
    random = np.random.default_rng(0)
    inputs = random.normal(size=(count * BATCH, TIME, FEATURES)).astype(np.float32)
    return inputs, random.normal(size=(count * BATCH, 1)).astype(np.float32)


def fit(trained: Any, count: int, *callbacks: Any, **options: Any) -> None:
    """Trains for so many batches an epoch, in their order."""
    inputs, targets = batches(count)
    trained.fit(
        inputs, targets, batch_size=BATCH, shuffle=False, verbose=0, callbacks=list(callbacks), **options
    )
