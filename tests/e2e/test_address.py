"""All that a person chose is in TensorBoard's address, so that a link opens the same view."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.logs import STEPS
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]

CHOSEN = re.compile(r"#rnnweights&.*p\.rnnweights\.step=10\b")


def choose(tab: Tab) -> None:
    tab.wait_for_heatmaps()
    tab.get("run-filter").fill("run-[ab]")
    tab.get("run").first.click()
    tab.choose_kind("gradients")
    tab.open_layer("both", "backward")
    tab.get("glance-statistic").select_option("zeros")
    tab.page.keyboard.press("Home")
    tab.expect_step(STEPS[1])
    tab.page.wait_for_url(CHOSEN)


def expect_chosen(tab: Tab) -> None:
    expect(tab.get("run-filter")).to_have_value("run-[ab]")
    expect(tab.get("run-card")).to_have_count(1)
    expect(tab.get("run-card", run="run-b")).to_be_visible()
    expect(tab.get("kind-gradients")).to_have_attribute("aria-pressed", "true")
    expect(tab.get("open-layer")).to_have_text("both backward")
    expect(tab.get("glance-statistic")).to_have_value("zeros")
    tab.expect_step(STEPS[1])


def test_a_reload_shows_the_same_again(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    choose(tab)
    expect_chosen(tab.reopened())


def test_nothing_chosen_leaves_the_address_alone(open_tab: OpenTab, compared_runs: str, page: Page) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    assert page.url.endswith("#rnnweights")


def test_the_copied_link_opens_the_same_view(open_tab: OpenTab, compared_runs: str, page: Page) -> None:
    context: BrowserContext = page.context
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = open_tab(compared_runs)
    choose(tab)
    tab.get("copy-link").click()
    expect(tab.get("copy-link")).to_have_text("copied")
    link = page.evaluate("navigator.clipboard.readText()")
    expect_chosen(Tab(page, link))


def test_what_an_address_holds_by_mistake_is_passed_over(compared_runs: str, page: Page) -> None:
    odd = "p.rnnweights.step=banana&p.rnnweights.runs={}&p.rnnweights.nothing=1&p.rnnweights.kind=[7]"
    tab = Tab(page, f"{compared_runs}/#rnnweights&{odd}")
    tab.wait_for_heatmaps()
    tab.expect_step(STEPS[-1])
    expect(tab.get("run-card")).to_have_count(2)


def test_the_help_sheet_opens_and_closes_by_key(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.page.keyboard.press("?")
    expect(tab.get("help")).to_be_visible()
    expect(tab.get("help")).to_contain_text("the step before, the next step")
    tab.page.keyboard.press("Escape")
    expect(tab.get("help")).to_be_hidden()
    tab.get("open-help").click()
    tab.get("close-help").click()
    expect(tab.get("help")).to_be_hidden()
