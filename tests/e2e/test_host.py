"""The tab lives in TensorBoard: its reloads, its themes, its addresses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.e2e import logs
from tests.e2e.tab import Tab
from tests.tensorboard_server import catalog_of, wait_for

OpenTab = Callable[..., Tab]
Serve = Callable[..., str]


@pytest.mark.parametrize("is_dark", [False, True])
def test_tensorboards_theme_is_followed(open_tab: OpenTab, compared_runs: str, is_dark: bool) -> None:
    tab = open_tab(compared_runs, is_dark)
    expect(tab.frame.locator("html")).to_have_attribute("data-theme", "dark" if is_dark else "light")
    tab.wait_for_heatmaps()
    zero = tab.color_at(tab.heatmap("run-a", "kernel"), 5 / 8, 0.5)
    assert (sum(zero) < 150) is is_dark


def test_new_steps_come_with_tensorboards_reload_and_the_last_step_is_followed(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    values = np.ones((2, 4), np.float32)
    with SummaryWriter(tmp_path / "live") as writer:
        writer.add_tensors([logs.tensor("lstm", "kernel", values)], "weights", 1)
        writer.flush()
        url = serve(tmp_path, 1)
        tab = open_tab(url)
        tab.expect_step(1)
        writer.add_tensors([logs.tensor("lstm", "kernel", values)], "weights", 2)
        writer.flush()
        wait_for(lambda: 2 in steps_of(url), "the second step")
        tab.expect_step(1)
        tab.page.locator("app-header-reload button").click()
        tab.expect_step(2)


def steps_of(url: str) -> list[int]:
    """The steps of the weights of the one run."""
    (run,) = catalog_of(url).values()
    steps: list[int] = run["series"][0]["heatmaps"]["steps"]
    return steps


@pytest.mark.parametrize("load_fast", ["true", "false"])
def test_a_path_prefix_changes_nothing(
    open_tab: OpenTab, serve: Serve, tmp_path: Path, load_fast: str
) -> None:
    logs.write_odd_runs(tmp_path)
    tab = open_tab(serve(tmp_path, 2, f"--load_fast={load_fast}", path_prefix="/some/prefix"))
    tab.wait_for_heatmaps()
    expect(tab.get("run-card")).to_have_count(2)


@pytest.mark.parametrize(("width", "height"), [(900, 900), (1440, 900), (2560, 1440)])
def test_nothing_sticks_out_of_the_window(
    open_tab: OpenTab, page: Page, compared_runs: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    assert tab.frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
