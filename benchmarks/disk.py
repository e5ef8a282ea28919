"""What 1000 snapshots take on disk: heatmaps by the default schedule, beside a heatmap at each snapshot.

LSTM(512) on 128 inputs, whose weights drift by small random steps. Heatmaps at each snapshot, and no
updates, are what versions before the schedule wrote. Each of their snapshots takes the same room, so that
fewer of them are written, and their bytes multiplied.

    python -m benchmarks.disk
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.folders import bytes_in
from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter

GATES = ("input", "forget", "cell", "output")
UNITS = 512
ROWS = {"kernel": 128, "recurrent_kernel": UNITS, "bias": 1}

_WEIGHT_SCALE = 0.05
_STEP_SCALE = 1e-4
_GRADIENT_SCALE = 1e-3

Array = npt.NDArray[np.float32]


def main() -> None:
    """Prints the bytes of both, and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--snapshots", type=int, default=1000, help="how many snapshots")
    parser.add_argument(
        "--before", type=int, default=50, help="how many of those with all heatmaps to write"
    )
    sizes = parser.parse_args()
    count, few = sizes.snapshots, min(sizes.before, sizes.snapshots)
    now = _written(count)
    before = _written(few, heatmap_freq="snapshot", updates=False) * count // few
    print(f"\n{count:,} snapshots of LSTM({UNITS}) on {ROWS['kernel']} inputs")
    print(_line("weights, gradients, updates; heatmaps by the default schedule", now))
    print(_line(f"weights, gradients; all heatmaps (those of {few} x {count / few:g})", before))
    print(f"ratio: 1/{before / now:.1f}")


def _line(what: str, size: int) -> str:
    return f"{what:66}{size / 1e6:8,.0f} MB"


def _written(snapshots: int, **options: Any) -> int:
    """The bytes that so many snapshots take."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder, **options) as writer:
            for step, (weights, gradients) in enumerate(_training(snapshots)):
                writer.add_tensors(weights, "weights", step)
                writer.add_tensors(gradients, "gradients", step)
        found = bytes_in(Path(folder))
    print(f"wrote {snapshots:,} snapshots in {time.monotonic() - start:.0f} s", flush=True)
    return found


def _training(snapshots: int) -> Iterator[tuple[list[GateTensor], list[GateTensor]]]:
    """Weights that drift, and gradients."""
    random = np.random.default_rng(0)
    weights = {matrix: _normal(random, rows, _WEIGHT_SCALE) for matrix, rows in ROWS.items()}
    for _ in range(snapshots):
        gradients = {matrix: _normal(random, rows, _GRADIENT_SCALE) for matrix, rows in ROWS.items()}
        yield _tensors(weights), _tensors(gradients)
        weights = {
            matrix: values + _normal(random, len(values), _STEP_SCALE) for matrix, values in weights.items()
        }


def _normal(random: np.random.Generator, rows: int, scale: float) -> Array:
    numbers = random.standard_normal((rows, len(GATES) * UNITS), np.float32)
    numbers *= np.float32(scale)
    return numbers


def _tensors(values: dict[str, Array]) -> list[GateTensor]:
    return [
        GateTensor(
            layer="lstm", direction=None, index=0, cell="LSTM", matrix=matrix, gates=GATES, values=numbers
        )
        for matrix, numbers in values.items()
    ]


if __name__ == "__main__":
    main()
