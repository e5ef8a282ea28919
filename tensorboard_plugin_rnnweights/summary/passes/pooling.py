"""Pooling: fewer cells than values, each of which shows the strongest of several."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.summary.passes import choice

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

# Values that NumPy pools in one go, so that what it makes of them stays small.
_AT_ONCE = 2**18


def pooled(
    values: Array, gates: int, pool: tuple[int, int], masked: Mask | None = None
) -> tuple[Array, Mask | None]:
    """Keeps, of each `pool` of cells, the value of largest magnitude; NaN wins over all.

    Args:
        values: Shape (..., rows, gates * columns).
        gates: Gates that stand side by side.
        pool: Rows and columns, as `pool_size` gives them. At the lower and right edges of a gate fewer
            cells may be left for the last ones.
        masked: Which cells hold no number, of the shape of `values`: they count for nothing.

    Returns:
        The pools, of shape (..., ceil(rows / pool rows), gates * ceil(columns / pool columns)), and which
        of them hold no number because none of their cells does; None if `masked` is.
    """
    if pool == (1, 1):
        return values, masked
    numbers = values if masked is None else np.where(masked, values.dtype.type(0), values)
    without = None if masked is None else np.asarray(_by_pool(masked, gates, pool, True).all(axis=-1))
    return (_strongest_compiled if choice.suits(numbers) else _strongest)(numbers, gates, pool), without


def _strongest_compiled(values: Array, gates: int, pool: tuple[int, int]) -> Array:
    *outer, rows, columns = values.shape
    shape = (math.ceil(rows / pool[0]), gates * math.ceil(columns // gates / pool[1]))
    pools = np.empty((*outer, *shape), values.dtype)
    for plane, found in zip(values.reshape(-1, rows, columns), pools.reshape(-1, *shape), strict=True):
        size = (rows, gates, columns // gates, plane.strides[0])
        choice.compiled.pool(choice.address(plane), *size, *pool, choice.address(found))
    return pools


def _strongest(values: Array, gates: int, pool: tuple[int, int]) -> Array:
    height = pool[0] * max(1, _AT_ONCE // (pool[0] * values.shape[-1]))
    tops = range(0, values.shape[-2], height)
    parts = [_strongest_of_few(values[..., top : top + height, :], gates, pool) for top in tops]
    return np.concatenate(parts, axis=-2)


def _strongest_of_few(values: Array, gates: int, pool: tuple[int, int]) -> Array:
    together = _by_pool(values, gates, pool, 0)
    # NumPy's argmax takes the first NaN for the largest.
    largest = np.abs(together).argmax(axis=-1, keepdims=True)
    return np.take_along_axis(together, largest, axis=-1)[..., 0]


def _by_pool(values: Array, gates: int, pool: tuple[int, int], fill: float) -> Array:
    """The cells of each pool along a last axis of their own, filled up where an edge leaves fewer."""
    *outer, rows, columns = values.shape
    down, across = (math.ceil(rows / pool[0]), math.ceil(columns // gates / pool[1]))
    gaps = ((0, down * pool[0] - rows), (0, 0), (0, across * pool[1] - columns // gates))
    parts = values.reshape(-1, rows, gates, columns // gates)
    padded = np.pad(parts, ((0, 0), *gaps), constant_values=fill)
    apart = padded.reshape(-1, down, pool[0], gates, across, pool[1])
    return apart.transpose(0, 1, 3, 4, 2, 5).reshape(*outer, down, gates * across, -1)
