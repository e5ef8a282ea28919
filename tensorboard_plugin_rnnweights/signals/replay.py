"""Runs one cell again over a layer's inputs, so that all that it computes on the way can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.equations import Equations, States, Step

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Replay:
    """What one cell computed, in the natural order of time.

    Attributes:
        equations: The cell's equations.
        inputs: Shape (batch, time, ..., features).
        is_reversed: Whether it goes through time from the end.
        mask: Shape (batch, time), True where there is something; None where all of it counts.
        initial: The states that it starts from.
        steps: What it computed at each time step. Where masked, its states are those before.
        computed: Its outputs by the equations, of shape (batch, time, ..., units).
        outputs: Its outputs as the layer gives them: where masked, zeros or the output before.
    """

    equations: Equations
    inputs: Array
    is_reversed: bool
    mask: Mask | None
    initial: States
    steps: tuple[Step, ...]
    computed: Array
    outputs: Array

    @property
    def last(self) -> int:
        """The time step at which it ends."""
        return 0 if self.is_reversed else len(self.steps) - 1

    def backwards(self) -> Iterator[int]:
        """The time steps, from the one at which it ends to the one at which it starts."""
        return reversed(_order(len(self.steps), self.is_reversed))

    def before(self, time: int) -> States:
        """The states before a time step."""
        previous = time + (1 if self.is_reversed else -1)
        return self.steps[previous].states if 0 <= previous < len(self.steps) else self.initial

    def counts(self, time: int) -> Mask | None:
        """Which samples have something at a time step, of shape (batch, 1, ...); None for all of them."""
        return None if self.mask is None else _column(self.mask, time, self.initial[0].ndim)

    def over_time(self, values: list[Array]) -> Array:
        """What was computed at each time step, of shape (batch, time, ...); 0 where masked."""
        stacked = np.stack(values, axis=1)
        return stacked if self.mask is None else np.where(_spread(self.mask, stacked.ndim), stacked, 0)


def replay(
    equations: Equations,
    inputs: Array,
    *,
    is_reversed: bool = False,
    mask: Mask | None = None,
    initial: States | None = None,
    zeroes_masked: bool = False,
    followed: Array | None = None,
) -> Replay:
    """Runs one cell over a batch of sequences.

    Args:
        equations: Its equations.
        inputs: Shape (batch, time, ..., features).
        is_reversed: Whether it goes through time from the end.
        mask: Shape (batch, time), True where there is something; None where all of it counts. Where masked,
            states are those before.
        initial: The states that it starts from; None for zeros.
        zeroes_masked: Whether the outputs where masked are zeros, rather than the outputs before, and zeros
            before the first one.
        followed: The layer's own outputs of all time steps, of shape (batch, time, ..., units). Each time
            step then starts from them, so that rounding errors don't grow from one to the next, as they do
            where a network is chaotic; and where masked, outputs are those.
    """
    from_inputs = equations.from_inputs(inputs)
    states = equations.zero_states(from_inputs[:, 0]) if initial is None else initial
    first, length = states, inputs.shape[1]
    steps: list[Any] = [None] * length
    computed: list[Any] = [None] * length
    outputs: list[Any] = [None] * length
    held = np.zeros_like(states[0])
    for time in _order(length, is_reversed):
        step = equations.step(from_inputs[:, time], states)
        computed[time] = step.states[0]
        after = step.states if followed is None else (followed[:, time], *step.states[1:])
        outputs[time] = after[0]
        if mask is not None:
            counts = _column(mask, time, after[0].ndim)
            if followed is None:
                outputs[time] = np.where(counts, after[0], held)
            after = tuple(np.where(counts, new, old) for new, old in zip(after, states, strict=True))
        held = np.zeros_like(held) if zeroes_masked else outputs[time]
        states = after
        steps[time] = Step(states, step.pre_activations, step.gates, step.inner)
    return Replay(
        equations=equations,
        inputs=inputs,
        is_reversed=is_reversed,
        mask=mask,
        initial=first,
        steps=tuple(steps),
        computed=np.stack(computed, axis=1),
        outputs=np.stack(outputs, axis=1),
    )


def _order(length: int, is_reversed: bool) -> range:
    return range(length - 1, -1, -1) if is_reversed else range(length)


def _column(mask: Mask, time: int, axes: int) -> Mask:
    return mask[:, time].reshape(-1, *[1] * (axes - 1))


def _spread(mask: Mask, axes: int) -> Mask:
    return mask.reshape(*mask.shape, *[1] * (axes - 2))
