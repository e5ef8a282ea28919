"""One recurrent cell as found in a model, whatever the framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tensorboard_plugin_rnnweights.rnn.layouts import CellLayout

FORWARD = "forward"
BACKWARD = "backward"


class UnbuiltError(ValueError):
    """A recurrent layer that has no weights yet."""


@dataclass(frozen=True)
class Cell:
    """A recurrent cell of a user's model.

    Attributes:
        layer: The layer's path in the model, such as `"encoder/lstm_1"`.
        direction: `"forward"`, `"backward"`, or None where the layer is not bidirectional.
        index: The cell's place in its layer's stack of cells; 0 where there is only one.
        layout: Its row in the table of gate layouts.
        variables: The framework's variables by the name that the layout gives them. Variables that
            the cell does without are left out.
    """

    layer: str
    direction: str | None
    index: int
    layout: CellLayout
    variables: Mapping[str, Any]

    def name(self) -> str:
        """The cell's place in words, for messages: `"encoder/lstm_1, forward"`."""
        return self.layer if self.direction is None else f"{self.layer}, {self.direction}"
