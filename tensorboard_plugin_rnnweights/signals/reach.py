"""Reach: which past counts, as the gradient of each time step's loss or output at every earlier time step.

Training sees only the sum of the gradients of all time steps' losses. Here each loss time is followed back
on its own, as the itemised gradients of RNNbow are (Cashman et al. 2019, 'RNNbow: Visualizing Learning via
Backpropagation Gradients in RNNs'); where there is no loss at each time step, what is followed is the
output itself, as the connectivity of Madsen (2019, 'Visualizing memorization in RNNs', Distill).

For a loss, row s, column t is the norm of the gradient at h_t (and x_t) of the loss through the layer's
output of time step s. For outputs, it is the Frobenius norm of the Jacobian d h_s / d h_t (and
d h_s / d x_t), estimated as Hutchinson (1990) has it: with v of random signs, the expected squared norm of
J^T v is the squared norm of J. The signs are the same at each call, so that a change is one of the network;
for one unit the norm is exact. Over samples, both are root mean squares; samples in which either time step
is masked don't count.

Cost: all loss times go back at once, each from its own time step, in T * (T + 1) / 2 steps of the cell's
adjoint for each sample: T * (T + 1) / 2 * batch * gates * units * (units + features) multiply-adds; below a
level of several directions, which see past and future, twice that. Memory is bounded: many loss times go in
chunks.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.signals.backward import step_back
from tensorboard_plugin_rnnweights.signals.cell_signals import Reach
from tensorboard_plugin_rnnweights.signals.replay import Mask, Replay

Array = npt.NDArray[Any]

_Arriving = Callable[[Array, int, slice, slice], None]
"""Adds what arrives directly at a cell's output to gradients there, of shape (loss times, batch, ...,
units): (gradients, time step, which of the loss times they are of, which units of the level's outputs)."""

# How many values an array of one chunk of loss times may have.
_CHUNK_VALUES = 2**23

_SEED = 20190325


def reach_of(levels: Sequence[Sequence[Replay]], loss_gradients: Array | None) -> list[list[Reach]]:
    """The reach at each cell of a layer.

    Args:
        levels: What its cells computed, by level, then direction.
        loss_gradients: The loss's gradient at the layer's outputs, of shape (batch, time, ..., units),
            directions side by side; None to follow the outputs themselves.

    Returns:
        By level, then direction.
    """
    top = np.concatenate([run.outputs for run in levels[-1]], axis=-1)
    seeds = _random_signs(top) if loss_gradients is None else loss_gradients
    mask = levels[-1][0].mask
    if mask is not None:
        seeds = np.where(mask.reshape(*mask.shape, *[1] * (seeds.ndim - 2)), seeds, 0)
    length = seeds.shape[1]
    squares = [[np.zeros((2, length, length)) for _ in level] for level in levels]
    for losses in _chunks(levels, seeds):
        _follow(levels, seeds, losses, squares)
    of = "outputs" if loss_gradients is None else "loss"
    samples = _samples(mask, len(seeds), length)
    roots = [[np.sqrt(found / samples) for found in level] for level in squares]
    return [
        [Reach(found[0], found[1], of, _is_causal(levels, number)) for found in level]
        for number, level in enumerate(roots)
    ]


def _is_causal(levels: Sequence[Sequence[Replay]], level: int) -> bool:
    """Whether nothing that follows depends on what comes after it, as it does above two directions."""
    return all(len(above) == 1 for above in levels[level + 1 :])


def _random_signs(like: Array) -> Array:
    random = np.random.default_rng(_SEED)
    return random.choice(np.array([-1, 1], like.dtype), size=like.shape)


def _samples(mask: Mask | None, batch: int, length: int) -> Array:
    """How many samples count for each pair of time steps; 1 where none does, whose sum is 0 then."""
    if mask is None:
        return np.full((length, length), batch)
    counts = mask.astype(np.int64)
    return np.maximum(counts.T @ counts, 1)


def _chunks(levels: Sequence[Sequence[Replay]], seeds: Array) -> list[range]:
    """The loss times, so many at once that what is kept of them is not too large."""
    length = seeds.shape[1]
    values = max(run.steps[0].gates.size for level in levels for run in level)
    if len(levels) > 1:
        # Where a level below goes on with it, what reaches the inputs is kept for all time steps.
        widest = max(run.outputs[:, 0].size * len(level) for level in levels for run in level)
        values = max(values, length * widest)
    size = max(1, _CHUNK_VALUES // max(values, 1))
    return [range(start, min(start + size, length)) for start in range(0, length, size)]


def _follow(
    levels: Sequence[Sequence[Replay]], seeds: Array, losses: range, squares: Sequence[Sequence[Array]]
) -> None:
    """Follows some loss times back through all levels, and writes what reaches each cell, squared."""
    arriving: _Arriving = functools.partial(_add_seeds, seeds, losses)
    for level in reversed(range(len(levels))):
        runs, found = levels[level], squares[level]
        is_causal = _is_causal(levels, level)
        is_lowest = runs is levels[0]
        shape = (len(losses), *seeds.shape[:2], *runs[0].inputs.shape[2:])
        below = np.zeros((0,) if is_lowest else shape, seeds.dtype)
        start = 0
        for run, own in zip(runs, found, strict=True):
            units = slice(start, start + run.outputs.shape[-1])
            for time, active, at_output, at_inputs in _walk(run, losses, is_causal, arriving, units):
                rows = slice(losses.start + active.start, losses.start + active.stop)
                own[0, rows, time] = _squared(at_output)
                own[1, rows, time] = _squared(at_inputs)
                if not is_lowest:
                    below[active, :, time] += at_inputs
            start = units.stop
        arriving = functools.partial(_add_from_above, below)


def _add_seeds(
    seeds: Array, losses: range, at_output: Array, time: int, active: slice, units: slice
) -> None:
    """At the highest level, each loss comes in at its own time step alone."""
    if time in losses:
        at_output[losses.index(time) - active.start] += seeds[:, time, ..., units]


def _add_from_above(above: Array, at_output: Array, time: int, active: slice, units: slice) -> None:
    at_output += above[active, :, time, ..., units]


def _walk(
    run: Replay, losses: range, is_causal: bool, arriving: _Arriving, units: slice
) -> Iterator[tuple[int, slice, Array, Array]]:
    """One cell's way back through time, for some loss times at once.

    Yields:
        A time step; which of the loss times depend on it; and their gradients at the output and at the
        inputs there, of shape (loss times, batch, ..., units or features).
    """
    states = tuple(np.zeros((len(losses), *one.shape), one.dtype) for one in run.initial)
    for time in run.backwards():
        active = _active(time, losses, run.is_reversed) if is_causal else slice(0, len(losses))
        if active.start >= active.stop:
            continue
        now = tuple(one[active] for one in states)
        arriving(now[0], time, active, units)
        at_gates, before = step_back(run, time, now)
        counts = run.counts(time)
        at_output = now[0] if counts is None else np.where(counts, now[0], 0)
        yield time, active, at_output, run.equations.to_inputs(at_gates)
        for one, new in zip(now, before, strict=True):
            one[...] = new


def _active(time: int, losses: range, is_reversed: bool) -> slice:
    """Which of the loss times depend on a time step, where none depends on its future."""
    count, place = len(losses), time - losses.start
    return slice(0, min(max(place + 1, 0), count)) if is_reversed else slice(max(place, 0), count)


def _squared(gradients: Array) -> Array:
    """The squared norm for each loss time, over samples, places and units."""
    # In float32, the square of a gradient that vanishes would be 0 long before the gradient is.
    flat = gradients.reshape(len(gradients), -1).astype(np.float64)
    return np.einsum("sn,sn->s", flat, flat)
