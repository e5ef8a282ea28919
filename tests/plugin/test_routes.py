"""The routes answer what was logged, in both of TensorBoard's loaders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import requests
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from tensorboard_plugin_rnnweights.summary.histogram import Histogram
from tensorboard_plugin_rnnweights.summary.passes.scan import scan
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS
from tests.plugin import logs
from tests.plugin.client import Client, as_bfloat16

RUN = "nested/run"


def test_the_tab_is_active_and_named(client: Client) -> None:
    listing = requests.get(f"{client.url}/data/plugins_listing", timeout=30).json()["rnnweights"]
    assert listing["enabled"]
    assert listing["tab_name"] == "RNN Weights"


def test_the_catalog_has_all_runs_and_the_facts_of_their_series(client: Client) -> None:
    assert list(client.catalog()) == [RUN, logs.ODD_NAME]
    facts = client.series(RUN)[logs.BACKWARD]
    steps, wall_times = facts["heatmaps"]["steps"], facts["heatmaps"]["wall_times"]
    assert steps == list(logs.STEPS)
    assert wall_times == sorted(wall_times)
    del facts["heatmaps"], facts["nonfinite"], facts["findings"]
    assert facts == {
        "tag": logs.BACKWARD,
        "kind": "weights",
        "layer": "both",
        "direction": "backward",
        "index": 0,
        "cell": "GRU",
        "matrix": "recurrent_kernel",
        "gates": ["update", "reset", "candidate"],
        "rows": 4,
        "row_shape": [4],
        "columns": 4,
        "planes": [],
        "is_reversed": False,
        "tokens": [],
        "of": "",
        "note": "",
        "is_trained": True,
        "added": {},
        "last_step": logs.STEPS[-1],
    }


def test_series_come_in_the_models_order(client: Client) -> None:
    assert [one["tag"] for one in client.catalog()[RUN]["series"]] == [
        "weights/lstm/recurrent_kernel",
        "weights/lstm/kernel",
        "weights/lstm/bias",
        "weights/both/forward/recurrent_kernel",
        "weights/both/backward/recurrent_kernel",
    ]


def test_nan_is_reported_for_its_series_gate_and_step_alone(client: Client) -> None:
    assert client.series(RUN)[logs.BACKWARD]["nonfinite"] == [
        {"gate": "reset", "value": "nan", "step": logs.NAN_STEP, "count": 2},
        {"gate": "reset", "value": "negative_infinity", "step": logs.NAN_STEP, "count": 1},
    ]
    others = [
        series
        for run in (RUN, logs.ODD_NAME)
        for tag, series in client.series(run).items()
        if (run, tag) != (RUN, logs.BACKWARD)
    ]
    assert len(others) == 9
    assert [one["nonfinite"] for one in others] == [[]] * 9


@pytest.mark.parametrize("encoding", ["identity", "zstd", "gzip, zstd;q=0.5"])
def test_histograms_are_those_of_the_logged_tensors(client: Client, encoding: str) -> None:
    found = client.histograms(RUN, logs.BACKWARD, encoding)
    assert found["steps"].tolist() == list(logs.STEPS)
    for number, step in enumerate(logs.STEPS):
        tensor = logs.model(1, step)[4]
        statistics = found["statistics"][number, :, : len(STATISTICS)]
        np.testing.assert_array_equal(statistics, scan(tensor.values, len(tensor.gates)).statistics)
        for gate, block in enumerate(tensor.blocks.values()):
            start, end = found["offsets"][number * 3 + gate : number * 3 + gate + 2]
            expected = Histogram.of(np.ascontiguousarray(block))
            assert found["keys"][start:end].tolist() == expected.keys.tolist()
            assert found["counts"][start:end].tolist() == expected.counts.tolist()
    assert found["offsets"][-1] == len(found["keys"])


@pytest.mark.parametrize("encoding", ["identity", "zstd"])
def test_a_heatmap_is_the_matrix_in_bfloat16(client: Client, encoding: str) -> None:
    for run, seed in ((logs.ODD_NAME, 0), (RUN, 1)):
        cells = client.cells(run, logs.BACKWARD, 10, encoding)
        expected = as_bfloat16(logs.model(seed, 10)[4].values)
        assert cells.tobytes() == expected.tobytes()
        assert cells.shape == expected.shape


def test_a_client_that_takes_zstd_gets_the_very_bytes_that_were_stored(
    client: Client, runs_logdir: Path
) -> None:
    (path,) = (runs_logdir / RUN).glob("*.rnnweights")
    stored = {
        event.step: value.tensor.string_val[0]
        for event in EventFileLoader(str(path)).Load()
        for value in event.summary.value
        if value.tag == f"rnnweights_heatmaps/{logs.KERNEL}"
    }
    answer = client.get("heatmap", run=RUN, tag=logs.KERNEL, step=5, encoding="gzip, br, zstd")
    assert answer.headers["Content-Encoding"] == "zstd"
    assert answer.content == stored[5]


def test_a_snapshot_is_cached_for_ever_only_if_it_is_named_by_its_time(client: Client) -> None:
    heatmaps = client.series(RUN)[logs.KERNEL]["heatmaps"]
    wall_time = repr(heatmaps["wall_times"][1])
    named = client.get("heatmap", run=RUN, tag=logs.KERNEL, step=5, wall_time=wall_time)
    assert "immutable" in named.headers["Cache-Control"]
    assert "Expires" not in named.headers
    other = client.get("heatmap", run=RUN, tag=logs.KERNEL, step=5)
    assert "no-cache" in other.headers["Cache-Control"]
    assert other.headers["ETag"] == named.headers["ETag"]
    gone = client.get("heatmap", run=RUN, tag=logs.KERNEL, step=5, wall_time="1.5")
    assert gone.status_code == 404
    assert "logged again" in gone.text


def test_what_the_client_has_already_is_not_sent_again(client: Client) -> None:
    url = f"{client.url}/data/plugin/rnnweights/heatmap"
    arguments = {"run": RUN, "tag": logs.KERNEL, "step": "5"}
    first = requests.get(url, params=arguments, timeout=30)
    headers = {"If-None-Match": first.headers["ETag"]}
    assert requests.get(url, params=arguments, headers=headers, timeout=30).status_code == 304


@pytest.mark.parametrize(
    ("route", "content_type"),
    [
        ("catalog", "application/json"),
        (f"histograms?run={RUN}&tag={logs.KERNEL}", "application/octet-stream"),
        (f"heatmap?run={RUN}&tag={logs.KERNEL}&step=5", "application/octet-stream"),
        (f"profiles?run={RUN}&tag={logs.RECURRENT}", "application/octet-stream"),
        ("static/index.js", "text/javascript; charset=utf-8"),
        ("static/no.js", "text/plain; charset=utf-8"),
        ("histograms", "text/plain; charset=utf-8"),
    ],
)
def test_each_answer_tells_its_type_and_is_not_to_be_sniffed(
    client: Client, route: str, content_type: str
) -> None:
    answer = client.get(route)
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_head_is_answered_without_a_body_and_post_not_at_all(client: Client) -> None:
    head = client.get("catalog", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    post = client.get("catalog", method="POST")
    assert (post.status_code, post.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("route", "arguments", "status", "reason"),
    [
        ("histograms", {"run": "none", "tag": logs.KERNEL}, 404, "run 'none' has no series"),
        ("histograms", {"run": RUN, "tag": "weights/none"}, 404, "has no series 'weights/none'"),
        ("histograms", {"run": RUN}, 400, "the argument 'tag' is missing"),
        ("profiles", {"run": RUN, "tag": "weights/none"}, 404, "has no series 'weights/none'"),
        ("profiles", {"tag": logs.KERNEL}, 400, "the argument 'run' is missing"),
        ("heatmap", {"tag": logs.KERNEL, "step": 0}, 400, "the argument 'run' is missing"),
        ("heatmap", {"run": RUN, "tag": logs.KERNEL}, 400, "the argument 'step' is missing"),
        ("heatmap", {"run": RUN, "tag": logs.KERNEL, "step": 7}, 404, "no heatmap of step 7"),
        ("heatmap", {"run": RUN, "tag": logs.KERNEL, "step": "1e3"}, 400, "whole number, not '1e3'"),
        ("heatmap", {"run": RUN, "tag": logs.KERNEL, "step": 5, "wall_time": "nan"}, 400, "'nan'"),
        ("heatmap", {"run": RUN, "tag": logs.KERNEL, "step": 5, "wall_time": "x"}, 400, "'x'"),
        ("static/../plugin/plugin.py", {}, 404, "plugin.py"),
        ("static/%2e%2e/plugin/plugin.py", {}, 404, "plugin.py"),
        ("static//etc/passwd", {}, 404, "etc/passwd"),
    ],
)
def test_a_request_for_what_is_not_there_is_told_why_in_one_line(
    client: Client, route: str, arguments: dict[str, str], status: int, reason: str
) -> None:
    answer = client.get(route, **arguments)
    assert answer.status_code == status
    if ".." not in route:
        # A client may resolve these itself, and ask for a route that isn't ours at all.
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert reason in answer.text
    assert "Traceback" not in answer.text
    assert len(answer.text.splitlines()) <= 1
