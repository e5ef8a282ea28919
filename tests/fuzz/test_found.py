"""What fuzzing found, and reading what others would fuzz: each was an error 500, a hang, or worse."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from tensorboard.compat.proto import tensor_pb2, types_pb2

from tensorboard_plugin_rnnweights.rnn.kinds import WEIGHTS
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import (
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    MetadataError,
    parse_series,
)
from tests.fuzz.asked import about, about_all
from tests.fuzz.logged import Logged, honest_series
from tests.fuzz.oracle import check
from tests.fuzz.series import GOOD, RUN, Hostile, served
from tests.fuzz.served import Answer, Served
from tests.plugin import logs

BAD = "weights/bad"

Arrays = dict[str, npt.NDArray[Any]]


def good() -> Logged:
    """The honest series that stands next to each bad one."""
    return next(one for one in honest_series() if one.tag == GOOD)


def bad(tag: str = BAD, facts: Mapping[str, Any] | None = None) -> Hostile:
    """A copy of the good series, to be spoilt; its facts are written as they are by then."""
    base = good()
    made = Hostile(tag, copy.deepcopy(base.facts), copy.deepcopy(base.parts))
    made.told = json.dumps({**made.facts, **(facts or {})}).encode()
    return made


def with_arrays(change: Callable[[Arrays], Arrays]) -> Hostile:
    """A series whose snapshots have other arrays."""
    made = bad()
    for step, tensor in made.parts[HISTOGRAMS_PLUGIN].items():
        arrays = change(payload.decode(payload.decompress(tensor.string_val[0], 2**24)))
        made.parts[HISTOGRAMS_PLUGIN][step] = logs.texts(
            payload.compress(payload.encode(arrays)), is_sequence=False
        )
    return made


@contextmanager
def beside(*series: Hostile) -> Iterator[Served]:
    """A server of them, once every route has been asked about each and has answered as it should."""
    with served(series) as server:
        for one in series:
            for asked in (*about_all(RUN), *about(RUN, one.tag, GOOD), *about(RUN, GOOD, one.tag)):
                check(server.get(*asked))
        yield server


def reason(answer: Answer, status: int = 400) -> str:
    assert answer.status == status, answer
    return answer.body.decode()


def of_gates(count: int) -> Callable[[Arrays], Arrays]:
    return lambda _: {
        "statistics": np.ones((count, 10)),
        "offsets": np.arange(count + 1),
        "keys": np.full(count, 0x0FE0, np.uint16),
        "counts": np.ones(count, np.uint32),
    }


@pytest.mark.parametrize("count", [1, 3, 5])
def test_snapshots_of_other_gates_than_their_series_names(count: int) -> None:
    with beside(with_arrays(of_gates(count))) as server:
        one: dict[str, str | int] = {"run": RUN, "tag": BAD}
        text = f"it has {count} gates where its metadata name 4"
        for route, query in (
            ("histograms", one),
            ("export", {**one, "format": "csv", "what": "statistics"}),
            ("export", {**one, "format": "csv", "what": "histograms"}),
        ):
            assert text in reason(server.get(route, query))
        found = server.get("statistics", {"run": RUN, "kind": WEIGHTS})
        assert text in json.loads(found.metadata["unreadable"])[BAD]
        changed = {**one, "other_run": RUN, "other_tag": GOOD, "step": 5, "other_step": 5}
        assert text in json.loads(server.get("changes", changed).body)["unreadable"][BAD]
        distant = server.get("distances", {**one, "other_run": RUN, "other_tag": GOOD})
        assert text in json.loads(distant.metadata["unreadable"])[BAD]
        asked = {"run": RUN, "rule": ["dead_units", "exploding_gradient"], "threshold": ["0.1", "1"]}
        assert text in json.loads(server.get("findings", asked).body)["unreadable"][BAD]


def test_offsets_that_rise_only_since_their_differences_have_no_room() -> None:
    def wrapped(arrays: Arrays) -> Arrays:
        offsets = np.array([0, 2**63 - 1, -(2**63), -1, arrays["keys"].size])
        with np.errstate(over="ignore"):
            assert np.diff(offsets)[[0, 2, 3]].min() >= 0
        return {**arrays, "offsets": offsets, "statistics": np.ones((4, 10))}

    with beside(with_arrays(wrapped)) as server:
        assert "don't fit together" in reason(server.get("histograms", {"run": RUN, "tag": BAD}))


@pytest.mark.parametrize("key", [0x1FE0, 0x1FFF, 0x3FE0, 0x4000, 0xFFFF])
def test_keys_that_are_of_no_finite_number(key: int) -> None:
    def changed(arrays: Arrays) -> Arrays:
        keys = np.array(arrays["keys"])
        keys[-1] = key
        return {**arrays, "keys": keys}

    with beside(with_arrays(changed)) as server:
        assert "don't fit together" in reason(server.get("histograms", {"run": RUN, "tag": BAD}))


@pytest.mark.parametrize("shape", [(2**60,), (2**31, 2**31), (3,), (0,)])
def test_heatmaps_that_claim_any_number_of_blobs(shape: tuple[int, ...]) -> None:
    """One loader would make as many references: it never came back."""
    made = bad()
    for tensor in made.parts[HEATMAPS_PLUGIN].values():
        del tensor.tensor_shape.dim[:]
        for size in shape:
            tensor.tensor_shape.dim.add(size=size)
    with beside(made) as server:
        assert "has no series" in reason(server.get("heatmap", {"run": RUN, "tag": BAD, "step": 5}), 404)


def test_a_tensor_that_claims_more_copies_than_any_machine_has_room_for() -> None:
    made = bad()
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_INT64, int64_val=[1])
    tensor.tensor_shape.dim.add(size=2**50)
    made.parts[HISTOGRAMS_PLUGIN] = dict.fromkeys((0, 5), tensor)
    with beside(made) as server:
        assert "can't decode it" in reason(server.get("histograms", {"run": RUN, "tag": BAD}))


def test_a_tag_without_our_prefix_that_looks_like_the_good_ones() -> None:
    made = bad(GOOD)
    made.has_prefix, made.told = False, b"none of ours"
    with beside(made) as server:
        (run,) = json.loads(server.get("catalog").body)["runs"]
        assert (GOOD in [one["tag"] for one in run["series"]], run["unreadable"]) == (True, [])
        assert server.get("histograms", {"run": RUN, "tag": GOOD}).status == 200


def test_facts_that_tell_another_series_name_are_not_remembered_as_that_ones() -> None:
    """What was remembered of the bad one was answered as the good one's, and hid it."""

    def empty(arrays: Arrays) -> Arrays:
        return {**arrays, "statistics": np.full_like(arrays["statistics"], 7.0)}

    made = with_arrays(empty)
    assert parse_series(made.told).tag == GOOD
    with served([made]) as server:
        server.get("findings", {"run": RUN, "rule": "dead_units", "threshold": "0.1"})
        asked = {"run": RUN, "kind": WEIGHTS, "tag": GOOD}
        found = payload.decode(server.get("statistics", asked).body)["0/values"]
    with served([]) as server:
        np.testing.assert_array_equal(
            found, payload.decode(server.get("statistics", asked).body)["0/values"]
        )


@pytest.mark.parametrize(
    "facts",
    [
        {"rows": 10**300, "row_shape": [10**300]},
        {"columns": 10**300},
        {"pool": [1, 10**300]},
        {"position": 10**300},
        {"gates": ["\ud800", "b", "c", "d"]},
        {"layer": "\udfff"},
        {"note": "x" * 2**22},
    ],
    ids=lambda facts: ", ".join(facts),
)
def test_facts_that_nothing_can_count_or_write(facts: dict[str, Any]) -> None:
    """Sizes beyond all floats ended `differences`, and half characters every CSV."""
    made = bad(facts=facts)
    with pytest.raises(MetadataError):
        parse_series(made.told)
    with beside(made) as server:
        (run,) = json.loads(server.get("catalog").body)["runs"]
        assert [one["tag"] for one in run["unreadable"]] == [BAD]


def test_a_fact_of_which_the_name_is_no_text() -> None:
    """The reason named it, and could not be sent."""
    with beside(bad(facts={"\ud800": 1})) as server:
        assert r"unexpected keyword argument '\ud800'" in reason(
            server.get("histograms", {"run": RUN, "tag": BAD})
        )


def test_a_query_that_is_no_text(everything: Served) -> None:
    for raw in ("run=\xff&tag=x", "\xff", "run=run&\xc0\x80"):
        assert "UTF-8" in reason(check(everything.ask("histograms", raw)))
    escaped = check(everything.ask("histograms", "run=%ff&tag=x"))
    assert "has no series" in reason(escaped, 404)


def test_names_that_are_asked_for_again_and_again(everything: Served) -> None:
    """Each took room for all steps of all series: gigabytes for a query of 60 kB."""
    names = ",".join(["mean"] * 12_000)
    answer = check(everything.get("statistics", {"run": RUN, "kind": WEIGHTS, "names": names}))
    assert payload.decode(answer.body)["0/values"].shape == (3, 4, 1)


def test_what_has_not_changed_tells_its_type_too(everything: Served) -> None:
    """TensorBoard's validator warned of it, at each look at the catalog."""
    for route in ("catalog", "static/index.js"):
        etag = everything.get(route).headers["etag"]
        answer = check(everything.get(route, HTTP_IF_NONE_MATCH=etag))
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
        assert answer.headers["content-type"] == everything.get(route).headers["content-type"]


def test_a_csv_has_an_end(everything: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, str | int] = {"what": "heatmap", "run": RUN, "tag": GOOD, "step": 5}
    asked["format"] = "csv"
    assert check(everything.get("export", asked)).status == 200
    monkeypatch.setattr("tensorboard_plugin_rnnweights.plugin.answers.export._MOST_CSV_CELLS", 50)
    assert "more than 50 cells" in reason(check(everything.get("export", asked)))
    npz = check(everything.get("export", {**asked, "format": "npz"}))
    with np.load(io.BytesIO(npz.body), allow_pickle=False) as arrays:
        assert arrays["cells"].shape == (3, 24)
