"""Which snapshots of a series have what is dear: heatmaps take room on disk, some measures time."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ALL_OF_FIRST = 50
GROWTH = 1.1
DEAR_EVERY = 5

DEAR_SHARE = 0.02
"""The share of one processor's time that what is dear may take of a series."""

FREE_SECONDS = 0.005
"""What takes no longer than this is not counted."""


def check_heatmap_freq(heatmap_freq: str | int) -> None:
    """Checks what a person has set.

    Args:
        heatmap_freq: `"logarithmic"` (all of the first 50 snapshots of a series, then one each time that
            their count has grown by 10 %), `"snapshot"` (all), or a number n (the first, then every n-th).

    Raises:
        ValueError: If it is none of these.
    """
    is_number = type(heatmap_freq) is int and heatmap_freq >= 1
    if not is_number and heatmap_freq not in ("logarithmic", "snapshot"):
        raise ValueError(
            "heatmap_freq has to be 'logarithmic', 'snapshot' or a number of snapshots, at least 1, "
            f"not {heatmap_freq!r}"
        )


def is_heatmap_due(heatmap_freq: str | int, count: int) -> bool:
    """Whether a series' snapshot has a heatmap.

    Args:
        heatmap_freq: As `check_heatmap_freq` allows it.
        count: Which snapshot of the series it is, from 1.
    """
    if isinstance(heatmap_freq, int):
        return (count - 1) % heatmap_freq == 0
    return heatmap_freq == "snapshot" or count <= ALL_OF_FIRST or _growths(count) > _growths(count - 1)


def is_dear_due(heatmap_freq: str | int, count: int) -> bool:
    """Whether a series' snapshot has the measures that take long: at most every fifth one does.

    Args:
        heatmap_freq: As `check_heatmap_freq` allows it; it counts every fifth snapshot.
        count: Which snapshot of the series it is, from 1.
    """
    fifths, rest = divmod(count - 1, DEAR_EVERY)
    return rest == 0 and is_heatmap_due(heatmap_freq, fifths + 1)


@dataclass
class DearTime:
    """Keeps what is dear from taking more than its share of time, however large a matrix is.

    Args:
        now: Seconds that go on all the time.
        spent: Seconds that this thread's work has taken.
    """

    now: Callable[[], float] = time.monotonic
    spent: Callable[[], float] = time.thread_time
    _free_at: float = -math.inf

    def is_there(self) -> bool:
        """Whether there is time for it now."""
        return self.now() >= self._free_at

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Measures what is done within, which has to be paid for before the next time."""
        before = self.spent()
        yield
        seconds = self.spent() - before
        if seconds > FREE_SECONDS:
            self._free_at = self.now() + seconds / DEAR_SHARE


def _growths(count: int) -> int:
    """How many times the first snapshots have grown to so many."""
    return math.floor(math.log(count / ALL_OF_FIRST, GROWTH))
