"""What is asked for as the tab opens, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, expect

from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]


def test_one_runs_heatmaps_come_first_and_nothing_else_is_asked_for_until_they_are_there(
    open_tab: OpenTab, page: Page, compared_runs: str, requested: list[str]
) -> None:
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    heatmaps = re.compile("/heatmap[?]")
    page.route(heatmaps, hold)
    with page.expect_request(heatmaps):
        tab = open_tab(compared_runs)
    expect(tab.get("run-card")).to_have_count(1)
    expect(tab.get("card-glance")).to_be_visible()
    asked = [parse_qs(urlsplit(route.request.url).query) for route in held]
    assert len({run for one in asked for run in one["run"]}) == 1
    steps = {step for one in asked for step in one["step"]}
    assert len(steps) == 1, "those of the steps next to it come later"
    assert not {"histograms", "joint"} & {urlsplit(url).path.rpartition("/")[2] for url in requested}
    is_held = False
    for route in held:
        route.continue_()
    expect(tab.get("run-card")).to_have_count(2)
    tab.wait_for_heatmaps()


def test_what_heatmaps_wait_for_is_more_urgent_than_the_whole_model_at_a_glance(
    open_tab: OpenTab, page: Page, compared_runs: str
) -> None:
    asked: list[dict[str, Any]] = []
    session = page.context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]))
    session.send("Network.enable")
    open_tab(compared_runs).wait_for_heatmaps()
    of_names = {
        parse_qs(urlsplit(request["url"]).query)["names"][0]: request["initialPriority"]
        for request in asked
        if "/statistics?" in request["url"]
    }
    assert of_names.pop("l2_norm") == "Low"
    assert {*of_names.values()} == {"High"}
