"""A disk that is slower than what is logged: what is left out, and that training never waits for long."""

from __future__ import annotations

import functools
import threading
import time
from typing import Any

import numpy as np
import pytest

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tensorboard_plugin_rnnweights.summary import event_file
from tensorboard_plugin_rnnweights.summary.background import BackgroundThread
from tensorboard_plugin_rnnweights.training import writer as writing
from tests.summary.logged import notices_of, series_by_tag

ROWS, UNITS, GATES = 16, 32, ("input", "forget", "cell", "output")
SIZE = ROWS * 4 * UNITS
HEATMAPS = "writing is slower than logging: heatmaps are left out until it has caught up"
SNAPSHOTS = (
    "writing is slower than logging, even without heatmaps: snapshots are left out until it has caught up"
)


def kernel(step: int) -> GateTensor:
    values = np.random.default_rng(step).normal(size=(ROWS, 4 * UNITS)).astype(np.float32)
    return GateTensor("lstm", None, 0, "LSTM", "kernel", GATES, values)


class Disk:
    """The real one, with a gate that can be shut."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.is_open = threading.Event()
        self.is_open.set()
        write = event_file._LocalFile.write

        def slow_write(file: Any, pieces: list[bytes]) -> None:
            assert self.is_open.wait(60)
            write(file, pieces)

        patch.setattr(event_file._LocalFile, "write", slow_write)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    monkeypatch.setattr(writing, "_MAX_PENDING_VALUES", 20 * SIZE)
    return Disk(monkeypatch)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "BackgroundThread", functools.partial(BackgroundThread, patience=0.1))


def test_heatmaps_are_left_out_first_and_the_newest_one_is_there(log_dir: str, disk: Disk) -> None:
    with SummaryWriter(log_dir, updates=False) as writer:
        writer.flush()
        disk.is_open.clear()
        for step in range(18):
            writer.add_tensors([kernel(step)], "weights", step)
        disk.is_open.set()
        writer.flush()
        writer.add_tensors([kernel(18)], "weights", 18)
    snapshots = series_by_tag(log_dir)["weights/lstm/kernel"]
    assert list(snapshots) == list(range(19))
    without = [step for step, one in snapshots.items() if not one.cells.size]
    # The first one had begun before the others came; the rest catch up until less than half waits.
    assert 5 <= len(without) <= 9
    assert without == list(range(without[0], without[0] + len(without)))
    assert snapshots[18].cells.size
    told = [one.notice.text for one in notices_of(log_dir)]
    assert told == [
        HEATMAPS,
        f"writing is slower than logging: {len(without)} heatmaps of this training were left out",
    ]


def test_a_heatmap_that_was_left_out_is_made_up_for_at_the_next_snapshot(log_dir: str, disk: Disk) -> None:
    # By the schedule alone, every fourth one has one.
    with SummaryWriter(log_dir, updates=False, heatmap_freq=4) as writer:
        writer.add_tensors([kernel(0)], "weights", 0)
        writer.flush()
        disk.is_open.clear()
        for step in range(1, 18):
            writer.add_tensors([kernel(step)], "weights", step)
        disk.is_open.set()
        writer.flush()
        for step in (18, 19):
            writer.add_tensors([kernel(step)], "weights", step)
    snapshots = series_by_tag(log_dir)["weights/lstm/kernel"]
    with_cells = [step for step, one in snapshots.items() if one.cells.size]
    # The one at step 4 was dropped, and so were those that made up for it while more than half waited.
    made_up = with_cells[1]
    assert made_up in (7, 8)
    assert with_cells == sorted({0, made_up, 8, 12, 16, 19})


@pytest.mark.usefixtures("impatient")
def test_snapshots_are_left_out_when_nothing_else_helps_and_training_waits_only_once(
    log_dir: str, disk: Disk
) -> None:
    with SummaryWriter(log_dir, updates=False) as writer:
        writer.flush()
        disk.is_open.clear()
        start = time.monotonic()
        for step in range(200):
            writer.add_tensors([kernel(step)], "weights", step)
        held = time.monotonic() - start
        disk.is_open.set()
        writer.flush()
        writer.add_tensors([kernel(200)], "weights", 200)
    steps = list(series_by_tag(log_dir)["weights/lstm/kernel"])
    assert steps == [*range(20), 200]
    # Once 0.1 seconds, not 180 times.
    assert held < 5
    told = [one.notice.text for one in notices_of(log_dir)]
    assert SNAPSHOTS in told
    assert told[-1].endswith("and 180 snapshots of this training were left out")
