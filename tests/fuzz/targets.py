"""THE table of what is fuzzed: by name, what is drawn and what has to hold of it."""

from __future__ import annotations

import contextlib
import functools
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.plugin.answers.json_text import as_json
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import decoded
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.findings import NoteError, parse_note
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN, MetadataError, parse_series
from tensorboard_plugin_rnnweights.summary.notices import NoticesError, parse_notices
from tests.fuzz.asked import about, about_all
from tests.fuzz.facts import hostile_contents
from tests.fuzz.logged import honest, honest_series
from tests.fuzz.neighbours import Around, around
from tests.fuzz.notes import hostile_notes
from tests.fuzz.oracle import check
from tests.fuzz.payloads import hostile_payloads
from tests.fuzz.requests import Asked, hostile_requests
from tests.fuzz.series import GOOD, OTHER_GOOD, RUN, Hostile, events_of, hostile_series, served
from tests.fuzz.served import Answer, Served

_MOST_SERIES = 8
# Beside each input that was drawn.
_NEIGHBOURS = 15
_MOST_BYTES = 2**24


@dataclass(frozen=True)
class Target:
    """Something that reads what others wrote.

    Attributes:
        share: Its part of all inputs of a run.
        each: How many inputs are made of each that is drawn.
        inputs: What is drawn, or a list of it.
        holds: What has to hold of it: raises where it doesn't.
    """

    share: float
    each: int
    inputs: st.SearchStrategy[Any]
    holds: Callable[[Any], None]


def _metadata_are_read_or_refused(drawn: Around[bytes]) -> None:
    for content in around(drawn.one, drawn.number, _NEIGHBOURS):
        with contextlib.suppress(MetadataError):
            as_json(asdict(parse_series(content)))


@dataclass(frozen=True)
class _Datum:
    """What TensorBoard's provider gives of a tensor."""

    step: int
    wall_time: float
    numpy: Any


def _payloads_are_read_or_refused(drawn: Around[bytes]) -> None:
    # What is compressed is all but random, so that only its content can be nearly right.
    with contextlib.suppress(payload.PayloadError):
        plain = payload.decompress(drawn.one, _MOST_BYTES)
        for varied in around(plain, drawn.number, _NEIGHBOURS):
            _read(payload.compress(varied))
    for stored in around(drawn.one, drawn.number, _NEIGHBOURS):
        _read(stored)


def _read(stored: bytes) -> None:
    with contextlib.suppress(payload.PayloadError):
        decoded([_Datum(0, 0.0, np.array(stored, object))])


def _notes_are_read_or_refused(drawn: Around[bytes]) -> None:
    for text in around(drawn.one, drawn.number, _NEIGHBOURS):
        with contextlib.suppress(NoteError):
            parse_note(text, ("input", "forget"))
        with contextlib.suppress(NoticesError):
            parse_notices(text)


@functools.cache
def everything() -> Served:
    """A TensorBoard with a series of every kind, for as long as this process lives."""
    with tempfile.TemporaryDirectory() as folder:
        file = EventFile(str(Path(folder) / RUN))
        for event in events_of(honest_series(), []):
            file.write(event)
        file.close()
        return Served(Path(folder))


def _every_request_is_answered(drawn: Around[Asked]) -> None:
    for asked in drawn.one.around(drawn.number, _NEIGHBOURS):
        check(everything().ask(asked.route, asked.raw_query, **asked.headers))


def _a_bad_series_hides_no_good_one(bad: list[Hostile]) -> None:
    with served(bad) as server:
        answers = {str(asked): check(server.get(*asked)) for asked in about_all(RUN)}
        for one in bad:
            kind = one.facts.get("kind", "weights")
            for asked in about(RUN, one.tag, GOOD, kind):
                check(server.get(*asked))
            for asked in about(RUN, GOOD, one.tag):
                check(server.get(*asked))
        # Asked last, when all that is bad has been read and may be remembered.
        for name, expected in _alone().items():
            found = check(server.get(*_BY_NAME[name]))
            assert found.said == expected.said, (name, found.body[:400])
        _check_lists(answers)


def _check_lists(answers: Mapping[str, Answer]) -> None:
    """What is good is in every list, and the same as if nothing bad were there."""
    listed, *rest = (answer for answer in answers.values())
    (run,) = [one for one in json.loads(listed.body)["runs"] if one["run"] == RUN]
    by_tag = {one["tag"]: one for one in run["series"]}
    assert {tag: by_tag.get(tag) for tag in _good_facts()} == _good_facts()
    assert {GOOD, OTHER_GOOD} <= {*json.loads(rest[0].metadata["tags"])}
    assert all(one.status == 200 for one in rest)


_BY_NAME = {str(asked): asked for asked in about(RUN, GOOD, OTHER_GOOD)}


@functools.cache
def _alone() -> dict[str, Answer]:
    """The answers about the good series where nothing bad is."""
    with served([]) as server:
        found = {name: check(server.get(*asked)) for name, asked in _BY_NAME.items()}
    # All but the comparison of matrices of two shapes, and a gate that only one has.
    assert sum(one.status == 200 for one in found.values()) == len(found) - 1
    return found


@functools.cache
def _good_facts() -> dict[str, Any]:
    with served([]) as server:
        (run,) = json.loads(server.get("catalog").body)["runs"]
    return {one["tag"]: one for one in run["series"]}


def _stored() -> st.SearchStrategy[bytes]:
    tensors = [
        tensor
        for one in honest_series()
        for name, steps in one.parts.items()
        if name == HISTOGRAMS_PLUGIN
        for tensor in steps.values()
    ]
    return st.sampled_from(tensors).flatmap(lambda tensor: hostile_payloads(tensor.string_val[0]))


def _texts() -> st.SearchStrategy[bytes]:
    texts = [
        tensor.string_val[0]
        for one in honest()
        for steps in one.parts.values()
        for tensor in steps.values()
        if tensor.string_val and tensor.string_val[0].startswith(b"{")
    ]
    return st.sampled_from(texts).flatmap(hostile_notes)


def _contents() -> st.SearchStrategy[bytes]:
    return st.sampled_from([one.facts for one in honest_series()]).flatmap(hostile_contents)


def _around(inputs: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(Around, inputs, st.integers(0, 2**32))


TARGETS: Mapping[str, Target] = {
    "metadata": Target(
        0.2, 1 + _NEIGHBOURS, _around(st.deferred(_contents)), _metadata_are_read_or_refused
    ),
    "payloads": Target(0.25, 1 + _NEIGHBOURS, _around(st.deferred(_stored)), _payloads_are_read_or_refused),
    "notes": Target(0.15, 1 + _NEIGHBOURS, _around(st.deferred(_texts)), _notes_are_read_or_refused),
    "requests": Target(0.395, 1 + _NEIGHBOURS, _around(hostile_requests()), _every_request_is_answered),
    "series": Target(
        0.005,
        1,
        st.lists(hostile_series(), min_size=1, max_size=_MOST_SERIES),
        _a_bad_series_hides_no_good_one,
    ),
}
