"""How large an update is beside what it changes."""

from __future__ import annotations

import numpy as np

from tensorboard_plugin_rnnweights.summary.observation import Array


def relative_norms(norms: Array, norms_before: Array) -> dict[str, Array]:
    """The L2 norm of each block's update by that of the block before it.

    People tune learning rates by it; a healthy one is near 1e-3 an update: Karpathy, 'CS231n Convolutional
    Neural Networks for Visual Recognition', 'Ratio of weights:updates'.

    Args:
        norms: The norms of the updates, of shape (gates).
        norms_before: Those of the blocks before them, of the same shape.

    Returns:
        `relative_norm` of shape (gates): 0 where nothing has moved, whatever was there; NaN where all was
        zero before, or something is not finite.
    """
    shares = norms / np.where(norms_before == 0.0, np.nan, norms_before)
    return {"relative_norm": np.where(norms == 0.0, 0.0, shares)}
