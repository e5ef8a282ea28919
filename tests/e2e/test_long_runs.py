"""Runs of a thousand steps: what is thinned, what is fetched more closely, and what is never asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.e2e import curves
from tests.e2e.logs import UNITS, tensor
from tests.e2e.tab import Tab
from tests.tensorboard_server import catalog_of, tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]
STEPS = 1000
LARGE_STEP = 500
"""A step that is left out where half of all are drawn: it holds what is larger than all else."""


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard with a run whose values are tenths of the step's last digit."""
    logdir = tmp_path_factory.mktemp("long")
    with SummaryWriter(logdir / "run", updates=False) as writer:
        for step in range(STEPS):
            values = np.full((2, 4 * UNITS), step % 10 / 10, np.float32)
            if step == LARGE_STEP:
                values[0, 0] = 10
            writer.add_tensors([tensor("lstm", "kernel", values)], "weights", step)
    with tensorboard(logdir) as url:
        wait_for_runs(url, 1)
        yield url


@pytest.fixture
def tab(open_tab: OpenTab, long_run: str, requested: list[str]) -> Tab:
    # What the tab asks for as it opens is noted, too.
    del requested
    tab = open_tab(long_run)
    tab.wait_for_heatmaps()
    return tab


def asked(requested: Sequence[str], route: str = "histograms") -> list[dict[str, str]]:
    """The arguments of all requests of a route."""
    urls = [urlsplit(url) for url in requested]
    return [
        {name: one for name, (one,) in parse_qs(url.query).items()}
        for url in urls
        if Path(url.path).name == route
    ]


def picture(tab: Tab, name: str, **data: str) -> Locator:
    return curves.reach(tab, "histograms", name, gate="input", matrix="kernel", **data)


def parts(requested: Sequence[str]) -> list[tuple[int, int]]:
    return [(int(one["from"]), int(one["to"])) for one in asked(requested)]


def test_one_step_needs_the_few_steps_next_to_it_and_fetches_the_next_ones_ahead(
    tab: Tab, requested: list[str]
) -> None:
    outline = picture(tab, "histogram").locator("path.outline")
    expect(outline).to_have_count(1)
    assert parts(requested) == [(992, 999), (984, 991)]
    before = outline.get_attribute("d")
    # Within what is there nothing is asked for, and all is drawn at once.
    tab.page.keyboard.press("ArrowLeft")
    tab.expect_step(998)
    expect(outline).not_to_have_attribute("d", before or "")
    assert len(parts(requested)) == 2
    for _ in range(8):
        tab.page.keyboard.press("ArrowLeft")
    tab.expect_step(990)
    tab.wait_until_still()
    assert parts(requested)[2:] == [(976, 983)]
    tab.page.keyboard.press("Home")
    tab.expect_step(0)
    tab.wait_until_still()
    assert parts(requested)[3:] == [(0, 7), (8, 15)]
    expect(tab.get("histogram-steps")).to_have_count(0)


def test_while_it_plays_the_heatmaps_of_the_next_second_are_fetched_ahead(
    tab: Tab, long_run: str, requested: list[str]
) -> None:
    tab.page.keyboard.press("Home")
    tab.expect_step(0)
    tab.wait_for_heatmaps()
    before = len(requested)
    tab.get("speed").select_option("10")
    tab.get("play").click()
    tab.expect_step(1)
    tab.get("play").click()
    shown = int(tab.get("step-label").inner_text().split()[1])
    (run,) = catalog_of(long_run).values()
    logged = run["series"][0]["heatmaps"]["steps"]
    later = [step for step in logged if step > shown]
    # The two next ones were there before it played.
    fetched = {int(one["step"]) for one in asked(requested[before:], "heatmap")}
    assert {*later[2:9]} <= fetched


def test_the_axis_reaches_as_far_as_a_step_that_the_statistics_left_out(tab: Tab) -> None:
    one = picture(tab, "histogram")
    assert max(map(float, curves.axis_texts(one))) <= 1
    timeline = curves.reach(tab, "timelines", "timeline", statistic="l2_norm", gate="input")
    box = timeline.bounding_box()
    assert box is not None
    timeline.click(position={"x": 40 + (box["width"] - 48) * LARGE_STEP / (STEPS - 1), "y": 40})
    while (now := int(tab.get("step-label").inner_text().split()[1].replace(",", ""))) != LARGE_STEP:
        tab.page.keyboard.press("ArrowLeft" if now > LARGE_STEP else "ArrowRight")
        tab.wait_until_still()
    one = picture(tab, "histogram")
    expect(one.locator("text", has_text="10").first).to_be_visible()


def test_ridges_and_bands_are_of_as_many_steps_as_there_is_room_for_and_say_so(
    tab: Tab, requested: list[str]
) -> None:
    picture(tab, "histogram")
    tab.get("histogram-view-ridges").click()
    ridges = picture(tab, "ridgeline").locator("path.ridge[data-step]")
    expect(ridges).to_have_count(30)
    expect(ridges.last).to_have_attribute("data-step", str(STEPS - 1))
    expect(tab.get("histograms-thinned")).to_contain_text("30 of 1,000 steps are drawn")
    tab.get("histogram-view-bands").click()
    bands = picture(tab, "bands")
    expect(tab.get("histograms-thinned")).to_contain_text("120 of 1,000 steps are drawn")
    assert [one["most"] for one in asked(requested) if "most" in one] == ["30", "120"]
    # Zoomed into, there are all of them, with one more on either side.
    curves.drag(tab, bands, 400, 450, STEPS - 1)
    expect(tab.get("histograms-thinned")).to_have_count(0)
    first, last = (int(asked(requested)[-1][name]) for name in ("from", "to"))
    assert 395 <= first <= 400
    assert 450 <= last <= 455


def test_timelines_have_more_of_the_steps_that_are_zoomed_into(tab: Tab) -> None:
    timeline = curves.reach(tab, "timelines", "timeline", statistic="l2_norm", gate="input")
    note = tab.get("timelines-thinned")
    expect(note).to_contain_text("500 of 1,000 steps are drawn")
    curves.drag(tab, timeline, 480, 530, STEPS - 1)
    expect(note).to_have_count(0)
    tab.page.keyboard.press("Escape")
    expect(note).to_contain_text("500 of 1,000 steps are drawn")
