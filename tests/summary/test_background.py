"""Jobs are done in their order, whatever becomes of any of them; no more wait than there is room for."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable

from tensorboard_plugin_rnnweights.summary.background import BackgroundThread, Job

SECONDS = 30


class Worker(BackgroundThread):
    """One that keeps what went wrong."""

    def __init__(self, max_size: int, patience: float = SECONDS, stuck_after: float = SECONDS) -> None:
        self.errors: list[Exception] = []
        super().__init__("worker", max_size, self.errors.append, patience=patience, stuck_after=stuck_after)

    def add(self, do: Callable[[], object], size: int = 1, snapshot: int | None = None) -> bool:
        return self.submit([Job(lambda: _ignore(do()), size, snapshot)])


def _ignore(_: object) -> None:
    """A job gives nothing."""


class Held:
    """A job that takes until it is let go."""

    def __init__(self) -> None:
        self.has_begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.has_begun.set()
        assert self.go_on.wait(SECONDS)


def test_jobs_are_done_in_their_order_and_in_another_thread() -> None:
    done: list[tuple[int, str]] = []

    def job(number: int) -> None:
        done.append((number, threading.current_thread().name))

    worker = Worker(100)
    for number in range(50):
        worker.add(functools.partial(job, number))
    worker.close()
    assert done == [(number, "worker") for number in range(50)]
    assert worker.errors == []


def test_a_job_that_fails_is_told_and_the_others_are_done() -> None:
    done: list[str] = []

    def fail() -> None:
        raise OSError("no space")

    worker = Worker(100)
    worker.add(lambda: done.append("before"))
    worker.add(fail)
    worker.add(lambda: done.append("after"))
    assert worker.wait()
    assert done == ["before", "after"]
    assert [str(error) for error in worker.errors] == ["no space"]
    worker.close()


def test_the_caller_waits_while_too_much_lies_undone() -> None:
    held, submitted = Held(), threading.Event()
    worker = Worker(10)

    def submit_more() -> None:
        assert worker.add(lambda: None, 8)
        submitted.set()

    worker.add(held, 8)
    caller = threading.Thread(target=submit_more)
    caller.start()
    assert not submitted.wait(0.05)
    held.go_on.set()
    assert submitted.wait(SECONDS)
    caller.join()
    worker.close()


def test_a_caller_that_has_waited_in_vain_is_refused_and_then_nobody_waits_until_half_is_free() -> None:
    held, second = Held(), Held()
    done: list[str] = []
    worker = Worker(10, patience=0.2)
    worker.add(held, 6)
    worker.add(second, 4)
    start = time.monotonic()
    assert not worker.add(lambda: done.append("refused"), 1)
    assert 0.15 < time.monotonic() - start < SECONDS / 2
    start = time.monotonic()
    for _ in range(1000):
        assert not worker.add(lambda: done.append("refused"), 1)
    assert time.monotonic() - start < 0.2 * 1000 / 2
    held.go_on.set()
    assert second.has_begun.wait(SECONDS)
    assert worker.add(lambda: done.append("taken"), 6)
    second.go_on.set()
    worker.close()
    assert done == ["taken"]


def test_what_comes_together_is_taken_or_refused_together() -> None:
    held = Held()
    done: list[int] = []
    worker = Worker(10, patience=0.0)
    worker.add(held, 6)
    jobs = [Job(functools.partial(done.append, size), size) for size in (1, 2, 3)]
    assert not worker.submit(jobs)
    assert worker.submit(jobs[:2])
    held.go_on.set()
    worker.close()
    assert done == [1, 2]


def test_a_job_larger_than_the_room_is_done_alone() -> None:
    done: list[int] = []
    worker = Worker(10)
    for number in range(3):
        assert worker.add(functools.partial(done.append, number), 1000)
    worker.wait()
    assert done == [0, 1, 2]
    worker.close()


def test_what_holds_nothing_never_waits_for_room() -> None:
    held = Held()
    worker = Worker(10, patience=0.0)
    worker.add(held, 1000)
    assert worker.add(lambda: None, 0)
    held.go_on.set()
    worker.close()


def test_it_is_behind_when_half_of_the_room_waits_and_that_is_of_several_snapshots() -> None:
    held = Held()
    worker = Worker(10)
    worker.add(held, 4, snapshot=1)
    assert held.has_begun.wait(SECONDS)
    worker.add(lambda: None, 3, snapshot=1)
    worker.add(lambda: None, 2, snapshot=2)
    # What is being done doesn't wait.
    assert not worker.is_behind()
    worker.add(lambda: None, 1, snapshot=2)
    assert worker.is_behind()
    held.go_on.set()
    worker.wait()
    assert not worker.is_behind()
    worker.close()


def test_a_single_snapshot_of_a_large_model_does_not_make_it_be_behind() -> None:
    held = Held()
    worker = Worker(10)
    worker.submit([Job(held, 10, 1), Job(lambda: None, 90, 1)])
    assert held.has_begun.wait(SECONDS)
    assert not worker.is_behind()
    held.go_on.set()
    worker.close()


def test_what_is_stuck_is_not_waited_for_forever() -> None:
    held = Held()
    worker = Worker(10, stuck_after=0.1)
    worker.add(held)
    assert not worker.wait()
    worker.close()
    (error,) = worker.errors
    assert str(error) == "nothing could be written for 0 seconds; what was left is lost"
    held.go_on.set()


def test_what_is_slow_is_waited_for() -> None:
    worker = Worker(100, stuck_after=0.5)
    for _ in range(10):
        worker.add(lambda: time.sleep(0.1))
    worker.close()
    assert worker.errors == []


def test_it_can_be_closed_by_a_job_of_its_own() -> None:
    worker, closed = Worker(10), threading.Event()

    def close() -> None:
        worker.close()
        closed.set()

    worker.add(close)
    assert closed.wait(SECONDS)
