"""Units whose column is exactly zero, and stays so.

Of rectified units, one may well rest on one batch, and another one on the next, so what counts is how long
one and the same unit has been at zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn import kinds
from tensorboard_plugin_rnnweights.summary.observation import Array, Observation

DEAD_AFTER = 10
"""Snapshots in a row in which a dead unit's column is exactly zero."""

_KINDS = (kinds.WEIGHTS, kinds.GRADIENTS)
# A bias of zero is a common one.
_MATRICES = ("kernel", "recurrent_kernel")

Streaks = npt.NDArray[np.int64]
"""In how many snapshots in a row each unit's column is exactly zero, of shape (gates, columns)."""


def zero_streaks(before: Streaks | None, observation: Observation) -> Streaks | None:
    """Goes on counting with one more snapshot of a series.

    Args:
        before: What was counted until the snapshot before; None at the first one.
        observation: The snapshot.

    Returns:
        The counts with this snapshot; None for a series in which nothing is counted.
    """
    series = observation.series
    if series.kind not in _KINDS or series.matrix not in _MATRICES:
        return None
    is_zero = observation.scan.column_norms == 0.0
    return np.where(is_zero, 1 if before is None else before + 1, 0)


def dead_units(streaks: Streaks | None) -> dict[str, Array]:
    """The share of units that are dead, of shape (gates); empty where nothing is counted."""
    if streaks is None:
        return {}
    return {"dead_units": (streaks >= DEAD_AFTER).sum(axis=1) / streaks.shape[1]}
