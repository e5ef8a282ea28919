"""NumPy's threads are limited while something is computed, and given back after it."""

from __future__ import annotations

import threading

import numpy  # noqa: F401  (loads the library that is looked at)
from threadpoolctl import threadpool_info

from tensorboard_plugin_rnnweights.signals.one_thread import on_one_thread


def threads() -> list[int]:
    return [one["num_threads"] for one in threadpool_info() if "numpy" in one["filepath"]]


def test_inside_there_is_one_thread_and_outside_as_many_as_before() -> None:
    before = threads()
    with on_one_thread():
        assert threads() == [1 for _ in before]
    assert threads() == before


def test_writers_of_several_runs_take_turns_and_give_all_threads_back() -> None:
    before = threads()
    inside: list[int] = []

    def work() -> None:
        for _ in range(50):
            with on_one_thread():
                inside.extend(threads())

    others = [threading.Thread(target=work) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert set(inside) <= {1}
    assert threads() == before
