"""Cells of all kinds: other gates a matrix, no gates at all, convolutions, and what is frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


def names_above(tab: Tab) -> list[str]:
    return [
        text.lower()
        for text in tab.get("run-card", run="cells").get_by_test_id("gate-name").all_inner_texts()
    ]


def test_each_matrix_stands_below_the_names_of_its_own_gates(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("projected")
    names = [name.split("\n")[0] for name in names_above(tab)]
    assert names == [*LSTM_GATES, "input", "forget", "output", "whole"]
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
    assert names_above(tab) == ["whole"]


def test_rows_of_a_convolution_are_told_by_their_place_in_the_kernel(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("conv")
    expect(tab.get("open-layer").locator("..")).to_contain_text("input 3 · kernel 2 \u00d7 2")
    # The eighth of twelve rows.
    tab.point_at(tab.heatmap("cells", "kernel"), 0.01, 7.5 / 12)
    expect(tab.get("tooltip")).to_contain_text("kernel [1, 0], channel 1 → unit 0")


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
    expect(tab.get("absent", matrix="bias")).to_contain_text("No gradients were logged")


def test_weights_of_a_frozen_layer_are_shown_and_said_to_be_frozen(open_tab: OpenTab, cells: str) -> None:
    tab = open_tab(cells)
    tab.open_layer("frozen")
    expect(tab.get("frozen")).to_have_text("frozen")
    expect(tab.get("heatmap")).to_have_count(3)
    expect(tab.get("absent")).to_have_count(0)
