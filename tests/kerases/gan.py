"""A GAN whose `train_step` uses two optimizers of its own, on the Keras and the backend at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.kerases.models import BACKEND, BATCH, FEATURES, TIME, Array, keras, sgd

Optimizers = Callable[[], tuple[Any, Any]]

MATRICES = 3 + 4
"""Those of the generator's LSTM, and of the discriminator's GRU."""

_NOISE = 2


class GAN(keras.Model):
    """A recurrent generator and a recurrent discriminator, with the losses of Mao et al. (2017)."""

    def __init__(self) -> None:
        super().__init__()
        layers = keras.layers
        self.generator = keras.Sequential(
            [
                layers.Input((TIME, _NOISE)),
                layers.LSTM(4, return_sequences=True, name="lstm"),
                layers.Dense(FEATURES),
            ],
            name="generator",
        )
        self.discriminator = keras.Sequential(
            [layers.Input((TIME, FEATURES)), layers.GRU(4, name="gru"), layers.Dense(1)],
            name="discriminator",
        )

    def hold_optimizers(self, d_optimizer: Any, g_optimizer: Any) -> None:
        """Keeps the optimizers where a user might."""
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer

    def optimizers(self) -> tuple[Any, Any]:
        return self.d_optimizer, self.g_optimizer

    def call(self, noise: Any) -> Any:
        return self.discriminator(self.generator(noise))

    def train_step(self, *given: Any) -> Any:
        return _jax_train_step(self, *given) if BACKEND == "jax" else _train_step(self, *given)


def gan(optimizers: Optimizers = lambda: (sgd(), sgd()), kind: Any = GAN, **compiled: Any) -> Any:
    """A compiled GAN; the same weights each time."""
    keras.utils.set_random_seed(1)
    found = kind()
    found.compile(**compiled)
    found.hold_optimizers(*optimizers())
    return found


def fit_gan(trained: Any, count: int, *callbacks: Any) -> None:
    """Trains for so many batches, in their order."""
    random = np.random.default_rng(0)
    noise = random.normal(size=(count * BATCH, TIME, _NOISE)).astype(np.float32)
    real: Array = random.normal(size=(count * BATCH, TIME, FEATURES)).astype(np.float32)
    trained.fit(noise, real, batch_size=BATCH, shuffle=False, verbose=0, callbacks=list(callbacks))


def _mean(values: Any) -> Any:
    if BACKEND != "tensorflow":
        return values.mean()
    import tensorflow as tf

    return tf.reduce_mean(values)


def _train_step(model: GAN, data: tuple[Any, Any]) -> dict[str, Any]:
    noise, real = data
    d_optimizer, g_optimizer = model.optimizers()
    step = _torch_step if BACKEND == "torch" else _tensorflow_step

    def d_loss() -> Any:
        judged = model.discriminator
        return _mean((judged(real) - 1) ** 2) + _mean(judged(model.generator(noise)) ** 2)

    def g_loss() -> Any:
        return _mean((model(noise) - 1) ** 2)

    return {
        "d_loss": step(model.discriminator, d_optimizer, d_loss),
        "g_loss": step(model.generator, g_optimizer, g_loss),
    }


def _tensorflow_step(network: Any, optimizer: Any, loss: Callable[[], Any]) -> Any:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        value = loss()
    variables = network.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(value, variables), variables, strict=True))
    return value


def _torch_step(network: Any, optimizer: Any, loss: Callable[[], Any]) -> Any:
    import torch

    network.zero_grad()
    value = loss()
    value.backward()
    variables = network.trainable_variables
    with torch.no_grad():
        optimizer.apply([variable.value.grad for variable in variables], variables)
    return value.detach()


def _jax_train_step(model: GAN, state: Any, data: tuple[Any, Any]) -> tuple[dict[str, Any], Any]:
    import jax

    noise, real = data
    values, others, compiled, metrics = state
    d_optimizer, g_optimizer = model.optimizers()
    generator, discriminator = model.generator, model.discriminator
    count = len(generator.trainable_variables)
    g_values, d_values = values[:count], values[count:]
    seeds = len(generator.non_trainable_variables)

    def made(values: Any) -> Any:
        return generator.stateless_call(values, others[:seeds], noise)[0]

    def judged(values: Any, examples: Any) -> Any:
        return discriminator.stateless_call(values, others[seeds:], examples)[0]

    def d_loss(d_values: Any) -> Any:
        return _mean((judged(d_values, real) - 1) ** 2) + _mean(judged(d_values, made(g_values)) ** 2)

    def g_loss(g_values: Any) -> Any:
        return _mean((judged(d_values, made(g_values)) - 1) ** 2)

    d_value, gradients = jax.value_and_grad(d_loss)(d_values)
    d_values = _applied(d_optimizer, gradients, discriminator.trainable_variables, d_values)
    g_value, gradients = jax.value_and_grad(g_loss)(g_values)
    g_values = _applied(g_optimizer, gradients, generator.trainable_variables, g_values)
    state = ([*g_values, *d_values], others, compiled, metrics)
    return {"d_loss": d_value, "g_loss": g_value}, state


def _applied(optimizer: Any, gradients: Any, variables: Any, values: Any) -> Any:
    """What plain SGD makes of the values; it has no variables that matter."""
    if not optimizer.built:
        optimizer.build(variables)
    own = [variable.value for variable in optimizer.variables]
    return optimizer.stateless_apply(own, gradients, values)[0]
