"""Values that a person should know something of."""

from __future__ import annotations

from typing import Any, NamedTuple


class Noted(NamedTuple):
    """Values in place of a matrix, and what to know of them.

    Attributes:
        values: An array or tensor.
        note: A few words that stand beside the matrix; see `GateTensor.note`.
    """

    values: Any
    note: str
