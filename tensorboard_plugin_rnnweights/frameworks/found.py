"""What is found in a model: its recurrent cells, and the layers that can't be read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tensorboard_plugin_rnnweights.rnn.cells import Cell, UnbuiltError
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tensorboard_plugin_rnnweights.rnn.whole import whole_notices


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
        """What a person should know of it, once the model was called."""
        text = (
            f"the recurrent layer '{self.layer}' is left out, as it has no weights: it was never called"
            if self.is_unbuilt
            else str(self.error)
        )
        return Notice(text, layers=(self.layer,))


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
        """What a person should know of what is not found, or not known."""
        whole = whole_notices((cell.layer, cell.layout) for cell in self.cells)
        return [*(one.notice() for one in self.left_out), *self.hints, *whole]

    def within(self, path: str, name: str) -> Found:
        """The same, where the model that it was found in stands inside another one.

        Args:
            path: Where it stands.
            name: What the paths of cells call the model itself, where it is recurrent.
        """

        def joined(layer: str) -> str:
            return path if layer == name else f"{path}/{layer}"

        return Found(
            cells=tuple(replace(one, layer=joined(one.layer)) for one in self.cells),
            left_out=tuple(replace(one, layer=joined(one.layer)) for one in self.left_out),
            hints=tuple(replace(one, layers=tuple(map(joined, one.layers))) for one in self.hints),
        )
