"""Rules: when they hold, what they say, and which notes are read."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME
from tensorboard_plugin_rnnweights.summary.findings import (
    RULES,
    Finding,
    Note,
    NoteError,
    as_text,
    findings_of,
    parse_note,
)
from tensorboard_plugin_rnnweights.summary.measures.table import measured
from tensorboard_plugin_rnnweights.summary.signal_observations import observe_signals
from tensorboard_plugin_rnnweights.summary.snapshot import statistics_by_gate
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS
from tests.summary.flowing import BATCH, LSTM_GATES, TIMES, UNITS, lstm_signals

Array = npt.NDArray[Any]


def found(kind: str, **facts: Any) -> dict[tuple[str, str], float]:
    """The values of what is found in one kind, by rule and gate."""
    (observation,) = [one for one in observe_signals(lstm_signals(**facts)) if one.series.kind == kind]
    statistics = statistics_by_gate(observation.values)
    numbers = {**dict(zip(STATISTICS, statistics.T, strict=True)), **measured(observation, with_dear=True)}
    return {(one.rule, one.gate): one.value for one in findings_of(observation, numbers)}


def levels(**by_gate: Any) -> dict[str, Array]:
    shape = (BATCH, TIMES, UNITS)
    return {
        gate: np.broadcast_to(np.float32(by_gate.get(gate, 0.5)), shape).astype(np.float32)
        for gate in LSTM_GATES
    }


def decaying(factor: float) -> Array:
    """A gradient that shrinks by a factor at each step into the past."""
    return np.broadcast_to(factor ** np.arange(TIMES)[::-1, np.newaxis], (BATCH, TIMES, UNITS)).copy()


def test_a_healthy_cell_has_no_findings() -> None:
    assert found("gate_activations", gate_activations=levels()) == {}
    assert found("outputs") == {}
    assert found("output_gradients") == {}


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


def test_every_rule_says_what_it_looks_at() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.kind in BY_NAME
        assert rule.text[0].isupper()
        assert rule.text.endswith(".")


findings = st.builds(
    Finding,
    rule=st.sampled_from([rule.name for rule in RULES]),
    gate=st.sampled_from(LSTM_GATES),
    value=st.floats(allow_nan=False, allow_infinity=False),
)


@given(st.lists(findings, max_size=4).map(tuple), st.none() | st.integers(0, 2**63 - 1))
def test_a_note_comes_back_as_it_was(some: tuple[Finding, ...], previous_step: int | None) -> None:
    note = Note(some, previous_step)
    assert parse_note(as_text(note).encode(), LSTM_GATES) == note


GOOD: dict[str, Any] = {"rule": "saturated", "gate": "forget", "value": 0.95}


def note_of(*some: Any, **facts: Any) -> bytes:
    return json.dumps({"findings": list(some), "previous_step": 3, **facts}).encode()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"1",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"findings": 3}',
        note_of(surplus=1),
        note_of(previous_step=1.5),
        note_of(previous_step=True),
        note_of("saturated"),
        note_of({**GOOD, "rule": "unheard-of"}),
        note_of({**GOOD, "rule": ["saturated"]}),
        note_of({**GOOD, "gate": "reset"}),
        note_of({**GOOD, "value": "0.95"}),
        note_of({**GOOD, "value": True}),
        note_of({**GOOD, "value": float("nan")}),
        note_of({**GOOD, "surplus": 1}),
        note_of({"rule": "saturated", "gate": "forget"}),
    ],
    ids=lambda text: repr(text[:60]),
)
def test_anything_else_is_no_note(text: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(text, LSTM_GATES)


@given(st.binary(max_size=60))
def test_no_bytes_are_fatal(text: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(text, LSTM_GATES)
