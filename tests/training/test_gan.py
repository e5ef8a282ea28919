"""Optimizers wherever a model holds them; and what is reported where none of them gets gradients."""

from __future__ import annotations

import logging
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_rnnweights import RNNWeights
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.held_optimizers import optimizers_of
from tests.kerases.gan import GAN, MATRICES, fit_gan, gan
from tests.kerases.models import RATE, sgd
from tests.kerases.test_training import assert_gradients_are_steps
from tests.summary.logged import series_by_tag, steps_by_kind


class InAList(GAN):
    def hold_optimizers(self, *optimizers: Any) -> None:
        self.both = [*optimizers]

    def optimizers(self) -> tuple[Any, Any]:
        return self.both[0], self.both[1]


class InADict(GAN):
    def hold_optimizers(self, d_optimizer: Any, g_optimizer: Any) -> None:
        self.both = {"d": (d_optimizer,), "g": [g_optimizer]}

    def optimizers(self) -> tuple[Any, Any]:
        return self.both["d"][0], self.both["g"][0]


class InSublayers(GAN):
    def hold_optimizers(self, d_optimizer: Any, g_optimizer: Any) -> None:
        self.discriminator.compile(d_optimizer)
        self.generator.layers[0].optimizer = g_optimizer

    def optimizers(self) -> tuple[Any, Any]:
        return self.discriminator.optimizer, self.generator.layers[0].optimizer


class Compiled(GAN):
    def hold_optimizers(self, d_optimizer: Any, g_optimizer: Any) -> None:
        self.optimizer, self.other = d_optimizer, g_optimizer

    def optimizers(self) -> tuple[Any, Any]:
        return self.optimizer, self.other


class ByHand(GAN):
    """Applies gradients without any optimizer."""

    def train_step(self, data: Any) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(self(data[0]) ** 2)
        variables = self.trainable_variables
        for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
            variable.assign_sub(RATE * gradient)
        return {"loss": loss}


def logged(log_dir: str) -> RNNWeights:
    return RNNWeights(log_dir, "batch", heatmap_dtype="float32")


def steps_of(log_dir: str) -> tuple[list[int], list[int]]:
    """Those of the weights, and those of the gradients."""
    steps = steps_by_kind(log_dir)
    return steps["weights"], steps.get("gradients", [])


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = [one for one in caplog.records if one.name.startswith("tensorboard_plugin_rnnweights")]
    return [one.getMessage() for one in ours if one.levelno >= logging.WARNING]


@pytest.mark.parametrize("kind", [InAList, InADict, InSublayers, Compiled])
def test_optimizers_are_found_wherever_the_model_holds_them(log_dir: str, kind: Any) -> None:
    fit_gan(gan(kind=kind, run_eagerly=True), 2, logged(log_dir))
    assert_gradients_are_steps(series_by_tag(log_dir), [1, 2], MATRICES)


class Noting(keras.optimizers.Adam):
    """Notes the gradients that a tape gave it."""

    def apply(self, gradients: Any, variables: Any = None) -> None:
        pairs = zip(variables, gradients, strict=True)
        self.noted = {id(variable): np.array(gradient) for variable, gradient in pairs}
        super().apply(gradients, variables)


def test_gradients_equal_the_tapes(log_dir: str) -> None:
    trained = gan(lambda: (Noting(0.01), Noting(0.02)), run_eagerly=True)
    fit_gan(trained, 1, logged(log_dir))
    found = series_by_tag(log_dir)
    for network, optimizer in (
        (trained.discriminator, trained.d_optimizer),
        (trained.generator, trained.g_optimizer),
    ):
        layer = network.layers[0]
        cells = found[f"gradients/{network.name}/{layer.name}/recurrent_kernel"][1].cells
        np.testing.assert_array_equal(cells, optimizer.noted[id(layer.cell.recurrent_kernel)])


class Scaling(GAN):
    """Scales its losses, as is done in mixed precision."""

    def train_step(self, data: Any) -> dict[str, Any]:
        for optimizer, network in zip(self.optimizers(), (self.discriminator, self.generator), strict=True):
            with tf.GradientTape() as tape:
                loss = optimizer.scale_loss(tf.reduce_mean(self(data[0]) ** 2))
            variables = network.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
        return {"loss": loss}


def scaled(**options: Any) -> Any:
    return keras.optimizers.LossScaleOptimizer(sgd(), **options)


def test_where_losses_are_scaled_the_inner_optimizers_gradients_are_logged(log_dir: str) -> None:
    optimizers = (scaled(initial_scale=2.0**6), scaled(initial_scale=2.0**3))
    fit_gan(gan(lambda: optimizers, kind=Scaling), 2, logged(log_dir))
    assert_gradients_are_steps(series_by_tag(log_dir), [1, 2], MATRICES)


def test_scaled_losses_beside_plain_ones_are_told_apart(log_dir: str) -> None:
    optimizers = (scaled(initial_scale=2.0**6), sgd(loss_scale_factor=8.0))
    fit_gan(gan(lambda: optimizers, kind=Scaling, run_eagerly=True), 2, logged(log_dir))
    assert_gradients_are_steps(series_by_tag(log_dir), [1, 2], MATRICES)


def test_each_optimizer_is_found_once_under_the_name_of_its_place() -> None:
    trained = gan(lambda: (shared := keras.optimizers.Adam(), shared))
    trained.scaled = [scaled()]
    trained._private = (trained.scaled, keras.optimizers.Nadam())
    trained.generator.compile("ftrl")
    assert [(str(held), held.is_wrapper) for held in optimizers_of(trained)] == [
        ("optimizer: RMSprop", False),
        ("d_optimizer: Adam", False),
        ("scaled: LossScaleOptimizer", True),
        ("scaled.inner_optimizer: SGD", False),
        ("_private: Nadam", False),
        ("generator.optimizer: Ftrl", False),
    ]


def test_gradients_that_no_optimizer_gets_are_reported_once_with_what_to_do(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    trained = gan(kind=ByHand)
    before = trained.get_weights()[0]
    fit_gan(trained, 3, logged(log_dir))
    (warning,) = warnings_of(caplog)
    assert "(optimizer: RMSprop, d_optimizer: SGD, g_optimizer: SGD) was given one" in warning
    assert "log them with SummaryWriter.add_gradients" in warning
    assert steps_of(log_dir) == ([0, 1, 2, 3], [])
    assert not np.array_equal(trained.get_weights()[0], before)


def test_frozen_recurrent_layers_have_no_gradients_and_that_is_no_fault(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    trained = gan()
    for network in (trained.generator, trained.discriminator):
        network.layers[0].trainable = False
    fit_gan(trained, 1, logged(log_dir))
    assert steps_of(log_dir) == ([0, 1], [])
    assert not warnings_of(caplog)


def test_a_step_that_mixed_precision_leaves_out_is_no_fault(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Overflowing(GAN):
        def train_step(self, data: Any) -> dict[str, Any]:
            variables = self.trainable_variables
            self.d_optimizer.apply([tf.fill(one.shape, np.inf) for one in variables], variables)
            return {"loss": 0.0}

    trained = gan(lambda: (scaled(), sgd()), kind=Overflowing)
    fit_gan(trained, 2, logged(log_dir))
    assert steps_of(log_dir) == ([0, 1, 2], [])
    assert not warnings_of(caplog)


def test_afterwards_the_optimizers_are_as_they_were(log_dir: str) -> None:
    trained = gan()
    for run in ("first", "second"):
        fit_gan(trained, 1, logged(f"{log_dir}-{run}"))
        for optimizer in (trained.optimizer, *trained.optimizers()):
            assert "apply" not in vars(optimizer)
        assert steps_of(f"{log_dir}-{run}") == ([0, 1], [1])
