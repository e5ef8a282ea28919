"""One TensorBoard for each loader and logdir."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin import logs
from tests.plugin.client import Client
from tests.tensorboard_server import tensorboard, wait_for_runs


@pytest.fixture(scope="session", params=["true", "false"])
def load_fast(request: pytest.FixtureRequest) -> str:
    """Which of TensorBoard's loaders reads the logs."""
    return str(request.param)


@pytest.fixture(scope="session")
def runs_logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("runs")
    logs.write_runs(logdir)
    return logdir


@pytest.fixture(scope="session")
def client(load_fast: str, runs_logdir: Path) -> Iterator[Client]:
    """Asks about two runs."""
    with tensorboard(runs_logdir, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2)
        yield Client(url)
