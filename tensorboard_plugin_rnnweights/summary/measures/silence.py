"""Units that never have anything to say."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tensorboard_plugin_rnnweights.summary.observation import Array

SILENT_BELOW = 1e-3


def largest_by_unit(values: Iterable[Array]) -> dict[str, Array]:
    """The largest magnitude of each unit, of shape (gates, units); NaN where nothing was observed.

    Args:
        values: By gate, of shape (..., units).
    """
    return {"largest_by_unit": np.stack([_largest(block) for block in values])}


def silent_units(values: Iterable[Array]) -> dict[str, Array]:
    """The share of units that never reach `SILENT_BELOW` in magnitude, of shape (gates)."""
    largest = largest_by_unit(values)["largest_by_unit"]
    shares = (largest < SILENT_BELOW).mean(axis=1)
    return {"silent_units": np.where(np.isnan(largest).all(axis=1), np.nan, shares)}


def _largest(block: Array) -> Array:
    flat = np.abs(block.reshape(-1, block.shape[-1]))
    return flat.max(axis=0) if len(flat) else np.full(flat.shape[1], np.nan)
