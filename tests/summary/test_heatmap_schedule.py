"""Heatmaps grow with the logarithm of a training."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tensorboard_plugin_rnnweights.summary.heatmap_schedule import (
    DEAR_SHARE,
    FREE_SECONDS,
    DearTime,
    check_heatmap_freq,
    is_heatmap_due,
)


def due(heatmap_freq: str | int, snapshots: int) -> list[int]:
    return [count for count in range(1, snapshots + 1) if is_heatmap_due(heatmap_freq, count)]


@pytest.mark.parametrize(
    ("snapshots", "heatmaps"), [(50, 50), (51, 50), (1000, 81), (10_000, 105), (100_000, 129)]
)
def test_their_number_grows_with_the_logarithm(snapshots: int, heatmaps: int) -> None:
    assert len(due("logarithmic", snapshots)) == heatmaps


def test_all_first_ones_have_one_and_then_those_that_are_a_tenth_more() -> None:
    found = due("logarithmic", 5000)
    assert found[:50] == list(range(1, 51))
    for one, other in itertools.pairwise(found[50:]):
        assert 1.09 < other / one < 1.12 or other - one <= 0.12 * one + 1


def test_every_snapshot_or_every_nth_can_have_one() -> None:
    assert due("snapshot", 200) == list(range(1, 201))
    assert due(1, 5) == [1, 2, 3, 4, 5]
    assert due(7, 30) == [1, 8, 15, 22, 29]


@pytest.mark.parametrize("heatmap_freq", ["logarithmic", "snapshot", 1, 100])
def test_what_is_known_is_allowed(heatmap_freq: str | int) -> None:
    check_heatmap_freq(heatmap_freq)


@pytest.mark.parametrize("heatmap_freq", ["epoch", "", 0, -1, 2.0, True, None, [1]], ids=repr)
def test_anything_else_is_refused_in_one_sentence(heatmap_freq: Any) -> None:
    with pytest.raises(ValueError, match="'logarithmic', 'snapshot' or a number of snapshots") as raised:
        check_heatmap_freq(heatmap_freq)
    assert repr(heatmap_freq) in str(raised.value)


class Clock:
    """Seconds that pass when told to, and how many of them were work."""

    def __init__(self) -> None:
        self.now = self.spent = 100.0

    def work(self, seconds: float) -> None:
        self.now += seconds
        self.spent += seconds

    def dear_time(self) -> DearTime:
        return DearTime(lambda: self.now, lambda: self.spent)


def test_what_is_dear_has_to_wait_for_as_long_as_its_share_of_time_takes() -> None:
    clock = Clock()
    time = clock.dear_time()
    assert time.is_there()
    with time.taken():
        clock.work(0.2)
    assert not time.is_there()
    clock.now += 0.2 / DEAR_SHARE - 0.01
    assert not time.is_there()
    clock.now += 0.02
    assert time.is_there()


def test_what_takes_hardly_any_time_never_waits() -> None:
    clock = Clock()
    time = clock.dear_time()
    for _ in range(100):
        assert time.is_there()
        with time.taken():
            clock.work(FREE_SECONDS / 2)


def test_time_in_which_others_work_does_not_count() -> None:
    clock = Clock()
    time = clock.dear_time()
    with time.taken():
        clock.now += 10
    assert time.is_there()
