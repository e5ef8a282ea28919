"""What a training has changed since the last snapshot of the weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import UPDATES, WEIGHTS
from tensorboard_plugin_rnnweights.summary.metadata import Series
from tensorboard_plugin_rnnweights.summary.observation import Observation


class Updates:
    """Remembers each matrix's weights until their next snapshot."""

    def __init__(self) -> None:
        self._last: dict[str, GateTensor] = {}

    def since_last(self, weights: GateTensor) -> Observation | None:
        """The update of one matrix: its weights now minus those of the last call for it.

        Args:
            weights: Of a snapshot that was recorded; not to be written into any more.

        Returns:
            The update; None at the first call, for a matrix that changed its shape, and for a frozen one.
        """
        tag = Series.of_tensor(weights, WEIGHTS, pool=(1, 1), position=0).tag
        last = self._last.pop(tag, None)
        if not weights.is_trained:
            return None
        self._last[tag] = weights
        if last is None or last.values.shape != weights.values.shape or last.gates != weights.gates:
            return None
        # In at least 32 bits, since differences of 16 bits are mostly rounding.
        kind = np.result_type(weights.values.dtype, np.float32)
        # Weights that are not finite have such differences, too, which is no fault to report.
        with np.errstate(invalid="ignore", over="ignore"):
            difference = weights.values.astype(kind) - last.values.astype(kind)
        return Observation.of_tensor(replace(weights, values=difference), UPDATES, before=last.blocks)
