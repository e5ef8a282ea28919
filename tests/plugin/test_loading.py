"""What TensorBoard reads while logs grow, break off, or are none of ours."""

from __future__ import annotations

import concurrent.futures
import csv
import io
import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from tensorboard.compat.proto import tensor_pb2, types_pb2

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import (
    FORMAT_VERSION,
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    Series,
)
from tests.plugin import logs
from tests.plugin.client import Client
from tests.tensorboard_server import SECONDS_TO_WAIT, tensorboard, wait_for, wait_for_runs

SERIES = Series.of_tensor(logs.lstm("kernel", np.zeros((2, 8), np.float32)), "weights", (1, 1), 0)
FACTS = {"format_version": FORMAT_VERSION, **asdict(SERIES)}


def kernel(value: float, rows: int = 2) -> list[Any]:
    return [logs.lstm("kernel", np.full((rows, 8), value, np.float32))]


def steps_of(client: Client, run: str) -> list[int]:
    # One loader empties a series before it reads it anew.
    all_series = client.catalog().get(run, {"series": []})["series"]
    return next((one["heatmaps"]["steps"] for one in all_series if one["tag"] == logs.KERNEL), [])


def test_a_logdir_without_data_of_ours_has_no_runs_and_no_active_tab(
    load_fast: str, tmp_path: Path
) -> None:
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        empty = Client(url).get("catalog").json()
        assert (empty["format_version"], empty["kinds"], empty["runs"]) == (FORMAT_VERSION, [], [])
        listing = requests.get(f"{url}/data/plugins_listing", timeout=30).json()
        assert not listing["rnnweights"]["enabled"]


def test_all_steps_are_kept_of_histograms_and_50_of_heatmaps_unless_the_person_says_otherwise(
    load_fast: str, tmp_path: Path
) -> None:
    steps = list(range(0, 1200, 10))
    with SummaryWriter(tmp_path / "long", heatmap_freq="snapshot") as writer:
        for step in steps:
            writer.add_tensors(kernel(step), "weights", step)
    cases: dict[tuple[str, ...], tuple[int, int]] = {
        (): (len(steps), 50),
        ("--samples_per_plugin", "rnnweights_heatmaps=0,rnnweights=7"): (7, len(steps)),
    }
    for options, (histograms, heatmaps) in cases.items():
        with tensorboard(tmp_path, f"--load_fast={load_fast}", *options) as url:
            wait_for_runs(url, 1)
            client = Client(url)
            assert len(client.histograms("long", logs.KERNEL)["steps"]) == histograms
            kept = steps_of(client, "long")
            assert (len(kept), kept[-1]) == (heatmaps, steps[-1])


def test_what_is_logged_while_tensorboard_runs_comes_with_its_reload(
    load_fast: str, tmp_path: Path
) -> None:
    with SummaryWriter(tmp_path / "live") as writer:
        writer.add_tensors(kernel(1), "weights", 1)
        writer.flush()
        with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
            wait_for_runs(url, 1)
            client = Client(url)
            assert steps_of(client, "live") == [1]
            writer.add_tensors(kernel(2), "weights", 2)
            writer.flush()
            wait_for(lambda: steps_of(client, "live") == [1, 2], "the second step")
            assert float(client.cells("live", logs.KERNEL, 2)[0, 0]) == 2.0


def test_a_training_begun_anew_in_the_same_directory_replaces_the_last_one(
    load_fast: str, tmp_path: Path
) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for step in (0, 1, 2):
            writer.add_tensors(kernel(np.nan), "weights", step)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        client = Client(url)
        before = client.series("run")[logs.KERNEL]
        assert [one["value"] for one in before["nonfinite"]] == ["nan"] * 4
        with SummaryWriter(tmp_path / "run") as writer:
            for step in (0, 1):
                writer.add_tensors(kernel(7), "weights", step)
        wait_for(lambda: steps_of(client, "run") == [0, 1], "the new training")
        assert client.series("run")[logs.KERNEL]["nonfinite"] == []
        assert client.histograms("run", logs.KERNEL)["steps"].tolist() == [0, 1]
        assert float(client.cells("run", logs.KERNEL, 1)[0, 0]) == 7.0
        stale = client.get(
            "heatmap",
            run="run",
            tag=logs.KERNEL,
            step=1,
            wall_time=repr(before["heatmaps"]["wall_times"][1]),
        )
        assert stale.status_code == 404


def test_while_a_training_begins_anew_the_catalog_always_answers(load_fast: str, tmp_path: Path) -> None:
    def train(steps: list[int]) -> None:
        with SummaryWriter(tmp_path / "run") as writer:
            for step in steps:
                writer.add_tensors(kernel(step), "weights", step)

    train([0])
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        client = Client(url)
        for steps in ([0, 1], [0, 1, 2], [0], [0, 1, 2, 3]):
            train(steps)
            deadline = time.monotonic() + SECONDS_TO_WAIT
            # Without a pause, since a series is empty for a few milliseconds only.
            while steps_of(client, "run") != steps:
                assert time.monotonic() < deadline


def test_a_file_cut_off_in_the_middle_of_a_record_shows_what_is_before_and_goes_on(
    load_fast: str, tmp_path: Path
) -> None:
    for run in ("cut", "whole"):
        with SummaryWriter(tmp_path / run, updates=False) as writer:
            for step in (0, 1, 2):
                writer.add_tensors(kernel(step), "weights", step)
    (path,) = (tmp_path / "cut").glob("*.rnnweights")
    content = path.read_bytes()
    path.write_bytes(content[:-100])
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2)
        client = Client(url)
        assert steps_of(client, "cut") == [0, 1]
        assert steps_of(client, "whole") == [0, 1, 2]
        with path.open("ab") as file:
            file.write(content[-100:])
        wait_for(lambda: steps_of(client, "cut") == [0, 1, 2], "the rest of the record")


def test_a_pooled_and_an_exact_heatmap_say_so(load_fast: str, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(6, 8)).astype(np.float32)
    tensor = [logs.lstm("kernel", values)]
    with SummaryWriter(tmp_path / "pooled", max_cells=12) as writer:
        writer.add_tensors(tensor, "weights", 0)
    with SummaryWriter(tmp_path / "exact", heatmap_dtype="float32") as writer:
        writer.add_tensors(tensor, "weights", 0)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2)
        client = Client(url)
        assert client.series("pooled")[logs.KERNEL]["heatmaps"]["pool"] == [2, 2]
        assert client.cells("pooled", logs.KERNEL, 0).shape == (3, 4)
        exact = client.cells("exact", logs.KERNEL, 0)
        assert exact.dtype == np.float32
        np.testing.assert_array_equal(exact, values)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (json.dumps({**FACTS, "format_version": 99}).encode(), "format version is 99"),
        (b"\xff\x00 not ours", "not written by this plugin"),
        (json.dumps({**FACTS, "gates": 7}).encode(), "damaged"),
        (json.dumps({**FACTS, "tokens": [["a"]]}).encode(), "damaged"),
        (json.dumps({**FACTS, "kind": "attention"}).encode(), "its kind is 'attention'"),
    ],
)
def test_a_series_that_cannot_be_understood_is_listed_with_the_reason_and_others_stay(
    load_fast: str, tmp_path: Path, content: bytes, reason: str
) -> None:
    whatever = logs.texts(b"whatever", is_sequence=False)
    logs.write_value(tmp_path / "bad", HISTOGRAMS_PLUGIN, SERIES, content, whatever)
    with SummaryWriter(tmp_path / "good") as writer:
        writer.add_tensors(kernel(1), "weights", 0)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2)
        client = Client(url)
        (unreadable,) = client.catalog()["bad"]["unreadable"]
        assert unreadable["tag"] == logs.KERNEL
        assert reason in unreadable["reason"]
        assert steps_of(client, "good") == [0]


HOSTILE = {
    "no zstandard frame": b"\x00garbage",
    "no safetensors": payload.compress(b"garbage that is long enough"),
    "other tensors": payload.compress(payload.encode({"other": np.zeros(3)})),
    "a promise of very many bytes": b"\x28\xb5\x2f\xfd\xe0"
    + (2**50).to_bytes(8, "little")
    + b"\x01\x00\x00",
}


def test_bytes_that_are_no_payload_are_a_told_fault_of_their_own_series_alone(
    load_fast: str, tmp_path: Path
) -> None:
    content = json.dumps(FACTS).encode()
    for name, payload_bytes in HOSTILE.items():
        for plugin_name, is_sequence in ((HISTOGRAMS_PLUGIN, False), (HEATMAPS_PLUGIN, True)):
            tensor = logs.texts(payload_bytes, is_sequence=is_sequence)
            logs.write_value(tmp_path / name / plugin_name, plugin_name, SERIES, content, tensor)
    with SummaryWriter(tmp_path / "good") as writer:
        writer.add_tensors(kernel(1), "weights", 0)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1 + len(HOSTILE))
        client = Client(url)
        for name in HOSTILE:
            run = f"{name}/{HISTOGRAMS_PLUGIN}"
            answer = client.get("histograms", run=run, tag=logs.KERNEL)
            assert answer.status_code == 400, name
            assert "can't be read" in answer.text
            for what in ("statistics", "histograms"):
                answer = client.get("export", format="csv", what=what, run=run, tag=logs.KERNEL)
                assert (answer.status_code, "can't be read" in answer.text) == (400, True), (name, what)
            run = f"{name}/{HEATMAPS_PLUGIN}"
            answer = client.get("export", format="npz", what="heatmap", run=run, tag=logs.KERNEL, step=0)
            assert (answer.status_code, "can't be read" in answer.text) == (400, True), name
        for name in ("no zstandard frame", "a promise of very many bytes"):
            run = f"{name}/{HEATMAPS_PLUGIN}"
            answer = client.get("heatmap", run=run, tag=logs.KERNEL, step=0)
            assert answer.status_code == 400, name
        assert float(client.cells("good", logs.KERNEL, 0)[0, 0]) == 1.0


def test_a_series_that_cannot_be_read_hides_no_other_one_of_its_run(load_fast: str, tmp_path: Path) -> None:
    others = {
        "garbage": logs.texts(b"garbage", is_sequence=False),
        "no tensor": tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, tensor_content=b"odd"),
        "two payloads": logs.texts(b"one", b"two", is_sequence=True),
    }
    with SummaryWriter(tmp_path / "run", updates=False) as writer:
        writer.add_tensors(kernel(1), "weights", 0)
    for name, tensor in others.items():
        series = replace(SERIES, layer=name, position=1)
        content = json.dumps({"format_version": FORMAT_VERSION, **asdict(series)}).encode()
        logs.write_value(tmp_path / "run", HISTOGRAMS_PLUGIN, series, content, tensor)
    bad = [f"weights/{name}/kernel" for name in others]
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        client = Client(url)
        wait_for(lambda: len(client.catalog().get("run", {"series": []})["series"]) == 4, "all series")
        for names in ("", "robust_magnitude"):
            metadata, arrays = client.numbers("statistics", run="run", kind="weights", names=names)
            assert json.loads(metadata["tags"]) == [logs.KERNEL]
            assert sorted(json.loads(metadata["unreadable"])) == sorted(bad)
            assert arrays["0/steps"].tolist() == [0]
        pairs = [logs.KERNEL, *bad]
        at: dict[str, Any] = {"run": "run", "step": 0, "other_run": "run", "other_step": 0}
        found = client.get("changes", tag=pairs, other_tag=pairs, **at).json()
        assert {one["tag"] for one in found["blocks"]} == {logs.KERNEL}
        assert sorted(found["unreadable"]) == sorted(bad)
        asked = {"what": "kind_statistics", "run": "run", "kind": "weights"}
        _, *rows = csv.reader(io.StringIO(client.get("export", format="csv", **asked).text, newline=""))
        assert {row[0] for row in rows if any(row[1:])} == {logs.KERNEL}
        assert sorted(row[0] for row in rows if not any(row[1:])) == sorted(bad)
        with np.load(io.BytesIO(client.get("export", format="npz", **asked).content)) as arrays:
            assert arrays["tags"].tolist() == [logs.KERNEL]
            assert sorted(arrays["unreadable"].tolist()) == sorted(bad)
        assert client.get("export", format="csv", **asked, step=0).status_code == 200


def test_many_clients_can_ask_while_a_training_writes(load_fast: str, tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_tensors(kernel(0, rows=200), "weights", 0)
        writer.flush()
        with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
            wait_for_runs(url, 1)
            client = Client(url)

            def ask(number: int) -> int:
                routes: list[Callable[[], Any]] = [
                    lambda: client.get("catalog"),
                    lambda: client.get("heatmap", run="run", tag=logs.KERNEL, step=0),
                    lambda: client.get("histograms", run="run", tag=logs.KERNEL),
                ]
                return int(routes[number % len(routes)]().status_code)

            with concurrent.futures.ThreadPoolExecutor(12) as pool:
                answers = pool.map(ask, range(120))
                for step in range(1, 40):
                    writer.add_tensors(kernel(step, rows=200), "weights", step)
                assert set(answers) == {200}
