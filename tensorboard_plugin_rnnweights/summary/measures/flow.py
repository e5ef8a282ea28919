"""How far back through time a gradient reaches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from tensorboard_plugin_rnnweights.summary.observation import Array, Mask

VANISHED_BELOW = 1e-6
"""The share of its peak below which a norm counts as vanished: about the precision of float32."""


class Flow(NamedTuple):
    """How far a gradient goes back.

    Attributes:
        steps: How many time steps lie between the newest one that has a gradient and the last one, on the
            way into the past, before its norm counts as vanished; NaN where there is no gradient.
        vanished_after: How many time steps into the past of the peak the norm first counts as
            vanished; NaN where the past ends before.
        floor: The least norm into the past of the peak, as a share of the peak.
    """

    steps: float
    vanished_after: float
    floor: float


_NONE = Flow(float("nan"), float("nan"), float("nan"))


def norms_by_time(blocks: Iterable[Array], mask: Mask | None) -> Array:
    """The L2 norm over samples, places and units at each time step, float64, of shape (gates, time).

    Args:
        blocks: By gate, of shape (batch, time, ..., units).
        mask: Shape (batch, time), True where there is something; None where all of it counts. The norm is
            NaN at a time step that no sample has.
    """
    return np.stack([_norm_by_time(block, mask) for block in blocks])


def flow(norms: Array, present: Mask, is_reversed: bool, vanished_below: float = VANISHED_BELOW) -> Flow:
    """How far back a gradient reaches.

    Args:
        norms: Its norm at each time step, in the natural order of time.
        present: Which time steps some sample has; the others are not there.
        is_reversed: Whether the cell goes through time from the end, so that its past comes after.
        vanished_below: The share of its peak below which a norm counts as vanished.
    """
    into_past = norms[present] if is_reversed else norms[present][::-1]
    if not np.isfinite(into_past).all() or not into_past.any():
        return _NONE
    newest, peak = np.flatnonzero(into_past)[0], into_past.argmax()
    shares = into_past[peak:] / into_past[peak]
    floor = float(shares.min())
    vanished = np.flatnonzero(shares < vanished_below)
    if not vanished.size:
        return Flow(float(len(into_past) - 1 - newest), float("nan"), floor)
    return Flow(float(peak + vanished[0] - 1 - newest), float(vanished[0]), floor)


def _norm_by_time(block: Array, mask: Mask | None) -> Array:
    axes = (0, *range(2, block.ndim))
    wide = block.astype(np.float64)
    if mask is None:
        return _norm(wide, axes)
    shape = mask.shape + (1,) * (block.ndim - 2)
    norms = _norm(np.where(mask.reshape(shape), wide, 0.0), axes)
    return np.where(mask.any(axis=0), norms, np.nan)


def _norm(values: Array, axes: tuple[int, ...]) -> Array:
    return np.asarray(np.sqrt(np.square(values).sum(axis=axes)))
