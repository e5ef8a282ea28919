"""Cells of all kinds: other gates a matrix, no gates at all, convolutions, and what is frozen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tests.e2e.logs import LSTM_GATES, tensor
from tests.e2e.tab import Tab
from tests.tensorboard_server import tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]

UNITS, PROJECTED = 8, 3


def values(rows: int, columns: int) -> Any:
    return np.random.default_rng(rows * columns).normal(size=(rows, columns)).astype(np.float32)


def projected_lstm() -> list[GateTensor]:
    """An LSTM of TensorFlow 1: peepholes, a projection with a NaN, a forget bias added at run time."""
    projection = values(UNITS, PROJECTED)
    projection[4, 1] = np.nan
    return [
        tensor("projected", "kernel", values(6, 4 * UNITS)),
        tensor("projected", "recurrent_kernel", values(PROJECTED, 4 * UNITS)),
        tensor("projected", "bias", values(1, 4 * UNITS), added={"forget": 1.0}),
        tensor("projected", "peephole", values(1, 3 * UNITS), gates=("input", "forget", "output")),
        tensor("projected", "projection", projection, gates=("whole",)),
    ]


def others() -> list[GateTensor]:
    unknown = {"cell": "MyCell", "gates": ("whole",)}
    return [
        tensor("unknown", "w", values(5, 12), **unknown),
        tensor("unknown", "u", values(4, 12), **unknown),
        tensor("conv", "kernel", values(12, 4 * UNITS), cell="ConvLSTM2D", row_shape=(2, 2, 3)),
    ]


def lstm(layer: str, frozen: tuple[str, ...]) -> list[GateTensor]:
    rows = {"kernel": 6, "recurrent_kernel": UNITS, "bias": 1}
    return [
        tensor(layer, matrix, values(count, 4 * UNITS), is_trained=matrix not in frozen)
        for matrix, count in rows.items()
    ]


def write_runs(logdir: Path) -> None:
    """A run of odd cells without gradients, and one with layers that are frozen, partly so and trained."""
    with SummaryWriter(logdir / "cells") as writer:
        for step in (0, 1):
            writer.add_tensors([*projected_lstm(), *others()], "weights", step)
    matrices = ("kernel", "recurrent_kernel", "bias")
    model = [*lstm("frozen", matrices), *lstm("partly", matrices[:1]), *lstm("trained", ())]
    with SummaryWriter(logdir / "frozen") as writer:
        for step in (0, 1):
            writer.add_tensors(model, "weights", step)
        # The loss doesn't depend on the last bias.
        trained = [one for one in model if one.is_trained][:-1]
        writer.add_tensors(trained, "gradients", 1)


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir = tmp_path_factory.mktemp("cells")
    write_runs(logdir)
    with tensorboard(logdir) as url:
        wait_for_runs(url, 2)
        yield url


def write_unlike_runs(logdir: Path) -> None:
    """Runs without gradients around one with them, and a layer in which a matrix is all NaN."""
    broken = np.full((UNITS, PROJECTED), np.nan, np.float32)
    model = [
        *lstm("trained", ()),
        *lstm("partly", ("kernel", "recurrent_kernel")),
        tensor("broken", "kernel", values(6, 4 * UNITS)),
        tensor("broken", "projection", broken, gates=("whole",)),
    ]
    for run in ("1-weights", "2-both", "3-weights"):
        with SummaryWriter(logdir / run) as writer:
            writer.add_tensors(model, "weights", 0)
            if run == "2-both":
                writer.add_tensors([one for one in model if one.is_trained], "gradients", 1)


@pytest.fixture(scope="module")
def unlike_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir = tmp_path_factory.mktemp("unlike")
    write_unlike_runs(logdir)
    with tensorboard(logdir) as url:
        wait_for_runs(url, 3)
        yield url


def names_above(tab: Tab) -> list[str]:
    return [
        text.lower()
        for text in tab.get("run-card", run="cells").get_by_test_id("gate-name").all_inner_texts()
    ]


def test_each_matrix_stands_below_the_names_of_its_own_gates(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("projected")
    names = [name.split("\n")[0] for name in names_above(tab)]
    assert names == [*LSTM_GATES, "input", "forget", "output", "whole matrix"]
    expect(tab.get("heatmap")).to_have_count(5)
    for matrix, separators in (("kernel", 3), ("peephole", 2), ("projection", 0)):
        expect(tab.heatmap("cells", matrix).locator(".separator")).to_have_count(separators)


def test_what_is_not_finite_is_told_of_its_own_matrix_alone(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("projected")
    badge = tab.get("gate-nonfinite")
    expect(badge).to_have_count(1)
    expect(badge).to_have_attribute("data-matrix", "projection")
    expect(badge).to_have_attribute("title", "4.2 % of the projection is NaN at this step")
    expect(tab.get("finding")).to_contain_text("NaN in the projection, first at step 0 (1 value)")


def test_histograms_are_of_the_gates_that_a_matrix_has(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("projected")
    expect(tab.get("histogram")).to_have_count(3 * 4 + 3 + 1)
    expect(tab.get("histogram", gate="cell", matrix="peephole")).to_have_count(0)
    expect(tab.get("histogram", gate="whole", matrix="projection")).to_have_count(1)
    assert "NaN" not in tab.get("histograms").locator("svg").first.inner_html()


def test_the_tooltip_tells_the_gate_and_unit_of_each_matrix(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("projected")
    tab.point_at(tab.heatmap("cells", "peephole"), 0.99, 0.5)
    expect(tab.get("tooltip")).to_contain_text("peephole · output")
    expect(tab.get("tooltip")).to_contain_text(f"unit {UNITS - 1}")
    tab.point_at(tab.heatmap("cells", "projection"), 0.99, 0.01)
    expect(tab.get("tooltip")).to_contain_text(f"row 0 → unit {PROJECTED - 1}")


def test_the_units_of_a_projection_are_not_marked_as_those_of_the_cell(
    open_tab: OpenTab, cells: str
) -> None:
    tab = open_tab(cells)
    tab.open_layer("projected")
    marks = tab.frame.locator(".lines line.pointed")
    tab.point_at(tab.heatmap("cells", "projection"), 0.5, 0.5)
    # Its column and its row.
    expect(marks).to_have_count(2)
    tab.point_at(tab.heatmap("cells", "peephole"), 0.01, 0.5)
    # A column in each gate of the kernel, the recurrent kernel, the bias and the peephole.
    expect(marks).to_have_count(3 * 4 + 3)
    assert tab.heatmap("cells", "projection").locator("line.pointed").count() == 0


def test_the_size_of_a_matrix_is_told_by_what_it_is_divided_into(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("projected")
    for matrix, size in (
        ("kernel", "6 rows, 4 gates of 8 units"),
        ("peephole", "1 row, 3 gates of 8 units"),
        ("projection", "8 rows, 3 units"),
    ):
        picture = tab.heatmap("cells", matrix).get_by_role("img")
        expect(picture).to_have_attribute("aria-label", f"{matrix} of cells: {size}")
    tab.look_at("timelines")
    tab.get("card-timelines").get_by_role("button", name="projection", exact=True).click()
    expect(tab.get("timeline", statistic="mean").get_by_role("img")).to_have_attribute(
        "aria-label", "mean of the projection over the steps"
    )


def test_a_matrix_in_which_nothing_is_finite_has_axes_all_the_same(
    open_tab: OpenTab, unlike_runs: str
) -> None:
    tab = open_tab(unlike_runs)
    tab.open_layer("broken")
    histogram = tab.get("histogram", gate="whole", matrix="projection")
    expect(histogram.locator("text")).not_to_have_count(0)
    for scale in ("linear", "symmetric log", "log |x|"):
        tab.frame.get_by_label("Scale", exact=True).select_option(scale)
        drawn = histogram.locator("svg").inner_html()
        assert "NaN" not in drawn
        assert "Infinity" not in drawn


def test_what_is_not_finite_in_a_histogram_is_told_of_each_run_beside_the_others(
    open_tab: OpenTab, unlike_runs: str
) -> None:
    tab = open_tab(unlike_runs)
    tab.open_layer("broken")
    badges = tab.get("histogram", gate="whole", matrix="projection").get_by_test_id("histogram-nonfinite")
    expect(badges).to_have_text([re.compile("100.0 % not finite")] * 3)
    boxes = [badge.bounding_box() for badge in badges.all()]
    tops = [box["y"] for box in boxes if box]
    assert all(lower - upper >= 16 for upper, lower in pairwise(tops))


def test_a_constant_that_the_cell_adds_is_told(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("projected")
    expect(tab.get("added")).to_contain_text("the cell adds 1 to the forget gate of the bias")
    tab.open_layer("trained")
    expect(tab.get("added")).to_have_count(0)


def test_a_cell_whose_gates_are_not_known_is_shown_whole_and_says_what_to_do(
    open_tab: OpenTab, cells: str
) -> None:
    tab = open_tab(cells)
    tab.open_layer("unknown")
    expect(tab.get("unknown-gates")).to_contain_text("register_layout() tells them")
    expect(tab.get("heatmap")).to_have_count(2)
    assert names_above(tab) == ["whole matrix"]
    expect(tab.frame.locator(".column-axis .row-axis")).to_have_text(["column"])
    expect(tab.get("layer", layer="unknown")).to_have_text("unknownMyCell")
    tab.point_at(tab.heatmap("cells", "w"), 0.99, 0.01)
    expect(tab.get("tooltip")).to_contain_text("row 0 → column 11")
    expect(tab.get("tooltip").locator("strong")).to_have_text("w")


def test_rows_of_a_convolution_are_told_by_their_place_in_the_kernel(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("conv")
    expect(tab.get("open-layer").locator("..")).to_contain_text("input 3 · kernel 2 \u00d7 2")
    # The eighth of twelve rows.
    tab.point_at(tab.heatmap("cells", "kernel"), 0.01, 7.5 / 12)
    expect(tab.get("tooltip")).to_contain_text("row 7: kernel [1, 0], channel 1 → unit 0")


def open_gradients(tab: Tab, layer: str) -> None:
    tab.get("kind-gradients").click()
    tab.get("layer", layer=layer).click()
    expect(tab.get("open-layer")).to_contain_text(layer)


def test_a_frozen_layer_stays_in_its_place_and_says_why_it_has_no_gradients(
    open_tab: OpenTab, cells: str
) -> None:
    tab = open_tab(cells)
    open_gradients(tab, "frozen")
    expect(tab.get("layer")).to_have_text([r"frozenfrozen · LSTM 8", "partlyLSTM 8", "trainedLSTM 8"])
    expect(tab.get("run-card")).to_have_count(1)
    expect(tab.get("frozen")).to_have_text("frozen")
    expect(tab.get("absent")).to_have_count(3)
    for matrix in ("kernel", "recurrent_kernel", "bias"):
        words = "Frozen: it is not trained, so it has no gradients."
        expect(tab.get("absent", matrix=matrix)).to_contain_text(words)
    expect(tab.get("heatmap")).to_have_count(0)
    expect(tab.get("histograms")).to_have_count(0)
    # Nothing is painted that they would be of.
    expect(tab.get("color-bar")).to_have_count(0)


def test_layers_keep_their_order_even_if_a_run_before_has_no_gradients(
    open_tab: OpenTab, unlike_runs: str
) -> None:
    tab = open_tab(unlike_runs)
    # The last one's NaN is told between its name and its cell.
    layers = [re.compile(f"^{name}.*LSTM 8$") for name in ("trained", "partly", "broken")]
    for kind in ("weights", "gradients"):
        tab.get(f"kind-{kind}").click()
        expect(tab.get(f"kind-{kind}")).to_have_attribute("aria-pressed", "true")
        expect(tab.get("layer")).to_have_text(layers)


def test_a_run_without_gradients_is_left_out_unless_it_has_something_frozen_to_tell(
    open_tab: OpenTab, unlike_runs: str
) -> None:
    tab = open_tab(unlike_runs)
    open_gradients(tab, "trained")
    expect(tab.get("run-card")).to_have_count(1)
    open_gradients(tab, "partly")
    expect(tab.get("run-card")).to_have_count(3)
    card = tab.get("run-card", run="1-weights")
    expect(card.get_by_test_id("absent")).to_have_text(
        [
            "kernelFrozen: it is not trained, so it has no gradients.",
            "recurrent kernelFrozen: it is not trained, so it has no gradients.",
            "biasNo gradients were logged in this run.",
        ]
    )


def test_a_cell_with_a_trained_bias_is_not_frozen_even_where_biases_are_hidden(
    open_tab: OpenTab, unlike_runs: str
) -> None:
    tab = open_tab(unlike_runs)
    tab.open_layer("partly")
    tab.frame.get_by_label("Bias", exact=True).uncheck()
    expect(tab.get("heatmap")).to_have_count(3 * 2)
    expect(tab.get("frozen")).to_have_count(0)
    open_gradients(tab, "partly")
    expect(tab.get("absent")).to_have_count(3 * 2)
    expect(tab.get("frozen")).to_have_count(0)


def test_a_layer_has_as_many_weights_whatever_is_shown_of_it(open_tab: OpenTab, unlike_runs: str) -> None:
    tab = open_tab(unlike_runs)
    tab.open_layer("partly")
    title = tab.get("open-layer").locator("..")
    expect(title).to_contain_text("LSTM · 8 units · input 6 · 480 weights")
    open_gradients(tab, "partly")
    expect(title).to_contain_text("LSTM · 8 units · input 6 · 480 weights")


def test_playing_does_not_wait_in_a_layer_that_has_no_steps(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("frozen")
    tab.page.keyboard.press("Home")
    tab.expect_step(0)
    open_gradients(tab, "frozen")
    expect(tab.get("play")).to_have_count(0)
    tab.get("open-layer").click()
    tab.page.keyboard.press("Space")
    tab.page.wait_for_timeout(600)
    tab.get("kind-weights").click()
    expect(tab.get("play")).to_have_attribute("aria-label", "Play")
    tab.expect_step(0)


def test_of_a_partly_frozen_layer_the_rest_is_shown(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    open_gradients(tab, "partly")
    expect(tab.get("absent")).to_have_count(1)
    expect(tab.get("absent", matrix="kernel")).to_contain_text("Frozen")
    expect(tab.get("heatmap")).to_have_count(2)
    expect(tab.get("frozen")).to_have_count(0)


def test_a_gradient_that_was_not_logged_is_not_said_to_be_frozen(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    open_gradients(tab, "trained")
    expect(tab.get("absent")).to_have_count(1)
    expect(tab.get("absent", matrix="bias")).to_contain_text(
        "No gradients were logged, and no reason is known: perhaps the loss does not depend on it."
    )


def test_weights_of_a_frozen_layer_are_shown_and_said_to_be_frozen(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("frozen")
    expect(tab.get("frozen")).to_have_text("frozen")
    expect(tab.get("heatmap")).to_have_count(3)
    expect(tab.get("absent")).to_have_count(0)
