"""What the rules would have found with other thresholds: found again in the numbers that were logged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.computed.numbers import numbers_at
from tensorboard_plugin_rnnweights.plugin.logged.notes import Facts, intervals
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import (
    Snapshot,
    check_gates,
    decodable,
    decoded,
    unreadable,
)
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.alarms import Alarms, alarms_after, note_after
from tensorboard_plugin_rnnweights.summary.findings import Note
from tensorboard_plugin_rnnweights.summary.measures.flow import flow
from tensorboard_plugin_rnnweights.summary.metadata import (
    HISTOGRAMS_PLUGIN,
    MetadataError,
    Series,
    parse_series,
)
from tensorboard_plugin_rnnweights.summary.observation import Array
from tensorboard_plugin_rnnweights.summary.rules import RULES, RULES_BY_NAME, VANISHED_AFTER, Rule

StepNumbers = tuple[int, dict[str, Array]]
"""A step, and the statistics and measures of a series at it by name, each of shape (gates)."""


def findings(request: Request, run: str, thresholds: Mapping[str, float]) -> dict[str, Any]:
    """What some rules find in a run with these thresholds, as `http_api.md` describes it.

    Args:
        request: Whose data are asked for.
        run: The run's name.
        thresholds: By the names of the rules.

    Raises:
        NotFoundError: If there is no such run.
        InvalidArgumentError: If there is no such rule, or its number never is on one side of the threshold.
    """
    rules = _rules(thresholds)
    listed = request.list_tensors(HISTOGRAMS_PLUGIN, run)
    if not listed:
        raise errors.NotFoundError(f"there is no run {run!r}")
    looked_at = _looked_at(listed, rules)
    read = request.read_tensors(HISTOGRAMS_PLUGIN, {(run, tag): listed[run, tag] for tag in looked_at})
    found: dict[str, Facts] = {}
    reasons: dict[str, str] = {}
    for tag, series in looked_at.items():
        own = [rule for rule in rules if series.kind in rule.kinds]
        try:
            numbers = _numbers(request, run, tag, series, own, decodable(read, run, tag))
        except payload.PayloadError as error:
            reasons[tag] = unreadable(run, tag, error)
            continue
        if facts := intervals(_notes(series, own, numbers)):
            found[tag] = facts
    return {"findings": found, "unreadable": reasons}


def _rules(thresholds: Mapping[str, float]) -> list[Rule]:
    """The rules with other thresholds, in their order."""
    for name, threshold in thresholds.items():
        rule = RULES_BY_NAME.get(name)
        if rule is None:
            raise errors.InvalidArgumentError(f"there is no rule {name!r}")
        if not 0 <= threshold <= rule.largest:
            raise errors.InvalidArgumentError(
                f"the threshold of {name!r} has to be 0 to {rule.largest:g}, not {threshold:g}"
            )
    return [rule.at(thresholds[rule.name]) for rule in RULES if rule.name in thresholds]


def _looked_at(listed: Mapping[tuple[str, str], Any], rules: Sequence[Rule]) -> dict[str, Series]:
    """The series that some rule looks at, by tag, as far as they can be read."""
    kinds = {kind for rule in rules for kind in rule.kinds}
    found = {}
    for (_, tag), time_series in listed.items():
        try:
            series = parse_series(time_series.plugin_content)
        except MetadataError:
            continue
        if series.kind in kinds:
            found[tag] = series
    return found


def _notes(
    series: Series, rules: Sequence[Rule], numbers: Sequence[StepNumbers]
) -> Iterator[tuple[int, Note]]:
    """What the writer would have noted with these rules, and at which steps."""
    before: Alarms = {}
    previous_step = None
    for step, by_name in numbers:
        alarms = alarms_after(before, series, by_name, rules)
        note = note_after(before, alarms, previous_step)
        if note is not None:
            yield step, note
        before, previous_step = alarms, step


def _numbers(
    request: Request, run: str, tag: str, series: Series, rules: Sequence[Rule], data: Sequence[Any]
) -> list[StepNumbers]:
    """All numbers of a series as the rules need them.

    Raises:
        PayloadError: If what was logged can't be read.
    """
    # Its facts may tell the tag of another one.
    logged = numbers_at(request, run, tag, data, data, ())
    check_gates(logged, series.gates)
    found = [(one.step, dict(zip(one.names, one.values.T, strict=True))) for one in logged]
    for rule in rules:
        # What was logged of it is for the rule's own threshold.
        if rule.told == VANISHED_AFTER and rule not in RULES:
            for (_, by_name), snapshot in zip(found, decoded(data), strict=True):
                by_name[VANISHED_AFTER] = _vanished_after(snapshot, series, rule.threshold)
    return found


def _vanished_after(snapshot: Snapshot, series: Series, threshold: float) -> Array:
    """After how many time steps into the past of its peak each gate's norm first is below the threshold."""
    norms = snapshot.profiles.get("norm_by_time", np.full((snapshot.gates, 1), np.nan))
    flows = [flow(one.astype(np.float64), ~np.isnan(one), series.is_reversed, threshold) for one in norms]
    return np.array([one.vanished_after for one in flows])
