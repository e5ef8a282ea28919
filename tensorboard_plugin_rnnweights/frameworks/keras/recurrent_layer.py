"""One recurrent layer as found in a Keras model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tensorboard_plugin_rnnweights.rnn.cells import Cell


@dataclass(frozen=True, eq=False)
class RecurrentLayer:
    """A layer that steps through time; each direction of a bidirectional layer is one.

    Attributes:
        layer: Keras's layer. A cell that a layer of the user's own steps through time stands for itself.
        cells: Its cells, level by level.
    """

    layer: Any
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        """Its place in words, for messages."""
        return self.cells[0].name()
