"""One call of a recurrent layer on the probe, as its framework ran it: what a replay starts from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tensorboard_plugin_rnnweights.rnn.cells import Cell

States = tuple[Any, ...]
"""The states of one cell, `h` first, each of shape (batch, ..., units)."""


@dataclass(frozen=True, eq=False)
class LayerCall:
    """One call of a recurrent layer. All arrays have the batch first and run in the natural order of time.

    Values may still be in the framework's hands: whatever `numpy.asarray` takes. Those of a convolution are
    laid out as the layer has them, channels first or last.

    Attributes:
        cells: The cells by level, then direction: `cells[1][0]` gets what all directions of level 0 give,
            side by side. Most layers have one level and one direction; Keras calls the two layers of a
            `Bidirectional` separately, so each is a call of its own.
        reversed: For each direction, whether it goes through time from the end.
        inputs: Shape (batch, time, ..., features).
        mask: Shape (batch, time), True where there is something; None where all of it counts. A cell's
            states don't change at time steps that are masked.
        initial_states: For each level and direction its cell's states; None where they are zeros.
        outputs: What the layer returned: (batch, time, ..., units) of the last level, or, where it returns
            only its last output, (batch, ..., units); directions side by side on the last axis.
        returns_sequences: Whether that is the outputs of all time steps.
        zeroes_masked: Whether the outputs of masked time steps are zeros, rather than the ones before them.
            Counts only where the layer returns its last output alone; elsewhere the outputs tell.
        output_gradients: The loss's gradient at `outputs`, of their shape; None where there is no loss.
        state_gradients: For each level and direction, the loss's gradients at the final states, where the
            layer returned them and the loss depends on them (an encoder's); None elsewhere.
    """

    cells: tuple[tuple[Cell, ...], ...]
    reversed: tuple[bool, ...]
    inputs: Any
    outputs: Any
    returns_sequences: bool
    mask: Any = None
    initial_states: tuple[tuple[States | None, ...], ...] | None = None
    zeroes_masked: bool = False
    output_gradients: Any = None
    state_gradients: tuple[tuple[States | None, ...], ...] | None = None

    def mapped(self, convert: Callable[[Any], Any]) -> LayerCall:
        """The same call with each of its values converted; those that are None stay so."""

        def one(value: Any) -> Any:
            return None if value is None else convert(value)

        def nested(states: tuple[tuple[States | None, ...], ...] | None) -> Any:
            return states and tuple(
                tuple(cell and tuple(one(value) for value in cell) for cell in level) for level in states
            )

        return replace(
            self,
            inputs=one(self.inputs),
            outputs=one(self.outputs),
            mask=one(self.mask),
            initial_states=nested(self.initial_states),
            output_gradients=one(self.output_gradients),
            state_gradients=nested(self.state_gradients),
        )
