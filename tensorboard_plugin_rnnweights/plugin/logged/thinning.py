"""Which of very many steps are answered: no screen shows thousands of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tensorboard_plugin_rnnweights.plugin.logged.records import Datum

AnyDatum = TypeVar("AnyDatum", bound=Datum)


@dataclass(frozen=True)
class Thinning:
    """A part of a series' steps, and how many of these at most.

    Attributes:
        first: The first step that counts; from the beginning if None.
        last: The last step that counts; to the end if None.
        most: How many steps are kept at most, at least 2; all if None.
    """

    first: int | None = None
    last: int | None = None
    most: int | None = None

    def of(self, data: Sequence[AnyDatum]) -> list[AnyDatum]:
        """Those that are kept: at equal distances in the list, the part's first and last among them."""
        part = [
            datum
            for datum in data
            if (self.first is None or datum.step >= self.first)
            and (self.last is None or datum.step <= self.last)
        ]
        if self.most is None or len(part) <= self.most:
            return part
        last = len(part) - 1
        return [part[round(place * last / (self.most - 1))] for place in range(self.most)]


ALL = Thinning()
"""Everything."""
