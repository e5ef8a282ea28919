"""What the callback logs, when, at which step, and what it does where it can't."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from tensorboard_plugin_rnnweights import RNNWeights, decompose
from tensorboard_plugin_rnnweights.training import callback as training_callback
from tests.summary.logged import notices_of, series_by_tag, steps_by_kind
from tests.training.models import batches, fit, model


@pytest.mark.parametrize(
    ("update_freq", "weights", "gradients"),
    [
        ("epoch", [0, 1, 2], [1, 2]),
        ("batch", list(range(9)), list(range(1, 9))),
        (3, [0, 3, 6], [3, 6]),
        (5, [0, 5], [5]),
    ],
)
def test_a_snapshot_is_logged_before_training_and_then_every_so_often(
    log_dir: str, update_freq: Any, weights: list[int], gradients: list[int]
) -> None:
    fit(model(), 4, RNNWeights(log_dir, update_freq), epochs=2)
    # The first snapshot of the weights has nothing before it that could have changed.
    assert steps_by_kind(log_dir) == {"weights": weights, "gradients": gradients, "updates": weights[1:]}


@pytest.mark.parametrize(
    ("left_out", "logged"),
    [
        ("weights", {"gradients"}),  # and so updates, which are those of the weights
        ("gradients", {"weights", "updates"}),
        ("updates", {"weights", "gradients"}),
    ],
)
def test_each_kind_can_be_left_out(log_dir: str, left_out: str, logged: set[str]) -> None:
    fit(model(), 1, RNNWeights(log_dir, **dict[str, Any]({left_out: False})))
    assert set(steps_by_kind(log_dir)) == logged


def test_the_weights_are_those_of_their_step(log_dir: str) -> None:
    trained = model()
    before = decompose(trained)
    fit(trained, 2, RNNWeights(log_dir, heatmap_dtype="float32"))
    logged = series_by_tag(log_dir)
    for first, last in zip(before, decompose(trained), strict=True):
        place = [first.layer, *([first.direction] if first.direction else []), first.matrix]
        snapshots = logged["/".join(["weights", *place])]
        np.testing.assert_array_equal(snapshots[0].cells, first.values)
        np.testing.assert_array_equal(snapshots[1].cells, last.values)


@pytest.mark.parametrize(("update_freq", "steps"), [("epoch", [0, 1, 2, 3]), (2, [0, 2, 4, 6])])
def test_a_second_training_counts_on(log_dir: str, update_freq: Any, steps: list[int]) -> None:
    trained, callback = model(), RNNWeights(log_dir, update_freq)
    fit(trained, 2, callback, epochs=2)
    fit(trained, 2, callback)
    assert steps_by_kind(log_dir)["weights"] == steps


def test_a_second_training_goes_on_with_all_series_of_the_first(log_dir: str) -> None:
    trained, callback = model(), RNNWeights(log_dir, heatmap_dtype="float32")
    for _ in range(3):
        fit(trained, 2, callback)
    logged = series_by_tag(log_dir)
    weights, updates = logged["weights/lstm/kernel"], logged["updates/lstm/kernel"]
    assert list(updates) == [1, 2, 3]
    for step in updates:
        change = weights[step].cells - weights[step - 1].cells
        np.testing.assert_array_equal(updates[step].cells, change)


def test_a_training_that_goes_on_at_a_later_epoch_has_its_steps(log_dir: str) -> None:
    fit(model(), 1, RNNWeights(log_dir), initial_epoch=5, epochs=7)
    assert steps_by_kind(log_dir)["weights"] == [5, 6, 7]


def test_batches_count_from_what_the_optimizer_has_done_before(log_dir: str) -> None:
    trained = model()
    fit(trained, 3)
    fit(trained, 3, RNNWeights(log_dir, 2))
    assert steps_by_kind(log_dir)["weights"] == [3, 4, 6]


def test_batches_of_an_unknown_number_are_logged_too(log_dir: str) -> None:
    inputs, targets = batches(3)

    def examples() -> Any:
        for number in range(3):
            part = slice(8 * number, 8 * (number + 1))
            yield inputs[part], targets[part]

    model().fit(examples(), verbose=0, callbacks=[RNNWeights(log_dir)])
    assert steps_by_kind(log_dir) == {"weights": [0, 1], "gradients": [1], "updates": [1]}


@pytest.mark.parametrize("update_freq", [0, -1, "foo", True, 1.5, None])
def test_an_update_freq_that_means_nothing_is_refused_at_once(update_freq: Any) -> None:
    with pytest.raises(ValueError, match="update_freq has to be 'epoch', 'batch' or a number"):
        RNNWeights("logs", update_freq)


@pytest.mark.parametrize("options", [{"heatmap_dtype": "float16"}, {"max_cells": 0}], ids=str)
def test_other_options_that_mean_nothing_are_refused_at_once(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="has to be"):
        RNNWeights("logs", **options)


class _Interrupt(keras.callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        raise KeyboardInterrupt


def test_after_a_training_that_was_interrupted_another_one_is_logged(log_dir: str) -> None:
    trained = model()
    with pytest.raises(KeyboardInterrupt):
        fit(trained, 2, RNNWeights(log_dir + "-interrupted", "batch"), _Interrupt())
    fit(trained, 2, RNNWeights(log_dir, "batch"))
    assert steps_by_kind(log_dir) == {"weights": [1, 2, 3], "gradients": [2, 3], "updates": [2, 3]}
    assert "apply" not in vars(trained.optimizer)


def test_a_train_step_of_ones_own_is_logged_too(log_dir: str) -> None:
    class Own(keras.Sequential):
        def train_step(self, data: Any) -> dict[str, Any]:
            inputs, targets = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(y=targets, y_pred=self(inputs, training=True))
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {"loss": loss}

    trained = Own(model().layers)
    trained.compile("sgd", "mse")
    fit(trained, 2, RNNWeights(log_dir, "batch"))
    assert steps_by_kind(log_dir) == {"weights": [0, 1, 2], "gradients": [1, 2], "updates": [1, 2]}


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name.startswith("tensorboard_plugin_rnnweights")
    ]


def test_a_model_without_recurrent_layers_is_reported_once_and_trained(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    dense = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)], name="dense")
    dense.compile("sgd", "mse")
    before = dense.get_weights()[0]
    inputs = np.ones((16, 3), np.float32)
    dense.fit(inputs, inputs[:, :1], epochs=2, verbose=0, callbacks=[RNNWeights(log_dir, "batch")])
    (warning,) = warnings_of(caplog)
    assert "'dense' has no recurrent layer" in warning
    assert not np.array_equal(dense.get_weights()[0], before)
    (notice,) = notices_of(log_dir)
    assert notice.notice.text in warning


def test_a_directory_that_cannot_be_made_is_told_once_and_the_model_trained(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no directory")
    trained = model()
    before = trained.get_weights()[0]
    fit(trained, 2, RNNWeights(tmp_path / "file" / "run1", "batch"))
    (warning,) = warnings_of(caplog)
    assert "file/run1" in warning
    assert not np.array_equal(trained.get_weights()[0], before)


def test_an_optimizer_that_cannot_be_tapped_still_leaves_the_weights(
    log_dir: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    fit(model(), 1, RNNWeights(log_dir))
    assert set(steps_by_kind(log_dir)) == {"weights", "updates"}
    (warning,) = warnings_of(caplog)
    assert "training gradients can't be taken from Keras's numpy backend" in warning


def test_a_model_that_is_built_by_its_first_batch_is_logged_from_that_batch_on(
    log_dir: str,
) -> None:
    class Subclassed(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.recurrent = keras.layers.LSTM(3, name="recurrent")
            self.head = keras.layers.Dense(1)

        def call(self, inputs: Any) -> Any:
            return self.head(self.recurrent(inputs))

    trained = Subclassed()
    trained.compile("sgd", "mse")
    fit(trained, 1, RNNWeights(log_dir))
    assert steps_by_kind(log_dir) == {"weights": [1], "gradients": [1]}


def test_a_model_of_the_other_keras_is_logged_too(log_dir: str) -> None:
    # The callback is one of Keras 3's here, since that was imported first.
    assert issubclass(RNNWeights, keras.callbacks.Callback)
    layers = tf_keras.layers
    other = tf_keras.Sequential([layers.Input((5, 3)), layers.GRU(4), layers.Dense(1)])
    other.compile("sgd", "mse")
    inputs, targets = batches(2)
    other.fit(inputs, targets, batch_size=8, verbose=0, callbacks=[RNNWeights(log_dir, "batch")])
    assert steps_by_kind(log_dir) == {"weights": [0, 1, 2], "gradients": [1, 2], "updates": [1, 2]}


class Spare(keras.Model):
    """A model with a recurrent layer that is never called."""

    def __init__(self) -> None:
        super().__init__()
        self.spare = keras.layers.GRU(2, name="spare")
        self.memory = keras.layers.LSTM(2, name="memory")
        self.head = keras.layers.Dense(1, name="head")

    def call(self, inputs: Any) -> Any:
        return self.head(self.memory(inputs))


def test_a_layer_that_is_never_called_is_reported_and_the_others_are_logged(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    trained = Spare()
    trained.compile("sgd", "mse")
    for _ in range(2):
        fit(trained, 2, RNNWeights(log_dir))
        assert {one.split("/")[1] for one in series_by_tag(log_dir)} == {"memory"}
        assert "gradients" in steps_by_kind(log_dir)
        (notice,) = notices_of(log_dir)
        assert notice.notice.layers == ("spare",)
        assert notice.notice.text in caplog.text
    # What was built already is logged before the second training, too.
    assert 0 in steps_by_kind(log_dir)["weights"]


@pytest.mark.parametrize(
    ("hook", "better"),
    [("state_key", "LightningRNNWeights"), ("on_init_end", "TransformersRNNWeights")],
)
def test_the_callback_of_keras_says_which_one_another_trainer_needs(
    log_dir: str, hook: str, better: str
) -> None:
    with pytest.raises(AttributeError, match=f"RNNWeights is Keras's callback: .* rnnweights.{better}"):
        getattr(RNNWeights(log_dir), hook)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        RNNWeights(log_dir).nonsense  # noqa: B018


def test_tokens_without_a_probe_are_refused(log_dir: str) -> None:
    with pytest.raises(ValueError, match="probe_tokens and probe_samples are of a probe"):
        RNNWeights(log_dir, probe_tokens=["abc"])


def test_a_strategy_that_cannot_say_who_logs_costs_no_training(
    log_dir: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Any) -> bool:
        raise AttributeError("no cluster")

    monkeypatch.setattr(training_callback, "is_chief", fail)
    trained = model()
    fit(trained, 2, RNNWeights(log_dir, "batch"))
    assert int(trained.optimizer.iterations) == 2
    assert "no cluster. Training goes on." in caplog.text
