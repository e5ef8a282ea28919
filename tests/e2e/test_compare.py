"""Runs, and steps of one run, compared: which blocks changed most, and each run at a step of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.e2e import curves
from tests.e2e.drawn import number
from tests.e2e.logs import LSTM_GATES, UNITS, tensor
from tests.e2e.tab import Tab
from tests.tensorboard_server import tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]
Serve = Callable[..., str]

RUNS = [f"sweep/optimizer=adam,rate={rate},seed=1" for rate in ("0.1", "0.2", "0.3")]


@pytest.fixture(scope="module")
def moved_runs(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Runs in which the forget gate alone moves: by 0.1 a step, 0.2 and 0.3."""
    logdir = tmp_path_factory.mktemp("moved")
    for place, run in enumerate(RUNS):
        with SummaryWriter(logdir / run, updates=False) as writer:
            for step in range(5):
                values = np.ones((4, 4 * UNITS), np.float32)
                values[:, UNITS : 2 * UNITS] += np.float32(0.1 * step * (place + 1))
                writer.add_tensors([tensor("lstm", "kernel", values)], "weights", step)
    with tensorboard(logdir) as url:
        wait_for_runs(url, len(RUNS))
        yield url


def test_what_changed_most_since_the_first_step_comes_first(open_tab: OpenTab, moved_runs: str) -> None:
    tab = open_tab(moved_runs)
    tab.get("reference").select_option('{"step":0}')
    rows = tab.get("change")
    expect(rows.first).to_have_attribute("data-gate", "forget")
    expect(rows.first).to_contain_text("rate=0.3")
    expect(rows.first).to_contain_text("4 against 0")
    tab.get("all-changes").click()
    expect(rows).to_have_count(len(RUNS) * len(LSTM_GATES))
    distances = [number(one.inner_text()) for one in tab.get("change-relative_wasserstein").all()]
    assert distances == sorted(distances, reverse=True)
    # From 1 to 2.2, by the mean of both magnitudes; each bin is 1/32 wide at most.
    assert distances[0] == pytest.approx(1.2 / 1.6, rel=0.05)
    assert distances[3:] == [0.0] * 9


def test_changes_are_ranked_by_the_distance_of_choice(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    with SummaryWriter(tmp_path / "run", updates=False) as writer:
        for step in range(2):
            bias, kernel = np.zeros((1, 4 * UNITS), np.float32), np.ones((4, 4 * UNITS), np.float32)
            bias[:, UNITS : 2 * UNITS] += step * 0.5
            kernel[:, :UNITS] += step * 0.25
            writer.add_tensors(
                [tensor("lstm", "kernel", kernel), tensor("lstm", "bias", bias)], "weights", step
            )
    tab = open_tab(serve(tmp_path, 1))
    tab.get("reference").select_option('{"step":0}')
    first = tab.get("change").first
    expect(first).to_have_attribute("data-matrix", "kernel")
    began = tab.get("change", matrix="bias", gate="forget").get_by_test_id("change-relative_wasserstein")
    expect(began).to_have_text("began at zero")
    tab.get("rank-wasserstein").click()
    expect(first).to_have_attribute("data-matrix", "bias")
    moved = number(first.get_by_test_id("change-wasserstein").inner_text())
    assert moved == pytest.approx(0.5, rel=1 / 32)
    tab.page.wait_for_function("location.hash.includes('rnnweights.ranked=')")
    again = tab.reopened()
    expect(again.get("change").first).to_have_attribute("data-matrix", "bias")


def test_another_run_can_be_what_all_are_compared_with(open_tab: OpenTab, moved_runs: str) -> None:
    tab = open_tab(moved_runs)
    tab.get("reference").select_option(json.dumps({"run": RUNS[0]}, separators=(",", ":")))
    expect(tab.get("change").first).to_contain_text("rate=0.3")
    # A run is not compared with itself.
    expect(tab.get("change")).to_have_count(2 * len(LSTM_GATES))
    tab.get("reference").select_option("null")
    expect(tab.get("changes")).to_have_count(0)


def test_a_difference_has_a_range_of_its_own(open_tab: OpenTab, moved_runs: str) -> None:
    tab = open_tab(moved_runs)
    tab.wait_for_heatmaps()
    axis = tab.get("run-card", run=RUNS[2]).get_by_test_id("row-axis")
    expect(axis).to_contain_text("±2.2")
    tab.get("reference").select_option('{"step":0}')
    heatmap = tab.heatmap(RUNS[2], "kernel")
    expect(heatmap).to_have_attribute("data-difference", "true")
    # From 1 to 2.2 in the run that moves most.
    expect(axis).to_contain_text("Δ ±1.2")
    expect(tab.get("color-bar")).to_have_count(1)
    expect(tab.get("color-bar")).to_contain_text("difference")
    tab.wait_for_heatmaps()
    moved, still = tab.color_at(heatmap, 3 / 8, 0.5), tab.color_at(heatmap, 1 / 8, 0.5)
    assert moved[0] < 0xB2, "what has moved most is as dark as the end of the colours"
    assert min(still) > 0xE0
    tab.get("reference").select_option("null")
    expect(axis).to_contain_text("±2.2")
    expect(axis).not_to_contain_text("Δ")


def test_the_reference_keeps_the_range_of_its_values(open_tab: OpenTab, moved_runs: str) -> None:
    tab = open_tab(moved_runs)
    tab.get("reference").select_option(json.dumps({"run": RUNS[0]}, separators=(",", ":")))
    expect(tab.heatmap(RUNS[2], "kernel")).to_have_attribute("data-difference", "true")
    axes = [tab.get("run-card", run=run).get_by_test_id("row-axis") for run in RUNS]
    for axis, text in zip(axes, ("±2.2", "Δ ±0.80", "Δ ±0.80"), strict=True):
        expect(axis).to_contain_text(text)
    expect(tab.get("color-bar", difference="true")).to_have_count(1)
    expect(tab.get("color-bar", difference="false")).to_have_count(1)


def test_histograms_of_another_step_are_dashed_and_read_off_beside_those_of_the_shown_one(
    open_tab: OpenTab, moved_runs: str
) -> None:
    tab = open_tab(moved_runs)
    tab.get("reference").select_option('{"step":0}')
    picture = curves.reach(tab, "histograms", "histogram", gate="forget", matrix="kernel")
    expect(picture.locator("path.outline:not(.compared)")).to_have_count(3)
    dashed = picture.locator("path.outline.compared")
    expect(dashed).to_have_count(3)
    assert len({one.get_attribute("d") for one in dashed.all()}) == 1, "all began alike"
    expect(tab.get("histogram-compared")).to_contain_text("step 0, which is compared with")
    # All were 1 at first; that bin reaches over two of those on screen.
    tab.point_in(picture, 40, 40)
    told = picture.locator(".reading span:has(.swatch)")
    expect(told).to_have_text(
        [
            text
            for run in ("0.1", "0.2", "0.3")
            for text in (f"0.0 % rate={run}", f"64.0 % rate={run} at step 0")
        ]
    )
    tab.page.keyboard.press("Home")
    expect(told.first).to_have_text("64.0 % rate=0.1")


def test_histograms_tell_which_run_is_compared_with(open_tab: OpenTab, moved_runs: str) -> None:
    tab = open_tab(moved_runs)
    tab.get("reference").select_option(json.dumps({"run": RUNS[1]}, separators=(",", ":")))
    picture = curves.reach(tab, "histograms", "histogram", gate="forget", matrix="kernel")
    expect(picture.locator("path.outline")).to_have_count(3)
    expect(tab.get("histogram-compared")).to_contain_text("rate=0.2 is what the others are compared with")


def test_the_whole_model_tells_how_far_each_block_is_from_its_reference(
    open_tab: OpenTab, moved_runs: str, requested: list[str]
) -> None:
    tab = open_tab(moved_runs)
    tab.get("glance-statistic").select_option("distance")
    expect(tab.get("glance-reference-missing")).to_be_visible()
    tab.get("reference").select_option(json.dumps({"run": RUNS[0]}, separators=(",", ":")))
    expect(tab.get("glance-reference-missing")).to_have_count(0)
    expect(tab.get("card-glance")).to_have_attribute("aria-busy", "false")
    cells = tab.get("glance-cells", layer="lstm", matrix="kernel")
    box = cells.bounding_box()
    assert box
    cells.hover(position={"x": box["width"] * (2 / 3 + 1 / 8), "y": 10})
    reading = tab.get("glance-reading")
    expect(reading).to_contain_text("rate=0.3")
    # 2.2 against 1.4, by the mean of both.
    expect(reading).to_contain_text(
        "forget gate of the kernel of lstm: distance to what is compared with 0.4"
    )
    tab.page.keyboard.press("Home")
    expect(reading).to_contain_text("compared with 0 at step 0")
    asked = [url for url in requested if "/distances?" in url]
    assert len(asked) == len(RUNS) - 1, "a request a run, whatever the step"


def test_a_change_leads_to_its_block(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.get("reference").select_option('{"step":0}')
    tab.get("all-changes").click()
    tab.get("change", layer="both", matrix="kernel").first.get_by_role("button").click()
    expect(tab.get("open-layer")).to_contain_text("both")
    expect(tab.get("open-layer")).to_be_in_viewport()


def test_runs_are_called_by_what_differs_between_them(open_tab: OpenTab, moved_runs: str) -> None:
    tab = open_tab(moved_runs)
    expect(tab.get("run")).to_have_text(["rate=0.1", "rate=0.2", "rate=0.3"])
    expect(tab.get("run").first).to_have_attribute("title", RUNS[0])
    tab.get("run-filter").fill("RATE=0.[12]")
    expect(tab.get("run")).to_have_text(["rate=0.1", "rate=0.2"])


def test_all_runs_none_or_only_one_are_shown(open_tab: OpenTab, moved_runs: str) -> None:
    tab = open_tab(moved_runs)
    tab.get("runs-none").click()
    expect(tab.get("shown-count")).to_have_text("0 of 3 shown")
    expect(tab.get("nothing-shown")).to_be_visible()
    tab.get("run").nth(1).hover()
    tab.get("only-run", run=RUNS[1]).click()
    expect(tab.get("run-card")).to_have_count(1)
    expect(tab.get("run-card", run=RUNS[1])).to_be_visible()
    tab.get("runs-all").click()
    expect(tab.get("run-card")).to_have_count(3)


def test_a_run_is_held_at_its_step_while_the_others_go_on(open_tab: OpenTab, moved_runs: str) -> None:
    tab = open_tab(moved_runs)
    tab.wait_for_heatmaps()
    tab.get("hold-step", run=RUNS[0]).click()
    tab.page.keyboard.press("Home")
    tab.expect_step(0)
    held = tab.get("run-card", run=RUNS[0])
    expect(held.get_by_test_id("card-step")).to_have_text("held at step: 4")
    tab.wait_for_heatmaps()
    tab.point_at(tab.heatmap(RUNS[1], "kernel"), 0.3, 0.5)
    expect(tab.get("tooltip-value", run=RUNS[0])).to_contain_text("1.3984")
    expect(tab.get("tooltip-value", run=RUNS[1]).locator("b")).to_have_text("1")
    tab.get("hold-step", run=RUNS[0]).click()
    expect(held.get_by_test_id("card-step")).to_have_count(0)


def test_a_held_run_is_compared_with_the_shown_step_of_the_other_one(
    open_tab: OpenTab, moved_runs: str
) -> None:
    tab = open_tab(moved_runs)
    tab.get("glance-statistic").select_option("distance")
    tab.get("reference").select_option(json.dumps({"run": RUNS[0]}, separators=(",", ":")))
    tab.wait_for_heatmaps()
    card = tab.get("run-card", run=RUNS[2])
    expect(card.get_by_test_id("row-axis")).to_contain_text("Δ ±0.80")
    tab.get("hold-step", run=RUNS[2]).click()
    tab.page.keyboard.press("Home")
    tab.expect_step(0)
    # 2.2 at its own last step against 1 at the other one's first.
    expect(card.get_by_test_id("row-axis")).to_contain_text("Δ ±1.2")
    tab.get("card-glance").scroll_into_view_if_needed()
    tab.wait_until_still()
    cells = tab.get("glance-cells", layer="lstm", matrix="kernel")
    box = cells.bounding_box()
    assert box
    cells.hover(position={"x": box["width"] * (2 / 3 + 1 / 8), "y": 10})
    expect(tab.get("glance-reading")).to_contain_text("compared with 0.74")


def test_the_newest_runs_and_those_in_which_something_is_wrong_are_shown_first(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    names = [f"run-{place}" for place in range(9)]
    for name in names:
        with SummaryWriter(tmp_path / name, updates=False) as writer:
            values = np.ones((2, 4 * UNITS), np.float32)
            if name == "run-1":
                values[0, 0] = np.nan
            writer.add_tensors([tensor("lstm", "kernel", values)], "weights", 0)
    tab = open_tab(serve(tmp_path, len(names)))
    expect(tab.get("shown-count")).to_have_text("6 of 9 shown")
    # The first one comes alone.
    expect(tab.get("run-card")).to_have_count(6)
    cards = [card.get_attribute("data-run") for card in tab.get("run-card").all()]
    assert cards == ["run-1", "run-4", "run-5", "run-6", "run-7", "run-8"]
