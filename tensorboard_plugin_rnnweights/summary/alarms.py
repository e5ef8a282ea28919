"""How the rules stand for a series: what they remember from one of its snapshots to the next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tensorboard_plugin_rnnweights.summary.findings import Finding, Note
from tensorboard_plugin_rnnweights.summary.metadata import Series
from tensorboard_plugin_rnnweights.summary.observation import Array
from tensorboard_plugin_rnnweights.summary.rules import RULES, Rule

Numbers = Mapping[str, Array]
"""Statistics and measures of a snapshot by name, each of shape (gates)."""


@dataclass(frozen=True)
class Alarm:
    """How a rule stands for a gate.

    Attributes:
        in_a_row: In how many snapshots in a row, up to the newest, its number was beyond the threshold.
        is_raised: Whether that is a finding by now.
        value: The number that the finding tells, as it was when the rule last held.
    """

    in_a_row: int = 0
    is_raised: bool = False
    value: float = math.nan


_QUIET = Alarm()

Alarms = Mapping[tuple[str, str], Alarm]
"""By the name of the rule and the gate, in the order of the rules; empty where none looks at a series."""


def alarms_after(before: Alarms, series: Series, numbers: Numbers, rules: Iterable[Rule] = RULES) -> Alarms:
    """How the rules stand after one more snapshot of a series.

    Args:
        before: How they stood before; empty at the first snapshot.
        series: The series.
        numbers: The snapshot's numbers.
        rules: The rules, of which those count that look at such a series.
    """
    return {
        (rule.name, gate): _after(before.get((rule.name, gate), _QUIET), rule, number, told)
        for rule in rules
        if series.kind in rule.kinds and rule.needs <= numbers.keys()
        for gate, number, told in _looked_at(rule, series, numbers)
    }


def note_after(before: Alarms, alarms: Alarms, previous_step: int | None) -> Note | None:
    """What is found, where that is something else than before, and at first.

    Args:
        before: How the rules stood after the snapshot before.
        alarms: How they stand now.
        previous_step: The step of the snapshot before; None at the first one.
    """
    is_first = previous_step is None and bool(alarms)
    is_new = is_first or _raised(alarms) != _raised(before)
    return Note(findings_of(alarms), previous_step) if is_new else None


def findings_of(alarms: Alarms) -> tuple[Finding, ...]:
    """All that is found."""
    return tuple(Finding(rule, gate, one.value) for (rule, gate), one in alarms.items() if one.is_raised)


def _raised(alarms: Alarms) -> set[tuple[str, str]]:
    return {name for name, alarm in alarms.items() if alarm.is_raised}


def _looked_at(rule: Rule, series: Series, numbers: Numbers) -> Iterator[tuple[str, float, float]]:
    """The gates that a rule looks at, their number, and the one that a finding tells."""
    number, told = numbers[rule.statistic].tolist(), numbers[rule.told or rule.statistic].tolist()
    for place, gate in enumerate(series.gates):
        is_meant = not rule.gates or gate in rule.gates
        if is_meant and not (rule.only_with and math.isnan(numbers[rule.only_with][place])):
            yield gate, number[place], told[place]


def _after(before: Alarm, rule: Rule, number: float, told: float) -> Alarm:
    # What is infinite can't be told; the counts of NaN and infinity tell it.
    if rule.holds(number) and math.isfinite(told):
        in_a_row = before.in_a_row + 1
        return Alarm(in_a_row, before.is_raised or in_a_row >= rule.snapshots, told)
    if before.is_raised and not rule.is_over(number):
        return Alarm(0, is_raised=True, value=before.value)
    return _QUIET
