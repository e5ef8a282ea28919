"""Timelines show what was logged over the steps, and lead to each of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e import curves, drawn
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
VIEW = "timelines"
MINUS = "\N{MINUS SIGN}"
STATISTICS = (
    "l2_norm",
    "mean",
    "standard_deviation",
    "range",
    "zero_share",
    "nonfinite_share",
    "distribution_change",
)


@pytest.fixture
def tab(open_tab: OpenTab, curve_runs: str) -> Tab:
    tab = open_tab(curve_runs)
    tab.open_layer("lstm")
    curves.reach(tab, VIEW, "timeline")
    tab.get("card-timelines").get_by_role("button", name="kernel", exact=True).click()
    return tab


def timeline(tab: Tab, statistic: str, gate: str) -> Locator:
    chip = curves.reach(tab, VIEW, f"statistic-{statistic}")
    if chip.get_attribute("aria-pressed") == "false":
        chip.click()
    return curves.reach(tab, VIEW, "timeline", statistic=statistic, gate=gate)


def outline(picture: Locator, run: str) -> Locator:
    return picture.locator("path.outline").nth(curves.RUNS.index(run))


def test_what_spans_decades_has_a_logarithmic_axis_and_each_decade_is_as_high(tab: Tab) -> None:
    picture = timeline(tab, "l2_norm", "cell")
    expect(picture).to_have_attribute("data-log", "true")
    points = drawn.points(outline(picture, "b"))
    found = np.array(curves.exponents_on_log_axis(picture, [height for _, height in points]))
    norms = [np.linalg.norm(curves.kernel("b", step)["cell"]) for step in curves.STEPS]
    # Next to zero, which another gate's norm is, the axis is nearly linear.
    is_between = np.isfinite(found) & (found > np.nanmin(found) + 1)
    assert is_between.sum() >= len(curves.STEPS) // 2
    np.testing.assert_allclose(found[is_between], np.log10(norms)[is_between], atol=0.15)


def test_a_mean_of_both_signs_over_decades_has_zero_between_them(tab: Tab) -> None:
    picture = timeline(tab, "mean", "cell")
    expect(picture).to_have_attribute("data-log", "true")
    axis = curves.heights_by_value(picture)
    assert 0 in axis
    assert min(axis) < 0 < max(axis)
    means = [curves.kernel("c", step)["cell"].mean() for step in curves.STEPS]
    heights = [height for _, height in drawn.points(outline(picture, "c"))]
    assert [bool(height < axis[0]) for height in heights] == [bool(mean > 0) for mean in means]


def test_an_axis_can_be_linear_all_the_same(tab: Tab) -> None:
    picture = timeline(tab, "standard_deviation", "cell")
    expect(picture).to_have_attribute("data-log", "true")
    tab.get("timeline-scale-linear").click()
    expect(picture).to_have_attribute("data-log", "false")
    points = drawn.points(outline(picture, "c"))
    exact = curves.kernel("c", curves.STEPS[-1])["cell"].std()
    assert curves.value_on_linear_axis(picture, points[-1][1]) == pytest.approx(exact, rel=0.02)


def test_minimum_and_maximum_are_one_band(tab: Tab) -> None:
    tab.get("run").nth(3).click()
    picture = timeline(tab, "range", "input")
    expect(picture.locator("path.filled")).to_have_count(3)
    tab.point_in(picture, curves.x_of(picture, 50), 40)
    expect(picture.locator(".reading span:has(.swatch)").first).to_have_text(f"{MINUS}0.5 … 0.5 a")


def test_shares_of_zeros_and_of_what_is_not_finite(tab: Tab) -> None:
    zeros = timeline(tab, "zero_share", "forget")
    tab.point_in(zeros, curves.x_of(zeros, 50), 40)
    expect(zeros.locator(".reading span:has(.swatch)")).to_have_text([f"1 {run}" for run in curves.RUNS])
    nonfinite = timeline(tab, "nonfinite_share", "output")
    tab.point_in(nonfinite, curves.x_of(nonfinite, curves.NAN_STEPS[0]), 40)
    told = nonfinite.locator(".reading span:has(.swatch)")
    expect(told).to_have_text(["1, NaN a", "1, NaN a-again", "0 b", "0 c"])


def test_the_change_since_the_first_step_begins_at_zero(tab: Tab) -> None:
    picture = timeline(tab, "distribution_change", "output")
    expect(picture.locator("path.outline")).to_have_count(len(curves.RUNS))
    tab.point_in(picture, curves.x_of(picture, 0), 40)
    expect(picture.locator(".reading span:has(.swatch)").first).to_have_text("0 a")


def test_nan_and_infinity_are_gaps_and_marks_of_their_own(tab: Tab) -> None:
    picture = timeline(tab, "l2_norm", "output")
    assert (outline(picture, "a").get_attribute("d") or "").count("M") == 2
    assert (outline(picture, "b").get_attribute("d") or "").count("M") == 1
    for name, first, last in (
        ("nan", *curves.NAN_STEPS),
        ("infinity", curves.INFINITY_STEP, curves.INFINITY_STEP),
    ):
        marks = picture.locator(f".nonfinite.{name}")
        expect(marks).to_have_count(len(curves.TWINS))
        expect(marks.first).to_have_attribute("data-first", str(first))
        expect(marks.first).to_have_attribute("data-last", str(last))


def test_runs_that_are_the_same_are_dashed_in_turns(tab: Tab) -> None:
    picture = timeline(tab, "mean", "cell")
    patterns = [one.get_attribute("stroke-dasharray") for one in picture.locator("path.outline").all()]
    assert patterns == ["5 5", "5 5", None, None]


def test_dragging_zooms_all_timelines_and_a_double_click_or_esc_shows_all_again(tab: Tab) -> None:
    norm, mean = timeline(tab, "l2_norm", "input"), timeline(tab, "mean", "output")
    before = curves.axis_texts(norm), curves.axis_texts(mean)
    zoomed = tab.get("timeline-range")
    for undo in ("key", "double click", "button"):
        curves.drag(tab, norm, 18, 52)
        expect(zoomed).to_have_text("steps 20 to 50 \N{MULTIPLICATION SIGN}")
        tab.expect_step(curves.STEPS[-1])
        for picture in (norm, mean):
            steps = [drawn.number(text) for text in curves.axis_texts(picture)]
            assert min(steps) >= 20
            assert max(steps) <= 50
        if undo == "key":
            tab.page.keyboard.press("Escape")
        elif undo == "double click":
            mean.dblclick(position={"x": 100, "y": 40})
            tab.page.keyboard.press("End")
        else:
            zoomed.click()
        expect(zoomed).to_have_count(0)
        assert (curves.axis_texts(norm), curves.axis_texts(mean)) == before


def test_a_click_goes_to_the_nearest_step_also_where_it_is_zoomed_in(tab: Tab) -> None:
    picture = timeline(tab, "mean", "input")
    picture.click(position={"x": curves.x_of(picture, 20), "y": 40})
    tab.expect_step(20)
    curves.drag(tab, picture, 38, 82)
    expect(tab.get("timeline-range")).to_be_visible()
    picture.click(position={"x": curves.x_of(picture, 10, last=40), "y": 40})
    tab.expect_step(50)


def test_a_timeline_takes_the_focus_and_arrows_move_the_step(tab: Tab) -> None:
    picture = timeline(tab, "l2_norm", "input")
    picture.focus()
    expect(picture).to_be_focused()
    expect(picture).to_have_attribute("aria-valuenow", str(curves.STEPS[-1]))
    tab.page.keyboard.press("ArrowLeft")
    tab.expect_step(curves.STEPS[-2])
    expect(picture).to_have_attribute("aria-valuenow", str(curves.STEPS[-2]))


def test_numbers_of_an_axis_all_differ_and_no_text_runs_into_another_one(tab: Tab) -> None:
    curves.leave_out_heatmaps(tab)
    for statistic in STATISTICS:
        timeline(tab, statistic, "cell")
    tab.get("card-timelines").get_by_role("button", name="bias", exact=True).click()
    tab.wait_until_still()
    for scale in ("automatic", "linear", "log"):
        curves.reach(tab, VIEW, f"timeline-scale-{scale}").click()
        tab.wait_until_still()
        for picture in tab.get("timeline").all():
            texts = picture.locator("svg text[text-anchor=end]").all_text_contents()
            assert len(set(texts)) == len(texts)
        assert drawn.texts_that_overlap(tab.frame) == []


def test_going_to_another_step_moves_a_line_and_nothing_else(tab: Tab) -> None:
    tab.get("timelines").evaluate(
        """(grid) => {
          window.changed = new Set();
          new MutationObserver((all) => all.forEach(({ type, target, attributeName }) =>
            window.changed.add(`${target.getAttribute("class")} ${attributeName ?? type}`))).observe(
            grid, { subtree: true, childList: true, attributes: true });
        }"""
    )
    tab.page.keyboard.press("ArrowLeft")
    tab.expect_step(curves.STEPS[-2])
    assert set(tab.frame.evaluate("[...window.changed]")) == {"now x1", "now x2", "timeline aria-valuenow"}
