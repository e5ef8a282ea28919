"""What flowed through cells, made by hand: real arrays of numbers that are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.layouts import LAYOUTS
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals, Reach

Array = npt.NDArray[Any]

BATCH, TIMES, UNITS = 5, 7, 3
LSTM_GATES = ("input", "forget", "cell", "output")


def lstm_cell(layer: str = "lstm", direction: str | None = None, index: int = 0) -> Cell:
    """A cell without its variables, which nothing here looks at."""
    layout = next(row for row in LAYOUTS if row.cell == "LSTM")
    return Cell(layer, direction, index, layout=layout, variables={})


def lstm_signals(seed: int = 0, places: tuple[int, ...] = (), **facts: Any) -> CellSignals:
    """An LSTM on a probe of `BATCH` samples; of a convolution, if it has places."""
    generator = np.random.default_rng(seed)

    def normal() -> Array:
        return generator.normal(size=(BATCH, TIMES, *places, UNITS)).astype(np.float32)

    def open_share() -> Array:
        return generator.random((BATCH, TIMES, *places, UNITS)).astype(np.float32)

    standard: dict[str, Any] = {
        "cell": lstm_cell(),
        "is_reversed": False,
        "mask": None,
        "outputs": np.tanh(normal()),
        "cell_states": normal(),
        "gate_activations": {
            gate: np.tanh(normal()) if gate == "cell" else open_share() for gate in LSTM_GATES
        },
        "bounded_gates": frozenset({"input", "forget", "output"}),
        "output_gradients": normal(),
        "gate_gradients": {gate: normal() for gate in LSTM_GATES},
        "reach": Reach(np.tril(generator.random((TIMES, TIMES)) + 0.1), np.eye(TIMES), "loss"),
    }
    return CellSignals(**{**standard, **facts})


def ragged_mask(seed: int = 0) -> npt.NDArray[np.bool_]:
    """A mask of samples that end early, so that the last time step is masked in all of them."""
    lengths = np.random.default_rng(seed).integers(1, TIMES, size=BATCH)
    return np.asarray(np.arange(TIMES) < lengths[:, np.newaxis])
