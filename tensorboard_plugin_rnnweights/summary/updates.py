"""What a training has changed since the last snapshot of the weights."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import UPDATES, WEIGHTS
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
        # In at least 32 bits, since differences of 16 bits are mostly rounding.
        kind = np.result_type(weights.values.dtype, np.float32)
        # Weights that are not finite have such differences, too, which is no fault to report.
        with np.errstate(invalid="ignore", over="ignore"):
            difference = np.subtract(weights.values, last.weights.values, dtype=kind)
        return Observation.of_tensor(replace(weights, values=difference), UPDATES, last.norms)


@dataclass(frozen=True, eq=False)
class _Last:
    """A matrix as it was at its last snapshot."""

    weights: GateTensor
    norms: npt.NDArray[np.float64]

    def is_like(self, weights: GateTensor) -> bool:
        return self.weights.values.shape == weights.values.shape and self.weights.gates == weights.gates
