"""What is logged of trainings that several processes share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.loops.processes import COUNT, STEPS, TRAININGS, Training, in_processes, train_all
from tests.summary.logged import event_files, notices_of, series_by_tag

REFUSED = {"by_hand": "as after the backward pass they were changed by other means than clipping"}
# How far half precision is from what one process computes.
ROUGH = {"compressed": 1e-2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where processes have trained each training, once logged and once not."""
    folder = tmp_path_factory.mktemp("processes")
    in_processes(train_all, folder)
    return folder


@pytest.mark.parametrize("name", [name for name in TRAININGS if name not in REFUSED])
def test_gradients_are_those_of_the_whole_batch_before_clipping(
    folder: Path, tmp_path: Path, name: str
) -> None:
    TRAININGS[name](Training(tuple(range(COUNT)), tmp_path))
    expected = gradients_of(tmp_path)
    # The Trainers' modules have the model in them.
    found = {tag.replace("/model/", "/"): one for tag, one in gradients_of(folder / name / "0").items()}
    assert expected.keys() == found.keys()
    for tag, snapshots in expected.items():
        assert list(found[tag]) == list(range(1, STEPS + 1))
        for step, snapshot in snapshots.items():
            error = np.abs(found[tag][step].cells - snapshot.cells).max()
            assert error <= ROUGH.get(name, 1e-5) * np.abs(snapshot.cells).max() + 1e-8, (tag, step)
    assert notices_of(str(folder / name / "0")) == []


@pytest.mark.parametrize("name", TRAININGS)
def test_the_first_process_alone_writes(folder: Path, name: str) -> None:
    assert len(event_files(str(folder / name / "0"))) == 1
    assert not (folder / name / "1").exists()


@pytest.mark.parametrize("name", TRAININGS)
def test_training_is_the_same_to_the_bit_with_and_without(folder: Path, name: str) -> None:
    for process in range(COUNT):
        with_us, without = torch.load(folder / f"{name}-{process}.pt")
        assert len(with_us) == len(without) > 0
        assert all(map(torch.equal, with_us, without))


@pytest.mark.parametrize("name", REFUSED)
def test_gradients_that_are_not_what_the_optimizer_gets_are_refused(folder: Path, name: str) -> None:
    log_dir = folder / name / "0"
    assert gradients_of(log_dir) == {}
    (notice,) = notices_of(str(log_dir))
    assert REFUSED[name] in notice.notice.text


def gradients_of(log_dir: Path) -> dict[str, Any]:
    found = series_by_tag(str(log_dir))
    return {tag: snapshots for tag, snapshots in found.items() if tag.startswith("gradients/")}
