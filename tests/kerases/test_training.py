"""What is logged of a training is what the optimizer did: on every Keras, on every backend."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest

from tensorboard_plugin_rnnweights import RNNWeights, SummaryWriter, decompose
from tests.kerases.conftest import MODE
from tests.kerases.gan import MATRICES as GAN_MATRICES
from tests.kerases.gan import fit_gan, gan
from tests.kerases.models import (
    BACKEND,
    IS_GRAPH,
    IS_KERAS_3,
    RATE,
    batches,
    fit,
    keras,
    lstm_model,
    model,
    sgd,
)
from tests.summary.logged import Snapshot, series_by_tag

pytestmark = pytest.mark.filterwarnings("ignore")

Logged = dict[str, dict[int, Snapshot]]

# Both directions of a GRU with two biases; LSTM; LSTM and SimpleRNN, stacked.
MATRICES = 2 * 4 + 3 + 3 + 3
LSTM_MATRICES = 3

COMPILED: dict[str, dict[str, Any]] = {"as it comes": {}}
if not IS_GRAPH:
    COMPILED["eagerly"] = {"run_eagerly": True}
    COMPILED["without XLA"] = {"jit_compile": False}
if BACKEND == "tensorflow" and not IS_GRAPH:
    COMPILED["with XLA"] = {"jit_compile": True}


@pytest.fixture(autouse=True)
def _a_graph_of_its_own() -> Any:
    """A session that knows a loop lets no gradients be built for it any more."""
    if IS_GRAPH:
        keras.backend.clear_session()


def by_kind(logged: Logged, kind: str) -> Logged:
    return {tag.partition("/")[2]: found for tag, found in logged.items() if tag.startswith(f"{kind}/")}


def assert_gradients_are_steps(logged: Logged, steps: list[int], matrices: int = MATRICES) -> None:
    """Plain SGD goes from one snapshot of weights to the next by the rate times the gradient."""
    weights, gradients = by_kind(logged, "weights"), by_kind(logged, "gradients")
    assert weights.keys() == gradients.keys()
    assert len(weights) == matrices
    for name, found in gradients.items():
        assert sorted(found) == steps
        for step in steps:
            change = weights[name][step - 1].cells - weights[name][step].cells
            np.testing.assert_allclose(
                found[step].cells, change / RATE, rtol=1e-3, atol=1e-5, err_msg=f"{name} at {step}"
            )
            assert np.abs(found[step].cells).max() > 1e-4, name


@pytest.mark.parametrize("compiled", COMPILED.values(), ids=COMPILED)
def test_gradients_are_those_that_the_optimizer_stepped_by(log_dir: str, compiled: dict[str, Any]) -> None:
    fit(model(**compiled), 3, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    assert_gradients_are_steps(series_by_tag(log_dir), [1, 2, 3])


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = [one for one in caplog.records if one.name.startswith("tensorboard_plugin_rnnweights")]
    return [one.getMessage() for one in ours if one.levelno >= logging.WARNING]


@pytest.mark.skipif(IS_GRAPH, reason="sessions don't run a train_step")
@pytest.mark.parametrize("compiled", COMPILED.values(), ids=COMPILED)
def test_gradients_of_both_optimizers_of_a_gan_are_logged(
    log_dir: str, compiled: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    fit_gan(gan(**compiled), 3, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    assert_gradients_are_steps(series_by_tag(log_dir), [1, 2, 3], GAN_MATRICES)
    assert not warnings_of(caplog)


@pytest.mark.skipif(IS_GRAPH or BACKEND == "jax", reason="they apply to all of their variables at once")
def test_one_optimizer_that_is_applied_twice_a_batch_logs_both_gradients(log_dir: str) -> None:
    trained = gan(lambda: (shared := sgd(), shared))
    trained.d_optimizer.build(trained.trainable_variables)
    fit_gan(trained, 2, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    assert_gradients_are_steps(series_by_tag(log_dir), [1, 2], GAN_MATRICES)


@pytest.mark.parametrize("every", [("batch", 2), (2, "batch")], ids=["batch and 2", "2 and batch"])
def test_two_callbacks_of_one_training_both_log_its_gradients(log_dir: str, every: tuple[Any, Any]) -> None:
    trained = lstm_model()
    twins = [RNNWeights(f"{log_dir}-{one}", one, heatmap_dtype="float32") for one in every]
    fit(trained, 4, *twins)
    assert_gradients_are_steps(series_by_tag(f"{log_dir}-batch"), [1, 2, 3, 4], LSTM_MATRICES)
    rare = by_kind(series_by_tag(f"{log_dir}-2"), "gradients")
    often = by_kind(series_by_tag(f"{log_dir}-batch"), "gradients")
    assert rare.keys() == often.keys()
    for name, found in rare.items():
        assert list(found) == [2, 4]
        for step, snapshot in found.items():
            np.testing.assert_array_equal(snapshot.cells, often[name][step].cells)
    method = "apply" if IS_KERAS_3 else "apply_gradients"
    assert method not in vars(trained.optimizer)


@pytest.mark.skipif(IS_GRAPH, reason="sessions don't run a train_step")
def test_training_a_gan_is_the_same_to_the_bit_with_and_without(log_dir: str) -> None:
    with_us, without = gan(), gan()
    fit_gan(with_us, 3, RNNWeights(log_dir, 2))
    fit_gan(without, 3)
    for one, other in zip(with_us.get_weights(), without.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_gradients_are_those_before_clipping(log_dir: str) -> None:
    clipped = lstm_model(optimizer=sgd(clipvalue=1e-6))
    fit(clipped, 1, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    gradients = by_kind(series_by_tag(log_dir), "gradients")
    if IS_GRAPH:
        keras.backend.clear_session()
    fit(lstm_model(), 1, RNNWeights(log_dir + "-twin", "batch", heatmap_dtype="float32"))
    expected = by_kind(series_by_tag(log_dir + "-twin"), "gradients")
    assert gradients.keys() == expected.keys()
    for name, found in gradients.items():
        np.testing.assert_allclose(found[1].cells, expected[name][1].cells, rtol=1e-4, atol=1e-6)


def test_training_is_the_same_to_the_bit_with_and_without(log_dir: str) -> None:
    with_us = lstm_model(optimizer="adam")
    fit(with_us, 4, RNNWeights(log_dir, 2), epochs=2)
    ours = with_us.get_weights()
    if IS_GRAPH:
        keras.backend.clear_session()
    without = lstm_model(optimizer="adam")
    fit(without, 4, epochs=2)
    for one, other in zip(ours, without.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_epochs_and_a_second_training_count_on(log_dir: str) -> None:
    trained, callback = lstm_model(), RNNWeights(log_dir)
    fit(trained, 2, callback, epochs=2)
    fit(trained, 2, callback)
    logged = series_by_tag(log_dir)
    assert sorted(by_kind(logged, "weights")["lstm/kernel"]) == [0, 1, 2, 3]
    assert sorted(by_kind(logged, "gradients")["lstm/kernel"]) == [1, 2, 3]


def test_weights_are_those_of_the_model(log_dir: str) -> None:
    trained = model()
    fit(trained, 2, RNNWeights(log_dir, heatmap_dtype="float32"))
    weights = by_kind(series_by_tag(log_dir), "weights")
    tensors = decompose(trained)
    assert len(tensors) == len(weights) == MATRICES
    for tensor, found in zip(tensors, weights.values(), strict=True):
        np.testing.assert_array_equal(found[1].cells, tensor.values)
    flat = np.concatenate([tensor.values.ravel() for tensor in tensors])
    whole = np.concatenate([np.ravel(one) for one in trained.get_weights()[:-2]])
    np.testing.assert_array_equal(np.sort(flat), np.sort(whole))


def test_a_frozen_layer_has_weights_and_no_gradients(log_dir: str) -> None:
    trained = model()
    trained.get_layer("lstm").trainable = False
    trained.compile(sgd(), "mse")
    fit(trained, 1, RNNWeights(log_dir, "batch"))
    logged = series_by_tag(log_dir)
    assert {name.partition("/")[0] for name in by_kind(logged, "weights")} == {"both", "lstm", "stack"}
    assert {name.partition("/")[0] for name in by_kind(logged, "gradients")} == {"both", "stack"}


def test_what_the_callback_did_to_the_model_is_undone(log_dir: str) -> None:
    trained = lstm_model()
    fit(trained, 2, RNNWeights(log_dir, "batch"))
    assert not {"apply", "apply_gradients"} & {*vars(trained.optimizer)}
    assert "train_step" not in vars(trained)
    fit(trained, 2)
    for tag, found in by_kind(series_by_tag(log_dir), "gradients").items():
        assert sorted(found) == [1, 2], tag


def test_nothing_is_warned_of(log_dir: str, caplog: pytest.LogCaptureFixture) -> None:
    fit(model(), 2, RNNWeights(log_dir, "batch"))
    assert not warnings_of(caplog)


@pytest.mark.skipif(IS_GRAPH or BACKEND == "torch", reason="there is no such option")
def test_with_several_batches_a_call_the_last_ones_gradients_are_logged(log_dir: str) -> None:
    fit(lstm_model(steps_per_execution=2), 4, RNNWeights(log_dir, 2, heatmap_dtype="float32"))
    fit(lstm_model(), 4, RNNWeights(log_dir + "-twin", 2, heatmap_dtype="float32"))
    found, twin = (by_kind(series_by_tag(one), "gradients") for one in (log_dir, log_dir + "-twin"))
    for name, snapshots in found.items():
        assert sorted(snapshots) == [2, 4]
        for step, snapshot in snapshots.items():
            np.testing.assert_allclose(snapshot.cells, twin[name][step].cells, rtol=1e-4, atol=1e-6)


@pytest.mark.skipif(not IS_KERAS_3 or BACKEND == "jax", reason="JAX's own way is below")
def test_gradients_of_a_loop_of_ones_own_are_taken_too(log_dir: str) -> None:
    trained = model()
    inputs, targets = batches(1)
    given = own_gradients(trained, inputs, targets)
    with SummaryWriter(log_dir, heatmap_dtype="float32") as writer:
        writer.add_weights(trained, 0)
        writer.add_gradients(trained, given, 1)
        trained.optimizer.apply(given, trained.trainable_variables)
        writer.add_weights(trained, 1)
    assert_gradients_are_steps(series_by_tag(log_dir), [1])


def own_gradients(trained: Any, inputs: Any, targets: Any) -> list[Any]:
    if BACKEND == "torch":
        loss = trained.compute_loss(
            y=keras.ops.convert_to_tensor(targets), y_pred=trained(inputs, training=True)
        )
        loss.backward()
        return [variable.value.grad for variable in trained.trainable_variables]
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = trained.compute_loss(y=targets, y_pred=trained(inputs, training=True))
    found: list[Any] = tape.gradient(loss, [one.value for one in trained.trainable_variables])
    return found


@pytest.mark.skipif(BACKEND != "torch", reason="only PyTorch keeps gradients beside its parameters")
def test_gradients_that_pytorch_keeps_need_not_be_passed(log_dir: str) -> None:
    trained = lstm_model()
    inputs, targets = batches(1)
    own_gradients(trained, inputs, targets)
    with SummaryWriter(log_dir) as writer:
        writer.add_gradients(trained, 1)
    assert len(by_kind(series_by_tag(log_dir), "gradients")) == LSTM_MATRICES


@pytest.mark.skipif(BACKEND != "jax", reason="for JAX's stateless functions")
def test_gradients_of_a_stateless_loop_are_taken_too(log_dir: str) -> None:
    import jax

    trained = model()
    inputs, targets = batches(1)
    variables = [one.value for one in trained.trainable_variables]
    others = [one.value for one in trained.non_trainable_variables]

    def loss(values: Any) -> Any:
        outputs, _ = trained.stateless_call(values, others, inputs)
        return ((outputs - targets) ** 2).mean()

    with SummaryWriter(log_dir, heatmap_dtype="float32") as writer:
        writer.add_weights(trained, 0)
        gradients = jax.grad(loss)(variables)
        writer.add_gradients(trained, gradients, 1)
        for variable, gradient in zip(trained.trainable_variables, gradients, strict=True):
            variable.assign(variable.value - RATE * gradient)
        writer.add_weights(trained, 1)
    assert_gradients_are_steps(series_by_tag(log_dir), [1])


@pytest.mark.skipif(not IS_KERAS_3, reason="Keras 3's own option")
def test_losses_of_a_fixed_scale_have_unscaled_gradients(log_dir: str) -> None:
    fixed = lstm_model(optimizer=sgd(loss_scale_factor=256.0))
    fit(fixed, 1, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    assert_gradients_are_steps(series_by_tag(log_dir), [1], LSTM_MATRICES)


def test_losses_scaled_for_mixed_precision_have_unscaled_gradients(log_dir: str) -> None:
    home = keras.optimizers if IS_KERAS_3 else keras.mixed_precision
    scaled = home.LossScaleOptimizer(sgd(), initial_scale=2.0**6)
    fit(lstm_model(optimizer=scaled), 1, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    assert_gradients_are_steps(series_by_tag(log_dir), [1], LSTM_MATRICES)


@pytest.mark.skipif(MODE != "tf_keras", reason="optimizers of before Keras 2.11")
def test_gradients_of_older_optimizers_are_had_too(log_dir: str) -> None:
    older = keras.optimizers.legacy.SGD(RATE)
    fit(lstm_model(optimizer=older), 2, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    assert_gradients_are_steps(series_by_tag(log_dir), [1, 2], LSTM_MATRICES)


@pytest.mark.skipif(not IS_GRAPH, reason="sessions build their step once")
def test_a_step_that_was_built_before_us_is_told_with_what_to_do(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    from tensorboard_plugin_rnnweights.frameworks.keras.gradients import graph_gradients

    trained = lstm_model()
    fit(trained, 1)
    graph_gradients._given.clear()
    fit(trained, 1, RNNWeights(log_dir, "batch"))
    (warning,) = warnings_of(caplog)
    assert "make it before the model's first fit(), or compile the model again" in warning
    assert {tag.partition("/")[0] for tag in series_by_tag(log_dir)} == {"weights", "updates"}
