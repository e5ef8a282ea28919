"""The cells of the model that was looked through last, so that a snapshot looks through it once."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.notice import Report


class LastFound:
    """Remembers the cells of one model at one step, for as long as something is held of them.

    Weights and gradients of a step are mostly added one after the other, and to find the cells takes half
    of the time for which training is held. At the next step the model may be another one.
    """

    def __init__(self) -> None:
        self._step: int | None = None
        self._model: weakref.ref[Any] | None = None
        self._cells: Sequence[weakref.ref[Cell]] = ()

    def of(self, model: Any, report: Report, *, step: int) -> list[Cell]:
        """The cells of a model; for what is raised, see `find_cells`."""
        if step == self._step and self._model is not None and self._model() is model:
            cells = [cell for one in self._cells if (cell := one()) is not None]
            if len(cells) == len(self._cells):
                return cells
        cells = find_cells(model, report)
        self._step, self._model = step, _reference(model)
        self._cells = [weakref.ref(cell) for cell in cells]
        return cells


def _reference(model: Any) -> weakref.ref[Any] | None:
    try:
        return weakref.ref(model)
    except TypeError:  # a list or dict of models
        return None
