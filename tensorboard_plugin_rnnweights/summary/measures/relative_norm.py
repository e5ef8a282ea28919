"""How large an update is beside what it changes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tensorboard_plugin_rnnweights.summary.observation import Array


def relative_norms(updates: Iterable[Array], before: Iterable[Array]) -> dict[str, Array]:
    """The L2 norm of each block's update by that of the block before it; NaN where that was all zero.

    People tune learning rates by it; a healthy one is near 1e-3 an update: Karpathy, 'CS231n Convolutional
    Neural Networks for Visual Recognition', 'Ratio of weights:updates'.
    """
    found = [
        _norm(update) / (_norm(block) or np.nan) for update, block in zip(updates, before, strict=True)
    ]
    return {"relative_norm": np.array(found)}


def _norm(block: Array) -> float:
    return float(np.sqrt(np.square(block.astype(np.float64)).sum()))
