"""Which notes of findings are read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.summary.findings import Finding, Note, NoteError, as_text, parse_note
from tensorboard_plugin_rnnweights.summary.rules import RULES
from tests.summary.flowing import LSTM_GATES

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
