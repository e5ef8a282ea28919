"""What each pass over a matrix costs a value: compiled, and with NumPy.

python -m benchmarks.passes [--write]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import page, table
from benchmarks.amounts import amount, digits
from tensorboard_plugin_rnnweights.summary.passes import choice
from tensorboard_plugin_rnnweights.summary.passes.pooling import pooled
from tensorboard_plugin_rnnweights.summary.passes.rounding import rounded_with_one_nan
from tensorboard_plugin_rnnweights.summary.passes.scan import scan

ROUNDS = 15
GATES = 4

Matrix = npt.NDArray[np.float32]

PASSES: dict[str, Callable[[Matrix], object]] = {
    "histogram, statistics, norms of columns": lambda matrix: scan(matrix, GATES),
    "rounding to bfloat16": lambda matrix: rounded_with_one_nan(matrix, "bfloat16"),
    "pooling by 4 x 4": lambda matrix: pooled(matrix, GATES, (4, 4)),
}


def main() -> None:
    """Prints a table of all kinds of matrices."""
    parser = argparse.ArgumentParser(description=__doc__)
    arguments = page.arguments(parser, "passes")
    found = table.of_groups(
        ("compiled", "NumPy", "ratio"),
        {
            f"{title}, {matrix.shape[0]:,} x {matrix.shape[1]:,}": dict(_times(matrix))
            for title, matrix in _matrices()
        },
    )
    print(found)
    if arguments.write:
        page.write("passes", found, "python -m benchmarks.passes --write")


def _times(matrix: Matrix) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Of each pass, by its name."""
    for name, run in PASSES.items():
        with _only_numpy():
            plain = _seconds(run, matrix)
        compiled = plain if choice.compiled is None else _seconds(run, matrix)
        yield name, (amount(compiled, "s"), amount(plain, "s"), digits(plain / compiled))


def _matrices() -> Iterator[tuple[str, Matrix]]:
    random = np.random.default_rng(0)
    yield "weights of LSTM(256)", random.normal(0, 0.05, (256, 1024)).astype(np.float32)
    yield "weights of LSTM(2048)", random.normal(0, 0.05, (2048, 8192)).astype(np.float32)
    yield "zeros", np.zeros((256, 1024), np.float32)
    broken = random.normal(0, 0.05, (256, 1024)).astype(np.float32)
    broken[0, 0] = np.nan
    yield "weights with a NaN in one gate", broken


def _seconds(run: Callable[[Matrix], object], matrix: Matrix) -> float:
    """The median time for a value."""
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run(matrix)
        found.append(time.perf_counter() - start)
    return statistics.median(found) / matrix.size


@contextmanager
def _only_numpy() -> Iterator[None]:
    compiled: Any = choice.compiled
    choice.compiled = None
    try:
        yield
    finally:
        choice.compiled = compiled


if __name__ == "__main__":
    main()
