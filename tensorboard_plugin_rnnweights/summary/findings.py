"""What the rules find in a series, and the notes of it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tensorboard_plugin_rnnweights.summary.rules import RULES

# Far above what is written: all rules for all gates of a series.
_MAX_TEXT = 2**20


class NoteError(ValueError):
    """A note that this version of the plugin can't read."""


@dataclass(frozen=True)
class Finding:
    """A rule that holds for a gate.

    Attributes:
        rule: The rule's name.
        gate: The gate.
        value: The number that it tells.
    """

    rule: str
    gate: str
    value: float


@dataclass(frozen=True)
class Note:
    """What is found in a series from one step on.

    Attributes:
        findings: All that is found.
        previous_step: The step of the snapshot before, the last one of what is no longer found; None at the
            first snapshot.
    """

    findings: tuple[Finding, ...]
    previous_step: int | None


def as_text(note: Note) -> str:
    """A note as it is stored."""
    return json.dumps(asdict(note))


def parse_note(text: Any, gates: Sequence[str]) -> Note:
    """Reads a note back.

    Raises:
        NoteError: If it is none about a series of these gates by rules that we know.
    """
    if not isinstance(text, str | bytes) or len(text) > _MAX_TEXT:
        raise NoteError("it is no text of findings")
    try:
        facts = json.loads(text)
        findings = tuple(Finding(**one) for one in facts["findings"])
        note = Note(**{**facts, "findings": findings})
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NoteError("it is no note of findings") from error
    step = note.previous_step
    if step is not None and type(step) is not int:
        raise NoteError("its previous step is no step")
    for finding in findings:
        _check(finding, gates)
    return note


def _check(finding: Finding, gates: Sequence[str]) -> None:
    value: Any = finding.value
    if finding.rule not in [rule.name for rule in RULES]:
        raise NoteError(f"there is no rule {finding.rule!r}")
    if finding.gate not in gates:
        raise NoteError(f"there is no gate {finding.gate!r}")
    if type(value) is not float or not math.isfinite(value):
        raise NoteError(f"{value!r} is no value of a finding")
