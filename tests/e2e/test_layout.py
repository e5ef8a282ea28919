"""The tab fits into narrow and wide windows: nothing is cut off, and no text runs into another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.e2e.logs import UNITS, tensor
from tests.e2e.overlaps import overlapping_texts, pixels_too_wide
from tests.e2e.tab import Tab
from tests.tensorboard_server import tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]

RUNS = tuple(f"sweep/optimizer=adam,lr=0.00{number},seed={number}" for number in range(1, 7))
STEPS = (0, 500, 1000)
VIEWS = ("heatmaps", "histograms", "timelines", "spectrum", "weight_gradient")
# As in a notebook, on a small laptop, on a usual screen, and on a wide one; with the cards in each row.
SIZES = {(900, 900): 2, (1100, 700): 2, (1440, 900): 3, (2560, 1440): 3}


@pytest.fixture(scope="module")
def six_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard with six runs of a sweep; one has what is not finite."""
    logdir = tmp_path_factory.mktemp("six")
    for number, run in enumerate(RUNS):
        _write(logdir / run, number)
    with tensorboard(logdir) as url:
        wait_for_runs(url, len(RUNS))
        yield url


def _write(log_dir: Path, number: int) -> None:
    with SummaryWriter(log_dir) as writer:
        for step in STEPS:
            generator = np.random.default_rng([number, step])
            kernel, recurrent = (generator.normal(size=(rows, 4 * UNITS)) for rows in (12, UNITS))
            if number == 1 and step == STEPS[-1]:
                recurrent[3, UNITS : UNITS + 2] = np.nan, np.inf
            values = {"kernel": kernel, "recurrent_kernel": recurrent, "bias": 2.09 * recurrent[:1]}
            tensors = [tensor("lstm", name, one.astype(np.float32)) for name, one in values.items()]
            writer.add_tensors(tensors, "weights", step)
            writer.add_tensors(tensors, "gradients", step)


def test_windows_of_all_sizes_show_six_runs_whole(open_tab: OpenTab, page: Page, six_runs: str) -> None:
    tab = open_tab(six_runs)
    for (width, height), cards in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        tab.frame.locator("main").evaluate("(main) => main.scrollTo(0, 0)")
        tab.wait_until_still()
        assert (width, overlapping_texts(tab)) == (width, [])
        for view in VIEWS:
            tab.look_at(view)
            assert (width, view, overlapping_texts(tab)) == (width, view, [])
            assert (width, view, pixels_too_wide(tab)) == (width, view, 0)
        tab.look_at("heatmaps")
        tops = tab.get("run-card").evaluate_all("(all) => all.map((one) => one.offsetTop)")
        assert [*Counter(tops).values()] == [cards] * (len(RUNS) // cards)


def test_four_runs_leave_room_for_their_names(open_tab: OpenTab, six_runs: str) -> None:
    tab = open_tab(six_runs)
    tab.wait_for_heatmaps()
    for run in RUNS[4:]:
        tab.frame.get_by_title(run).locator("input").uncheck()
    expect(tab.get("run-card")).to_have_count(4)
    tab.wait_for_heatmaps()
    assert overlapping_texts(tab) == []


def test_a_narrow_window_folds_the_choices_away(open_tab: OpenTab, page: Page, six_runs: str) -> None:
    page.set_viewport_size({"width": 900, "height": 900})
    tab = open_tab(six_runs)
    expect(tab.get("run-filter")).to_be_hidden()
    tab.get("unfold-sidebar").click()
    expect(tab.get("run-filter")).to_be_visible()
    tab.wait_until_still()
    assert overlapping_texts(tab) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(tab.get("unfold-sidebar")).to_be_hidden()
    expect(tab.get("run-filter")).to_be_visible()
