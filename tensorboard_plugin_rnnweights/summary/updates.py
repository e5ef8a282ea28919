"""What a training has changed since the last snapshot of the weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import WEIGHTS
from tensorboard_plugin_rnnweights.summary.metadata import Series
from tensorboard_plugin_rnnweights.summary.observation import Observation


class Updates:
    """Remembers each matrix's weights until their next snapshot."""

    def __init__(self) -> None:
        self._last: dict[str, _Last] = {}

    def since_last(self, weights: GateTensor, norms: npt.NDArray[np.float64]) -> Observation | None:
        """The update of one matrix: its weights now minus those of the last call for it.

        Args:
            weights: Of a snapshot that was recorded; not to be written into any more.
            norms: Of its blocks, of shape (gates).

        Returns:
            The update; None at the first call, for a matrix that changed its shape, and for a frozen one.
        """
        tag = Series.of_tensor(weights, WEIGHTS, pool=(1, 1), position=0).tag
        last = self._last.pop(tag, None)
        if not weights.is_trained:
            return None
        self._last[tag] = _Last(weights, norms)
        if last is None or not last.is_like(weights):
            return None
        return Observation.of_change(weights, last.weights, last.norms)


@dataclass(frozen=True, eq=False)
class _Last:
    """A matrix as it was at its last snapshot."""

    weights: GateTensor
    norms: npt.NDArray[np.float64]

    def is_like(self, weights: GateTensor) -> bool:
        return self.weights.values.shape == weights.values.shape and self.weights.gates == weights.gates
