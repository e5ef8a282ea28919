"""Logs to look at: written by the real writer, with numbers that are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter

LSTM_GATES = ("input", "forget", "cell", "output")
GRU_GATES = ("update", "reset", "candidate")
STEPS = (0, 10, 20, 30)
NAN_STEP = 20
UNITS = 8
ODD_RUN = "odd <img src=x onerror=alert(1)> & 'run'"

Array = npt.NDArray[Any]


def tensor(layer: str, matrix: str, values: Array, **facts: Any) -> GateTensor:
    """One matrix of an LSTM, unless other facts are given."""
    standard = {"direction": None, "index": 0, "cell": "LSTM", "gates": LSTM_GATES}
    return GateTensor(layer=layer, matrix=matrix, values=values, **{**standard, **facts})


def painted_kernel() -> Array:
    """Shape (6, 32): the input gate is all positive, forget all negative, cell zero, output NaN."""
    blocks = [np.full((6, UNITS), value, np.float32) for value in (0.5, -0.5, 0.0, np.nan)]
    return np.concatenate(blocks, axis=1)


def write_compared_runs(logdir: Path) -> None:
    """Two runs over all steps, a layer with a painted kernel, and one NaN in one gate of one direction."""
    for number, run in enumerate(("run-a", "run-b")):
        with SummaryWriter(logdir / run) as writer:
            for step in STEPS:
                generator = np.random.default_rng([number, step])
                writer.add_tensors(_model(generator, step, has_nan=run == "run-b"), "weights", step)
                if step:
                    writer.add_tensors(_model(generator, step, has_nan=False), "gradients", step)


def write_odd_runs(logdir: Path) -> None:
    """A run and a layer with names that would be dangerous as HTML, and fewer steps in one run."""
    with SummaryWriter(logdir / ODD_RUN) as writer:
        for step in (0, 100):
            values = np.ones((3, 4 * UNITS), np.float32)
            writer.add_tensors([tensor("<b>bold</b>", "kernel", values)], "weights", step)
    with SummaryWriter(logdir / "plain") as writer:
        for step in (0, 50, 100, 150):
            values = np.ones((3, 4 * UNITS), np.float32)
            writer.add_tensors([tensor("<b>bold</b>", "kernel", values)], "weights", step)


def write_wide_run(logdir: Path) -> None:
    """A kernel of 12000 columns, wider than many browsers' largest texture; its last unit is large."""
    values = np.full((8, 4 * 3000), -0.25, np.float32)
    values[:, -1500:] = 0.25
    with SummaryWriter(logdir / "wide") as writer:
        writer.add_tensors([tensor("wide", "kernel", values)], "weights", 0)


def _model(generator: np.random.Generator, step: int, has_nan: bool) -> list[GateTensor]:
    def normal(rows: int, columns: int) -> Array:
        return generator.normal(scale=0.1, size=(rows, columns)).astype(np.float32)

    backward = normal(UNITS, 3 * UNITS)
    if has_nan and step >= NAN_STEP:
        backward[2, UNITS : UNITS + 3] = np.nan
    gru = {"cell": "GRU", "gates": GRU_GATES}
    return [
        tensor("painted", "kernel", painted_kernel()),
        tensor("painted", "recurrent_kernel", normal(UNITS, 4 * UNITS)),
        tensor("painted", "bias", np.linspace(-1, 1, 4 * UNITS, dtype=np.float32)[None, :]),
        tensor("both", "kernel", normal(5, 3 * UNITS), direction="forward", **gru),
        tensor("both", "recurrent_kernel", normal(UNITS, 3 * UNITS), direction="forward", **gru),
        tensor("both", "kernel", normal(5, 3 * UNITS), direction="backward", **gru),
        tensor("both", "recurrent_kernel", backward, direction="backward", **gru),
    ]
