"""Event files written once, by older versions, are read as they always were, in both loaders."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorboard_plugin_rnnweights.rnn.kinds import KINDS
from tensorboard_plugin_rnnweights.summary.metadata import DATA_CLASSES
from tensorboard_plugin_rnnweights.summary.passes.rounding import DTYPES
from tests.plugin.client import Client
from tests.plugin.served import facts_of, numbers_of
from tests.summary.logged import read_events
from tests.tensorboard_server import tensorboard, wait_for_runs

FIXTURES = Path(__file__).parent.parent / "fixtures"
DIGESTS = json.loads((FIXTURES / "digests.json").read_text())
FOLDERS = sorted(FIXTURES.glob("version_*"))


@dataclass(frozen=True)
class Old:
    """What was expected of a folder's runs when it was made, and who answers now."""

    client: Client
    facts: dict[str, Any]
    numbers: dict[str, np.ndarray[Any, Any]]


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: str(folder.name))
def old(
    request: pytest.FixtureRequest, load_fast: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Old]:
    folder = request.param
    facts = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    with np.load(folder / "expected.npz", allow_pickle=False) as numbers:
        expected = dict(numbers)
    logdir = tmp_path_factory.mktemp("old")
    for file in _event_files(folder):
        run = logdir / file.parent.name
        run.mkdir()
        shutil.copy(file, run)
    with tensorboard(logdir, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, len(facts))
        yield Old(Client(url), facts, expected)


def test_the_catalog_says_what_it_always_said(old: Old) -> None:
    found = facts_of(old.client)
    assert found.keys() == old.facts.keys()
    for run, expected in old.facts.items():
        assert [one["tag"] for one in found[run]["series"]] == [one["tag"] for one in expected["series"]]
        for one, before in zip(found[run]["series"], expected["series"], strict=True):
            # There may be further facts one day.
            assert {name: one[name] for name in before} == before
        assert (found[run]["notices"], found[run]["unreadable"]) == (expected["notices"], [])


def test_all_numbers_are_what_they_always_were(old: Old) -> None:
    found = numbers_of(old.client, old.facts)
    assert old.numbers.keys() <= found.keys()
    for name, expected in old.numbers.items():
        assert found[name].dtype == expected.dtype, name
        np.testing.assert_array_equal(found[name], expected, name)


def test_no_file_was_ever_written_again() -> None:
    digests = {
        file.relative_to(FIXTURES).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in FOLDERS
        for file in [*_event_files(folder), folder / "expected.json", folder / "expected.npz"]
    }
    assert digests == DIGESTS


def test_some_file_has_each_kind_and_each_plugin_name_and_each_type_of_cells() -> None:
    facts = [json.loads((folder / "expected.json").read_text(encoding="utf-8")) for folder in FOLDERS]
    series = [one for folder in facts for run in folder.values() for one in run["series"]]
    assert {one["kind"] for one in series} == {kind.name for kind in KINDS}
    runs = {file.parent for folder in FOLDERS for file in _event_files(folder)}
    values = [value for run in runs for event in read_events(str(run)) for value in event.summary.value]
    assert {value.metadata.plugin_data.plugin_name for value in values} == {*DATA_CLASSES}
    assert {*DTYPES} <= {run.name for run in runs}


def _event_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("events.out.tfevents.*"))
