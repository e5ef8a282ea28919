"""Makes a `LayerCall` of what was recorded of a module."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.torch.probe.calls import Call, Convention, Levels
from tensorboard_plugin_rnnweights.frameworks.torch.probe.structures import leaves, mapped
from tensorboard_plugin_rnnweights.rnn.cells import BACKWARD, Cell
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall, States

GradientOf = Callable[[torch.Tensor], torch.Tensor | None]
"""The loss's gradient at a tensor that was recorded; None where PyTorch finds no way there."""


def layer_call(cells: Sequence[Cell], calls: Sequence[Call], convention: Convention) -> LayerCall:
    """The calls of one module that follow one another in time as one call, without gradients.

    Args:
        cells: The module's cells.
        calls: At least one, for all of which the convention holds.
        convention: How the module was called.
    """
    levels = tuple(
        tuple(cell for cell in cells if cell.index == index)
        for index in sorted({cell.index for cell in cells})
    )
    outputs = [convention.outputs(call) for call in calls]
    mask = convention.mask(calls[0])
    return LayerCall(
        cells=levels,
        reversed=tuple(cell.direction == BACKWARD for cell in levels[0]),
        inputs=torch.cat([convention.inputs(call) for call in calls], dim=1),
        outputs=_over_time(outputs),
        returns_sequences=outputs[0].dim() > 2,
        mask=mask,
        initial_states=convention.initial_states(calls[0]),
        zeroes_masked=mask is not None,
    )


def with_gradients(
    call: LayerCall, calls: Sequence[Call], convention: Convention, gradient_of: GradientOf
) -> LayerCall | None:
    """Adds the loss's gradients at what the module gave.

    PyTorch's gradient at a state that is given on to the next call includes what takes the way through that
    call. That is what the recurrence itself brings back through time, so it is taken off again.

    Args:
        call: What `layer_call` made of the calls.
        calls: The calls.
        convention: How the module was called.
        gradient_of: The loss's gradients.

    Returns:
        None where they can't be known: where a call's gradients weren't followed, or where the loss depends
        on a state between two calls by another way than the next call and the outputs.
    """
    if not all(_is_known(one, gradient_of) for one in calls):
        return None
    gradients = [_gradients(one, gradient_of) for one in calls]
    outputs = [convention.outputs(one) for one in gradients]
    for place, (before, after) in enumerate(itertools.pairwise(gradients)):
        direct = _direct(convention.state_gradients(before), convention.initial_states(after) or ())
        if direct is None:
            return None
        earlier, last = outputs[place][:, :-1], outputs[place][:, -1:]
        outputs[place] = torch.cat([earlier, last + direct.unsqueeze(1)], dim=1)
    states = convention.state_gradients(gradients[-1])
    return replace(call, output_gradients=_over_time(outputs), state_gradients=_without_zeros(states))


def _over_time(values: Sequence[torch.Tensor]) -> torch.Tensor:
    return values[0] if len(values) == 1 else torch.cat([*values], dim=1)


def _is_known(call: Call, gradient_of: GradientOf) -> bool:
    """Whether no gradient means that there is none, rather than that nobody followed it."""
    return call.is_followed or any(gradient_of(one) is not None for one in leaves(call.outputs))


def _gradients(call: Call, gradient_of: GradientOf) -> Call:
    def one(value: Any) -> Any:
        if not isinstance(value, torch.Tensor):
            return value
        found = gradient_of(value)
        return torch.zeros_like(value) if found is None else found

    return Call(call.inputs, mapped(call.states, one), mapped(call.outputs, one))


def _direct(at_end: Levels, at_start: Levels) -> torch.Tensor | None:
    """The gradient at the last level's hidden state, without that at the next call's start.

    None where there is a gradient like that at another state.
    """
    ends, starts = ([one for level in levels for one in level[0]] for levels in (at_end, at_start))
    hidden = len(ends) - len(at_end[-1][0])
    for place, (end, start) in enumerate(zip(ends, starts, strict=True)):
        if place != hidden and not torch.allclose(end, start, rtol=0, atol=0, equal_nan=True):
            return None
    return ends[hidden] - starts[hidden]


def _without_zeros(levels: Levels) -> tuple[tuple[States | None, ...], ...] | None:
    found = tuple(tuple(one if any(map(torch.any, one)) else None for one in level) for level in levels)
    return found if any(one is not None for level in found for one in level) else None
