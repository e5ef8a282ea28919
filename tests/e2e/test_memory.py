"""Gradient flow and reach tell at a glance which network remembers; their pictures are those of the page.

    RNNWEIGHTS_SCREENSHOTS=docs/memory python -m pytest tests/e2e/test_memory.py

trains the networks of `docs/memory` in full, and writes the pictures anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.tab import Tab
from tests.tensorboard_server import tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]

SCRIPT = Path(__file__).parents[2] / "docs" / "memory" / "train.py"
PICTURES = os.environ.get("RNNWEIGHTS_SCREENSHOTS")
BATCHES = "1000" if PICTURES else "25"
# What the LSTM has learnt by then is enough, and its loss is not yet so small that its gradient is, too.
FLOW_SHOWN = "16"


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard that shows them."""
    logdir = tmp_path_factory.mktemp("memory")
    subprocess.run([sys.executable, SCRIPT, "--logdir", logdir, "--batches", BATCHES], check=True)
    with tensorboard(logdir) as url:
        wait_for_runs(url, 3)
        yield url


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_gradient_flow_and_reach_tell_which_network_remembers(
    open_tab: OpenTab, page: Page, networks: str, theme: str, tmp_path: Path
) -> None:
    folder = Path(PICTURES) if PICTURES else tmp_path
    page.set_viewport_size({"width": 1760, "height": 540})
    tab = open_tab(networks, theme == "dark")
    tab.open_signals("reach", "memory")
    page.screenshot(path=folder / f"reach-{theme}.png")
    assert contrast_of_oldest(tab, "lstm") > 2 * contrast_of_oldest(tab, "rnn-random")

    tab.get("step-slider").fill(FLOW_SHOWN)
    tab.open_signals("output_gradients", "memory")
    page.screenshot(path=folder / f"flow-{theme}.png")
    assert steps_back(tab, "lstm") > 2 * steps_back(tab, "rnn-random")


def contrast_of_oldest(tab: Tab, run: str) -> int:
    """How far the colour is from that of no reach, where the last output is beside the first time step."""
    heatmap = tab.heatmap(run, "reach")
    oldest, nothing = (tab.color_at(heatmap, *place) for place in ((0.002, 0.995), (0.495, 0.005)))
    return sum(abs(one - other) for one, other in zip(oldest, nothing, strict=True))


def steps_back(tab: Tab, run: str) -> int:
    """How many time steps back a run's gradient is said to reach."""
    told = tab.get("flow").locator(f"div:has(> [data-testid=flow-run][data-run={run}])")
    steps = told.locator("[data-testid=reach-back]").get_attribute("data-steps")
    assert steps is not None
    return int(steps)
