"""Jobs are done in their order, whatever becomes of any of them."""

from __future__ import annotations

import functools
import threading

from tensorboard_plugin_rnnweights.summary.background import BackgroundThread

SECONDS = 30


class Worker(BackgroundThread):
    """One that keeps what went wrong."""

    def __init__(self, max_size: int) -> None:
        self.errors: list[Exception] = []
        super().__init__("worker", max_size, self.errors.append)


def test_jobs_are_done_in_their_order_and_in_another_thread() -> None:
    done: list[tuple[int, str]] = []

    def job(number: int) -> None:
        done.append((number, threading.current_thread().name))

    worker = Worker(100)
    for number in range(50):
        worker.submit(functools.partial(job, number), 1)
    worker.close()
    assert done == [(number, "worker") for number in range(50)]
    assert worker.errors == []


def test_a_job_that_fails_is_told_and_the_others_are_done() -> None:
    done: list[str] = []

    def fail() -> None:
        raise OSError("no space")

    worker = Worker(100)
    worker.submit(lambda: done.append("before"), 1)
    worker.submit(fail, 1)
    worker.submit(lambda: done.append("after"), 1)
    worker.wait()
    assert done == ["before", "after"]
    assert [str(error) for error in worker.errors] == ["no space"]
    worker.close()


def test_the_caller_waits_while_too_much_lies_undone() -> None:
    go_on, submitted = threading.Event(), threading.Event()
    worker = Worker(10)

    def wait() -> None:
        go_on.wait(SECONDS)

    def submit_more() -> None:
        worker.submit(lambda: None, 8)
        submitted.set()

    worker.submit(wait, 8)
    caller = threading.Thread(target=submit_more)
    caller.start()
    assert not submitted.wait(0.05)
    go_on.set()
    assert submitted.wait(SECONDS)
    caller.join()
    worker.close()


def test_a_job_larger_than_the_room_is_done_alone() -> None:
    done: list[int] = []
    worker = Worker(10)
    for number in range(3):
        worker.submit(functools.partial(done.append, number), 1000)
    worker.wait()
    assert done == [0, 1, 2]
    worker.close()


def test_it_can_be_closed_by_a_job_of_its_own() -> None:
    worker, closed = Worker(10), threading.Event()

    def close() -> None:
        worker.close()
        closed.set()

    worker.submit(close, 1)
    assert closed.wait(SECONDS)
