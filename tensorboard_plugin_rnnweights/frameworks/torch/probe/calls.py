"""One call of a recurrent module, and what is to know of how a module is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from tensorboard_plugin_rnnweights.signals.layer_call import States

Levels = tuple[tuple[States, ...], ...]
"""The states of each level and direction."""


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a module, or the loss's gradients at it, in the same structures.

    Attributes:
        inputs: What the module was called with; None where it wasn't called with a tensor.
        states: The states that it was called with, as it took them; None where it wasn't given any.
        outputs: All that it gave; None where it hasn't given it yet.
        is_followed: Whether gradients were followed where the user's code called it.
    """

    inputs: Any
    states: Any = None
    outputs: Any = None
    is_followed: bool = False


class Convention(Protocol):
    """How one module is called, and where batch, time and states are in what it takes and gives."""

    def are_states(self, second: Any) -> bool:
        """Whether the module's second argument is its states."""

    def goes_on(self, calls: Sequence[Call], call: Call) -> bool:
        """Whether the call that is about to be made is of the time steps after those of `calls`."""

    def holds_for(self, call: Call) -> bool:
        """Whether the module took and gave what the convention says."""

    def inputs(self, call: Call) -> torch.Tensor:
        """What went in, of shape (batch, time, ..., features)."""

    def mask(self, call: Call) -> torch.Tensor | None:
        """Which time steps there are, of shape (batch, time); None where all of them are."""

    def outputs(self, call: Call) -> torch.Tensor:
        """What came out: (batch, time, ..., units), or (batch, units) of the last time step alone."""

    def initial_states(self, call: Call) -> Levels | None:
        """The states that the call began with; None where it wasn't given any."""

    def state_gradients(self, gradients: Call) -> Levels:
        """The gradients at the states that came out, besides those at the outputs."""
