"""What it takes to log an LSTM of 4096 units on 4096 inputs: 134 million weights, in two matrices.

For each of some snapshots: how long the caller is held, beside a copy of the weights, which is what a
training can't be spared; how long the writer's thread takes; and how much memory it all takes at most, as a
multiple of one matrix.

    python -m benchmarks.large_layer
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tensorboard_plugin_rnnweights.summary.passes import choice

GATES = ("input", "forget", "cell", "output")
MATRICES = ("kernel", "recurrent_kernel")
SNAPSHOTS = 4
MIB = 2**20
_PAGE = 4096
_LOOK_EVERY = 0.002

Matrix = npt.NDArray[np.float32]


def main() -> None:
    """Prints a table for weights alone, and one for weights and updates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=4096)
    units = parser.parse_args().units
    random = np.random.default_rng(0)
    weights = [0.02 * random.standard_normal((units, 4 * units), dtype=np.float32) for _ in MATRICES]
    passes = "NumPy" if choice.compiled is None else "compiled"
    print(f"LSTM({units}) on {units} inputs: {len(weights) * weights[0].size:,} weights; passes: {passes}")
    for updates in (False, True):
        _measure(weights, updates)


def _measure(weights: list[Matrix], updates: bool) -> None:
    print(f"\nweights{' and updates' if updates else ''}")
    print(f"{'':10}{'a copy':>10}{'held':>10}{'background':>12}")
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
            done = time.perf_counter()
            print(f"step {step:<5}{copied - start:8.3f} s{held - copied:8.3f} s{done - held:10.3f} s")
            for matrix in weights:
                matrix += 1e-4
    most = peak[-1] - peak[0]
    print(f"memory, at most: {most / MIB:,.0f} MiB, {most / weights[0].nbytes:.1f} times one matrix")


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
