"""Times things in turn, round by round, since machines are noisy and drift."""

from __future__ import annotations

import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_LOOKS = 50
# Several of the kernel's ticks: before one, the time of a thread on another processor isn't counted.
_BETWEEN_LOOKS = 0.02
_IDLE = 0.1


@dataclass(frozen=True)
class Cost:
    """What one call took, in milliseconds.

    Attributes:
        held: Until the call returned.
        cpu: Of all threads' processor time, until the work was done.
    """

    held: float
    cpu: float


@dataclass(frozen=True)
class Contender:
    """One way to do the work.

    Attributes:
        start: What the caller is held by.
        finish: What has to be waited for, until all threads are done.
    """

    start: Callable[[], object]
    finish: Callable[[], object] = lambda: None


def rounds(
    contenders: Mapping[str, Contender], count: int, between: Callable[[], object] = lambda: None
) -> dict[str, list[Cost]]:
    """Runs each contender once a round, after one round that doesn't count.

    Args:
        contenders: By name.
        count: How many rounds count.
        between: What happens from one round to the next, and isn't measured.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for of_round in itertools.islice(in_turn(contenders), count):
        for name, cost in of_round.items():
            costs[name].append(cost)
        between()
    return costs


def in_turn(contenders: Mapping[str, Contender], seconds: float = math.inf) -> Iterator[dict[str, Cost]]:
    """Runs each contender once a round, after one round that doesn't count, for as long as one goes on.

    Args:
        contenders: By name.
        seconds: For how long each may run; later rounds go without those that have.
    """
    for contender in contenders.values():
        _cost(contender)
    ran = dict.fromkeys(contenders, 0.0)
    while going_on := [name for name in contenders if ran[name] < seconds]:
        costs = {}
        for name in going_on:
            start = time.perf_counter()
            costs[name] = _cost(contenders[name])
            ran[name] += time.perf_counter() - start
        yield costs


def median_ratio(numerators: list[float], denominators: list[float]) -> float:
    """The median, over the rounds, of each round's ratio."""
    pairs = zip(numerators, denominators, strict=True)
    return statistics.median(numerator / denominator for numerator, denominator in pairs)


def _cost(contender: Contender) -> Cost:
    _wait_until_idle()
    wall, cpu = time.perf_counter(), time.process_time()
    contender.start()
    held = time.perf_counter() - wall
    contender.finish()
    return Cost(held * 1e3, (time.process_time() - cpu) * 1e3)


def _wait_until_idle() -> None:
    """Waits for a while, since libraries' threads spin on once their work is done."""
    for _ in range(_LOOKS):
        cpu = time.process_time()
        time.sleep(_BETWEEN_LOOKS)
        if time.process_time() - cpu < _IDLE * _BETWEEN_LOOKS:
            return
