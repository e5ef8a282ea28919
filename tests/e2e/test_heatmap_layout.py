"""Cards of heatmaps in narrow and wide windows, and maps of colours in light and dark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.e2e import logs
from tests.e2e.drawn import parts_outside_of_cards, texts_that_overlap
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
Serve = Callable[..., str]


def write_runs(logdir: Path, count: int, units: int = 64) -> None:
    for run in range(count):
        generator = np.random.default_rng(run)
        with SummaryWriter(logdir / f"run-{run}") as writer:
            shapes = {"kernel": units, "recurrent_kernel": units, "bias": 1}
            tensors = [
                logs.tensor("lstm", name, generator.normal(size=(rows, 4 * units)).astype(np.float32))
                for name, rows in shapes.items()
            ]
            writer.add_tensors(tensors, "weights", 0)


def rows_of_cards(tab: Tab) -> list[int]:
    """How many cards stand in each row."""
    tops = [card.bounding_box() for card in tab.get("run-card").all()]
    return sorted(Counter(round(box["y"]) for box in tops if box).values())


@pytest.mark.parametrize(("width", "expected"), [(2560, ([6], [3, 3])), (1440, ([2, 2, 2], [3, 3]))])
def test_six_runs_leave_no_card_alone(
    open_tab: OpenTab, serve: Serve, tmp_path: Path, width: int, expected: tuple[list[int], ...]
) -> None:
    write_runs(tmp_path, 6)
    tab = open_tab(serve(tmp_path, 6))
    tab.page.set_viewport_size({"width": width, "height": 1200})
    tab.wait_for_heatmaps()
    assert rows_of_cards(tab) in expected
    assert texts_that_overlap(tab.frame) == []
    assert parts_outside_of_cards(tab.frame) == []


def test_in_a_small_window_two_cards_stand_side_by_side_and_leave_room(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    write_runs(tmp_path, 2)
    tab = open_tab(serve(tmp_path, 2))
    tab.page.set_viewport_size({"width": 1100, "height": 700})
    tab.wait_for_heatmaps()
    assert rows_of_cards(tab) == [2]
    box = tab.get("run-card").first.bounding_box()
    assert box is not None
    assert box["height"] < 0.6 * 700
    assert parts_outside_of_cards(tab.frame) == []


@pytest.mark.parametrize("is_dark", [False, True])
def test_each_map_of_colours_tells_small_from_large_and_nan_from_both(
    open_tab: OpenTab, compared_runs: str, is_dark: bool
) -> None:
    tab = open_tab(compared_runs, is_dark=is_dark)
    tab.open_layer("painted")
    kernel = tab.heatmap("run-a", "kernel")
    choice = tab.frame.get_by_role("combobox", name="Colours")
    names = choice.locator("option").all_inner_texts()
    assert len(names) == 5
    for name in names:
        choice.select_option(name)
        expect(choice).to_have_value(name)
        tab.wait_until_still()
        colors = [np.array(tab.color_at(kernel, place / 8, 0.5), float) for place in (1, 3, 5, 7)]
        distances = [
            np.abs(one - other).max() for place, one in enumerate(colors) for other in colors[:place]
        ]
        assert min(distances) > 40, name
