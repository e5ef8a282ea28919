"""What is done once a backward pass is over, and all that averages gradients among processes is done."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.autograd import Variable

# PyTorch calls what is queued in a backward pass at its end, and in its turn what that queues. It is so
# that DistributedDataParallel writes the averages into `.grad`; in the first pass of a static graph, by a
# call that another one queues. To stand at the end of the queue again three times comes after both.
_ROUNDS = 3


class AfterBackward:
    """Does something after each backward pass in which it is asked to.

    A pass inside another one, as that of a reentrant checkpoint, counts by itself. Where no pass is known,
    as in compiled ones, it is done at once.

    Args:
        action: What is done.
    """

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._asked: set[int] = set()

    def ask(self) -> bool:
        """Has it done after the backward pass that goes on now; whether it was the first to ask in it."""
        number = torch._C._current_graph_task_id()
        is_first = number not in self._asked
        if number < 0:
            self._action()
        elif is_first:
            self._asked.add(number)
            self._queue(number, _ROUNDS)
        return is_first

    def _queue(self, number: int, rounds: int) -> None:
        Variable._execution_engine.queue_callback(lambda: self._called(number, rounds))

    def _called(self, number: int, rounds: int) -> None:
        if rounds > 1:
            self._queue(number, rounds - 1)
        else:
            self._asked.discard(number)
            self._action()
