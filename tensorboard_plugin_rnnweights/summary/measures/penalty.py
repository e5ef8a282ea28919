"""What a regulariser adds to the loss, gate by gate."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tensorboard_plugin_rnnweights.rnn.penalties import Penalty
from tensorboard_plugin_rnnweights.summary.observation import Array


def penalties(blocks: Iterable[Array], strengths: Penalty) -> dict[str, Array]:
    """The penalty of each block; their sum is that of the matrix.

    Args:
        blocks: The blocks of a matrix.
        strengths: L1 and L2, as in `keras.regularizers.L1L2`: l1 * sum |w| + l2 * sum w^2.
    """
    l1, l2 = strengths
    wide = [block.astype(np.float64) for block in blocks]
    return {"penalty": np.array([l1 * np.abs(block).sum() + l2 * np.square(block).sum() for block in wide])}
