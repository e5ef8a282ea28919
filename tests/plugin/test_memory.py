"""What was read once is remembered while there is room for it, and read again once there is more."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard import context

from tensorboard_plugin_rnnweights.plugin.computed.numbers import numbers_at
from tensorboard_plugin_rnnweights.plugin.logged.memory import Memory
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN, event_tag
from tensorboard_plugin_rnnweights.summary.passes.scan import scan
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS

RUN, TAG = "run", "weights/lstm/kernel"


class Listed(NamedTuple):
    max_step: int
    max_wall_time: float


class Datum(NamedTuple):
    step: int
    wall_time: float
    numpy: npt.NDArray[Any]


class Provider:
    """One series that can grow, and how often it was read."""

    def __init__(self) -> None:
        self.data: list[Datum] = []
        self.reads: Counter[str] = Counter()

    def log(self, step: int, wall_time: float, content: bytes) -> None:
        self.data.append(Datum(step, wall_time, np.array(content, object)))

    def list_tensors(self, _: Any, **asked: Any) -> dict[str, dict[str, Listed]]:
        last = self.data[-1]
        tag = event_tag(asked["plugin_name"], TAG)
        return {RUN: {tag: Listed(last.step, max(one.wall_time for one in self.data))}}

    def read_tensors(self, _: Any, **asked: Any) -> dict[str, dict[str, list[Datum]]]:
        (tag,) = asked["run_tag_filter"].tags
        self.reads[tag] += 1
        return {RUN: {tag: list(self.data)}}


def request_of(provider: Any, limit: int = 2**20) -> Request:
    return Request(provider, context.RequestContext(), "", memory=Memory(limit))


def read(request: Request) -> list[Any]:
    found = request.read_tensors(HISTOGRAMS_PLUGIN, request.list_tensors(HISTOGRAMS_PLUGIN))
    data = found[RUN, TAG]
    assert data is not None
    return data


def snapshot(value: float) -> bytes:
    """Two gates, one of them of this value alone."""
    found = scan(np.array([[value] * 4 + [1.0] * 4], np.float32), 2)
    arrays = {name: getattr(found, name) for name in ("statistics", "offsets", "keys", "counts")}
    return payload.compress(payload.encode(arrays))


sized = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)))


@given(sized, st.integers(0, 20))
def test_the_newest_values_that_fit_are_remembered(puts: list[tuple[int, int]], limit: int) -> None:
    memory = Memory(limit)
    newest: dict[int, tuple[int, int]] = {}
    for number, (key, size) in enumerate(puts):
        memory.put(key, (number, size), size)
        newest.pop(key, None)
        if size <= limit:
            newest[key] = number, size
            while sum(size for _, size in newest.values()) > limit:
                del newest[next(iter(newest))]
    assert {key: memory.get(key) for key in range(7)} == {key: newest.get(key) for key in range(7)}


def test_what_was_used_lately_outlives_what_was_not() -> None:
    memory = Memory(2)
    for key in "ab":
        memory.put(key, key, 1)
    assert memory.get("a") == "a"
    memory.put("c", "c", 1)
    assert [memory.get(key) for key in "abc"] == ["a", None, "c"]


def test_a_series_is_read_again_only_once_more_of_it_was_logged() -> None:
    provider = Provider()
    provider.log(0, 1.0, b"zero")
    request = request_of(provider)
    for _ in range(3):
        assert [one.step for one in read(request)] == [0]
    assert provider.reads.total() == 1
    provider.log(1, 2.0, b"one")
    for _ in range(3):
        assert [one.step for one in read(request)] == [0, 1]
    assert provider.reads.total() == 2


def test_a_training_that_started_again_at_the_same_step_is_read_again() -> None:
    provider = Provider()
    provider.log(5, 1.0, b"before")
    request = request_of(provider)
    assert read(request)[0].numpy.item() == b"before"
    provider.log(5, 2.0, b"after")
    assert [one.numpy.item() for one in read(request)] == [b"after"]


def test_without_room_all_is_read_each_time() -> None:
    provider = Provider()
    provider.log(0, 1.0, b"zero")
    request = request_of(provider, limit=0)
    for _ in range(3):
        assert [one.step for one in read(request)] == [0]
    assert provider.reads.total() == 3


def test_experiments_share_nothing() -> None:
    provider, other = Provider(), Provider()
    provider.log(0, 1.0, b"mine")
    other.log(0, 1.0, b"other")
    one = request_of(provider)
    two = Request(other, context.RequestContext(), "another", memory=one.memory)
    for _ in range(2):
        assert read(one)[0].numpy.item() == b"mine"
        assert read(two)[0].numpy.item() == b"other"


def test_remembered_numbers_are_those_of_their_own_snapshot() -> None:
    """Also where a training started again, so that another snapshot has the same step."""
    minimum = STATISTICS.index("minimum")
    provider = Provider()
    request = request_of(provider)
    for started, values in ((1.0, [3.0, 4.0, 5.0]), (10.0, [6.0, 7.0])):
        for step, value in enumerate(values):
            provider.log(step, started + step, snapshot(value))
        data = read(request)
        for derived in ((), ("distribution_change",), ("robust_magnitude", "small_magnitude")):
            for _ in range(2):
                found = numbers_at(request, RUN, TAG, data, data[::2], derived)
                assert [one.values[0, minimum] for one in found] == values[::2]
                assert all(one.names == (*STATISTICS, *derived) for one in found)


def test_numbers_are_computed_again_where_a_training_went_on_from_the_middle_or_lost_its_beginning() -> (
    None
):
    minimum = STATISTICS.index("minimum")
    provider = Provider()
    request = request_of(provider)
    for step, value in enumerate([1.0, 2.0, 4.0]):
        provider.log(step, float(step), snapshot(value))

    def numbers(data: list[Any], *derived: str) -> list[float]:
        found = numbers_at(request, RUN, TAG, data, data, derived)
        return [float(one.values[0, -1 if derived else minimum]) for one in found]

    assert numbers(read(request)) == [1.0, 2.0, 4.0]
    assert numbers(read(request), "distribution_change") == pytest.approx([0.0, 1.0, 3.0], rel=1 / 32)
    provider.log(1, 10.0, snapshot(8.0))
    assert numbers(read(request)) == [1.0, 8.0]
    assert numbers(read(request), "distribution_change") == pytest.approx([0.0, 7.0], rel=1 / 32)
    assert numbers(read(request)[1:], "distribution_change") == [0.0]
