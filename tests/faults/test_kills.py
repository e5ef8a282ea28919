"""A training that is killed at any moment leaves nothing wrong, and another one goes on where it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.faults.kills import TAG, Training, kernel, newest_by_step
from tests.plugin.client import Client
from tests.summary.logged import event_files
from tests.tensorboard_server import tensorboard, wait_for_runs

KILLS = 12


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Training]]:
    log_dir = tmp_path_factory.mktemp("killed") / "run"
    # In a process of its own, since it forks.
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kills", str(log_dir), str(KILLS)],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["snapshots"] >= KILLS
    return log_dir, [Training(**one) for one in found["trainings"]]


def test_the_last_record_may_be_cut_off_and_the_others_are_whole(
    killed: tuple[Path, list[Training]],
) -> None:
    log_dir, trainings = killed
    assert len(event_files(str(log_dir))) == len(trainings) == KILLS
    assert [one.flushed >= one.first for one in trainings] == [True] * KILLS


@pytest.mark.parametrize("load_fast", ["true", "false"])
def test_the_tab_has_one_series_of_the_newest_training_at_each_step(
    killed: tuple[Path, list[Training]], load_fast: str
) -> None:
    log_dir, trainings = killed
    with tensorboard(
        log_dir.parent, f"--load_fast={load_fast}", "--samples_per_plugin=rnnweights=0"
    ) as url:
        wait_for_runs(url, 1)
        client = Client(url)
        (run,) = client.catalog()
        found = client.histograms(run, TAG)
        steps = found["steps"].tolist()
        newest = newest_by_step(trainings, steps[-1])
        # Nothing is missing, and nothing is there twice.
        assert steps == list(range(steps[-1] + 1))
        for number, step in enumerate(steps):
            norms = [np.linalg.norm(block) for block in kernel(step, newest[step]).blocks.values()]
            np.testing.assert_allclose(found["statistics"][number, :, 9], norms, rtol=1e-5)
