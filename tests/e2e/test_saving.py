"""What is saved of a card is what it shows: files of its numbers, and pictures of it."""

from __future__ import annotations

import csv
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Locator, expect

from tests.e2e import curves
from tests.e2e.logs import LSTM_GATES, UNITS
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]

# Neither the first nor the last one.
STEP = 20
RUN = "b"


def saved(tab: Tab, card: Locator, name: str, form: str, row: int | None = None) -> Path:
    """The file that a click in the menu of a card gives: of its numbers, by their place, or a picture."""
    menu = card.get_by_test_id(f"save-{name}")
    menu.locator("summary").click()
    place = menu if row is None else menu.get_by_test_id("save-data").nth(row)
    with tab.page.expect_download() as download:
        place.get_by_test_id(f"save-{form}").click()
    # It stays open for a further file, until it is left.
    tab.page.mouse.move(0, 0)
    expect(menu.get_by_test_id("save-png")).to_have_count(0)
    return Path(download.value.path())


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def open_at_step(open_tab: OpenTab, url: str) -> Tab:
    tab = open_tab(url)
    tab.wait_for_heatmaps()
    tab.get("step-slider").fill(str(curves.STEPS.index(STEP)))
    tab.expect_step(STEP)
    tab.wait_for_heatmaps()
    return tab


def test_a_heatmaps_file_is_the_matrix_on_screen(open_tab: OpenTab, curve_runs: str) -> None:
    tab = open_at_step(open_tab, curve_runs)
    card = tab.get("run-card", run=RUN)
    rows = rows_of(saved(tab, card, "heatmaps", "csv", 0))
    assert len(rows) == curves.ROWS
    for gate, block in curves.kernel(RUN, STEP).items():
        found = [[float(row[f"{gate}/{unit}"]) for unit in range(UNITS)] for row in rows]
        np.testing.assert_allclose(found, block, rtol=2**-8)
    tab.point_at(tab.heatmap(RUN, "kernel"), 3.5 / 4 + 0.5 / (4 * UNITS), 0.5 / curves.ROWS)
    told = tab.get("tooltip-value", run=RUN).locator("b").first.inner_text()
    assert float(told.replace("\N{MINUS SIGN}", "-")) == float(f"{float(rows[0]['output/4']):.5g}")
    with np.load(saved(tab, card, "heatmaps", "npz", 0)) as arrays:
        assert arrays["step"].item() == STEP
        assert arrays["gates"].tolist() == list(LSTM_GATES)


def test_a_histograms_file_is_its_bins_of_the_steps_that_are_drawn(
    open_tab: OpenTab, curve_runs: str
) -> None:
    tab = open_at_step(open_tab, curve_runs)
    tab.look_at("histograms")
    card = tab.get("card-histograms")
    place = 2 * curves.RUNS.index(RUN)
    rows = rows_of(saved(tab, card, "histograms", "csv", place))
    assert {row["step"] for row in rows} == {str(STEP)}
    for gate, block in curves.kernel(RUN, STEP).items():
        assert counted(rows, gate, block)
    tab.get("histogram-view-ridges").click()
    rows = rows_of(saved(tab, card, "histograms", "csv", place))
    assert sorted({int(row["step"]) for row in rows}) == list(curves.STEPS)


def counted(rows: list[dict[str, str]], gate: str, block: npt.NDArray[np.float32]) -> bool:
    """Whether each bin of a gate holds as many values as it says; and all of them together, all."""
    bins = [
        (float(row["lower"]), float(row["upper"]), int(row["count"])) for row in rows if row["gate"] == gate
    ]
    values = block.ravel().astype(np.float64)
    return sum(count for *_, count in bins) == values.size and all(
        count == ((values >= lower) & (values <= upper)).sum() for lower, upper, count in bins
    )


def test_a_timelines_file_is_its_points(open_tab: OpenTab, curve_runs: str) -> None:
    tab = open_at_step(open_tab, curve_runs)
    tab.look_at("timelines")
    card = tab.get("card-timelines")
    card.get_by_role("button", name="kernel", exact=True).click()
    rows = rows_of(saved(tab, card, "timelines", "csv", curves.RUNS.index(RUN)))
    found = {(int(row["step"]), row["gate"]): row for row in rows}
    assert len(found) == len(rows) == len(curves.STEPS) * len(LSTM_GATES)
    for step in curves.STEPS:
        for gate, block in curves.kernel(RUN, step).items():
            row, exact = found[step, gate], block.astype(np.float64)
            np.testing.assert_allclose(float(row["l2_norm"]), np.sqrt((exact**2).sum()), rtol=1e-6)
            np.testing.assert_allclose(float(row["mean"]), exact.mean(), rtol=1e-6, atol=1e-12)
    assert float(found[0, "cell"]["distribution_change"]) == 0
    assert float(found[90, "cell"]["distribution_change"]) > 1e6


def test_the_whole_models_file_has_all_statistics_and_that_of_changes_all_blocks(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    rows = rows_of(saved(tab, tab.get("card-glance"), "glance", "csv", 0))
    assert len({row["tag"] for row in rows}) == tab.get("glance-row").count()
    assert len({row["step"] for row in rows}) > 1
    tab.get("reference").select_option('{"step":0}')
    expect(tab.get("change").first).to_be_visible()
    tab.wait_until_still()
    rows = rows_of(saved(tab, tab.get("card-changed-most"), "changed-most", "csv", 0))
    # What has none comes last, with an empty cell.
    distances = [float(row["relative_wasserstein"] or -1) for row in rows]
    assert distances == sorted(distances, reverse=True)
    assert {row["other_step"] for row in rows} == {"0"}


def test_a_picture_has_twice_the_pixels_of_its_card(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    card = tab.get("run-card").first
    box = card.bounding_box()
    assert box is not None
    png = saved(tab, card, "heatmaps", "png").read_bytes()
    size = struct.unpack(">2I", png[16:24])
    np.testing.assert_allclose(size, (2 * box["width"], 2 * box["height"]), atol=4)
    svg = saved(tab, card, "heatmaps", "svg").read_text()
    assert f'<svg xmlns="http://www.w3.org/2000/svg" width="{box["width"]:g}"' in svg
