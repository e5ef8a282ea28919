"""How many independent units a layer's units amount to."""

from __future__ import annotations

import numpy as np

from tensorboard_plugin_rnnweights.signals.one_thread import on_one_thread
from tensorboard_plugin_rnnweights.summary.observation import Array

MAX_UNITS = 1024
"""Units beyond which it is left out: the time grows with the third power."""


def effective_rank(correlations: Array) -> float:
    """The exponential of the entropy of the normalised eigenvalues of a correlation matrix.

    It is 1 where all units are copies of one, and the number of units where none is like another. Roy and
    Vetterli, 'The effective rank: a measure of effective dimensionality' (2007), define it by singular
    values; those of a correlation matrix are its eigenvalues.

    Args:
        correlations: Of the units that have any, of shape (units, units).

    Returns:
        The rank; NaN where there are no units, or more than `MAX_UNITS`.
    """
    if not 0 < len(correlations) <= MAX_UNITS:
        return float("nan")
    with on_one_thread():
        eigenvalues = np.linalg.eigvalsh(correlations)
    # Rounding leaves some that are zero slightly below it.
    shares = eigenvalues[eigenvalues > 0] / eigenvalues[eigenvalues > 0].sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))
