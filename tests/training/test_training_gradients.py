"""The gradients that are logged are those that the optimizer got for that batch, gate by gate."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from tensorboard_plugin_rnnweights import RNNWeights, decompose
from tests.summary.logged import series_by_tag
from tests.training.models import BATCH, batches, fit, model, tape_gradients

OPTIMIZERS: dict[str, Any] = {
    "plain": lambda: keras.optimizers.SGD(0.1),
    "adam": lambda: keras.optimizers.Adam(0.01),
    "clipped by norm": lambda: keras.optimizers.SGD(0.1, clipnorm=1e-3),
    "clipped by value": lambda: keras.optimizers.Adam(0.1, clipvalue=1e-4),
    "clipped by global norm": lambda: keras.optimizers.SGD(0.1, global_clipnorm=1e-3),
    "with a fixed loss scale": lambda: keras.optimizers.SGD(0.1, loss_scale_factor=256.0),
    "averaged over steps": lambda: keras.optimizers.SGD(0.1, use_ema=True, ema_overwrite_frequency=1),
    "accumulated": lambda: keras.optimizers.SGD(0.1, gradient_accumulation_steps=2),
}
COMPILED: dict[str, dict[str, Any]] = {
    "graph": {"jit_compile": False},
    "XLA": {"jit_compile": True},
    "eager": {"run_eagerly": True},
}


def logged_blocks(log_dir: str, step: int) -> dict[tuple[str, str], Any]:
    """The gradients' blocks at a step, by tag and gate."""
    return {
        (tag, gate): block
        for tag, snapshots in series_by_tag(log_dir).items()
        if tag.startswith("gradients/")
        for gate, block in snapshots[step].blocks.items()
    }


def expected_blocks(trained: keras.Model, gradients: list[Any]) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for tensor in decompose(trained, gradients):
        place = [tensor.layer, *([tensor.direction] if tensor.direction else []), tensor.matrix]
        found |= {("/".join(["gradients", *place]), gate): block for gate, block in tensor.blocks.items()}
    return found


def assert_same_blocks(found: dict[Any, Any], expected: dict[Any, Any], rtol: float = 1e-5) -> None:
    assert found.keys() == expected.keys()
    # Two directions x four matrices of three gates, and three matrices of four.
    assert len(found) == 2 * 4 * 3 + 3 * 4
    for name, block in expected.items():
        np.testing.assert_allclose(found[name], block, rtol=rtol, atol=1e-2 * rtol, err_msg=str(name))
        assert np.abs(block).max() > 0, name


@pytest.mark.parametrize("compiled", COMPILED.values(), ids=COMPILED)
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_they_equal_the_tapes(log_dir: str, optimizer: Any, compiled: dict[str, Any]) -> None:
    trained = model(optimizer=optimizer(), **compiled)
    inputs, targets = batches(1)
    gradients = tape_gradients(trained, inputs, targets)
    fit(trained, 1, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    assert_same_blocks(logged_blocks(log_dir, 1), expected_blocks(trained, gradients))


def test_under_mixed_precision_they_are_not_scaled(log_dir: str) -> None:
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        trained = model(optimizer="adam")
        assert isinstance(trained.optimizer, keras.mixed_precision.LossScaleOptimizer)
        inputs, targets = batches(1)
        gradients = tape_gradients(trained, inputs, targets)
        fit(trained, 1, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
        assert_same_blocks(logged_blocks(log_dir, 1), expected_blocks(trained, gradients), rtol=2e-2)
    finally:
        keras.mixed_precision.set_global_policy("float32")


def test_a_step_that_mixed_precision_leaves_out_logs_no_gradients_rather_than_old_ones(
    log_dir: str,
) -> None:
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        inner = keras.optimizers.SGD(0.1)
        # So large a scale makes each gradient infinite in float16, so that the step is left out.
        optimizer = keras.mixed_precision.LossScaleOptimizer(inner, initial_scale=2.0**120)
        fit(model(optimizer=optimizer), 2, RNNWeights(log_dir, "batch"))
    finally:
        keras.mixed_precision.set_global_policy("float32")
    kinds = {tag.partition("/")[0] for tag in series_by_tag(log_dir)}
    assert kinds == {"weights", "updates"}


def test_with_several_steps_an_execution_they_are_the_last_batchs(log_dir: str) -> None:
    twin = model()
    inputs, targets = batches(3)
    for number in range(2):
        part = slice(number * BATCH, (number + 1) * BATCH)
        twin.train_on_batch(inputs[part], targets[part])
    last = slice(2 * BATCH, None)
    gradients = tape_gradients(twin, inputs[last], targets[last])
    trained = model(steps_per_execution=3)
    fit(trained, 3, RNNWeights(log_dir, "batch", heatmap_dtype="float32"))
    assert_same_blocks(logged_blocks(log_dir, 3), expected_blocks(twin, gradients), rtol=1e-4)


def test_of_later_batches_they_are_those_batches_own(log_dir: str) -> None:
    twin = model()
    inputs, targets = batches(4)
    trained = model()
    fit(trained, 4, RNNWeights(log_dir, 2, heatmap_dtype="float32"))
    for number in range(4):
        part = slice(number * BATCH, (number + 1) * BATCH)
        if number % 2:
            gradients = tape_gradients(twin, inputs[part], targets[part])
            expected = expected_blocks(twin, gradients)
            assert_same_blocks(logged_blocks(log_dir, number + 1), expected, rtol=1e-4)
        twin.train_on_batch(inputs[part], targets[part])


def test_a_frozen_layer_has_weights_and_no_gradients(log_dir: str) -> None:
    trained = model()
    trained.get_layer("lstm").trainable = False
    trained.compile("sgd", "mse")
    fit(trained, 1, RNNWeights(log_dir, "batch"))
    logged: dict[str, set[str]] = {}
    for tag in series_by_tag(log_dir):
        kind, layer, *_ = tag.split("/")
        logged.setdefault(kind, set()).add(layer)
    assert logged == {"weights": {"both", "lstm"}, "gradients": {"both"}, "updates": {"both"}}


def test_training_is_the_same_to_the_bit_with_and_without(log_dir: str) -> None:
    with_us, without = model(optimizer="adam"), model(optimizer="adam")
    fit(with_us, 3, RNNWeights(log_dir, "batch"), epochs=2)
    fit(without, 3, epochs=2)
    for ours, theirs in zip(with_us.get_weights(), without.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_afterwards_the_optimizer_is_as_it_was(log_dir: str) -> None:
    trained = model()
    fit(trained, 1, RNNWeights(log_dir, "batch"))
    assert "apply" not in vars(trained.optimizer)
    fit(trained, 1)
