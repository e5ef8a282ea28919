"""What was noted and is never sampled away: of a series NaN, infinity and findings; of a run, notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.summary.findings import Finding, Note, NoteError, parse_note
from tensorboard_plugin_rnnweights.summary.metadata import MetadataError, Series
from tensorboard_plugin_rnnweights.summary.notices import NoticesError, parse_notices
from tensorboard_plugin_rnnweights.summary.statistics import NONFINITE

Notes = Sequence[Any] | None
"""The notes of one series in the order of their steps; None where TensorBoard can't decode them."""

Facts = list[dict[str, Any]]


def first_nonfinite(series: Series, heatmaps: Sequence[Any], notes: Notes) -> Facts:
    """When each gate first held NaN or infinity, as `http_api.md` describes it.

    Raises:
        MetadataError: If the notes of that are none that this plugin wrote for such a series.
    """
    if notes is None or not all(_is_of_nonfinite(note, series) for note in notes):
        raise MetadataError("what was noted of its NaN and infinity can't be read")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for note in _of_last_training(notes, heatmaps):
        for place in np.argwhere(note.numpy > 0):
            gate, value = series.gates[place[0]], NONFINITE[place[1]]
            count = int(note.numpy[tuple(place)])
            fact = {"gate": gate, "value": value, "step": note.step, "count": count}
            found.setdefault((gate, value), fact)
    return list(found.values())


def findings(series: Series, heatmaps: Sequence[Any], notes: Notes) -> Facts:
    """When each rule held for a gate, as `http_api.md` describes it.

    Raises:
        MetadataError: If the notes of that are none that this plugin wrote for such a series.
    """
    if notes is None:
        raise MetadataError("what was noted of its findings can't be read")
    last = _of_last_training(notes, heatmaps)
    return intervals((datum.step, _finding_note(datum, series)) for datum in last)


def intervals(notes: Iterable[tuple[int, Note]]) -> Facts:
    """From which step to which each rule held for a gate.

    Args:
        notes: With their steps, in the order of these.
    """
    facts: Facts = []
    still: dict[tuple[str, str], dict[str, Any]] = {}
    known_at = None
    for step, note in notes:
        now = {(one.rule, one.gate): one for one in note.findings}
        for name in still.keys() - now.keys():
            # A training that went on with another writer doesn't know the snapshot before.
            last = known_at if note.previous_step is None else note.previous_step
            still.pop(name)["last_step"] = last
        for name, finding in now.items():
            if name not in still:
                still[name] = _begun(finding, step)
                facts.append(still[name])
            still[name]["value"] = finding.value
        known_at = step
    return facts


def notices(logged: Notes) -> Facts:
    """What a person should know of a run, as `http_api.md` describes it.

    Raises:
        MetadataError: If it is none that this plugin wrote.
    """
    newest = logged[-1].numpy if logged else None
    try:
        reported = parse_notices(newest.item() if newest is not None and newest.size == 1 else None)
    except NoticesError as error:
        raise MetadataError(f"what was noted of what is missing can't be read: {error}") from error
    return [
        {
            "text": one.notice.text,
            "kind": one.notice.kind,
            "layers": list(one.notice.layers),
            "step": one.step,
        }
        for one in reported
    ]


def _of_last_training(notes: Sequence[Any], heatmaps: Sequence[Any]) -> Iterator[Any]:
    """The notes that are not of a training that has since started again in the same directory.

    A training without NaN writes no notes, so nothing in their own series says that it is over.
    """
    for note in notes:
        if not any(one.step <= note.step and one.wall_time > note.wall_time for one in heatmaps):
            yield note


def _is_of_nonfinite(note: Any, series: Series) -> bool:
    return note.numpy.shape == (len(series.gates), len(NONFINITE)) and note.numpy.dtype == np.int64


def _finding_note(datum: Any, series: Series) -> Note:
    logged = datum.numpy.item() if datum.numpy.size == 1 else None
    try:
        return parse_note(logged, series.gates)
    except NoteError as error:
        raise MetadataError(f"what was noted of its findings can't be read: {error}") from error


def _begun(finding: Finding, step: int) -> dict[str, Any]:
    return {"rule": finding.rule, "gate": finding.gate, "first_step": step, "last_step": None}
