"""Small models to train, and the gradients that TensorFlow gives for them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

BATCH = 8
FEATURES = 3
TIME = 5

Array = npt.NDArray[Any]


def model(**compiled: Any) -> keras.Model:
    """A bidirectional GRU below an LSTM, with the same weights each time."""
    keras.utils.set_random_seed(1)
    layers = [
        keras.layers.Input((TIME, FEATURES)),
        keras.layers.Bidirectional(keras.layers.GRU(4, return_sequences=True), name="both"),
        keras.layers.LSTM(6, name="lstm"),
        keras.layers.Dense(1, dtype="float32"),
    ]
    found = keras.Sequential(layers)
    found.compile(**{"optimizer": keras.optimizers.SGD(0.1), "loss": "mse", **compiled})
    return found


def batches(count: int) -> tuple[Array, Array]:
    """Inputs and targets of so many batches."""
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(count * BATCH, TIME, FEATURES)).astype(np.float32)
    return inputs, generator.normal(size=(count * BATCH, 1)).astype(np.float32)


def tape_gradients(trained: keras.Model, inputs: Array, targets: Array) -> list[tf.Tensor]:
    """The loss's gradients for one batch, in the order of the trainable variables."""
    with tf.GradientTape() as tape:
        loss = trained.compute_loss(y=targets, y_pred=trained(inputs, training=True))
        scaled = trained.optimizer.scale_loss(loss)
    gradients = tape.gradient(scaled, trained.trainable_variables)
    scale = float(trained.optimizer.scale_loss(1.0))
    return [gradient / scale for gradient in gradients]


def fit(trained: keras.Model, count: int, *callbacks: keras.callbacks.Callback, **options: Any) -> None:
    """Trains for so many batches an epoch, in their order."""
    inputs, targets = batches(count)
    trained.fit(
        inputs,
        targets,
        batch_size=BATCH,
        shuffle=False,
        verbose=0,
        callbacks=list(callbacks),
        **options,
    )
