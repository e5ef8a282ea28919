"""Rules with other thresholds find over HTTP what the writer would have found with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tensorboard_plugin_rnnweights.rnn.kinds import GRADIENTS, UPDATES, WEIGHTS
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.rules import RULES
from tests.plugin import logs
from tests.plugin.client import Client
from tests.summary.flowing import BATCH, LSTM_GATES, TIMES, UNITS, lstm_signals
from tests.summary.recording import recorded
from tests.tensorboard_server import tensorboard, wait_for_runs

RUN = "troubled"
KNOWN = "known"
STEPS = tuple(range(0, 160, 10))
GRADIENT = "gradients/lstm/kernel"
FLOW = "output_gradients/lstm"
NORMS = (3.0, 8.0, 80.0, 80.0, 0.9, 0.4)
"""Of the input gate's gradient, in the run whose numbers are known."""


def troubled_signals(step: int) -> Any:
    """What flows in turns well and badly, in every way that a rule knows, and once not at all."""
    generator = np.random.default_rng(step)
    signals = lstm_signals(step)
    assert signals.gate_activations is not None
    for gate in LSTM_GATES:
        shape = (BATCH, TIMES, UNITS)
        level = generator.choice([0.02, 0.055, 0.5, 0.95])
        noise = generator.random(shape) < generator.choice([0.0, 0.12, 0.5])
        signals.gate_activations[gate][:] = np.where(noise, 0.5, level)
    assert signals.outputs is not None
    signals.outputs[..., 0] *= generator.choice([1.0, 1e-5])
    decay = generator.choice([0.9, 0.3, 0.1, 0.02]) ** np.arange(TIMES)[::-1, np.newaxis]
    assert signals.output_gradients is not None
    signals.output_gradients[:] = decay * generator.choice([1.0, 1.0, 1.0, np.nan])
    return signals


def troubled_matrix(kind: str, step: int) -> Observation:
    """A matrix that is too large, too small, still or empty for a while."""
    generator = np.random.default_rng([step // 40, step % 40 // 20])
    values = generator.normal(size=(2, 4 * UNITS)).astype(np.float32)
    scales = generator.choice([1e4, 1.0, 1e-8, 0.0], size=len(LSTM_GATES))
    values *= np.repeat(scales, UNITS).astype(np.float32)
    # One unit of the output gate is dead all the time, and the cell gate's gradient is lost once.
    values[:, -1] = 0.0
    values[0, 2 * UNITS] = np.nan if step == STEPS[4] else 1.0
    norms = np.full(len(LSTM_GATES), (2 * UNITS) ** 0.5)
    return Observation.of_tensor(logs.lstm("kernel", values), kind, norms_before=norms)


def gradient(norm: float) -> Observation:
    """The gradient's input gate has this norm, the others have none."""
    values = np.zeros((1, 4 * UNITS), np.float32)
    values[0, 0] = norm
    return Observation.of_tensor(logs.lstm("kernel", values), GRADIENTS)


def flowing(decay: float) -> Any:
    """A gradient that shrinks by this factor at each step into the past."""
    steps = decay ** np.arange(TIMES)[::-1, np.newaxis]
    return lstm_signals(output_gradients=np.broadcast_to(steps, (BATCH, TIMES, UNITS)).astype(np.float32))


@pytest.fixture(scope="module")
def client(load_fast: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    logdir = tmp_path_factory.mktemp("findings")
    with recorded(logdir / RUN, heatmap_freq=1000) as run:
        for step in STEPS:
            run.record_signals(troubled_signals(step), step)
            for kind in (WEIGHTS, GRADIENTS, UPDATES):
                assert run.record(troubled_matrix(kind, step), step)
    with recorded(logdir / KNOWN) as run:
        for step, norm in enumerate(NORMS):
            assert run.record(gradient(norm), step)
            run.record_signals(flowing(0.02 if step else 0.5), step)
    with tensorboard(logdir, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2)
        yield Client(url)


def found(client: Client, run: str, **thresholds: float) -> dict[str, Any]:
    answer = client.get("findings", run=run, rule=[*thresholds], threshold=[*thresholds.values()])
    assert answer.status_code == 200, answer.text
    assert answer.json()["unreadable"] == {}
    by_tag: dict[str, Any] = answer.json()["findings"]
    return by_tag


def test_rules_with_their_own_thresholds_find_what_the_writer_has_found(client: Client) -> None:
    written = {tag: one["findings"] for tag, one in client.series(RUN).items() if one["findings"]}
    assert found(client, RUN, **{rule.name: rule.threshold for rule in RULES}) == written
    # Every rule has its say in it, and some findings end.
    every = [one for own in written.values() for one in own]
    assert {one["rule"] for one in every} == {rule.name for rule in RULES}
    assert {one["last_step"] is None for one in every} == {True, False}


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (1000.0, None),
        (50.0, {"value": 80.0, "first_step": 3, "last_step": 3}),
        # It ends below a tenth of the threshold, as it does with the writer's.
        (5.0, {"value": 80.0, "first_step": 2, "last_step": 4}),
        (2.0, {"value": 8.0, "first_step": 1, "last_step": None}),
    ],
)
def test_another_threshold_finds_other_things_from_and_to_other_steps(
    client: Client, threshold: float, expected: dict[str, Any] | None
) -> None:
    facts = {"rule": "exploding_gradient", "gate": "input"}
    assert found(client, KNOWN, exploding_gradient=threshold) == (
        {GRADIENT: [{**facts, **expected}]} if expected else {}
    )


@pytest.mark.parametrize(
    ("threshold", "first_step", "after"), [(0.05, 0, 5.0), (1e-6, 1, 4.0), (1e-9, 1, 6.0)]
)
def test_after_how_many_steps_a_flow_vanishes_is_told_by_the_same_threshold(
    client: Client, threshold: float, first_step: int, after: float
) -> None:
    (finding,) = found(client, KNOWN, vanishing_flow=threshold)[FLOW]
    assert (finding["first_step"], finding["last_step"], finding["value"]) == (first_step, None, after)


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        ({}, 400, "at least once"),
        ({"rule": "saturated"}, 400, "equally often"),
        ({"rule": "too_calm", "threshold": 1}, 400, "there is no rule 'too_calm'"),
        ({"rule": "saturated", "threshold": "x"}, 400, "'threshold' has to be a number, not 'x'"),
        ({"rule": "saturated", "threshold": "nan"}, 400, "'threshold' has to be a number, not 'nan'"),
        ({"rule": "saturated", "threshold": 1.5}, 400, "'saturated' has to be 0 to 1, not 1.5"),
        ({"rule": "saturated", "threshold": 0.5, "run": "none"}, 404, "there is no run 'none'"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    client: Client, arguments: dict[str, Any], status: int, reason: str
) -> None:
    answer = client.get("findings", **{"run": KNOWN, **arguments})
    assert answer.status_code == status
    assert reason in answer.text


def test_a_run_in_which_no_rule_looks_at_anything_has_no_findings(client: Client) -> None:
    assert found(client, KNOWN, unmoved=1.0) == {}
