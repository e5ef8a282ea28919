"""Reading heatmaps: the tooltip, differences, what is pinned, and what lies past the ends of colours."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.e2e import logs
from tests.e2e.drawn import number, points
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
Serve = Callable[..., str]

STEPS = (0, 10, 20, 30)
UNITS = 8

_COVERED = """() => {
  const box = document.querySelector("[data-testid=tooltip]").getBoundingClientRect();
  return [...document.querySelectorAll(".lines .pointed")].filter((line) => {
    const own = line.getBoundingClientRect();
    return own.right > box.left && own.left < box.right && own.bottom > box.top && own.top < box.bottom;
  }).length;
}"""


def test_the_tooltip_covers_nothing_of_what_is_compared(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("painted")
    for run in ("run-a", "run-b"):
        for x in (0.02, 0.3, 0.55, 0.97):
            tab.point_at(tab.heatmap(run, "recurrent_kernel"), x, 0.4)
            expect(tab.get("tooltip")).to_be_visible()
            assert tab.frame.evaluate(_COVERED) == 0, (run, x)
            # Each comes as a new one, not from the place of the last one.
            tab.page.mouse.move(0, 0)
            expect(tab.get("tooltip")).to_have_count(0)


def test_a_difference_of_two_runs_is_painted_and_told(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("painted")
    tab.get("reference").select_option(label="run-a")
    expect(tab.heatmap("run-b", "kernel")).to_have_attribute("data-difference", "true")
    tab.wait_for_heatmaps()
    kernel, own = tab.heatmap("run-b", "kernel"), tab.heatmap("run-a", "kernel")
    # Both have the same kernel: no difference but the NaN of both. The reference itself stays as it is.
    zero = tab.color_at(own, 5 / 8, 0.5)
    assert [tab.color_at(kernel, x / 8, 0.5) for x in (1, 3, 5)] == [zero] * 3
    assert tab.color_at(kernel, 7 / 8, 0.5) == tab.color_at(own, 7 / 8, 0.5)
    assert tab.color_at(own, 1 / 8, 0.5) != zero
    expect(own).to_have_attribute("data-difference", "false")
    tab.point_at(tab.heatmap("run-b", "recurrent_kernel"), 5.5 / (4 * UNITS), 2.5 / UNITS)
    stored = [_recurrent(number, STEPS[-1])[2, 5] for number in (0, 1)]
    told = tab.get("tooltip-value", run="run-b").get_by_test_id("tooltip-difference").inner_text()
    assert number(told) == pytest.approx(float(stored[1]) - float(stored[0]), rel=1e-4)


def test_a_difference_of_two_steps_follows_the_step(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("painted")
    tab.get("reference").select_option(label="step 0, the first")
    recurrent = tab.heatmap("run-a", "recurrent_kernel")
    expect(recurrent).to_have_attribute("data-difference", "true")
    tab.wait_for_heatmaps()
    width = 4 * UNITS
    colors = {tab.color_at(recurrent, (x + 0.5) / width, 0.5) for x in range(width)}
    assert len(colors) > 4
    tab.page.keyboard.press("Home")
    tab.expect_step(0)
    tab.wait_for_heatmaps()
    colors = {tab.color_at(recurrent, (x + 0.5) / width, 0.5) for x in range(width)}
    assert len(colors) == 1


def test_a_click_pins_a_unit_with_its_values_in_all_gates_and_runs_and_their_history(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("painted")
    recurrent = tab.heatmap("run-a", "recurrent_kernel")
    tab.point_at(recurrent, 5.5 / (4 * UNITS), 2.5 / UNITS)
    tab.page.mouse.down()
    tab.page.mouse.up()
    expect(tab.get("pinned")).to_contain_text("row 2 → unit 5")
    tab.page.mouse.move(5, 5)
    expect(tab.get("tooltip")).to_have_count(0)
    for place, gate in enumerate(logs.LSTM_GATES):
        for run_number, run in enumerate(("run-a", "run-b")):
            stored = _recurrent(run_number, STEPS[-1])[2, place * UNITS + 5]
            told = tab.get("pinned-value", run=run, gate=gate).inner_text()
            assert number(told) == pytest.approx(float(stored), rel=1e-4)
    # Its column is marked in all gates of all matrices of both runs, its row in the matrix itself.
    expect(tab.frame.locator(".lines line.pinned")).to_have_count(4 * 3 * 2 + 2)
    paths = tab.get("pinned-history", gate="forget").locator("path")
    expect(paths).to_have_count(2)
    history = points(paths.first)
    assert len(history) == len(STEPS)
    # The norm of the unit's column at each step: higher is less far from the top.
    norms = [np.linalg.norm(_recurrent(0, step)[:, UNITS + 5].astype(np.float32)) for step in STEPS]
    assert np.argsort(norms).tolist() == np.argsort([-y for _, y in history]).tolist()


def test_what_is_pinned_is_let_go_by_the_same_click_and_by_escape(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("painted")
    kernel = tab.heatmap("run-a", "kernel")
    for let_go in ("click", "escape", "button"):
        kernel.click(position={"x": 20, "y": 20})
        expect(tab.get("pinned")).to_be_visible()
        # Not so soon that both clicks are a double click.
        tab.page.wait_for_timeout(600)
        if let_go == "click":
            kernel.click(position={"x": 20, "y": 20})
        elif let_go == "escape":
            tab.page.keyboard.press("Escape")
        else:
            tab.get("unpin").click()
        expect(tab.get("pinned")).to_have_count(0)
        tab.page.wait_for_timeout(600)


def test_what_lies_past_the_ends_of_the_colours_is_marked_and_counted(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("painted")
    kernel = tab.heatmap("run-a", "kernel")
    inside = [tab.color_at(kernel, x / 8, 0.5) for x in (1, 3)]
    tab.frame.get_by_label("Range", exact=True).select_option("manual")
    tab.frame.get_by_label("Largest |x|").fill("0.4")
    tab.frame.get_by_label("Largest |x|").press("Enter")
    expect(tab.get("color-bar")).to_contain_text("0.4")
    expect(tab.get("color-bar")).to_contain_text("<")
    expect(tab.get("beyond")).to_contain_text("past the ends")
    tab.wait_until_still()
    past = {side: _css_color(tab, f"past-{side}") for side in ("above", "below")}
    assert tab.color_at(kernel, 1 / 8, 0.5) == past["above"]
    assert tab.color_at(kernel, 3 / 8, 0.5) == past["below"]
    assert not {*past.values()} & {*inside}
    # Two gates of the kernel, a part of the bias, and what is so large of the recurrent kernels.
    values = [logs.painted_kernel(), np.linspace(-1, 1, 4 * UNITS, dtype=np.float32)]
    values += [_recurrent(run, STEPS[-1]).astype(np.float32) for run in (0, 1)]
    beyond = [int((np.abs(np.nan_to_num(one)) > 0.4 * (1 + 2**-8)).sum()) for one in values]
    expected = 2 * (beyond[0] + beyond[1]) + beyond[2] + beyond[3]
    expect(tab.get("beyond")).to_have_attribute(
        "title", re.compile(rf"^Of [0-9,]+ cells on screen that were counted, {expected} lie past ")
    )


def test_a_convolution_is_grouped_by_the_places_of_its_kernel_and_a_bias_has_a_label(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).normal(size=(2 * 3 * 5, 4 * UNITS)).astype(np.float32)
    facts = {"cell": "ConvLSTM2D", "row_shape": (2, 3, 5)}
    with SummaryWriter(tmp_path / "run") as writer:
        bias = logs.tensor("conv", "bias", values[:1], cell="ConvLSTM2D")
        writer.add_tensors([logs.tensor("conv", "kernel", values, **facts), bias], "weights", 0)
    tab = open_tab(serve(tmp_path, 1))
    tab.wait_for_heatmaps()
    labels = tab.get("row-numbers", matrix="kernel").locator("i")
    expect(labels).to_have_text(["[0, 0]", "[0, 1]", "[0, 2]", "[1, 0]", "[1, 1]", "[1, 2]"])
    expect(tab.frame.locator(".lines line.kernel-place")).to_have_count(6)
    expect(tab.get("row-axis", matrix="bias")).to_contain_text("1 row")
    tab.point_at(tab.heatmap("run", "kernel"), 0.01, 7.5 / 30)
    expect(tab.get("tooltip")).to_contain_text("kernel [0, 1], channel 2")


def _recurrent(run: int, step: int) -> logs.Array:
    """The recurrent kernel of the painted layer as it is stored."""
    tensors = logs._model(np.random.default_rng([run, step]), step, has_nan=False)
    return tensors[1].values.astype(ml_dtypes.bfloat16)


def _css_color(tab: Tab, name: str) -> tuple[int, ...]:
    text = tab.get(name).evaluate("one => getComputedStyle(one).backgroundColor")
    return tuple(int(one) for one in re.findall(r"\d+", text))
