"""What flows through the gates on a probe, from a training to the event file."""

from __future__ import annotations

import gc
import logging
import weakref
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import torch

from tensorboard_plugin_rnnweights import RNNWeights, SummaryWriter
from tensorboard_plugin_rnnweights.frameworks.keras.probe.runner import KerasProbeRunner
from tensorboard_plugin_rnnweights.training.signals import ProbeRunners
from tests.summary.logged import Snapshot, series_by_tag, steps_by_kind
from tests.training.models import BATCH, FEATURES, TIME, Array, batches, fit, model

ACTIVATIONS = {"outputs", "cell_states", "gate_activations", "correlations"}
FLOW = {"output_gradients", "gate_gradients", "reach"}
PARAMETERS = {"weights", "gradients", "updates"}


def probe() -> tuple[Array, Array]:
    inputs, targets = batches(1)
    return inputs[:3], targets[:3]


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("tensorboard_plugin_rnnweights")
    ]


def plane(snapshot: Snapshot, name: str, gate: str) -> Array:
    """One gate's part of a plane of a heatmap, of shape (rows, columns)."""
    cells = snapshot.cells[list(snapshot.series.planes).index(name)].astype(np.float64)
    parts = np.split(cells, len(snapshot.series.gates), axis=1)
    return dict(zip(snapshot.series.gates, parts, strict=True))[gate]


def test_a_probe_with_targets_is_logged_as_all_kinds_at_every_snapshot(log_dir: str) -> None:
    fit(model(), 2, RNNWeights(log_dir, probe=probe()), epochs=2)
    steps = steps_by_kind(log_dir)
    assert set(steps) == ACTIVATIONS | FLOW | PARAMETERS
    assert all(steps[kind] == [0, 1, 2] for kind in ACTIVATIONS | FLOW)


def test_a_probe_without_targets_has_the_reach_of_the_outputs(log_dir: str) -> None:
    fit(model(), 1, RNNWeights(log_dir, probe=probe()[0]))
    assert set(steps_by_kind(log_dir)) == ACTIVATIONS | PARAMETERS | {"reach"}
    reach = series_by_tag(log_dir)["reach/lstm"][0].series
    assert (reach.of, reach.rows, reach.columns) == ("outputs", TIME, TIME)


@pytest.mark.parametrize(
    "given",
    [
        lambda x, y: tf.data.Dataset.from_tensor_slices((x, y)).batch(3),
        lambda x, y: (tf.constant(x), tf.constant(y)),
        lambda x, y: (x, y, np.ones(3, np.float32)),
        lambda x, y: iter([(x, y)]),
    ],
    ids=["data set", "tensors", "weighted", "iterator"],
)
def test_a_probe_may_be_whatever_fit_takes(log_dir: str, given: Any) -> None:
    fit(model(), 1, RNNWeights(log_dir, probe=given(*probe())))
    assert set(steps_by_kind(log_dir)) == ACTIVATIONS | FLOW | PARAMETERS


def test_several_inputs_are_a_list(log_dir: str) -> None:
    first, second = keras.layers.Input((TIME, 2)), keras.layers.Input((TIME, 1))
    outputs = keras.layers.LSTM(4)(keras.layers.Concatenate()([first, second]))
    trained = keras.Model([first, second], keras.layers.Dense(1)(outputs))
    trained.compile("sgd", "mse")
    inputs, targets = batches(1)
    parts = [inputs[..., :2], inputs[..., 2:]]
    logs = RNNWeights(log_dir, probe=(parts, targets))
    trained.fit(parts, targets, verbose=0, callbacks=[logs])
    assert set(steps_by_kind(log_dir)) == ACTIVATIONS | FLOW | PARAMETERS


def trained_weights(*callbacks: Any) -> list[Array]:
    """The weights of a model with all that could be disturbed, after a training."""
    keras.utils.set_random_seed(3)
    layers = [
        keras.layers.Input((TIME, FEATURES), batch_size=BATCH),
        keras.layers.GaussianNoise(0.1),
        keras.layers.LSTM(6, return_sequences=True, stateful=True, dropout=0.2, recurrent_dropout=0.2),
        keras.layers.BatchNormalization(),
        keras.layers.Bidirectional(keras.layers.GRU(4)),
        keras.layers.Dense(1),
    ]
    trained = keras.Sequential(layers)
    trained.compile("adam", "mse", metrics=["mae"])
    inputs, targets = batches(4)
    history = trained.fit(
        inputs,
        targets,
        batch_size=BATCH,
        epochs=2,
        shuffle=False,
        verbose=0,
        validation_data=(inputs[:BATCH], targets[:BATCH]),
        callbacks=list(callbacks),
    )
    numbers = [np.array(history.history[name]) for name in sorted(history.history)]
    return [*(variable.numpy() for variable in trained.variables), *numbers]


@pytest.mark.parametrize("update_freq", ["epoch", 1])
def test_a_training_is_the_same_to_the_bit_with_a_probe(log_dir: str, update_freq: Any) -> None:
    inputs, targets = batches(1)
    with_probe = trained_weights(RNNWeights(log_dir, update_freq, probe=(inputs, targets)))
    assert set(steps_by_kind(log_dir)) >= ACTIVATIONS | FLOW
    for found, expected in zip(with_probe, trained_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_gate_gradients_add_up_to_the_logged_gradient_of_the_weights(log_dir: str) -> None:
    trained = model()
    inputs, targets = batches(1)
    logs = RNNWeights(log_dir, "batch", probe=(inputs[:1], targets[:1]), heatmap_dtype="float32")
    trained.fit(inputs[:1], targets[:1], verbose=0, callbacks=[logs])
    logged = series_by_tag(log_dir)
    outputs = np.concatenate(
        [
            plane(logged[f"outputs/both/{direction}"][0], "sample 0", "whole")
            for direction in ("forward", "backward")
        ]
    )
    for gate in ("input", "forget", "cell", "output"):
        at_time_steps = plane(logged["gate_gradients/lstm"][0], "sample 0", gate)
        # The gradient at step 1 is that of the weights of step 0, on which the probe was run.
        expected = logged["gradients/lstm/kernel"][1].blocks[gate]
        np.testing.assert_allclose(outputs @ at_time_steps.T, expected, rtol=1e-4, atol=1e-7)


def test_tokens_and_chosen_samples_are_facts_of_the_series(log_dir: str) -> None:
    logs = RNNWeights(
        log_dir, probe=probe(), probe_tokens=["abcde", "fghij", "klmno"], probe_samples=[2, 0]
    )
    fit(model(), 1, logs)
    outputs = series_by_tag(log_dir)["outputs/lstm"][0].series
    assert outputs.planes == ("mean over the batch", "sample 2", "sample 0")
    assert outputs.tokens == (tuple("klmno"), tuple("abcde"))
    gates = series_by_tag(log_dir)["gate_activations/both/backward"][0].series
    assert gates.is_reversed
    assert gates.tokens == (tuple("klmno"),)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (np.zeros((3, TIME, FEATURES + 1), np.float32), "shape"),
        (np.full((3, TIME, FEATURES), np.nan, np.float32), "NaN"),
        (np.zeros((0, TIME, FEATURES), np.float32), "empty|no sample"),
        ([np.zeros((3, TIME, FEATURES), np.float32)] * 2, "input"),
    ],
    ids=["shape", "NaN", "empty", "two inputs"],
)
def test_a_probe_that_the_model_cannot_take_is_reported_once_and_the_rest_goes_on(
    log_dir: str, given: Any, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    fit(model(), 2, RNNWeights(log_dir, "batch", probe=given))
    (warning,) = warnings_of(caplog)
    assert "probe" in warning
    assert "\n" not in warning
    assert any(part in warning for part in reason.split("|"))
    assert set(steps_by_kind(log_dir)) == PARAMETERS


def test_a_probe_that_failed_is_not_run_again_in_this_training(
    log_dir: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[bool] = []
    run = KerasProbeRunner.run

    def counting(self: Any, inputs: Any, targets: Any = None, sample_weight: Any = None) -> Any:
        attempts.append(targets is not None)
        return run(self, inputs, targets, sample_weight)

    monkeypatch.setattr(KerasProbeRunner, "run", counting)
    inputs, targets = probe()
    logs = RNNWeights(log_dir, "batch", probe=(inputs, np.zeros((3, 7, 5), np.float32)))
    fit(model(), 3, logs)
    assert attempts == [True, False, False, False, False]
    attempts.clear()
    fit(model(), 3, RNNWeights(log_dir, "batch", probe=(inputs[..., :1], targets)))
    assert attempts == [True, False]


def test_a_loader_shuffles_as_if_no_probe_had_been_taken_of_it(log_dir: str) -> None:
    def orders(is_probed: bool, generator: torch.Generator | None) -> list[Any]:
        torch.manual_seed(1)
        samples = torch.utils.data.TensorDataset(torch.arange(20.0), torch.arange(20.0))
        loader = torch.utils.data.DataLoader(samples, batch_size=4, shuffle=True, generator=generator)
        if is_probed:
            RNNWeights(log_dir, probe=loader)
        return [*(batch[0].tolist() for batch in loader), torch.rand(1).item()]

    def seeded() -> torch.Generator:
        return torch.Generator().manual_seed(2)

    assert orders(True, None) == orders(False, None)
    assert orders(True, seeded()) == orders(False, seeded())


def test_tokens_are_those_of_the_layers_that_get_the_probes_samples(log_dir: str) -> None:
    class Sentences(torch.nn.Module):
        """Reads each sentence of a text, and then what it read."""

        def __init__(self) -> None:
            super().__init__()
            self.words = torch.nn.GRU(FEATURES, 4, batch_first=True)
            self.text = torch.nn.GRU(4, 4, batch_first=True)

        def forward(self, texts: torch.Tensor) -> Any:
            read, _ = self.words(texts.flatten(0, 1))
            return self.text(read[:, -1].unflatten(0, texts.shape[:2]))

    texts = torch.randn(2, 3, TIME, FEATURES)
    with SummaryWriter(log_dir) as writer:
        writer.add_activations(Sentences(), texts, 0, tokens=["abc", "def"])
        with pytest.raises(ValueError, match="tokens of 4"):
            writer.add_activations(Sentences(), texts, 1, tokens=["abc"] * 4)
    tokens = {tag: snapshots[0].series.tokens for tag, snapshots in series_by_tag(log_dir).items()}
    assert tokens["outputs/text"] == (tuple("abc"), tuple("def"))
    assert tokens["outputs/words"] == ()


def test_losses_that_are_new_functions_at_each_step_do_not_pile_up() -> None:
    runners = ProbeRunners()
    module = torch.nn.LSTM(FEATURES, 4)
    own = runners.of(module)
    losses = []
    for _ in range(20):
        loss = lambda outputs, targets: outputs[0].mean()  # noqa: E731
        losses.append(weakref.ref(loss))
        assert runners.of(module, loss) is runners.of(module, loss)
        assert runners.of(module) is own
    del loss
    gc.collect()
    assert sum(one() is not None for one in losses) < 5


def test_targets_without_a_loss_are_reported_once_and_what_flows_forward_is_logged(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    class OwnLoss(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = keras.layers.LSTM(4)

        def call(self, inputs: Any) -> Any:
            return self.lstm(inputs)

        def train_step(self, data: Any) -> Any:
            return {"loss": 0.0}

    trained = OwnLoss()
    trained.compile()
    trained(probe()[0])
    fit(trained, 1, RNNWeights(log_dir, gradients=False, probe=probe()))
    (warning,) = warnings_of(caplog)
    assert "loss" in warning
    assert set(steps_by_kind(log_dir)) >= ACTIVATIONS
    assert not {"output_gradients", "gate_gradients"} & set(steps_by_kind(log_dir))


def test_a_sequence_over_the_limit_has_all_but_its_reach(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    fit(model(), 2, RNNWeights(log_dir, probe=probe(), max_reach_time=TIME - 1), epochs=2)
    warnings = warnings_of(caplog)
    # One for each layer and direction.
    assert len(warnings) == 3
    assert all(f"the limit is {TIME - 1}" in warning for warning in warnings)
    assert set(steps_by_kind(log_dir)) == (ACTIVATIONS | FLOW | PARAMETERS) - {"reach"}


def test_a_cell_that_cannot_be_replayed_is_reported_once_and_its_outputs_are_logged(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    trained = keras.Sequential(
        [
            keras.layers.Input((TIME, FEATURES)),
            keras.layers.LSTM(4, activation=lambda x: x * 0.5, return_sequences=True, name="own"),
            keras.layers.GRU(4, name="known"),
            keras.layers.Dense(1),
        ]
    )
    trained.compile("sgd", "mse")
    fit(trained, 2, RNNWeights(log_dir, probe=probe()), epochs=2)
    (warning,) = warnings_of(caplog)
    assert "'own'" in warning
    logged = series_by_tag(log_dir)
    assert "outputs/own" in logged
    assert "gate_activations/own" not in logged
    assert "gate_activations/known" in logged


def test_loops_of_ones_own_log_activations_and_gradient_flow(log_dir: str) -> None:
    trained = model()
    inputs, targets = probe()
    with SummaryWriter(log_dir) as writer:
        for step in (0, 5):
            writer.add_activations(trained, inputs, step)
            writer.add_gradient_flow(trained, inputs, targets, step, loss=keras.losses.mean_absolute_error)
    assert steps_by_kind(log_dir) == {kind: [0, 5] for kind in ACTIVATIONS | FLOW}


def test_pytorch_has_the_same_calls(log_dir: str) -> None:
    module = torch.nn.LSTM(FEATURES, 4, num_layers=2, bidirectional=True, batch_first=True)

    def loss(outputs: Any, targets: torch.Tensor) -> torch.Tensor:
        return ((outputs[0].mean(-1) - targets) ** 2).mean()

    inputs, targets = torch.randn(3, TIME, FEATURES), torch.zeros(3, TIME)
    with SummaryWriter(log_dir) as writer:
        writer.add_activations(module, inputs, 0)
        writer.add_gradient_flow(module, inputs, targets, 0, loss=loss)
    assert set(steps_by_kind(log_dir)) == ACTIVATIONS | FLOW
    assert {tag for tag in series_by_tag(log_dir) if tag.startswith("reach/")} == {
        f"reach/lstm/{direction}{cell}" for direction in ("forward", "backward") for cell in ("", "/cell_1")
    }


def test_gradient_flow_needs_a_loss(log_dir: str) -> None:
    with SummaryWriter(log_dir) as writer, pytest.raises(ValueError, match="loss"):
        writer.add_gradient_flow(torch.nn.LSTM(FEATURES, 4), torch.randn(TIME, 2, FEATURES), 0, 0)


def test_a_tuple_of_more_than_three_is_no_probe() -> None:
    with pytest.raises(ValueError, match="several inputs are a list"):
        RNNWeights("logs", probe=(1, 2, 3, 4))


def test_heatmaps_get_rarer_and_the_last_one_is_always_there(log_dir: str) -> None:
    trained = model()
    with SummaryWriter(log_dir, heatmap_freq=10) as writer:
        for step in range(26):
            writer.add_weights(trained, step)
    snapshots = series_by_tag(log_dir)["weights/lstm/kernel"]
    assert len(snapshots) == 26
    assert [step for step, one in snapshots.items() if one.cells.size] == [0, 10, 20, 25]


@pytest.mark.parametrize("max_reach_time", ["far", -1, True, 1.5])
def test_another_max_reach_time_is_refused(log_dir: str, max_reach_time: Any) -> None:
    with pytest.raises(ValueError, match="max_reach_time has to be"):
        RNNWeights(log_dir, max_reach_time=max_reach_time)
    with pytest.raises(ValueError, match="max_reach_time has to be"):
        SummaryWriter(log_dir, max_reach_time=max_reach_time)


@pytest.mark.parametrize("heatmap_freq", ["often", 0, True, 1.5])
def test_another_heatmap_freq_is_refused(log_dir: str, heatmap_freq: Any) -> None:
    with pytest.raises(ValueError, match="heatmap_freq has to be"):
        RNNWeights(log_dir, heatmap_freq=heatmap_freq)


def test_nothing_is_warned_of(log_dir: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        fit(model(), 2, RNNWeights(log_dir, "batch", probe=probe()))
    assert warnings_of(caplog) == []
