"""The number of the last batch that a call of a Keras model's training step has trained on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

# Before this version, Keras 3 told callbacks the first batch of a call, also when it had ended.
_TELLS_LAST_SINCE = (3, 11)


@dataclass(frozen=True)
class BatchesACall:
    """How a model goes through its batches.

    Attributes:
        count: How many a call trains on at most: the model's `steps_per_execution`.
        tells_first: Whether callbacks are told the first of them when a call has ended, and not the last.
    """

    count: int = 1
    tells_first: bool = False

    def last(self, told: int, batches: int | None) -> int:
        """The number of a call's last batch, from 0.

        Args:
            told: The number that callbacks are told when it has ended.
            batches: How many there are in the epoch, if that is known: the last call may have fewer.
        """
        if not self.tells_first:
            return told
        last = told + self.count - 1
        return last if batches is None else min(last, batches - 1)


def tells_first(model: Any) -> bool:
    """Whether a model's Keras is one that tells callbacks the first batch of a call that has ended."""
    keras = sys.modules.get("keras")
    if keras is None or not isinstance(model, keras.Model):
        return False
    return tuple(int(part) for part in keras.__version__.split(".")[:2]) < _TELLS_LAST_SINCE
