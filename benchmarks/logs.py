"""Logs of trainings as large as a benchmark wants them, written by the real writers."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.histogram import summary_v2 as histogram_summary
from tensorboard.plugins.scalar import summary_v2 as scalar_summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter

GATES = ("input", "forget", "cell", "output")
SCALARS = ("epoch_loss", "epoch_accuracy", "validation_loss", "validation_accuracy", "learning_rate")
"""What most trainings log."""

_SCALES = {"weights": 0.05, "gradients": 1e-4}
_MOST_INPUTS = 64
_BUCKETS = 30
"""Those of `tf.summary.histogram` by default."""


@dataclass(frozen=True)
class Log:
    """What is logged.

    Attributes:
        runs: How many runs.
        layers: LSTMs of each run.
        units: Of each LSTM.
        steps: Snapshots of each run.
        matrices: Of each LSTM.
        kinds: Weights, gradients, or both.
        heatmap_freq: As for `SummaryWriter`.
        own_runs: Runs with numbers of their own; the others are copies, which cost a reader as much.
    """

    runs: int
    layers: int
    units: int
    steps: int
    matrices: tuple[str, ...] = ("kernel", "recurrent_kernel", "bias")
    kinds: tuple[str, ...] = ("weights", "gradients")
    heatmap_freq: int | str = "logarithmic"
    own_runs: int = 6

    @property
    def series(self) -> int:
        """Of each run."""
        return len(self.kinds) * self.layers * len(self.matrices)

    @property
    def run_names(self) -> list[str]:
        """In their order."""
        return [f"run-{number:03}" for number in range(self.runs)]

    @property
    def last_tag(self) -> str:
        """The series that is logged last at each step."""
        return f"{self.kinds[-1]}/lstm_{self.layers - 1}/{self.matrices[-1]}"

    def tensors(
        self, seed: int, steps: Iterable[int] | None = None
    ) -> Iterator[tuple[int, str, list[GateTensor]]]:
        """Steps, all of the log or others, and for each of them kinds and their matrices."""
        generator = np.random.default_rng(seed)
        rows = {"kernel": min(_MOST_INPUTS, self.units), "recurrent_kernel": self.units, "bias": 1}
        for step in range(self.steps) if steps is None else steps:
            for kind in self.kinds:
                yield (
                    step,
                    kind,
                    [
                        GateTensor(
                            layer=f"lstm_{layer}",
                            direction=None,
                            index=0,
                            cell="LSTM",
                            matrix=matrix,
                            gates=GATES,
                            values=generator.normal(
                                scale=_SCALES[kind], size=(rows[matrix], len(GATES) * self.units)
                            ).astype(np.float32),
                        )
                        for layer in range(self.layers)
                        for matrix in self.matrices
                    ],
                )


WriteRun = Callable[[Log, Path, int], None]
"""Writes one run of a log into a folder, with the random numbers of a seed."""


def rnnweights(log: Log, folder: Path, seed: int) -> None:
    """Writes a run as this project does."""
    with SummaryWriter(folder, updates=False, heatmap_freq=log.heatmap_freq) as writer:
        for step, kind, tensors in log.tensors(seed):
            writer.add_tensors(tensors, kind, step)


def histograms(log: Log, folder: Path, seed: int) -> None:
    """Writes what `tf.summary.histogram` would for each gate's block."""
    writer = EventFileWriter(str(folder))
    for step, kind, tensors in log.tensors(seed):
        for tensor in tensors:
            for gate, block in tensor.blocks.items():
                tag = f"{kind}/{tensor.layer}/{tensor.matrix}/{gate}"
                _add(writer, step, histogram_summary.histogram_pb(tag, block, buckets=_BUCKETS))
    writer.close()


def scalars(log: Log, folder: Path, seed: int) -> None:
    """Writes what `tf.summary.scalar` would for each of `SCALARS`."""
    generator = np.random.default_rng(seed)
    writer = EventFileWriter(str(folder), filename_suffix=".scalars")
    for step in range(log.steps):
        for tag in SCALARS:
            _add(writer, step, scalar_summary.scalar_pb(tag, generator.random()))
    writer.close()


def write(log: Log, folder: Path, ways: Sequence[WriteRun]) -> None:
    """Writes all runs of a log, each in some ways side by side."""
    names = log.run_names
    for number, name in enumerate(names):
        if number < log.own_runs:
            for way in ways:
                way(log, folder / name, number)
        else:
            shutil.copytree(folder / names[number % log.own_runs], folder / name)


def _add(writer: EventFileWriter, step: int, summary: summary_pb2.Summary) -> None:
    writer.add_event(event_pb2.Event(step=step, wall_time=time.time(), summary=summary))
