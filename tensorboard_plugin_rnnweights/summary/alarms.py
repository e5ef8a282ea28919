"""How the rules stand for a series: what they remember from one of its snapshots to the next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tensorboard_plugin_rnnweights.summary.findings import Finding
from tensorboard_plugin_rnnweights.summary.observation import Array, Observation
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


Alarms = Mapping[tuple[str, str], Alarm]
"""By the name of the rule and the gate, in the order of the rules; empty where none looks at a series."""


def alarms_after(before: Alarms, observation: Observation, numbers: Numbers) -> Alarms:
    """How the rules stand after one more snapshot of a series.

    Args:
        before: How they stood before; empty at the first snapshot.
        observation: What was observed.
        numbers: Its numbers.
    """
    return {
        (rule.name, gate): _after(before.get((rule.name, gate), Alarm()), rule, number, told)
        for rule in RULES
        if observation.series.kind in rule.kinds and rule.statistic in numbers
        for gate, number, told in _looked_at(rule, observation, numbers)
    }


def findings_of(alarms: Alarms) -> tuple[Finding, ...]:
    """All that is found."""
    return tuple(Finding(rule, gate, one.value) for (rule, gate), one in alarms.items() if one.is_raised)


def _looked_at(
    rule: Rule, observation: Observation, numbers: Numbers
) -> Iterator[tuple[str, float, float]]:
    """The gates that a rule looks at, their number, and the one that a finding tells."""
    told = numbers[rule.told or rule.statistic]
    for place, gate in enumerate(observation.series.gates):
        is_meant = not rule.gates or gate in rule.gates
        if is_meant and (not rule.is_of_shares or gate in observation.bounded_gates):
            yield gate, float(numbers[rule.statistic][place]), float(told[place])


def _after(before: Alarm, rule: Rule, number: float, told: float) -> Alarm:
    # What is infinite can't be told; the counts of NaN and infinity tell it.
    if rule.holds(number) and math.isfinite(told):
        in_a_row = before.in_a_row + 1
        return Alarm(in_a_row, before.is_raised or in_a_row >= rule.snapshots, told)
    if before.is_raised and not rule.is_over(number):
        return Alarm(0, is_raised=True, value=before.value)
    return Alarm()
