"""What a series' numbers give away about a training: rules, and when they hold.

Saturated gates are those of Karpathy, Johnson, Fei-Fei, 'Visualizing and understanding recurrent networks'
(2015); the vanishing gradient is that of Bengio, Simard, Frasconi, 'Learning long-term dependencies with
gradient descent is difficult' (1994).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.rnn import kinds
from tensorboard_plugin_rnnweights.summary.measures.flow import VANISHED_BELOW, flow, norms_by_time
from tensorboard_plugin_rnnweights.summary.measures.saturation import HIGH, LOW
from tensorboard_plugin_rnnweights.summary.measures.silence import SILENT_BELOW
from tensorboard_plugin_rnnweights.summary.observation import Array, Observation

SATURATED_ABOVE = 0.9
SHUT_BELOW = 0.05
SILENT_UNITS_ABOVE = 0.2

Numbers = Mapping[str, Array]
"""Statistics and measures of a snapshot by name, each of shape (gates)."""


class NoteError(ValueError):
    """A note that this version of the plugin can't read."""


@dataclass(frozen=True)
class Finding:
    """A rule that holds for a gate.

    Attributes:
        rule: The rule's name.
        gate: The gate.
        value: The number that the rule looks at.
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


@dataclass(frozen=True)
class Rule:
    """One row of the table.

    Attributes:
        name: Its name in files and over HTTP.
        text: The rule, in one sentence, with its numbers.
        kind: The kind of series that it looks at.
        of: The number that it looks at, of each gate for which it holds.
    """

    name: str
    text: str
    kind: str
    of: Callable[[Observation, Numbers], Mapping[str, float]]


def has_rules(kind: str) -> bool:
    """Whether some rule looks at such series."""
    return any(rule.kind == kind for rule in RULES)


def findings_of(observation: Observation, numbers: Numbers) -> tuple[Finding, ...]:
    """All that the rules find in an observation."""
    return tuple(
        Finding(rule.name, gate, float(value))
        for rule in RULES
        if rule.kind == observation.series.kind
        for gate, value in rule.of(observation, numbers).items()
    )


def as_text(note: Note) -> str:
    """A note as it is stored."""
    return json.dumps(asdict(note))


def parse_note(text: Any, gates: Sequence[str]) -> Note:
    """Reads a note back.

    Raises:
        NoteError: If it is none about a series of these gates by rules that we know.
    """
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


def _above(name: str, limit: float, observation: Observation, numbers: Numbers) -> dict[str, float]:
    by_gate = zip(observation.series.gates, numbers[name], strict=True)
    return {gate: value for gate, value in by_gate if value > limit}


def _saturated(observation: Observation, numbers: Numbers) -> Mapping[str, float]:
    shares = {"saturated_share": numbers["low_share"] + numbers["high_share"]}
    return _above("saturated_share", SATURATED_ABOVE, observation, shares)


def _forget_gate_shut(observation: Observation, numbers: Numbers) -> Mapping[str, float]:
    means = dict(zip(observation.series.gates, numbers["mean"], strict=True))
    shut = {"forget"} & observation.bounded_gates & means.keys()
    return {gate: means[gate] for gate in shut if means[gate] < SHUT_BELOW}


def _silent_units(observation: Observation, numbers: Numbers) -> Mapping[str, float]:
    return _above("silent_units", SILENT_UNITS_ABOVE, observation, numbers)


def _vanishing_flow(observation: Observation, numbers: Numbers) -> Mapping[str, float]:
    norms = norms_by_time(observation.blocks.values(), observation.counted)
    flows = [flow(by_time, observation.present, observation.series.is_reversed) for by_time in norms]
    by_gate = zip(observation.series.gates, flows, strict=True)
    return {gate: float(one.vanished_after) for gate, one in by_gate if one.vanished_after is not None}


def _plain(number: float) -> str:
    """A power of ten as people write it: `"1e-6"`."""
    return np.format_float_scientific(number, trim="-", exp_digits=1)


RULES: tuple[Rule, ...] = (
    Rule(
        "saturated",
        f"More than {SATURATED_ABOVE:.0%} of the gate's values on the probe are below {LOW} or above {HIGH}"
        ": it hardly learns any more.",
        kinds.GATE_ACTIVATIONS,
        _saturated,
    ),
    Rule(
        "forget_gate_shut",
        f"The forget gate's mean over the probe is below {SHUT_BELOW}: the cell keeps next to nothing.",
        kinds.GATE_ACTIVATIONS,
        _forget_gate_shut,
    ),
    Rule(
        "silent_units",
        f"More than {SILENT_UNITS_ABOVE:.0%} of the units never reach {SILENT_BELOW} in magnitude"
        " on the probe.",
        kinds.OUTPUTS,
        _silent_units,
    ),
    Rule(
        "vanishing_flow",
        f"The gradient's norm falls below {_plain(VANISHED_BELOW)} of its peak after so many time steps"
        " into the past.",
        kinds.OUTPUT_GRADIENTS,
        _vanishing_flow,
    ),
)
"""All rules, in the order in which they are offered."""
