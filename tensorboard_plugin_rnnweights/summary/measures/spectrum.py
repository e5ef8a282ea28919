"""The spectrum of a recurrent block: what one time step does to the length of a state.

Where every singular value of a plain recurrent matrix (times the largest slope of the activation) is below
1, gradients must vanish; for them to explode, the largest has to be above 1: Pascanu, Mikolov, Bengio, 'On
the difficulty of training recurrent neural networks' (2013). LAPACK computes both, by way of NumPy.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tensorboard_plugin_rnnweights.signals.one_thread import on_one_thread
from tensorboard_plugin_rnnweights.summary.observation import Array

MAX_SIZE = 1024
"""Rows and columns that a block may have at most: the time grows with the third power."""


def spectra(blocks: Iterable[Array]) -> dict[str, Array]:
    """The spectrum of each block.

    Args:
        blocks: All of one shape (rows, columns).

    Returns:
        `singular_values` of shape (blocks, min(rows, columns)), descending; `spectral_norm`, the largest of
        them; and, of square blocks, `spectral_radius`, the largest magnitude of an eigenvalue. NaN for a
        block that is not finite. Nothing at all for blocks larger than `MAX_SIZE`.
    """
    given = list(blocks)
    if max(given[0].shape) > MAX_SIZE:
        return {}
    wide = [block.astype(np.float64) for block in given]
    with on_one_thread():
        singular_values = np.stack([_singular_values(block) for block in wide])
        found = {"spectral_norm": singular_values[:, 0], "singular_values": singular_values}
        if wide[0].shape[0] == wide[0].shape[1]:
            found["spectral_radius"] = np.array([_spectral_radius(block) for block in wide])
    return found


def _singular_values(block: Array) -> Array:
    try:
        return np.asarray(np.linalg.svd(block, compute_uv=False))
    except np.linalg.LinAlgError:  # raised where a value is not finite, too
        return np.full(min(block.shape), np.nan)


def _spectral_radius(block: Array) -> float:
    try:
        return float(np.abs(np.linalg.eigvals(block)).max())
    except np.linalg.LinAlgError:
        return float("nan")
