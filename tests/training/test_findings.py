"""What the rules find in real trainings, and that they find nothing in healthy ones."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from tensorboard_plugin_rnnweights import RNNWeights
from tensorboard_plugin_rnnweights.summary.findings import parse_note
from tensorboard_plugin_rnnweights.summary.measures.dead_units import DEAD_AFTER
from tensorboard_plugin_rnnweights.summary.metadata import FINDINGS_PLUGIN, series_tag
from tests.summary.logged import read_events, series_by_tag, values_of
from tests.training.models import BATCH, FEATURES, TIME, batches, fit, model

BATCHES = DEAD_AFTER + 4

Found = set[tuple[str, str, str]]
"""Rule, series and gate."""


def ever_found(log_dir: str) -> Found:
    """All that was found at some step of a run."""
    found: Found = set()
    gates = {tag: next(iter(one.values())).series.gates for tag, one in series_by_tag(log_dir).items()}
    for event in read_events(log_dir):
        if value := values_of(event).get(FINDINGS_PLUGIN):
            tag = series_tag(FINDINGS_PLUGIN, value.tag)
            note = parse_note(value.tensor.string_val[0], gates[tag])
            found |= {(one.rule, tag, one.gate) for one in note.findings}
    return found


def rules_of(found: Found, tag: str) -> set[str]:
    return {rule for rule, series, _ in found if series == tag}


def trained(log_dir: str, *layers: keras.Layer, time: int = TIME, rate: float = 0.05) -> Found:
    """What is found in a training of some layers, at every batch of which there is a snapshot."""
    inputs, targets = batches(BATCHES)
    one = keras.Sequential([keras.layers.Input((time, FEATURES)), *layers, keras.layers.Dense(1)])
    one.compile(keras.optimizers.SGD(rate), "mse")
    logs = RNNWeights(log_dir, "batch")
    one.fit(inputs[:, :time], targets, batch_size=BATCH, shuffle=False, verbose=0, callbacks=[logs])
    return ever_found(log_dir)


@pytest.fixture(autouse=True)
def _same_weights() -> None:
    keras.utils.set_random_seed(1)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_nothing_is_found_in_a_healthy_training(log_dir: str, optimizer: str) -> None:
    inputs, targets = batches(1)
    logs = RNNWeights(log_dir, "batch", probe=(inputs, targets))
    fit(model(optimizer=optimizer), BATCHES, logs, epochs=2)
    assert ever_found(log_dir) == set()


def test_a_learning_rate_of_1000_lets_gradients_explode(log_dir: str) -> None:
    fit(model(optimizer=keras.optimizers.SGD(1e3)), BATCHES, RNNWeights(log_dir, "batch"))
    found = ever_found(log_dir)
    assert "exploding_gradient" in rules_of(found, "gradients/lstm/kernel")
    assert "exploding_gradient" in rules_of(found, "gradients/lstm/bias")


def test_gradients_vanish_below_a_layer_that_lets_none_through(log_dir: str) -> None:
    found = trained(
        log_dir,
        keras.layers.LSTM(4, return_sequences=True, name="below"),
        keras.layers.Rescaling(1e-9),
        keras.layers.LSTM(4, name="above"),
    )
    gates = ("input", "forget", "cell", "output")
    assert found >= {("vanishing_gradient", "gradients/below/kernel", gate) for gate in gates}
    assert found >= {("unmoved", "updates/below/kernel", gate) for gate in gates}
    assert "dead_units" not in rules_of(found, "gradients/below/kernel")
    for kind in ("gradients", "updates"):
        assert rules_of(found, f"{kind}/above/recurrent_kernel") == set()


def test_a_rectified_unit_that_never_fires_is_dead_in_the_gradients(log_dir: str) -> None:
    def one_far_below(shape: Any, dtype: Any = None) -> Any:
        return keras.ops.convert_to_tensor(np.where(np.arange(*shape) == 2, -100, 1), dtype)

    layer = keras.layers.SimpleRNN(5, "relu", name="rnn", bias_initializer=one_far_below)
    found = trained(log_dir, layer, rate=1e-3)
    matrices = ("kernel", "recurrent_kernel")
    assert found == {("dead_units", f"gradients/rnn/{matrix}", "hidden") for matrix in matrices}
    newest = list(series_by_tag(log_dir)["gradients/rnn/kernel"].values())[-1]
    assert newest.statistics["hidden"]["dead_units"] == pytest.approx(1 / 5)
    assert (newest.profiles["norm_by_unit"][0] == 0).tolist() == [False, False, True, False, False]


def test_a_column_that_is_held_at_zero_is_dead_in_the_weights(log_dir: str) -> None:
    class Pruned(keras.constraints.Constraint):
        """One unit of the forget gate without inputs."""

        def __call__(self, weights: Any) -> Any:
            return weights * (np.arange(16) != 4 + 1).astype(np.float32)

    found = trained(log_dir, keras.layers.LSTM(4, name="lstm", kernel_constraint=Pruned()))
    assert found == {("dead_units", "weights/lstm/kernel", "forget")}


def test_without_a_past_recurrent_kernels_do_not_move(log_dir: str) -> None:
    found = trained(log_dir, keras.layers.LSTM(4, name="lstm"), time=1)
    assert rules_of(found, "updates/lstm/recurrent_kernel") == {"unmoved"}
    assert rules_of(found, "gradients/lstm/recurrent_kernel") == {"vanishing_gradient", "dead_units"}
    # The forget gate, too, has nothing to forget.
    still = {gate for rule, tag, gate in found if (rule, tag) == ("unmoved", "updates/lstm/kernel")}
    assert still == {"forget"}
    assert {gate for _, tag, gate in found if tag == "updates/lstm/bias"} == {"forget"}


def test_what_is_frozen_is_not_said_not_to_move(log_dir: str) -> None:
    frozen = keras.layers.LSTM(4, return_sequences=True, name="frozen", trainable=False)
    assert trained(log_dir, frozen, keras.layers.GRU(3, name="gru")) == set()
