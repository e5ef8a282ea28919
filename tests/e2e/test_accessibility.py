"""Whoever doesn't see the tab, has no mouse, or wants nothing to move, can use it as others do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e import probed
from tests.e2e.logs import STEPS
from tests.e2e.probed import Probed
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# Together they have all views.
KINDS = ("weights", "outputs", "gate_activations", "output_gradients")
# So high that all views of a kind are made at once.
HIGH: ViewportSize = {"width": 1440, "height": 4000}


def faults(tab: Tab, only: str | None = None) -> list[Any]:
    """What axe-core finds fault with, by its rules, or by one of them alone."""
    if not tab.frame.evaluate("'axe' in window"):
        tab.frame.evaluate(AXE.read_text())
    found: list[Any] = tab.frame.evaluate(
        """async (only) => {
          const options = { resultTypes: ["violations"], ...(only && { runOnly: [only] }) };
          const { violations } = await axe.run(document, options);
          return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
        }""",
        only,
    )
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_in_any_view(
    open_tab: OpenTab, page: Page, probed_runs: Probed, kind: str
) -> None:
    page.set_viewport_size(HIGH)
    tab = open_tab(probed_runs.url)
    tab.choose_kind(kind)
    tab.open_layer("memory")
    for view in tab.frame.locator(".on-screen").all():
        expect(view.locator("section").first).to_be_visible()
    tab.wait_until_still()
    assert faults(tab) == []
    page.evaluate("document.body.classList.add('dark-mode')")
    expect(tab.frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert faults(tab, "color-contrast") == []


def test_axe_finds_nothing_in_what_opens(open_tab: OpenTab, page: Page, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.heatmap("run-a", "recurrent_kernel").click()
    tab.get("save-heatmaps").first.locator("summary").click()
    expect(tab.get("save-data").first).to_be_visible()
    assert faults(tab) == []
    page.keyboard.press("?")
    expect(tab.get("help")).to_be_visible()
    assert faults(tab) == []
    assert tab.frame.evaluate("document.title") == "RNN Weights"


def test_each_symbol_of_the_help_sheet_is_drawn(open_tab: OpenTab, page: Page, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    page.keyboard.press("?")
    symbols = tab.get("symbol")
    expect(symbols.first).to_be_visible()
    sizes = symbols.locator("svg").evaluate_all(
        "(all) => all.map((one) => one.getBBox()).map(({ width, height }) => width + height)"
    )
    assert len(sizes) == symbols.count()
    assert min(sizes) > 3
    nan = symbols.filter(has_text="not a number").locator(".nan")
    red, green, blue = tab.color_at(tab.heatmap("run-a", "kernel"), 7 / 8, 0.5)
    expect(nan).to_have_css("fill", f"rgb({red}, {green}, {blue})")


@pytest.mark.parametrize(
    ("kind", "view", "chart"),
    [
        ("weights", "histograms", "histogram"),
        ("weights", "spectrum", "singular-values"),
        ("output_gradients", "flow", "flow-compared"),
    ],
)
def test_a_chart_is_reached_and_read_by_key(
    open_tab: OpenTab, page: Page, probed_runs: Probed, kind: str, view: str, chart: str
) -> None:
    tab = open_tab(probed_runs.url)
    tab.choose_kind(kind)
    tab.look_at(view)
    wanted = tab.get(chart).first
    before = wanted.locator("xpath=preceding::button[1]")
    before.focus()
    page.keyboard.press("Tab")
    while not wanted.evaluate("(one) => one === document.activeElement"):
        assert tab.frame.evaluate("document.activeElement !== document.body")
        page.keyboard.press("Tab")
    # From above downwards, until a curve is near.
    for key in ("Shift+ArrowLeft", *["Shift+ArrowUp"] * 4, *["ArrowDown"] * 40):
        page.keyboard.press(key)
        if key == "ArrowDown" and wanted.locator(".reading").count():
            break
    reading = wanted.locator(".reading")
    expect(reading).to_be_visible()
    expect(tab.get("spoken")).to_have_text(" ".join(reading.inner_text().split()))
    tab.expect_step(probed.STEPS[-1])
    page.keyboard.press("Tab")
    expect(wanted.locator(".reading")).to_have_count(0)


def test_nothing_moves_for_those_who_do_not_want_it(
    open_tab: OpenTab, page: Page, compared_runs: str
) -> None:
    page.emulate_media(reduced_motion="reduce")
    # What is on its way would shimmer.
    page.route("**/heatmap?*", lambda route: None)
    tab = open_tab(compared_runs)
    waiting = tab.frame.locator(".skeleton").first
    expect(waiting).to_be_visible()
    assert tab.frame.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    expect(waiting).to_have_css("animation-name", "shimmer")
    assert tab.frame.evaluate("document.getAnimations().length") > 0
    page.emulate_media(reduced_motion="reduce")
    tab.get("step-slider").press("Home")
    tab.expect_step(STEPS[0])
    tab.get("play").click()
    tab.expect_step(STEPS[-1])
    assert tab.frame.evaluate("document.getAnimations().length") == 0
    page.unroute_all(behavior="ignoreErrors")
