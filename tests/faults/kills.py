"""Trainings that are killed at random moments of writing, each going on where the last one was.

    python -m tests.faults.kills LOG_DIR COUNT [SEED]

logs to a directory, kills that many trainings, and checks all that they have written.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tensorboard_plugin_rnnweights.summary.record_format import read_records
from tests.summary.logged import event_files, read_snapshots

ROWS, UNITS, GATES = 128, 256, ("input", "forget", "cell", "output")
TAG = "weights/lstm/kernel"
FLUSH_EVERY = 3
# What a record has beside its data.
FRAME = 16
# What a training does again that had no time to save its last steps.
STEPS_BACK = 2


def kernel(step: int, training: int) -> GateTensor:
    """The weights of a step, which are others in each training."""
    values = np.random.default_rng([step, training]).normal(size=(ROWS, 4 * UNITS)).astype(np.float32)
    return GateTensor("lstm", None, 0, "LSTM", "kernel", GATES, values)


@dataclass(frozen=True)
class Training:
    """One training that was killed.

    Attributes:
        number: Which one, from 0.
        first: Its first step.
        flushed: The last step that it knows to be written.
    """

    number: int
    first: int
    flushed: int


def kill_trainings(log_dir: str, count: int, seed: int = 0) -> list[Training]:
    """Kills so many trainings, one after the other."""
    moments = random.Random(seed)
    found: list[Training] = []
    first = 0
    for number in range(count):
        found.append(_kill_training(log_dir, number, first, moments.uniform(0, 0.03)))
        first = max(0, found[-1].flushed - STEPS_BACK)
    return found


def check(log_dir: str, trainings: list[Training]) -> int:
    """Checks that nothing of what was flushed is lost, and nothing wrong; how many snapshots there are."""
    files = event_files(log_dir)
    assert len(files) == len(trainings), f"{len(files)} files of {len(trainings)} trainings"
    count = 0
    for training, path in zip(trainings, files, strict=True):
        alone = path.parent.parent / f"{path.parent.name}_alone"
        alone.mkdir(exist_ok=True)
        copy = alone / path.name
        copy.hardlink_to(path)
        snapshots = read_snapshots(str(alone))
        copy.unlink()
        steps = [one.step for one in snapshots]
        assert steps == list(range(training.first, training.first + len(steps))), steps
        assert steps[-1] >= training.flushed, f"{training} has no more than {steps[-1]}"
        for one in snapshots:
            weights = kernel(one.step, training.number)
            np.testing.assert_array_equal(one.cells, weights.values.astype(one.cells.dtype))
            assert [histogram.total for histogram in one.histograms.values()] == [ROWS * UNITS] * len(GATES)
            for gate, block in weights.blocks.items():
                norm = np.linalg.norm(block.astype(np.float64))
                np.testing.assert_allclose(one.statistics[gate]["l2_norm"], norm, rtol=1e-12)
        count += len(snapshots)
    return count


def cut_off(log_dir: str) -> int:
    """How many files end with a record that is only half written."""
    count = 0
    for path in event_files(log_dir):
        with path.open("rb") as file:
            whole = sum(FRAME + len(record) for record in read_records(file))
        count += path.stat().st_size > whole
    return count


def newest_by_step(trainings: list[Training], last: int) -> dict[int, int]:
    """Which training each step is of, once all have ended: the last one that came to it."""
    found: dict[int, int] = {}
    for training in trainings:
        found |= dict.fromkeys(range(training.first, last + 1), training.number)
    return found


def _kill_training(log_dir: str, number: int, first: int, seconds: float) -> Training:
    processes = multiprocessing.get_context("fork")
    receiver, sender = processes.Pipe(duplex=False)
    process = processes.Process(target=_train, args=(log_dir, number, first, sender))
    process.start()
    sender.close()
    flushed: int = receiver.recv()
    time.sleep(seconds)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    try:
        while True:
            flushed = receiver.recv()
    except EOFError:
        return Training(number, first, flushed)


def _train(log_dir: str, number: int, first: int, sender: Connection) -> None:
    writer = SummaryWriter(log_dir, updates=False, heatmap_freq="snapshot")
    step = first
    while True:
        writer.add_tensors([kernel(step, number)], "weights", step)
        if (step - first) % FLUSH_EVERY == FLUSH_EVERY - 1:
            writer.flush()
            sender.send(step)
        step += 1


def main(log_dir: str, count: int, seed: int = 0) -> None:
    """Kills, checks, and prints the trainings as JSON."""
    trainings = kill_trainings(log_dir, count, seed)
    snapshots = check(log_dir, trainings)
    told = {"snapshots": snapshots, "cut_off": cut_off(log_dir)}
    print(json.dumps({**told, "trainings": [vars(one) for one in trainings]}))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
