"""Keeps TensorBoard's fast loader from holding its answers back.

That loader is a server of its own, which answers over a local connection with Nagle's algorithm on: the
last part of an answer waits until its first part is acknowledged, and the receiving kernel delays that by
40 ms, hoping to send it along with something else. So while we wait for an answer we send something
else, tiny questions, and get it in 2 ms rather than 44.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

# In seconds. Each is as long as all before it, so an answer waits at most as long again as it took.
_PAUSES = (0.001, 0.001, 0.002, 0.004, 0.008, 0.016)
_WORKERS = 16


class Nudges:
    """Runs calls to a server, and nudges it while they wait."""

    def __init__(self) -> None:
        self._calls = concurrent.futures.ThreadPoolExecutor(_WORKERS, "rnnweights-call")
        self._nudges = concurrent.futures.ThreadPoolExecutor(_WORKERS, "rnnweights-nudge")

    def call(self, call: Callable[[], Answer], nudge: Callable[[], object]) -> Answer:
        """Runs a call.

        Args:
            call: What is wanted of the server.
            nudge: A question to the same server whose answer is small; it is not looked at.

        Returns:
            What `call` returned; what it raised is raised.
        """
        answer = self._calls.submit(call)
        for pause in _PAUSES:
            done, _ = concurrent.futures.wait([answer], timeout=pause)
            if done:
                break
            self._nudges.submit(nudge)
        return answer.result()
