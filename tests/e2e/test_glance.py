"""The whole model at one glance: a cell a block, of all runs, and a way to each block."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.drawn import color_in
from tests.e2e.logs import STEPS
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
ROWS = [
    ("painted", "kernel"),
    ("painted", "recurrent_kernel"),
    ("painted", "bias"),
    ("both", "kernel"),
    ("both", "recurrent_kernel"),
    ("both", "kernel"),
    ("both", "recurrent_kernel"),
]


def opened(open_tab: OpenTab, url: str) -> Tab:
    tab = open_tab(url)
    tab.wait_for_heatmaps()
    expect(tab.get("card-glance")).to_have_attribute("aria-busy", "false")
    return tab


def test_a_row_stands_for_each_matrix_in_the_models_order(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    rows = tab.get("glance-row").all()
    assert [(row.get_attribute("data-layer"), row.get_attribute("data-matrix")) for row in rows] == ROWS


def test_a_cell_tells_its_block_and_its_number(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    cells = tab.get("glance-cells", layer="painted", matrix="kernel")
    box = cells.bounding_box()
    assert box
    # The forget gate of the first of two runs: 48 times -0.5.
    cells.hover(position={"x": box["width"] * 0.18, "y": 10})
    expect(tab.get("glance-reading")).to_contain_text("run-a")
    expect(tab.get("glance-reading")).to_contain_text("forget gate of the kernel of painted: norm 3.46")
    expect(tab.get("glance-reading")).to_contain_text(f"at step {STEPS[-1]}")
    tab.get("glance-statistic").select_option("mean")
    cells.hover(position={"x": box["width"] * 0.17, "y": 10})
    expect(tab.get("glance-reading")).to_contain_text("mean \N{MINUS SIGN}0.5")
    tab.get("glance-statistic").select_option("nonfinite")
    cells.hover(position={"x": box["width"] * 0.42, "y": 10})
    expect(tab.get("glance-reading")).to_contain_text("output gate of the kernel of painted")
    expect(tab.get("glance-reading")).to_contain_text("100.0 %")


def test_cells_are_coloured_by_the_statistic(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    tab.get("glance-statistic").select_option("mean")
    expect(tab.get("card-glance")).to_have_attribute("aria-busy", "false")
    tab.wait_until_still()
    canvas = tab.get("glance-cells", layer="painted", matrix="kernel").locator("canvas").first
    positive, negative, zero, nan = (color_in(canvas, place, 0.3) for place in (0.01, 0.14, 0.26, 0.38))
    # Red where positive, blue where negative, neither at zero, and a colour of its own for NaN.
    assert positive[0] > positive[2] + 50
    assert negative[2] > negative[0] + 50
    assert max(zero) - min(zero) < 8
    assert nan == (0xFF, 0xD6, 0x0A)


def test_a_click_opens_the_block(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    tab.get("glance-cells", layer="both", matrix="recurrent_kernel").last.click(position={"x": 20, "y": 10})
    expect(tab.get("open-layer")).to_have_text("both backward")
    expect(tab.get("open-layer")).to_be_in_viewport()


def test_rows_can_be_sorted_by_their_numbers(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    tab.get("glance-statistic").select_option("nonfinite")
    tab.get("glance-order-value").click()
    first, second = tab.get("glance-row").first, tab.get("glance-row").nth(1)
    expect(first).to_have_attribute("data-matrix", "kernel")
    expect(first).to_have_attribute("data-layer", "painted")
    # Second comes the one gate of the backward direction that has three NaN.
    expect(second).to_have_attribute("data-direction", "backward")
    expect(second).to_have_attribute("data-matrix", "recurrent_kernel")


def test_a_closed_card_stays_closed(open_tab: OpenTab, compared_runs: str) -> None:
    tab = opened(open_tab, compared_runs)
    tab.get("toggle-glance").click()
    expect(tab.get("glance")).to_have_count(0)
    tab.open_layer("both", "forward")
    expect(tab.get("glance")).to_have_count(0)
    tab.get("toggle-glance").click()
    expect(tab.get("glance")).to_be_visible()
