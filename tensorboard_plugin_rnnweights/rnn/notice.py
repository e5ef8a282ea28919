"""What a person should know of a run beside its numbers: what is missing, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """One sentence for a person, and what it is about.

    Attributes:
        text: The sentence, without its full stop; it says what to do, where something can be done.
        kind: The kind of series that it is about, such as `"gradients"`; empty for all kinds.
        layers: The paths of the layers that it is about; empty for the whole run.
    """

    text: str
    kind: str = ""
    layers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


Report = Callable[[Notice], None]
"""Called with each notice; to call it again with the same one changes nothing."""
