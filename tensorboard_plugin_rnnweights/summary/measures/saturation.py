"""How much of the time a gate is nearly shut or nearly open.

After Karpathy, Johnson, Fei-Fei, 'Visualizing and understanding recurrent networks' (2015): the shares of
time that a unit's gate is below 0.1 and above 0.9.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from tensorboard_plugin_rnnweights.summary.observation import Array

LOW = 0.1
HIGH = 0.9


def saturation(values: Mapping[str, Array], bounded_gates: Collection[str]) -> dict[str, Array]:
    """The shares of low and high values, by gate and by unit.

    Args:
        values: By gate, of shape (..., units).
        bounded_gates: The gates whose activation has the range 0 to 1; the others have no such shares: NaN.

    Returns:
        `low_share`, `high_share` and their sum `saturated_share` of shape (gates), and `low_by_unit` and
        `high_by_unit` of shape (gates, units).
    """
    is_bounded = [gate in bounded_gates for gate in values]
    low = _by_unit([block < LOW for block in values.values()], is_bounded)
    high = _by_unit([block > HIGH for block in values.values()], is_bounded)
    low_share, high_share = low.mean(axis=1), high.mean(axis=1)
    return {
        "low_share": low_share,
        "high_share": high_share,
        "saturated_share": low_share + high_share,
        "low_by_unit": low,
        "high_by_unit": high,
    }


def _by_unit(holds: Sequence[Array], is_bounded: Sequence[bool]) -> Array:
    """The share of True, of shape (gates, units); NaN for gates without bounds."""
    flat = [block.reshape(-1, block.shape[-1]) for block in holds]
    return np.stack(
        [
            block.mean(axis=0) if counts and len(block) else np.full(block.shape[1], np.nan)
            for block, counts in zip(flat, is_bounded, strict=True)
        ]
    )
