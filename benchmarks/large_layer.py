"""What it takes to log an LSTM of 4096 units on 4096 inputs: 134 million weights, in two matrices.

For each of some snapshots: how long the caller is held, beside a copy of the weights, which is what a
training can't be spared; how long the writer's thread takes; and how much memory it all takes at most, as a
multiple of one matrix.

    python -m benchmarks.large_layer [--write]
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import page, table
from benchmarks.amounts import amount
from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tensorboard_plugin_rnnweights.summary.passes import choice

GATES = ("input", "forget", "cell", "output")
MATRICES = ("kernel", "recurrent_kernel")
SNAPSHOTS = 4
_PAGE = 4096
_LOOK_EVERY = 0.002

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Took:
    """What all snapshots took.

    Attributes:
        copies: Seconds for a copy of the weights, of each snapshot.
        held: For which the caller was held beyond it.
        background: For which the writer's thread went on.
        memory: At most, as a multiple of one matrix.
    """

    copies: list[float]
    held: list[float]
    background: list[float]
    memory: float

    @property
    def cells(self) -> list[str]:
        """As a table has them."""
        ranges = [
            f"{amount(min(one), 's')} to {amount(max(one), 's')}"
            for one in (self.copies, self.held, self.background)
        ]
        return [*ranges, f"{self.memory:.1f} x one matrix"]


def main() -> None:
    """Prints a table: weights alone, and weights and updates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=4096)
    arguments = page.arguments(parser, "large_layer")
    units = arguments.units
    random = np.random.default_rng(0)
    weights = [0.02 * random.standard_normal((units, 4 * units), dtype=np.float32) for _ in MATRICES]
    passes = "with NumPy" if choice.compiled is None else "compiled"
    count = sum(matrix.size for matrix in weights)
    title = f"LSTM({units}) on {units} inputs: {count:,} weights, passes {passes}."
    rows = {
        "weights": _measure(weights, updates=False).cells,
        "weights and updates": _measure(weights, updates=True).cells,
    }
    headings = ("a copy of the weights", "thread held beyond it", "background", "memory at most")
    found = f"{title}\n\n{table.of_rows(headings, rows)}"
    print(found)
    if arguments.write:
        page.write("large_layer", found, "python -m benchmarks.large_layer --write")


def _measure(weights: list[Matrix], *, updates: bool) -> Took:
    took = []
    with (
        tempfile.TemporaryDirectory() as folder,
        _peak() as peak,
        SummaryWriter(Path(folder, "run"), updates=updates) as writer,
    ):
        for step in range(SNAPSHOTS):
            start = time.perf_counter()
            tensors = [
                GateTensor("lstm", None, 0, "LSTM", name, GATES, matrix.copy())
                for name, matrix in zip(MATRICES, weights, strict=True)
            ]
            copied = time.perf_counter()
            writer.add_tensors(tensors, "weights", step)
            del tensors
            held = time.perf_counter()
            writer.flush()
            took.append((copied - start, held - copied, time.perf_counter() - held))
            for matrix in weights:
                matrix += 1e-4
    copies, holds, background = (list(column) for column in zip(*took, strict=True))
    return Took(copies, holds, background, (peak[-1] - peak[0]) / weights[0].nbytes)


@contextmanager
def _peak() -> Iterator[list[int]]:
    """How much memory this process has at the beginning, and, once that is over, has had at most."""
    found = [_resident()]
    is_over = threading.Event()

    def look() -> None:
        most = found[0]
        while not is_over.wait(_LOOK_EVERY):
            most = max(most, _resident())
        found.append(most)

    looking = threading.Thread(target=look)
    looking.start()

    try:
        yield found
    finally:
        is_over.set()
        looking.join()


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


if __name__ == "__main__":
    main()
