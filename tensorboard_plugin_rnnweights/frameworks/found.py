"""What is found in a model: its recurrent cells, and the layers that can't be read."""

from __future__ import annotations

from dataclasses import dataclass

from tensorboard_plugin_rnnweights.rnn.cells import Cell, UnbuiltError
from tensorboard_plugin_rnnweights.rnn.notice import Notice


@dataclass(frozen=True, eq=False)
class LeftOut:
    """A recurrent layer that can't be read.

    Attributes:
        layer: Its path in the model.
        error: Why: an `UnbuiltError` where it has no weights yet.
    """

    layer: str
    error: ValueError

    @property
    def is_unbuilt(self) -> bool:
        """Whether it has no weights yet, so that it may be read later."""
        return isinstance(self.error, UnbuiltError)

    def notice(self) -> Notice:
        """What a person should know of it."""
        return Notice(str(self.error), layers=(self.layer,))


@dataclass(frozen=True, eq=False)
class Found:
    """All that is recurrent in a model, in the model's own order.

    Attributes:
        cells: The cells that can be read.
        left_out: The layers that can't.
        hints: What else may be recurrent, and what to do about it.
    """

    cells: tuple[Cell, ...]
    left_out: tuple[LeftOut, ...] = ()
    hints: tuple[Notice, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether no layer has to be looked for again, since all that can be built are."""
        return bool(self.cells) and not any(one.is_unbuilt for one in self.left_out)

    def notices(self) -> list[Notice]:
        """What a person should know of what is not found."""
        return [*(one.notice() for one in self.left_out), *self.hints]
