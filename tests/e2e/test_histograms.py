"""Histograms show what was logged: at one step, as ridges and as percentiles over the steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e import curves, drawn
from tests.e2e.logs import LSTM_GATES
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
VIEW = "histograms"
VIEWS = ("step", "ridges", "bands")
SCALES = ("linear", "symmetric log", "log |x|")


@pytest.fixture
def tab(open_tab: OpenTab, curve_runs: str) -> Tab:
    tab = open_tab(curve_runs)
    tab.open_layer("lstm")
    curves.reach(tab, VIEW, "histogram")
    return tab


def histogram(tab: Tab, gate: str, matrix: str = "kernel") -> Locator:
    return curves.reach(tab, VIEW, "histogram", gate=gate, matrix=matrix)


def choose(tab: Tab, label: str, option: str) -> None:
    tab.frame.get_by_label(label, exact=True).select_option(option)
    tab.wait_until_still()


def choose_view(tab: Tab, view: str) -> None:
    tab.get(f"histogram-view-{view}").click()
    tab.wait_until_still()


def show_only(tab: Tab, *names: str) -> None:
    for name in curves.RUNS:
        if name not in names:
            tab.get("run").nth(curves.RUNS.index(name)).click()
    expect(tab.get("run-card")).to_have_count(len(names))
    tab.wait_until_still()


def point_at_value(tab: Tab, picture: Locator, value: float, low: float, high: float) -> None:
    box = picture.locator("svg").bounding_box()
    assert box is not None
    tab.point_in(picture, 38 + (box["width"] - 38) * (value - low) / (high - low), 40)


def test_the_pointer_reads_the_share_of_a_bin_in_all_runs(tab: Tab) -> None:
    choose(tab, "Axes", "free")
    picture = histogram(tab, "input")
    for value, share in ((0.499, "75.0 %"), (-0.499, "25.0 %"), (0, "0.0 %")):
        point_at_value(tab, picture, value, -0.5, 0.5)
        told = picture.locator(".reading span:has(.swatch)")
        expect(told).to_have_text([f"{share} {run}" for run in curves.RUNS])


def test_what_is_read_off_does_not_cover_the_bin(tab: Tab) -> None:
    choose(tab, "Axes", "free")
    picture = histogram(tab, "input")
    for value in (-0.45, -0.1, 0.1, 0.45):
        point_at_value(tab, picture, value, -0.5, 0.5)
        reading = picture.locator(".reading").bounding_box()
        pointed = picture.locator("rect.pointed").bounding_box()
        assert reading is not None
        assert pointed is not None
        is_left = reading["x"] + reading["width"] <= pointed["x"]
        assert is_left or reading["x"] >= pointed["x"] + pointed["width"]


def test_a_block_of_zeros_is_one_bar_at_zero_without_an_invented_axis(tab: Tab) -> None:
    choose(tab, "Axes", "free")
    picture = histogram(tab, "forget")
    expect(picture.locator(".words")).to_have_text("all zero")
    assert curves.axis_texts(picture) == ["0"]
    outline = picture.locator("path.outline").first.get_attribute("d") or ""
    assert outline.count("V") == 3
    choose(tab, "Scale", "log |x|")
    expect(picture.locator(".words")).to_have_text("all zero")
    assert curves.axis_texts(picture) == []


def test_up_to_three_runs_are_filled_and_more_are_lines(tab: Tab) -> None:
    picture = histogram(tab, "output")
    expect(picture.locator("path.outline")).to_have_count(4)
    expect(picture.locator("path.filled")).to_have_count(0)
    tab.get("run").first.click()
    expect(picture.locator("path.filled")).to_have_count(3)


def test_runs_that_are_the_same_are_dashed_in_turns(tab: Tab) -> None:
    outlines = histogram(tab, "cell").locator("path.outline")
    patterns = [one.get_attribute("stroke-dasharray") for one in outlines.all()]
    offsets = [one.get_attribute("stroke-dashoffset") for one in outlines.all()]
    assert patterns == ["5 5", "5 5", None, None]
    assert offsets[0] != offsets[1]


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_runs_into_another_one(tab: Tab, view: str) -> None:
    curves.leave_out_heatmaps(tab)
    choose_view(tab, view)
    for scale in SCALES:
        choose(tab, "Scale", scale)
        curves.reach(tab, VIEW, "histograms")
        assert drawn.texts_that_overlap(tab.frame) == [], scale
        assert drawn.parts_outside_of_cards(tab.frame) == [], scale
        inside = tab.get("histograms").inner_html()
        assert "NaN" not in inside, scale
        assert "Infinity" not in inside, scale


def test_axes_are_those_of_a_gate_a_matrix_a_layer_or_both_directions(tab: Tab) -> None:
    def texts(gate: str, matrix: str = "kernel") -> list[str]:
        return curves.axis_texts(histogram(tab, gate, matrix))

    choose(tab, "Axes", "free")
    assert texts("input") != texts("output")
    choose(tab, "Axes", "matrix")
    assert texts("input") == texts("output") != texts("input", "bias")
    choose(tab, "Axes", "layer")
    assert texts("input") == texts("input", "bias")
    tab.open_layer("two", "forward")
    assert max(map(drawn.number, texts("input"))) == 1
    choose(tab, "Axes", "directions")
    assert max(map(drawn.number, texts("input"))) == 100


def test_heights_are_shares_densities_or_counts(tab: Tab) -> None:
    choose(tab, "Axes", "free")
    picture = histogram(tab, "input")
    ends = {}
    for height in ("share", "density", "count"):
        choose(tab, "Heights", height)
        point_at_value(tab, picture, 0.499, -0.5, 0.5)
        ends[height] = picture.locator(".reading span:has(.swatch)").first.inner_text().split()[0]
    # 128 values, and 60 bins over a length of 1.
    assert ends == {"share": "75.0", "density": "45", "count": "96"}


def test_an_axis_of_magnitudes_tells_of_the_zeros_that_it_leaves_out(tab: Tab) -> None:
    tab.open_layer("two", "forward")
    choose(tab, "Scale", "log |x|")
    expect(histogram(tab, "input").get_by_test_id("histogram-zeros")).to_have_count(0)


def test_a_ridge_a_step_the_shown_one_strong_and_a_click_goes_to_its_step(tab: Tab) -> None:
    choose_view(tab, "ridges")
    picture = curves.reach(tab, VIEW, "ridgeline", gate="output", matrix="kernel")
    ridges = picture.locator("path.ridge[data-step]")
    expect(ridges).to_have_count(len(curves.STEPS))
    strong = picture.locator("path.ridge.strong")
    for step in (70, 20):
        ridge = picture.locator(f"path.ridge[data-step='{step}']")
        base = float((ridge.get_attribute("d") or "").split("V")[-1])
        box = picture.bounding_box()
        assert box is not None
        picture.click(position={"x": box["width"] - 2, "y": base})
        tab.expect_step(step)
        expect(strong).to_have_attribute("d", ridge.get_attribute("d") or "")
    # Those of the step at which nothing is finite are empty.
    choose_run = tab.get("ridges-run")
    choose_run.select_option("a")
    expect(picture.locator("path.ridge[data-step='30']")).to_have_attribute("d", "")


def test_bands_are_the_percentiles_of_what_was_logged(tab: Tab) -> None:
    show_only(tab, "c")
    choose(tab, "Axes", "free")
    choose_view(tab, "bands")
    picture = curves.reach(tab, VIEW, "bands", gate="output", matrix="kernel")
    medians = drawn.points(picture.locator("path.outline"))
    found = [curves.value_on_linear_axis(picture, height) for _, height in medians]
    values = [curves.kernel("c", step)["output"] for step in curves.STEPS]
    exact = [np.quantile(one, 0.5, method="inverted_cdf") for one in values]
    np.testing.assert_allclose(found, exact, rtol=1 / 32, atol=0.01)
    whole = drawn.points(picture.locator("path.band.whole"))
    heights = [curves.value_on_linear_axis(picture, height) for _, height in whole]
    count = len(curves.STEPS)
    np.testing.assert_allclose(heights[:count], [one.max() for one in values], atol=0.02)
    np.testing.assert_allclose(heights[count:][::-1], [one.min() for one in values], atol=0.02)


def test_bands_have_gaps_and_marks_where_nothing_is_finite(tab: Tab) -> None:
    show_only(tab, "a")
    choose(tab, "Axes", "free")
    choose_view(tab, "bands")
    picture = curves.reach(tab, VIEW, "bands", gate="output", matrix="kernel")
    assert (picture.locator("path.outline").get_attribute("d") or "").count("M") == 2
    marks = picture.locator(".nonfinite")
    expect(marks).to_have_count(2)
    assert [one.get_attribute("class") for one in marks.all()] == ["nonfinite nan", "nonfinite infinity"]
    expect(curves.reach(tab, VIEW, "bands", gate="forget", matrix="kernel")).to_have_text("all zero")


def test_a_click_in_bands_goes_to_a_step(tab: Tab) -> None:
    choose_view(tab, "bands")
    picture = curves.reach(tab, VIEW, "bands", gate="output", matrix="kernel")
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": 40 + (box["width"] - 48) * 20 / 90, "y": 40})
    tab.expect_step(20)


def test_going_to_another_step_draws_nothing_again_but_the_lines(tab: Tab) -> None:
    grid = tab.get("histograms")
    grid.evaluate(
        """(grid) => {
          window.changed = new Set();
          new MutationObserver((all) => all.forEach(({ type, attributeName }) =>
            window.changed.add(attributeName ?? type))).observe(
            grid, { subtree: true, childList: true, attributes: true });
        }"""
    )
    tab.page.keyboard.press("ArrowLeft")
    tab.expect_step(80)
    tab.wait_until_still()
    assert set(tab.frame.evaluate("[...window.changed]")) <= {"d"}


def test_each_gate_has_a_histogram_in_each_view(tab: Tab) -> None:
    for view, name in zip(VIEWS, ("histogram", "ridgeline", "bands"), strict=True):
        choose_view(tab, view)
        expect(tab.get(name, matrix="kernel")).to_have_count(len(LSTM_GATES))
