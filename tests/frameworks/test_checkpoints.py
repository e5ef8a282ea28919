"""Models loaded from disk are decomposed as the ones that were saved, without training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras
import torch

from tensorboard_plugin_rnnweights.capture.decompose import decompose


def model_of(module: Any, is_stacked: bool = True) -> Any:
    """A model with layers of three kinds, and new random weights each time."""
    layers = module.layers
    cells = [layers.GRUCell(3), layers.SimpleRNNCell(2)]
    last = [layers.RNN(cells, name="stack")] if is_stacked else [layers.GRU(3, name="gru")]
    both = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both")
    model = module.Sequential([layers.Input((5, 3)), both, *last, layers.Dense(1)])
    model.compile("sgd", "mse")
    random = np.random.default_rng()
    for variable in model.trainable_variables:
        variable.assign(random.normal(size=tuple(variable.shape)))
    return model


def load_weights(module: Any) -> Callable[[str], Any]:
    def load(path: str) -> Any:
        model = model_of(module)
        model.load_weights(path)
        return model

    return load


def save_checkpoint(model: Any, path: str) -> None:
    tf.train.Checkpoint(model=model).write(path)


def load_checkpoint(module: Any) -> Callable[[str], Any]:
    def load(path: str) -> Any:
        model = model_of(module, module is tf_keras)
        tf.train.Checkpoint(model=model).read(path).expect_partial()
        return model

    return load


def save(model: Any, path: str) -> None:
    model.save(path)


def save_weights(model: Any, path: str) -> None:
    model.save_weights(path)


def load_without_training(path: str) -> Any:
    return keras.models.load_model(path, compile=False)


WAYS: dict[str, tuple[Any, str, Any, Any]] = {
    "Keras 3, .keras": (keras, "m.keras", save, keras.models.load_model),
    "Keras 3, .h5": (keras, "m.h5", save, load_without_training),
    "Keras 3, .weights.h5": (keras, "m.weights.h5", save_weights, load_weights(keras)),
    "Keras 3, TF checkpoint": (keras, "checkpoint", save_checkpoint, load_checkpoint(keras)),
    "tf_keras, .keras": (tf_keras, "m.keras", save, tf_keras.models.load_model),
    "tf_keras, .h5": (tf_keras, "m.h5", save, tf_keras.models.load_model),
    "tf_keras, SavedModel": (tf_keras, "saved_model", save, tf_keras.models.load_model),
    "tf_keras, .weights.h5": (tf_keras, "m.weights.h5", save_weights, load_weights(tf_keras)),
    "tf_keras, TF weights": (tf_keras, "weights", save_weights, load_weights(tf_keras)),
    "tf_keras, TF checkpoint": (tf_keras, "checkpoint", save_checkpoint, load_checkpoint(tf_keras)),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("way", WAYS)
def test_a_loaded_model_has_the_blocks_of_the_saved_one(way: str, tmp_path: Path) -> None:
    module, name, write, read = WAYS[way]
    # TensorFlow's checkpoints leave the stacked cells of Keras 3 out.
    saved = model_of(module, is_stacked=way != "Keras 3, TF checkpoint")
    expected = decompose(saved)
    path = str(tmp_path / name)
    write(saved, path)
    found = decompose(read(path))
    assert len(found) == len(expected) >= 3 + 3 + 4
    for one, other in zip(found, expected, strict=True):
        assert (one.layer, one.direction, one.index, one.matrix, one.gates) == (
            (other.layer, other.direction, other.index, other.matrix, other.gates)
        )
        np.testing.assert_array_equal(one.values, other.values)


def test_a_loaded_module_of_pytorch_too(tmp_path: Path) -> None:
    def make() -> Any:
        return torch.nn.Sequential(torch.nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2))

    saved, loaded = make(), make()
    torch.save(saved.state_dict(), tmp_path / "m.pt")
    loaded.load_state_dict(torch.load(tmp_path / "m.pt", weights_only=True))
    for one, other in zip(decompose(loaded), decompose(saved), strict=True):
        np.testing.assert_array_equal(one.values, other.values)
