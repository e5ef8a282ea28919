"""Rules: when they hold, and what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME
from tensorboard_plugin_rnnweights.summary.alarms import Alarms, alarms_after, findings_of
from tensorboard_plugin_rnnweights.summary.measures.dead_units import DEAD_AFTER, dead_units, zero_streaks
from tensorboard_plugin_rnnweights.summary.measures.table import measured
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.rules import RULES, RULES_BY_NAME
from tensorboard_plugin_rnnweights.summary.signal_observations import observe_signals
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS
from tests.summary.flowing import BATCH, LSTM_GATES, TIMES, UNITS, lstm_signals

Array = npt.NDArray[Any]
Found = dict[tuple[str, str], float]


def found_in(*observations: Observation) -> list[Found]:
    """The values of what is found at each of a series' snapshots, by rule and gate."""
    alarms: Alarms = {}
    streaks = None
    found = []
    for one in observations:
        streaks = zero_streaks(streaks, one)
        statistics = dict(zip(STATISTICS, one.scan.statistics.T, strict=True))
        numbers = {**statistics, **measured(one, with_dear=True), **dead_units(streaks)}
        alarms = alarms_after(alarms, one.series, numbers)
        found.append({(one.rule, one.gate): one.value for one in findings_of(alarms)})
    return found


def flowing(kind: str, **facts: Any) -> Observation:
    return next(one for one in observe_signals(lstm_signals(**facts)) if one.series.kind == kind)


def found(kind: str, **facts: Any) -> Found:
    """What is found at once in what flows."""
    return found_in(flowing(kind, **facts))[0]


def levels(**by_gate: Any) -> dict[str, Array]:
    shape = (BATCH, TIMES, UNITS)
    return {
        gate: np.broadcast_to(np.float32(by_gate.get(gate, 0.5)), shape).astype(np.float32)
        for gate in LSTM_GATES
    }


def decaying(factor: float) -> Array:
    """A gradient that shrinks by a factor at each step into the past."""
    return np.broadcast_to(factor ** np.arange(TIMES)[::-1, np.newaxis], (BATCH, TIMES, UNITS)).copy()


def matrix(kind: str, of: str = "kernel", before: float | None = None, **by_gate: Any) -> Observation:
    """A matrix of 2 rows and 3 units a gate; numbers of a usual size where not said otherwise."""
    generator = np.random.default_rng(0)
    blocks = [
        np.broadcast_to(np.float32(by_gate.get(gate, generator.normal(size=(2, 3)))), (2, 3))
        for gate in LSTM_GATES
    ]
    tensor = GateTensor("lstm", None, 0, "LSTM", of, LSTM_GATES, np.concatenate(blocks, axis=1))
    # Of blocks that hold this number everywhere.
    norms = None if before is None else np.full(len(LSTM_GATES), before * 6**0.5)
    return Observation.of_tensor(tensor, kind, norms_before=norms)


def test_a_healthy_cell_has_no_findings() -> None:
    assert found("gate_activations", gate_activations=levels()) == {}
    assert found("outputs") == {}
    assert found("output_gradients") == {}
    for kind in ("weights", "gradients", "updates"):
        assert found_in(*[matrix(kind, before=1.0)] * 20) == [{}] * 20


def test_a_gate_is_saturated_when_nine_tenths_are_low_or_high() -> None:
    mostly_high = np.full((BATCH, TIMES, UNITS), 0.95)
    mostly_high[0, :3] = 0.5
    share = 1 - 3 / (BATCH * TIMES)
    activations = levels(input=mostly_high, cell=0.0)
    assert found("gate_activations", gate_activations=activations) == {
        ("saturated", "input"): pytest.approx(share)
    }
    mostly_high[0, :4] = 0.5
    assert found("gate_activations", gate_activations=levels(input=mostly_high)) == {}


def test_a_forget_gate_is_shut_below_a_twentieth() -> None:
    shut = found("gate_activations", gate_activations=levels(forget=0.04))
    assert shut["forget_gate_shut", "forget"] == pytest.approx(0.04)
    assert ("forget_gate_shut", "forget") not in found(
        "gate_activations", gate_activations=levels(forget=0.06, input=0.01)
    )
    unbounded = found(
        "gate_activations", gate_activations=levels(forget=-1.0), bounded_gates=frozenset({"input"})
    )
    assert unbounded == {}


def test_units_are_silent_when_more_than_a_fifth_are() -> None:
    outputs = lstm_signals().outputs.copy()
    outputs[..., 1] = 5e-4
    assert found("outputs", outputs=outputs) == {("silent_units", "whole"): pytest.approx(1 / 3)}


@pytest.mark.parametrize(("factor", "steps"), [(0.02, 4.0), (1e-7, 1.0), (0.5, None)])
def test_a_flow_vanishes_after_some_steps_into_the_past(factor: float, steps: float | None) -> None:
    expected = {} if steps is None else {("vanishing_flow", "whole"): steps}
    gradients = decaying(factor)
    assert found("output_gradients", output_gradients=gradients) == expected
    turned = gradients[:, ::-1]
    assert found("output_gradients", output_gradients=turned, is_reversed=True) == expected
    assert found("output_gradients", output_gradients=turned) == {}


def test_a_flow_near_the_threshold_does_not_flicker() -> None:
    floors = [2e-6, 5e-7, 2e-6, 9e-6, 5e-7, 2e-5, 2e-6]
    snapshots = [
        flowing("output_gradients", output_gradients=decaying(floor ** (1 / (TIMES - 1))))
        for floor in floors
    ]
    is_found = [("vanishing_flow", "whole") in one for one in found_in(*snapshots)]
    assert is_found == [False, True, True, True, True, False, False]


def test_a_gradient_explodes_when_it_is_large_twice_in_a_row() -> None:
    usual, large = matrix("gradients"), matrix("gradients", forget=1e3)
    norm = float(np.sqrt(6) * 1e3)
    assert found_in(large, usual, large, usual) == [{}] * 4
    fading = matrix("gradients", forget=200.0)
    exploding = {("exploding_gradient", "forget"): pytest.approx(norm)}
    assert found_in(usual, large, large, fading, usual) == [{}, {}, exploding, exploding, {}]
    below = matrix("gradients", forget=0.99e3 / np.sqrt(6))
    assert found_in(below, below) == [{}, {}]


def test_a_gradient_that_is_no_number_neither_explodes_nor_vanishes() -> None:
    large, lost = (matrix("gradients", forget=value) for value in (1e3, np.nan))
    assert found_in(large, large, lost, lost, lost)[2:] == [{}] * 3


def test_a_gradient_vanishes_when_it_is_tiny_three_times_in_a_row() -> None:
    tiny, usual = matrix("gradients", input=9e-8), matrix("gradients")
    nearly = matrix("gradients", input=9e-7)
    vanishing = {("vanishing_gradient", "input"): pytest.approx(9e-8)}
    assert found_in(tiny, tiny, usual, tiny, tiny) == [{}] * 5
    assert found_in(tiny, tiny, tiny, nearly, usual) == [{}, {}, vanishing, vanishing, {}]
    assert found_in(*[matrix("gradients", input=1.1e-7)] * 4) == [{}] * 4


@pytest.mark.parametrize("kind", ["weights", "gradients"])
@pytest.mark.parametrize("of", ["kernel", "recurrent_kernel"])
def test_units_are_dead_whose_column_stays_zero(kind: str, of: str) -> None:
    alive = matrix(kind, of)
    dead = matrix(kind, of, output=[0.0, 0.1, 0.2])
    dying = {("dead_units", "output"): pytest.approx(1 / 3)}
    *before, last = found_in(*[dead] * DEAD_AFTER)
    assert before == [{}] * (DEAD_AFTER - 1)
    assert last == dying
    interrupted = [*[dead] * (DEAD_AFTER - 1), alive, *[dead] * (DEAD_AFTER - 1)]
    assert found_in(*interrupted) == [{}] * len(interrupted)


def test_units_that_rest_by_turns_are_not_dead() -> None:
    columns = [[0.0, 0.1, 0.1], [0.1, 0.0, 0.1]]
    turns = [matrix("gradients", input=columns[number % 2]) for number in range(3 * DEAD_AFTER)]
    assert found_in(*turns) == [{}] * len(turns)


def test_a_bias_of_zero_has_no_dead_units() -> None:
    assert found_in(*[matrix("weights", "bias", input=0.0)] * 20) == [{}] * 20


@pytest.mark.parametrize("before", [0.0, 1.0])
def test_a_block_is_unmoved_that_stays_where_it_is(before: float) -> None:
    still, moving = (matrix("updates", before=before, cell=value) for value in (0.0, 1e-3))
    unmoved = {("unmoved", "cell"): 0.0}
    assert found_in(still, still, moving, still, still) == [{}] * 5
    assert found_in(still, still, still, moving) == [{}, {}, unmoved, {}]


def test_every_rule_says_what_it_looks_at() -> None:
    assert [*RULES_BY_NAME.values()] == [*RULES]
    for rule in RULES:
        assert {*rule.kinds} <= BY_NAME.keys()
        assert rule.text[0].isupper()
        assert rule.text.endswith(".")
        assert rule.snapshots == 1 or f"in {rule.snapshots} snapshots in a row" in rule.text
        assert rule.threshold <= rule.largest
        # It ends on the other side of where it begins, if anywhere.
        assert (rule.ends_at <= rule.threshold) is (rule.direction == "above")


@pytest.mark.parametrize(
    ("name", "threshold", "text", "ends_at"),
    [
        ("saturated", 0.9, "More than 90% of the gate's values", 0.85),
        ("saturated", 0.45, "More than 45% of the gate's values", 0.425),
        ("exploding_gradient", 5.0, "is above 5 in 2 snapshots in a row", 0.5),
        ("vanishing_gradient", 1e-5, "is below 1e-5 in 3 snapshots in a row", 1e-4),
        # A mean of 1.08 would end it, but there is none.
        ("forget_gate_shut", 0.9, "is below 0.9: the cell", 0.95),
        ("dead_units", 0.25, "for more than 25% of the units", 0.25),
        ("exploding_gradient", 0.0, "is above 0 in", 0.0),
    ],
)
def test_a_rule_with_another_threshold_says_so_and_ends_as_far_from_it(
    name: str, threshold: float, text: str, ends_at: float
) -> None:
    rule = RULES_BY_NAME[name].at(threshold)
    assert text in rule.text
    assert rule.threshold == threshold
    assert rule.ends_at == pytest.approx(ends_at)
