"""Rows and units in an order: structure shows, and the numbers stay those of the model."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.e2e import logs
from tests.e2e.drawn import number
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
Serve = Callable[..., str]

UNITS = 8
GATES = len(logs.LSTM_GATES)


def mixed_groups() -> logs.Array:
    """A recurrent kernel, shape (8, 32): even units are alike, odd ones too; unit 6 is the largest."""
    units = np.arange(UNITS)
    block = np.where((units[:, None] + units[None]) % 2 == 0, 0.5, -0.5)
    block = block * (1 + units / 100)
    block[:, 6] *= 2
    return np.tile(block, (1, GATES)).astype(np.float32)


def open_mixed(open_tab: OpenTab, serve: Serve, logdir: Path) -> Tab:
    for run, scale in (("one", 1.0), ("two", 0.5)):
        with SummaryWriter(logdir / run) as writer:
            kernel = logs.tensor("lstm", "kernel", scale * mixed_groups()[:3])
            recurrent = logs.tensor("lstm", "recurrent_kernel", scale * mixed_groups())
            writer.add_tensors([kernel, recurrent], "weights", 0)
    tab = open_tab(serve(logdir, 2))
    tab.wait_for_heatmaps()
    return tab


def order(tab: Tab) -> list[int]:
    """The units of the first gate, from left to right, as the tooltip tells them."""
    heatmap = tab.heatmap("one", "recurrent_kernel")
    found = []
    for place in range(UNITS):
        tab.point_at(heatmap, (place + 0.5) / (GATES * UNITS), 0.5 / UNITS)
        text = tab.get("tooltip").inner_text()
        found.append(int(text.split("unit ")[1].split()[0]))
    return found


def choose(tab: Tab, name: str) -> None:
    before = tab.get("column-numbers").first.text_content() or ""
    tab.frame.get_by_label("Order", exact=True).select_option(name)
    expect(tab.get("column-numbers").first).not_to_have_text(before)
    tab.wait_until_still()


def test_by_norm_the_largest_unit_comes_first_and_the_axis_says_its_number(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    tab = open_mixed(open_tab, serve, tmp_path)
    stored = tab.get("column-numbers").first.text_content() or ""
    choose(tab, "norm")
    assert order(tab) == [6, 7, 5, 4, 3, 2, 1, 0]
    assert tab.get("column-numbers").first.locator("i").first.inner_text() == "6"
    # The pointer tells the value of the unit that is shown, in every run.
    heatmap = tab.heatmap("one", "recurrent_kernel")
    tab.point_at(heatmap, (UNITS + 0.5) / (GATES * UNITS), 0.5 / UNITS)
    expect(tab.get("tooltip")).to_contain_text("forget")
    expect(tab.get("tooltip")).to_contain_text("row 6 → unit 6")
    told = number(tab.get("tooltip-value", run="two").locator("b").inner_text())
    assert abs(told - mixed_groups()[6, UNITS + 6] / 2) < 0.01
    tab.frame.get_by_label("Order", exact=True).select_option("stored")
    expect(tab.get("column-numbers").first).to_have_text(stored)


def test_clustered_units_that_are_alike_stand_side_by_side(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    tab = open_mixed(open_tab, serve, tmp_path)
    choose(tab, "clustered")
    groups = [unit % 2 for unit in order(tab)]
    assert sum(one != other for one, other in itertools.pairwise(groups)) == 1
    # What was a chessboard is four squares in each gate.
    heatmap = tab.heatmap("one", "recurrent_kernel")
    signs = [
        [
            _is_red(tab.color_at(heatmap, (x + 0.5) / (GATES * UNITS), (y + 0.5) / UNITS))
            for x in range(UNITS)
        ]
        for y in range(UNITS)
    ]
    changes = sum(one != other for row in signs for one, other in itertools.pairwise(row))
    assert changes == UNITS


def test_a_difference_is_taken_unit_by_unit_in_any_order(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    tab = open_mixed(open_tab, serve, tmp_path)
    choose(tab, "norm")
    tab.get("reference").select_option(label="one")
    heatmap = tab.heatmap("two", "recurrent_kernel")
    expect(heatmap).to_have_attribute("data-difference", "true")
    tab.wait_for_heatmaps()
    # Half of a number less the number: the sign of each cell is turned around.
    difference = 0.5 * mixed_groups() - mixed_groups()
    units = [6, 7, 5, 4, 3, 2, 1, 0]
    for y, row in enumerate(units):
        for x, unit in enumerate(units):
            color = tab.color_at(heatmap, (x + 0.5) / (GATES * UNITS), (y + 0.5) / UNITS)
            assert _is_red(color) == (difference[row, unit] > 0)


def _is_red(color: tuple[int, int, int]) -> bool:
    return color[0] > color[2]
