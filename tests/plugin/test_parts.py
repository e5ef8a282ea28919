"""The parts of the plugin that need no server."""

from __future__ import annotations

import argparse
import itertools
import time
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.plugin.loader import SAMPLES_PER_PLUGIN, RNNWeightsLoader
from tensorboard_plugin_rnnweights.plugin.logged.nudges import Nudges
from tensorboard_plugin_rnnweights.plugin.logged.records import of_last_training


@dataclass(frozen=True)
class Datum:
    step: int
    wall_time: float


def test_the_numbers_of_samples_stand_beside_those_of_the_person_who_wins() -> None:
    flags = argparse.Namespace(samples_per_plugin={"rnnweights": 5, "images": 9})
    RNNWeightsLoader().fix_flags(flags)
    assert flags.samples_per_plugin == {**SAMPLES_PER_PLUGIN, "rnnweights": 5, "images": 9}


def test_without_flags_of_the_person_ours_hold() -> None:
    flags = argparse.Namespace(samples_per_plugin={})
    RNNWeightsLoader().fix_flags(flags)
    assert flags.samples_per_plugin == SAMPLES_PER_PLUGIN


@given(st.lists(st.integers(0, 20)))
def test_steps_grow_and_each_kept_one_is_the_newest_of_its_step(steps: list[int]) -> None:
    data = [Datum(step, wall_time) for wall_time, step in enumerate(steps)]
    kept = of_last_training(data)
    assert all(one.step < other.step for one, other in itertools.pairwise(kept))
    assert kept[-1:] == data[-1:]
    for datum in data:
        is_outlived = any(one.step <= datum.step for one in data[int(datum.wall_time) + 1 :])
        assert (datum in kept) is not is_outlived


def test_a_slow_answer_is_nudged_and_a_fault_is_raised() -> None:
    nudged: list[float] = []
    nudges = Nudges()

    def slow() -> str:
        deadline = time.monotonic() + 60
        while not nudged and time.monotonic() < deadline:
            time.sleep(0.001)
        return "answer"

    assert nudges.call(slow, lambda: nudged.append(1.0)) == "answer"
    assert nudged

    def failing() -> str:
        raise KeyError("no such run")

    with pytest.raises(KeyError, match="no such run"):
        nudges.call(failing, lambda: None)
