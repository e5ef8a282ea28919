"""How large an update is beside what it changes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tensorboard_plugin_rnnweights.summary.observation import Array


def relative_norms(norms: Array, before: Iterable[Array]) -> dict[str, Array]:
    """The L2 norm of each block's update by that of the block before it.

    People tune learning rates by it; a healthy one is near 1e-3 an update: Karpathy, 'CS231n Convolutional
    Neural Networks for Visual Recognition', 'Ratio of weights:updates'.

    Args:
        norms: The norms of the updates, of shape (gates).
        before: The blocks before them.

    Returns:
        `relative_norm` of shape (gates): 0 where nothing has moved, whatever was there; NaN where all was
        zero before, or something is not finite.
    """
    found = [
        0.0 if norm == 0.0 else norm / (_norm(block) or np.nan)
        for norm, block in zip(norms, before, strict=True)
    ]
    return {"relative_norm": np.array(found)}


def _norm(block: Array) -> float:
    wide = block.astype(np.float64).ravel()
    # Not a dot product, for which NumPy's library would wake threads on the cores that train.
    return float(np.sqrt(np.einsum("i,i->", wide, wide)))
