"""What stands in place of a gradient that there is none of."""

from __future__ import annotations

from typing import NamedTuple


class Missing(NamedTuple):
    """Says why there is no gradient.

    Attributes:
        reason: The end of the sentence 'no gradient is logged of ...: ', without its full stop.
        is_passing: Whether there is none only now, as in a step that mixed precision has left out: no fault
            that a person has to know.
    """

    reason: str
    is_passing: bool = False
