"""Keras layers for tests, with weights and biases that tell every gate from every other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

Maker = Callable[[int], Any]
"""Makes a recurrent layer of so many units that returns its whole sequence."""

CELLS: dict[str, Callable[..., Any]] = {
    "SimpleRNN": keras.layers.SimpleRNNCell,
    "LSTM": keras.layers.LSTMCell,
    "GRU reset_after": lambda units, **options: keras.layers.GRUCell(units, reset_after=True, **options),
    "GRU reset_before": lambda units, **options: keras.layers.GRUCell(units, reset_after=False, **options),
}
LAYERS: dict[str, Callable[..., Any]] = {
    "SimpleRNN": keras.layers.SimpleRNN,
    "LSTM": keras.layers.LSTM,
    "GRU reset_after": lambda units, **options: keras.layers.GRU(units, reset_after=True, **options),
    "GRU reset_before": lambda units, **options: keras.layers.GRU(units, reset_after=False, **options),
}


def randomise(layer: Any, seed: int = 0) -> Any:
    """Gives all weights random values, biases too, where zeros would hide a wrong place."""
    random = np.random.default_rng(seed)
    for variable in layer.trainable_variables:
        variable.assign(random.normal(0, 0.7, tuple(variable.shape)))
    return layer


def built(layer: Any, features: int = 3, seed: int = 0) -> Any:
    """The layer, built for sequences of so many features, with random weights."""
    layer.build((None, None, features))
    return randomise(layer, seed)


def sequences(batch: int, time: int, features: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Random input for recurrent layers."""
    return np.random.default_rng(seed).normal(size=(batch, time, features)).astype(np.float32)


def outputs_of(layer: Any, inputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What the layer itself computes."""
    return np.asarray(keras.ops.convert_to_numpy(layer(inputs)))
