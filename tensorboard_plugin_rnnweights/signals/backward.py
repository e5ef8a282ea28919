"""The loss's gradients at all that a cell computed: backpropagation through time (Werbos, 1990).

Both the gradient at a hidden state and the one at a gate's pre-activation are total: what the loss changes
by through all later time steps. A layer that returns only its last output has them at every time step, too,
as the recurrence is followed back from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.equations import States
from tensorboard_plugin_rnnweights.signals.replay import Replay

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Gradients:
    """The loss's gradients in one cell, in the natural order of time; 0 where masked.

    Attributes:
        outputs: At its hidden states, of shape (batch, time, ..., units).
        gates: At its gates' pre-activations, side by side: (batch, time, ..., gates * units).
    """

    outputs: Array
    gates: Array


def step_back(run: Replay, time: int, gradients: States) -> tuple[Array, States]:
    """One time step backward.

    Args:
        run: What the cell computed.
        time: The time step.
        gradients: The gradients at the states after it, of shape (..., batch, *places, units) each.

    Returns:
        Those at all gates' pre-activations, and those at the states before.
    """
    at_gates, before = run.equations.adjoint(run.before(time), run.steps[time], gradients)
    counts = run.counts(time)
    if counts is None:
        return at_gates, before
    kept = (np.where(counts, new, old) for new, old in zip(before, gradients, strict=True))
    return np.where(counts, at_gates, 0), tuple(kept)


def gradients_of(run: Replay, direct: Array, final: States | None, zeroes_masked: bool) -> Gradients:
    """Follows the loss's gradient back through a whole sequence.

    Args:
        run: What the cell computed.
        direct: The loss's gradient at what the cell gives at each time step, not through other time steps,
            of the shape of its outputs.
        final: The loss's gradients at the states that it ended with; None where it doesn't depend on them.
        zeroes_masked: Whether its outputs where masked are zeros, rather than the outputs before.
    """
    states = tuple(np.zeros_like(one) for one in run.initial) if final is None else final
    # Of outputs that are those before, the gradient is that of the ones before.
    held = np.zeros_like(states[0])
    at_outputs: list[Any] = [None] * len(run.steps)
    at_gates: list[Any] = [None] * len(run.steps)
    for time in run.backwards():
        held = held + direct[:, time]
        counts = run.counts(time)
        arrived = held if counts is None else np.where(counts, held, 0)
        held = np.zeros_like(held) if counts is None or zeroes_masked else np.where(counts, 0, held)
        states = (states[0] + arrived, *states[1:])
        at_outputs[time] = states[0]
        at_gates[time], states = step_back(run, time, states)
    return Gradients(run.over_time(at_outputs), run.over_time(at_gates))
