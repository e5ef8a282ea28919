"""Going about in heatmaps: by wheel, drag, box, buttons and keys."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]

UNITS = 8


def numbers(tab: Tab) -> list[int]:
    """The units that are numbered below the first card's matrices."""
    return [int(text) for text in tab.get("column-numbers").first.locator("i").all_inner_texts()]


def kernel(tab: Tab) -> Locator:
    return tab.heatmap("run-a", "kernel")


def opened(open_tab: OpenTab, url: str) -> Tab:
    tab = open_tab(url)
    tab.open_layer("painted")
    return tab


def test_buttons_zoom_and_escape_shows_the_whole_matrix(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    whole = numbers(tab)
    expect(tab.get("zoom-out")).to_be_disabled()
    tab.get("zoom-in").click()
    tab.get("zoom-in").click()
    tab.wait_until_still()
    # Four gates: a quarter of the width is the end of the forget gate and the beginning of the cell gate.
    assert numbers(tab) != whole
    tab.page.keyboard.press("Escape")
    expect(tab.get("zoom-reset")).to_be_disabled()
    assert numbers(tab) == whole
    tab.get("zoom-in").click()
    tab.get("zoom-reset").click()
    expect(tab.get("zoom-reset")).to_be_disabled()


def test_the_wheel_scrolls_the_page_however_far_it_is_zoomed(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    tab.get("zoom-in").click()
    tab.wait_until_still()
    before = numbers(tab)
    kernel(tab).scroll_into_view_if_needed()
    top = tab.frame.evaluate("document.querySelector('main').scrollTop")
    tab.point_at(kernel(tab), 0.5, 0.5)
    tab.page.mouse.wheel(0, 120)
    tab.frame.wait_for_function(f"document.querySelector('main').scrollTop > {top}")
    assert numbers(tab) == before


def test_at_the_largest_zoom_the_wheel_with_ctrl_leaves_the_page_where_it_is(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = opened(open_tab, compared_runs)
    kernel(tab).scroll_into_view_if_needed()
    tab.wait_until_still()
    top = tab.frame.evaluate("document.querySelector('main').scrollTop")
    assert top > 0
    tab.point_at(kernel(tab), 0.5, 0.5)
    tab.page.keyboard.down("Control")
    for _ in range(20):
        tab.page.mouse.wheel(0, -60)
    tab.page.keyboard.up("Control")
    expect(tab.get("zoom-in")).to_be_disabled()
    tab.wait_until_still()
    assert tab.frame.evaluate("document.querySelector('main').scrollTop") == top
    # All that the pointer was on is one cell by now.
    tab.page.mouse.down()
    tab.point_at(kernel(tab), 0.1, 0.5)
    tab.page.mouse.up()
    expect(tab.get("pinned")).to_have_count(0)


def test_dragging_moves_what_is_zoomed_and_pins_nothing(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    tab.get("zoom-in").click()
    tab.get("zoom-in").click()
    tab.wait_until_still()
    colors = [tab.color_at(kernel(tab), x, 0.5) for x in (0.25, 0.75)]
    tab.point_at(kernel(tab), 0.7, 0.5)
    tab.page.mouse.down()
    tab.point_at(kernel(tab), 0.2, 0.5)
    tab.page.mouse.up()
    tab.wait_until_still()
    # What was at the right is in the middle now.
    assert tab.color_at(kernel(tab), 0.25, 0.5) == colors[1] != colors[0]
    expect(tab.get("pinned")).to_have_count(0)


def test_a_box_is_zoomed_to(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    forget = tab.color_at(kernel(tab), 3 / 8, 0.5)
    tab.page.keyboard.down("Shift")
    tab.point_at(kernel(tab), 0.3, 0.4)
    tab.page.mouse.down()
    tab.point_at(kernel(tab), 0.45, 0.5)
    expect(tab.frame.locator(".drawn-box")).to_be_visible()
    tab.page.mouse.up()
    tab.page.keyboard.up("Shift")
    expect(tab.get("zoom-reset")).to_be_enabled()
    tab.wait_until_still()
    # The box was inside of the forget gate, in every run.
    for run in ("run-a", "run-b"):
        heatmap = tab.heatmap(run, "kernel")
        assert tab.color_at(heatmap, 0.02, 0.5) == tab.color_at(heatmap, 0.98, 0.5) == forget
    expect(tab.get("pinned")).to_have_count(0)


def test_keys_move_the_crosshair_and_not_the_step(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    tab.expect_step(30)
    recurrent = tab.heatmap("run-a", "recurrent_kernel")
    kernel(tab).focus()
    tab.page.keyboard.press("Tab")
    expect(recurrent).to_be_focused()
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "ArrowDown"):
        tab.page.keyboard.press(key)
    expect(tab.get("tooltip")).to_contain_text("row 1 → unit 2")
    expect(tab.get("tooltip")).to_contain_text("input")
    tab.page.keyboard.press("Shift+ArrowRight")
    expect(tab.get("tooltip")).to_contain_text("row 1 → unit 4")
    expect(tab.get("tooltip")).to_contain_text("forget")
    tab.expect_step(30)
    tab.page.keyboard.press("Enter")
    expect(tab.get("pinned")).to_contain_text("row 1 → unit 4")
    tab.page.keyboard.press("+")
    expect(tab.get("zoom-reset")).to_be_enabled()
    tab.page.keyboard.press("-")
    expect(tab.get("zoom-reset")).to_be_disabled()
    # Elsewhere they go from step to step.
    recurrent.evaluate("one => one.blur()")
    expect(tab.get("tooltip")).to_have_count(0)
    tab.page.keyboard.press("ArrowLeft")
    tab.expect_step(20)


def test_the_crosshair_stays_in_view(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    kernel(tab).focus()
    for key in ("ArrowRight", "+", "+", *["Shift+ArrowRight"] * 4):
        tab.page.keyboard.press(key)
    expect(tab.get("tooltip")).to_contain_text(re.compile("output.*unit 7", re.DOTALL))
    tab.wait_until_still()
    assert max(numbers(tab)) == UNITS - 1
