"""A thread that does jobs in their order while the training goes on."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

Job = Callable[[], None]


class BackgroundThread:
    """Does jobs one after the other, and makes the caller wait when too much lies undone.

    Args:
        name: The thread's name.
        max_size: How large the waiting jobs may be in all. A job that is larger than that waits until it
            would be alone.
        on_error: Called, in the thread, with what a job raised. The next job is done all the same.
    """

    def __init__(self, name: str, max_size: int, on_error: Callable[[Exception], None]) -> None:
        self._max_size = max_size
        self._on_error = on_error
        self._jobs: deque[tuple[Job, int]] = deque()
        self._size = 0
        self._unfinished = 0
        self._closing = False
        self._changed = threading.Condition()
        # A daemon, since the interpreter waits for other threads before it runs exit handlers, one
        # of which closes us.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Job, size: int) -> None:
        """Lets a job be done soon; waits while there is no room for its size."""
        with self._changed:
            if not self.is_current():
                self._changed.wait_for(lambda: self._has_room(size))
            self._jobs.append((job, size))
            self._size += size
            self._unfinished += 1
            self._changed.notify_all()

    def wait(self) -> None:
        """Waits until all jobs are done."""
        with self._changed:
            self._changed.wait_for(lambda: not self._unfinished)

    def close(self) -> None:
        """Does what is left, and ends the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        # The garbage collector may close us from any thread, this one included.
        if not self.is_current():
            self._thread.join()

    def _has_room(self, size: int) -> bool:
        return not self._size or self._size + size <= self._max_size

    def is_current(self) -> bool:
        """Whether it is this thread that asks."""
        return threading.current_thread() is self._thread

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._closing)
                if not self._jobs:
                    return
                job, size = self._jobs.popleft()
            try:
                job()
            except Exception as error:  # whatever it is, training has to go on
                self._on_error(error)
            finally:
                # The job holds the memory that its size stands for.
                del job
                with self._changed:
                    self._size -= size
                    self._unfinished -= 1
                    self._changed.notify_all()
