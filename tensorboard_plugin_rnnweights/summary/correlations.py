"""How alike the units of a layer are on the probe."""

from __future__ import annotations

import numpy as np

from tensorboard_plugin_rnnweights.signals.one_thread import on_one_thread
from tensorboard_plugin_rnnweights.summary.observation import Array, Mask


def correlations(values: Array) -> tuple[Array, Mask]:
    """Pearson's correlation of each two units.

    Args:
        values: Shape (..., units): all that was observed of each unit.

    Returns:
        The correlations, float64 within -1 and 1, of shape (units, units), and, of shape (units), which
        units have any: one that never changes, or holds NaN or infinity, has none, and 0 stands there.
    """
    observed = values.reshape(-1, values.shape[-1]).astype(np.float64)
    if not len(observed):
        return np.zeros((observed.shape[1],) * 2), np.zeros(observed.shape[1], np.bool_)
    # A unit that never changes is divided by zero, so that nothing finite is left of it.
    with np.errstate(all="ignore"):
        scaled = (observed - observed.mean(axis=0)) / np.ptp(observed, axis=0)
    has_any = np.isfinite(scaled).all(axis=0)
    known = scaled[:, has_any]
    normalized = known / np.linalg.norm(known, axis=0)
    found = np.zeros((len(has_any), len(has_any)))
    with on_one_thread():
        found[np.ix_(has_any, has_any)] = np.clip(normalized.T @ normalized, -1.0, 1.0)
    found[has_any, has_any] = 1.0
    return found, has_any
