"""When a snapshot is due in a training, and at which step."""

from __future__ import annotations

from typing import Protocol


class Schedule(Protocol):
    """Counts a training's steps, and says after which of them a snapshot is due.

    One is due before the first epoch, too. A further training with the same schedule counts on from
    the last one, so that steps never repeat.

    Attributes:
        step: How many steps the model was trained for by now.
    """

    step: int

    def begin(self, iterations: int) -> None:
        """A training begins, of a model whose optimizer has made so many updates before."""

    def begin_epoch(self, epoch: int, batches: int | None) -> bool:
        """An epoch begins, of so many batches, if that is known; True if a snapshot is due."""

    def may_log_after(self, batches: int) -> bool:
        """Whether a snapshot may be due once so many batches of the epoch are done."""

    def end_batch(self, batch: int) -> bool:
        """The batch of that number, from 0, has ended; True if a snapshot is due."""

    def end_epoch(self, epoch: int) -> bool:
        """The epoch of that number, from 0, has ended; True if a snapshot is due."""


class EveryEpoch:
    """A step is an epoch, and a snapshot is due after each."""

    def __init__(self) -> None:
        self.step = 0
        self._offset: int | None = None
        self._batches: int | None = None
        self._has_begun = False

    def begin(self, iterations: int) -> None:
        self._offset = None

    def begin_epoch(self, epoch: int, batches: int | None) -> bool:
        self._batches = batches
        if self._offset is None:
            self._offset = max(0, self.step - epoch)
            self.step = epoch + self._offset
        is_first, self._has_begun = not self._has_begun, True
        return is_first

    def may_log_after(self, batches: int) -> bool:
        return self._batches is None or batches >= self._batches

    def end_batch(self, batch: int) -> bool:
        return False

    def end_epoch(self, epoch: int) -> bool:
        self.step = epoch + 1 + (self._offset or 0)
        return True


class EveryBatches:
    """A step is a batch, and a snapshot is due whenever so many more are done.

    Args:
        every: Batches from one snapshot to the next.
    """

    def __init__(self, every: int) -> None:
        self.step = 0
        self._every = every
        self._before_epoch = 0
        self._has_begun = False

    def begin(self, iterations: int) -> None:
        self.step = max(self.step, iterations)

    def begin_epoch(self, epoch: int, batches: int | None) -> bool:
        self._before_epoch = self.step
        is_first, self._has_begun = not self._has_begun, True
        return is_first

    def may_log_after(self, batches: int) -> bool:
        return self._is_due(self._before_epoch + batches)

    def end_batch(self, batch: int) -> bool:
        step = self._before_epoch + batch + 1
        is_due = self._is_due(step)
        self.step = step
        return is_due

    def end_epoch(self, epoch: int) -> bool:
        return False

    def _is_due(self, step: int) -> bool:
        # With several steps per execution, only every n-th batch is seen.
        return step // self._every > self.step // self._every


def schedule_for(update_freq: str | int) -> Schedule:
    """The schedule that `update_freq` stands for, as in `keras.callbacks.TensorBoard`.

    Args:
        update_freq: `"epoch"`, `"batch"`, or a number of batches.

    Raises:
        ValueError: If it is something else.
    """
    if update_freq == "epoch":
        return EveryEpoch()
    every = 1 if update_freq == "batch" else update_freq
    if isinstance(every, bool) or not isinstance(every, int) or every < 1:
        raise ValueError(
            f"update_freq has to be 'epoch', 'batch' or a number of batches, not {update_freq!r}"
        )
    return EveryBatches(every)
