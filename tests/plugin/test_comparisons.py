"""What is compared over the steps: distances of histograms, and differences cell by cell."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.plugin.answers.differences import NAMES
from tests.plugin import logs
from tests.plugin.client import Client
from tests.summary.flowing import lstm_signals
from tests.summary.recording import recorded
from tests.tensorboard_server import tensorboard, wait_for_runs

RUN = "nested/run"
TAGS = [logs.KERNEL, logs.BACKWARD]
BETWEEN_RUNS: dict[str, Any] = {"run": RUN, "other_run": logs.ODD_NAME, "tag": TAGS, "other_tag": TAGS}


def asked(client: Client, route: str, **arguments: Any) -> dict[str, dict[str, npt.NDArray[Any]]]:
    """By tag: the steps, and each number by its name, of shape (steps, gates)."""
    metadata, arrays = client.numbers(route, **arguments)
    assert json.loads(metadata["unreadable"]) == {}
    tags, names = json.loads(metadata["tags"]), json.loads(metadata["names"])
    return {
        tag: {
            "all_steps": arrays[f"{place}/all_steps"],
            "steps": arrays[f"{place}/steps"],
            **dict(zip(names[place], np.moveaxis(arrays[f"{place}/values"], 2, 0), strict=True)),
        }
        for place, tag in enumerate(tags)
    }


@pytest.mark.parametrize("other_step", [None, 0])
def test_distances_are_those_of_the_changes_at_each_step(client: Client, other_step: int | None) -> None:
    found = asked(client, "distances", **BETWEEN_RUNS, other_step=other_step)
    assert list(found) == TAGS
    for place, step in enumerate(logs.STEPS):
        at: dict[str, Any] = {"step": step, "other_step": step if other_step is None else other_step}
        for block in client.get("changes", **BETWEEN_RUNS, **at).json()["blocks"]:
            own = found[block["tag"]]
            gate = client.series(RUN)[block["tag"]]["gates"].index(block["gate"])
            assert own["steps"].tolist() == list(logs.STEPS)
            for name in ("wasserstein", "relative_wasserstein"):
                assert own[name][place, gate] == pytest.approx(block[name], rel=1e-6, nan_ok=True)


def test_differences_are_those_of_the_cells(client: Client) -> None:
    found = asked(client, "differences", **BETWEEN_RUNS)
    for tag in TAGS:
        gates = len(client.series(RUN)[tag]["gates"])
        for place, step in enumerate(logs.STEPS):
            cells = [client.cells(run, tag, step).astype(np.float32) for run in (RUN, logs.ODD_NAME)]
            for gate, block in enumerate(np.split(cells[0] - cells[1], gates, axis=1)):
                finite = block[np.isfinite(block)]
                own = {name: found[tag][name][place, gate] for name in NAMES}
                magnitudes = np.sort(np.abs(finite[finite != 0]))
                expected = {
                    "minimum": finite.min(),
                    "maximum": finite.max(),
                    "robust_magnitude": magnitudes[math.ceil(0.995 * magnitudes.size) - 1],
                    "small_magnitude": magnitudes[max(1, math.ceil(0.02 * magnitudes.size)) - 1],
                }
                assert own == expected
    assert np.isfinite(found[logs.BACKWARD]["maximum"]).all()


def test_differences_from_one_step_are_thinned_as_asked(client: Client) -> None:
    own = {"run": RUN, "other_run": RUN, "tag": logs.KERNEL, "other_tag": logs.KERNEL, "other_step": 0}
    (found,) = asked(client, "differences", **own, most=2).values()
    assert (found["all_steps"].tolist(), found["steps"].tolist()) == ([0, 5, 10], [0, 10])
    # Nothing differs from itself.
    assert [found[name][0].max() for name in found if name.endswith("magnitude")] == [0, 0]
    assert found["maximum"][1].min() > 0


def test_what_does_not_match_cell_by_cell_is_told(client: Client) -> None:
    metadata, _ = client.numbers(
        "differences", run=RUN, other_run=RUN, tag=logs.KERNEL, other_tag=logs.RECURRENT
    )
    assert "don't match cell by cell" in json.loads(metadata["unreadable"])[logs.KERNEL]


@pytest.mark.parametrize("route", ["distances", "differences"])
def test_what_is_not_there_can_not_be_compared(client: Client, route: str) -> None:
    here = {"run": RUN, "tag": logs.KERNEL, "other_tag": logs.KERNEL}
    assert client.get(route, **here, other_run="nowhere").status_code == 404
    assert client.get(route, **{**here, "tag": "nothing"}, other_run=RUN).status_code == 404
    assert client.get(route, run=RUN, other_run=RUN).status_code == 400


def test_large_matrices_and_masked_cells(load_fast: str, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    with SummaryWriter(tmp_path / "large", updates=False) as writer:
        for step in (0, 1):
            values = generator.normal(scale=1 + 9 * step, size=(300, 4 * 300)).astype(np.float32)
            values[0, 0] = 1000 * step
            writer.add_tensors([logs.lstm("kernel", values)], "weights", step)
    with recorded(tmp_path / "signals") as run:
        for step in (0, 1):
            run.record_signals(lstm_signals(step), step)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2)
        client = Client(url)
        large = {"run": "large", "other_run": "large", "tag": logs.KERNEL, "other_tag": logs.KERNEL}
        (found,) = asked(client, "differences", **large, other_step=0).values()
        tag = next(tag for tag in client.series("signals") if tag.startswith("gate_activations"))
        signals = {"run": "signals", "other_run": "signals", "tag": tag, "other_tag": tag}
        (masked,) = asked(client, "differences", **signals, other_step=0).values()
    # Of many cells some rows tell the quantile, and all of them the ends.
    assert found["robust_magnitude"][1, 1] == pytest.approx(2.81 * math.hypot(1, 10), rel=0.05)
    assert found["maximum"][1, 0] > 990
    assert np.isfinite(masked["maximum"][1]).all()
