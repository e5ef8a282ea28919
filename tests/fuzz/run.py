"""One run of one target: so many inputs, in rounds of which each begins anew, and what it took."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.targets import Target

# Hypothesis remembers what it has drawn, and gets ever slower at finding something new.
_DRAWN_A_ROUND = 1000


@dataclass
class Spent:
    """What a target took.

    Attributes:
        inputs: How many inputs it was given; of a list, each one counts.
        seconds: How long it took.
        peak: The most memory that this process had by then, in MiB.
    """

    inputs: int = 0
    seconds: float = 0.0
    peak: float = 0.0


def fuzz(target: Target, inputs: int, first_seed: int) -> Spent:
    """Gives a target so many inputs at least.

    Raises:
        BaseException: What the target raised of the simplest input that it was found to fail at.
    """
    spent, started, number = Spent(), time.monotonic(), first_seed
    while spent.inputs < inputs:
        _round(target, inputs, number, spent)
        number += 1
    spent.seconds = time.monotonic() - started
    spent.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return spent


def _round(target: Target, limit: int, number: int, spent: Spent) -> None:
    @seed(number)
    @settings(
        max_examples=min(_DRAWN_A_ROUND, 1 + (limit - spent.inputs) // target.each),
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=[*HealthCheck],
        phases=[Phase.generate, Phase.shrink],
    )
    @given(target.inputs)
    def holds(one: object) -> None:
        # Lists are of several inputs, so that fewer of them will do.
        if spent.inputs < limit:
            target.holds(one)
            spent.inputs += target.each * (len(one) if isinstance(one, list) else 1)

    holds()
