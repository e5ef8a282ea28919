"""A thread that does jobs in their order while the training goes on."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PATIENCE = 5.0
"""Seconds for which a caller waits for room."""

STUCK_AFTER = 60.0
"""Seconds without a job done after which nobody waits for the thread any more."""


@dataclass(frozen=True, eq=False)
class Job:
    """Something to be done.

    Attributes:
        do: Does it.
        size: How large what it holds is; one of size 0 never has to wait for room.
        snapshot: The step of the snapshot that it belongs to; None for none.
    """

    do: Callable[[], None]
    size: int = 0
    snapshot: int | None = None


class BackgroundThread:
    """Does jobs one after the other, and takes no more than there is room for.

    Args:
        name: The thread's name.
        max_size: How large the unfinished jobs may be in all. Jobs that are larger than that, and come
            together, wait until they would be alone.
        on_error: Called, in any thread, with what a job raised, or that the thread is stuck. The next job
            is done all the same.
        patience: Seconds for which a caller waits for room. Once it has waited in vain, nobody waits
            until half of the room is free again: the training has gone on without us for as long.
        stuck_after: Seconds without a job done after which `wait` and `close` give up, at the latest after
            as many again.
    """

    def __init__(
        self,
        name: str,
        max_size: int,
        on_error: Callable[[Exception], None],
        *,
        patience: float = PATIENCE,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        self._max_size = max_size
        self._on_error = on_error
        self._patience = patience
        self._stuck_after = stuck_after
        self._jobs: deque[Job] = deque()
        # Of what waits, and of what is being done.
        self._waiting = self._size = 0
        self._unfinished = self._finished = 0
        self._waits_for_room = True
        self._closing = False
        self._process = os.getpid()
        self._lock = lock = threading.RLock()
        # Each wakes only those whom it concerns, since to wake a thread takes as long as a small job.
        self._has_come = threading.Condition(lock)
        self._has_room = threading.Condition(lock)
        self._is_done = threading.Condition(lock)
        # A daemon, since the interpreter waits for other threads before it runs exit handlers, one
        # of which closes us.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, jobs: Iterable[Job]) -> bool:
        """Lets jobs be done soon, all of them or none; may wait for room.

        Returns:
            Whether there was room; there is none in a process that was forked from the thread's.
        """
        if not self.is_of_this_process():
            return False
        taken = list(jobs)
        size = sum(job.size for job in taken)
        with self._lock:
            if not self.is_current() and not self._fits(size):
                patience = self._patience if self._waits_for_room else 0.0
                if not self._has_room.wait_for(lambda: self._fits(size), patience):
                    self._waits_for_room = False
                    return False
            self._jobs.extend(taken)
            self._waiting += size
            self._size += size
            self._unfinished += len(taken)
            self._has_come.notify()
        return True

    def is_behind(self) -> bool:
        """Whether so much waits that one may well leave something out to catch up.

        That is half of the room, of several snapshots: a single one of a large model may be as much.
        """
        with self._lock:
            if self._waiting <= self._max_size / 2:
                return False
            return len({job.snapshot for job in self._jobs if job.snapshot is not None}) > 1

    def wait(self) -> bool:
        """Waits until all jobs are done.

        Returns:
            Whether they are, since a thread that is stuck is not waited for any longer.
        """
        if not self.is_of_this_process():
            return False
        with self._lock:
            finished = self._finished
            while not self._is_done.wait_for(lambda: not self._unfinished, self._stuck_after):
                if self._finished == finished:
                    return False
                finished = self._finished
        return True

    def close(self) -> None:
        """Does what is left, and ends the thread; a process that was forked leaves that to the other."""
        if not self.is_of_this_process():
            return
        # The garbage collector may close us from any thread, this one included.
        is_done = self.is_current() or self.wait()
        with self._lock:
            self._closing = True
            self._has_come.notify()
        if not is_done:
            self._on_error(
                TimeoutError(
                    f"nothing could be written for {self._stuck_after:.0f} seconds; what was left is lost"
                )
            )
        elif not self.is_current():
            self._thread.join()

    def is_of_this_process(self) -> bool:
        """Whether it runs here: a process that was forked has none of the threads that were there."""
        return os.getpid() == self._process

    def is_current(self) -> bool:
        """Whether it is this thread that asks."""
        return threading.current_thread() is self._thread

    def _fits(self, size: int) -> bool:
        return not size or not self._size or self._size + size <= self._max_size

    def _run(self) -> None:
        while True:
            with self._has_come:
                self._has_come.wait_for(lambda: self._jobs or self._closing)
                if not self._jobs:
                    return
                job = self._jobs.popleft()
                size = job.size
                self._waiting -= size
            try:
                job.do()
            except Exception as error:  # whatever it is, training has to go on
                self._on_error(error)
            finally:
                # The job holds the memory that its size stands for.
                del job
                with self._lock:
                    self._size -= size
                    self._unfinished -= 1
                    self._finished += 1
                    self._waits_for_room |= self._size <= self._max_size / 2
                    self._has_room.notify_all()
                    if not self._unfinished:
                        self._is_done.notify_all()
