"""What the benchmarks serve is what they say: real logs, whole, in a real TensorBoard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import logs
from benchmarks.logs import Log
from benchmarks.tensorboard_process import (
    PLUGIN,
    TensorBoard,
    has_histograms,
    has_rnnweights,
    has_scalars,
    tensorboard,
    wait_until_loaded,
)

LOG = Log(runs=3, layers=2, units=2, steps=4, own_runs=2)
LONGER = Log(runs=3, layers=2, units=2, steps=5, own_runs=2)
WAYS = {logs.rnnweights: has_rnnweights, logs.histograms: has_histograms, logs.scalars: has_scalars}


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    logs.write(LOG, folder, [*WAYS])
    return folder


@pytest.fixture(scope="module")
def board(logdir: Path) -> Iterator[TensorBoard]:
    with tensorboard(str(logdir), "false") as found:
        wait_until_loaded(found, LOG, [*WAYS.values()])
        yield found


def test_all_series_of_all_runs_are_served_with_all_steps(board: TensorBoard) -> None:
    runs = board.get(f"{PLUGIN}/catalog").json()["runs"]
    assert [run["run"] for run in runs] == LOG.run_names
    for run in runs:
        assert len(run["series"]) == LOG.series
        assert {series["last_step"] for series in run["series"]} == {LOG.steps - 1}
        assert LOG.last_tag in {series["tag"] for series in run["series"]}


@pytest.mark.parametrize("is_there", WAYS.values())
def test_nothing_counts_as_loaded_before_its_last_step(board: TensorBoard, is_there: object) -> None:
    assert callable(is_there)
    assert all(is_there(board, LOG, run) for run in LOG.run_names)
    assert not is_there(board, LONGER, LOG.run_names[0])
    assert not is_there(board, LOG, "another")


def test_a_copied_run_has_the_numbers_of_another_one(logdir: Path) -> None:
    first, second, copy = (
        sorted(file.read_bytes() for file in (logdir / run).iterdir()) for run in LOG.run_names
    )
    assert copy == first != second


def test_the_memory_of_all_its_processes_counts(board: TensorBoard) -> None:
    assert 50e6 < board.memory < 5e9


def test_without_the_plugin_our_routes_are_not_there(logdir: Path) -> None:
    with tensorboard(str(logdir), "false", module="benchmarks.without_plugin") as board:
        wait_until_loaded(board, LOG, [has_scalars])
        assert board.get(f"{PLUGIN}/catalog").status_code == 404
