"""Event files of the first version of the format stay readable, in both of TensorBoard's loaders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tensorboard_plugin_rnnweights.summary.passes.scan import scan
from tests.plugin import logs
from tests.plugin.client import Client, as_bfloat16
from tests.tensorboard_server import tensorboard, wait_for_runs

FIXTURE = Path(__file__).parent.parent / "fixtures" / "version_1"
RUN = "version_1"


@pytest.fixture(scope="module")
def old(load_fast: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    logdir = tmp_path_factory.mktemp("old")
    shutil.copytree(FIXTURE, logdir / RUN)
    with tensorboard(logdir, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        yield Client(url)


def test_the_catalog_has_its_series(old: Client) -> None:
    run = old.catalog()[RUN]
    assert run["unreadable"] == []
    assert [kind["name"] for kind in old.get("catalog").json()["kinds"]] == ["weights", "gradients"]
    facts = old.series(RUN)[logs.BACKWARD]
    assert (facts["rows"], facts["columns"], facts["gates"]) == (4, 4, ["update", "reset", "candidate"])
    assert (facts["planes"], facts["tokens"], facts["of"], facts["findings"]) == ([], [], "", [])
    assert facts["heatmaps"]["steps"] == list(logs.STEPS)
    assert len(facts["nonfinite"]) == 2
    gradients = old.series(RUN)["gradients/lstm/kernel"]
    assert gradients["heatmaps"]["steps"] == [5, 10]


def test_its_histograms_and_heatmaps_are_those_that_were_logged(old: Client) -> None:
    for kind, seed, steps in (("weights", 1, logs.STEPS), ("gradients", 2, (5, 10))):
        for place in range(5):
            tensors = {step: logs.model(seed, step)[place] for step in steps}
            first = tensors[steps[0]]
            tag = "/".join(filter(None, (kind, first.layer, first.direction, first.matrix)))
            found = old.histograms(RUN, tag)
            assert found["steps"].tolist() == list(steps)
            for number, (step, tensor) in enumerate(tensors.items()):
                statistics = scan(tensor.values, len(tensor.gates)).statistics
                # An older version added up in another order, so that the last bit may be another one.
                np.testing.assert_allclose(found["statistics"][number], statistics, rtol=1e-12)
                cells, expected = old.cells(RUN, tag, step), as_bfloat16(tensor.values)
                np.testing.assert_array_equal(cells.astype(np.float32), expected.astype(np.float32))


def test_it_has_no_profiles(old: Client) -> None:
    assert old.get("profiles", run=RUN, tag=logs.KERNEL).status_code == 404
