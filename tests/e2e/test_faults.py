"""What is wrong is told where it is, and nothing else suffers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from tensorboard.compat.proto import event_pb2, summary_pb2

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.metadata import (
    FORMAT_VERSION,
    HISTOGRAMS_PLUGIN,
    Series,
    event_tag,
    summary_metadata,
)
from tests.e2e import logs
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
Serve = Callable[..., str]


def test_a_nan_is_reported_for_its_layer_direction_matrix_gate_and_step_alone(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    badges = tab.get("layer-nonfinite")
    # The painted layer has NaN on purpose; of the other one only the backward direction has.
    expect(badges).to_have_count(2)
    expect(tab.get("layer", layer="both", direction="forward").locator(".badge")).to_have_count(0)
    expect(tab.get("layer", layer="both", direction="backward").locator(".badge")).to_have_attribute(
        "title", f"NaN in the reset gate of the recurrent kernel, first at step {logs.NAN_STEP} (3 values)"
    )
    tab.open_layer("both", "backward")
    findings = tab.get("finding", matrix="recurrent_kernel")
    expect(findings).to_have_count(1)
    for name, value in {
        "run": "run-b",
        "gate": "reset",
        "matrix": "recurrent_kernel",
        "step": str(logs.NAN_STEP),
    }.items():
        expect(findings).to_have_attribute(f"data-{name}", value)
    expect(tab.get("gate-nonfinite")).to_have_count(1)
    expect(tab.get("gate-nonfinite", gate="reset", matrix="recurrent_kernel")).to_have_text(
        re.compile("recurrent kernel: NaN 4.7 %")
    )
    tab.look_at("histograms")
    expect(tab.get("histogram-nonfinite")).to_have_count(1)
    tab.open_layer("both", "forward")
    expect(tab.get("gate-nonfinite")).to_have_count(0)


def test_a_finding_leads_to_its_step_and_is_not_shown_before_it(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("both", "backward")
    tab.get("finding", matrix="recurrent_kernel").click()
    tab.expect_step(logs.NAN_STEP)
    expect(tab.get("gate-nonfinite")).to_have_count(1)
    tab.page.keyboard.press("ArrowLeft")
    expect(tab.get("gate-nonfinite")).to_have_count(0)


def test_the_first_nan_of_each_run_is_told_wherever_it_is_and_leads_there(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("both", "forward")
    findings = tab.get("finding")
    # Of each run the painted kernel's, which has it from the first step on.
    expect(findings).to_have_count(2)
    expect(findings.first).to_contain_text("painted: NaN in the output gate of the kernel, first at step 0")
    tab.get("more-findings").click()
    findings.filter(has_text=re.compile("^both backward: NaN in the reset gate")).click()
    expect(tab.get("open-layer")).to_have_text("both backward")
    tab.expect_step(logs.NAN_STEP)


def test_a_hidden_run_leaves_no_mark_at_a_layer(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    mark = tab.get("layer", layer="both", direction="backward").get_by_test_id("layer-nonfinite")
    expect(mark).to_be_visible()
    tab.get("run").nth(1).click()
    expect(mark).to_have_count(0)


def test_names_are_text_and_never_markup(open_tab: OpenTab, odd_runs: str) -> None:
    tab = open_tab(odd_runs)
    expect(tab.get("open-layer")).to_have_text("<b>bold</b>")
    expect(tab.get("run").first).to_have_text(logs.ODD_RUN)
    expect(tab.frame.locator("img, b b")).to_have_count(0)
    tab.wait_for_heatmaps()


def test_an_empty_logdir_tells_how_to_log(open_tab: OpenTab, serve: Serve, tmp_path: Path) -> None:
    tab = open_tab(serve(tmp_path, 0))
    expect(tab.get("empty")).to_contain_text("No recurrent layers were logged here yet")
    expect(tab.get("empty")).to_contain_text('callbacks=[rnnweights.RNNWeights("logs/run1"')
    expect(tab.get("empty")).to_contain_text("writer.add_gradients(model, gradients, step)")


def test_a_series_of_an_unknown_version_is_told_and_all_others_are_shown(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    values = np.ones((2, 4), np.float32)
    with SummaryWriter(tmp_path / "good") as writer:
        writer.add_tensors([logs.tensor("lstm", "kernel", values)], "weights", 0)
    _write_changed(tmp_path / "future", f'"format_version": {FORMAT_VERSION}', '"format_version": 99')
    tab = open_tab(serve(tmp_path, 2))
    expect(tab.heatmap("good", "kernel")).to_be_visible()
    tab.get("unreadable").locator("summary").click()
    expect(tab.get("unreadable")).to_contain_text("format version is 99")


def test_a_series_of_an_unknown_kind_is_reported_and_all_others_are_shown(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    values = np.ones((2, 4), np.float32)
    with SummaryWriter(tmp_path / "good") as writer:
        writer.add_tensors([logs.tensor("lstm", "kernel", values)], "weights", 0)
    _write_changed(tmp_path / "future", '"kind": "weights"', '"kind": "novel"')
    tab = open_tab(serve(tmp_path, 2))
    expect(tab.heatmap("good", "kernel")).to_be_visible()
    tab.get("unreadable").locator("summary").click()
    expect(tab.get("unreadable")).to_contain_text("its kind is 'novel', which this plugin doesn't know")


def test_a_heatmap_that_cannot_be_read_says_why_and_the_other_run_stays(
    open_tab: OpenTab, page: Page, compared_runs: str
) -> None:
    page.route(
        re.compile("heatmap.*run=run-a.*step=10"),
        lambda route: route.fulfill(status=200, body=b"no heatmap", content_type="text/plain"),
    )
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.get("step-slider").fill("1")
    expect(tab.get("run-card", run="run-a").locator("[data-testid=heatmap-error]").first).to_contain_text(
        "not safetensors"
    )
    expect(tab.heatmap("run-b", "kernel")).to_be_visible()


@pytest.mark.parametrize("hindrance", ["no threads at all", "a thread that can't be loaded"])
def test_answers_are_read_by_the_page_where_they_can_have_no_thread(
    fresh_page: Page, compared_runs: str, hindrance: str
) -> None:
    if hindrance == "no threads at all":
        fresh_page.add_init_script("delete window.Worker")
    else:
        fresh_page.route("**/reading_worker.js", lambda route: route.abort())
    tab = Tab(fresh_page, compared_runs)
    tab.wait_for_heatmaps()
    expect(tab.heatmap("run-a", "kernel")).to_be_visible()
    tab.page.keyboard.press("ArrowRight")
    tab.wait_for_heatmaps()
    expect(tab.get("heatmap-error")).to_have_count(0)
    tab.look_at("histograms")
    expect(tab.get("histogram").first).to_be_visible()


def test_answers_are_read_by_a_thread_of_their_own(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    assert [worker.url.rpartition("/")[2] for worker in tab.page.workers] == ["reading_worker.js"]


def _write_changed(log_dir: Path, fact: str, changed: str) -> None:
    """Writes a series of which one fact is another than what the writer writes."""
    tensor = logs.tensor("lstm", "kernel", np.ones((2, 4), np.float32))
    series = Series.of_tensor(tensor, "weights", (1, 1), 0)
    metadata = summary_pb2.SummaryMetadata()
    metadata.CopyFrom(summary_metadata(HISTOGRAMS_PLUGIN, series))
    content = metadata.plugin_data.content.decode()
    assert fact in content
    metadata.plugin_data.content = content.replace(fact, changed).encode()
    file = EventFile(str(log_dir))
    value = summary_pb2.Summary.Value(tag=event_tag(HISTOGRAMS_PLUGIN, series.tag), metadata=metadata)
    value.tensor.dtype = 7
    value.tensor.string_val.append(b"whatever comes then")
    file.write(event_pb2.Event(wall_time=1.0, step=0, summary=summary_pb2.Summary(value=[value])))
    file.close()
