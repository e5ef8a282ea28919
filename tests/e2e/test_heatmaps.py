"""Heatmaps show each number in its place, in its colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import ml_dtypes
import numpy as np
from playwright.sync_api import Route, expect

from tests.e2e import logs
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
Serve = Callable[..., str]
Color = tuple[int, int, int]

NAN_COLOR = (255, 214, 10)
# The middle of each gate, as shares of the width.
INPUT, FORGET, CELL, OUTPUT = 1 / 8, 3 / 8, 5 / 8, 7 / 8


def is_red(color: Color) -> bool:
    return color[0] > color[2] + 60


def is_blue(color: Color) -> bool:
    return color[2] > color[0] + 60


def is_neutral(color: Color) -> bool:
    return max(color) - min(color) < 12


def test_signs_zero_and_nan_have_their_colours_in_their_gates(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    kernel = tab.heatmap("run-a", "kernel")
    assert is_red(tab.color_at(kernel, INPUT, 0.5))
    assert is_blue(tab.color_at(kernel, FORGET, 0.5))
    assert is_neutral(tab.color_at(kernel, CELL, 0.5))
    assert tab.color_at(kernel, OUTPUT, 0.5) == NAN_COLOR


def test_the_kernel_is_above_the_recurrent_kernel_above_the_bias(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    boxes = [tab.heatmap("run-a", name).bounding_box() for name in ("kernel", "recurrent_kernel", "bias")]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)
    assert len({box["x"] for box in boxes if box}) == 1


def test_the_absolute_value_has_no_sign(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.frame.get_by_label("Absolute value").check()
    tab.wait_until_still()
    kernel = tab.heatmap("run-a", "kernel")
    assert tab.color_at(kernel, INPUT, 0.5) == tab.color_at(kernel, FORGET, 0.5)
    assert tab.color_at(kernel, INPUT, 0.5) != tab.color_at(kernel, CELL, 0.5)


def test_the_range_set_by_hand_is_the_colour_bars(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    kernel = tab.heatmap("run-a", "kernel")
    before = tab.color_at(kernel, INPUT, 0.5)
    tab.frame.get_by_label("Range", exact=True).select_option("manual")
    tab.frame.get_by_label("Largest |x|").fill("50")
    tab.frame.get_by_label("Largest |x|").press("Enter")
    expect(tab.get("color-bar")).to_contain_text("50")
    tab.wait_until_still()
    assert tab.color_at(kernel, INPUT, 0.5) != before
    assert is_neutral(tab.color_at(kernel, INPUT, 0.5))


def test_the_tooltip_tells_the_place_and_the_exact_stored_value_in_every_run(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("both", "forward")
    recurrent = tab.heatmap("run-a", "recurrent_kernel")
    # Row 2 of 8; unit 5 of the second gate, reset, of three.
    tab.point_at(recurrent, (logs.UNITS + 5.5) / (3 * logs.UNITS), 2.5 / logs.UNITS)
    expect(tab.get("tooltip")).to_contain_text("recurrent kernel · reset")
    expect(tab.get("tooltip")).to_contain_text("row 2 → unit 5")
    for number, run in enumerate(("run-a", "run-b")):
        generator = np.random.default_rng([number, logs.STEPS[-1]])
        tensors = logs._model(generator, 0, has_nan=False)
        stored = tensors[4].values[2, logs.UNITS + 5].astype(ml_dtypes.bfloat16)
        told = tab.get("tooltip-value", run=run).locator("b").inner_text().replace("\N{MINUS SIGN}", "-")
        assert np.float32(told).astype(ml_dtypes.bfloat16) == stored


def test_the_pointed_unit_is_marked_in_every_gate_matrix_and_run(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.point_at(tab.heatmap("run-a", "recurrent_kernel"), 0.3, 0.3)
    # Four gates in three matrices of two runs, and the row in the matrix itself, of both runs.
    expect(tab.frame.locator(".lines line.pointed")).to_have_count(4 * 3 * 2 + 2)


def test_zoom_is_linked_and_a_double_click_undoes_it(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    kernel, other = tab.heatmap("run-a", "kernel"), tab.heatmap("run-b", "kernel")
    tab.point_at(kernel, FORGET, 0.5)
    tab.page.keyboard.down("Control")
    tab.page.mouse.wheel(0, -400)
    tab.page.keyboard.up("Control")
    expect(tab.get("zoom-reset")).to_be_enabled()
    tab.wait_until_still()
    for heatmap in (kernel, other):
        # Now the forget gate fills all of it.
        assert is_blue(tab.color_at(heatmap, 0.1, 0.5))
        assert is_blue(tab.color_at(heatmap, 0.9, 0.5))
    kernel.dblclick()
    expect(tab.get("zoom-reset")).to_be_disabled()
    tab.wait_until_still()
    assert is_red(tab.color_at(other, 0.1, 0.5))


def test_a_run_without_the_step_shows_its_nearest_and_says_so(open_tab: OpenTab, odd_runs: str) -> None:
    tab = open_tab(odd_runs)
    tab.wait_for_heatmaps()
    tab.expect_step(150)
    expect(tab.get("card-step")).to_have_text(["nearest step: 100"])


def test_a_matrix_wider_than_a_texture_is_painted_without_a_seam(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    logs.write_wide_run(tmp_path)
    tab = open_tab(serve(tmp_path, 1))
    tab.wait_for_heatmaps()
    wide = tab.heatmap("wide", "kernel")
    # The last eighth is positive; 8192 columns end within the third quarter.
    assert all(is_blue(tab.color_at(wide, x / 100, 0.5)) for x in range(1, 87))
    assert all(is_red(tab.color_at(wide, x / 100, 0.5)) for x in range(88, 100))


def test_while_the_next_heatmaps_are_on_their_way_the_last_ones_stay(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    waiting: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            waiting.append(route)
        else:
            route.continue_()

    tab.page.route(re.compile("/heatmap.*step=0&"), hold)
    tab.page.keyboard.press("Home")
    tab.expect_step(0)
    expect(tab.frame.locator(".matrix[aria-busy=true]")).not_to_have_count(0)
    assert tab.get("heatmap").count() == 2 * 3
    assert is_red(tab.color_at(tab.heatmap("run-a", "kernel"), INPUT, 0.5))
    is_held = False
    for route in waiting:
        route.continue_()
    tab.wait_for_heatmaps()
