"""Layers of several runs meet by their place in the model, whatever they are called, or by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import keras
import numpy as np
import pytest
import torch
from playwright.sync_api import Page, Route, expect

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tests.e2e import drawn
from tests.e2e.logs import GRU_GATES, UNITS, Array, tensor
from tests.e2e.tab import Tab
from tests.tensorboard_server import tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]

FIRST, SECOND, LARGE = "a-first", "b-second", "c-large"
ODD = "<i>odd</i>"


def values(rows: int, columns: int, value: float) -> Array:
    return np.full((rows, columns), value, np.float32)


def lstm(layer: str, value: float, units: int = UNITS) -> list[GateTensor]:
    return [
        tensor(layer, "kernel", values(4, 4 * units, value)),
        tensor(layer, "recurrent_kernel", values(units, 4 * units, value)),
    ]


def gru(layer: str, value: float) -> list[GateTensor]:
    facts = {"cell": "GRU", "gates": GRU_GATES}
    return [
        tensor(layer, "kernel", values(UNITS, 3 * UNITS, value), **facts),
        tensor(layer, "recurrent_kernel", values(UNITS, 3 * UNITS, value), **facts),
    ]


RUNS: Mapping[str, list[GateTensor]] = {
    FIRST: [*lstm("lstm", 0.25), *gru("gru", 0.5)],
    SECOND: [*lstm("lstm_1", -0.25), *gru("gru_1", -0.5)],
    LARGE: lstm(ODD, 0.75, units=2 * UNITS),
}


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two models of one notebook, whose names were counted on, and a larger one."""
    logdir = tmp_path_factory.mktemp("notebook")
    for run, tensors in RUNS.items():
        with SummaryWriter(logdir / run) as writer:
            for step in (0, 1):
                writer.add_tensors(tensors, "weights", step)
    with tensorboard(logdir) as url:
        wait_for_runs(url, len(RUNS))
        yield url


@pytest.fixture
def two_runs(open_tab: OpenTab, notebook: str) -> Tab:
    """The tab with the two runs of like models alone."""
    tab = open_tab(notebook)
    tab.get("run-filter").fill(f"{FIRST}|{SECOND}")
    tab.wait_for_heatmaps()
    return tab


def layer_names(tab: Tab) -> list[str]:
    """The names of the list of layers, each with what other runs call it."""
    return [" ".join(name.split()) for name in tab.get("layer").locator(".name").all_inner_texts()]


def layer_of(tab: Tab, run: str) -> str:
    """Which layer of a run is said to be shown."""
    return tab.get("layer-choice", run=run).locator("option:checked").inner_text()


def choose_layer(tab: Tab, run: str, layer: str) -> None:
    tab.get("layer-choice", run=run).select_option(label=layer)
    tab.wait_for_heatmaps()


def test_models_of_one_notebook_meet_layer_by_layer(two_runs: Tab) -> None:
    tab = two_runs
    assert layer_names(tab) == ["lstm lstm_1", "gru gru_1"]
    expect(tab.get("layer", layer="gru")).to_have_attribute("title", f"{FIRST}: gru\n{SECOND}: gru_1")
    for layer, gates in (("lstm", 4), ("gru", 3)):
        tab.open_layer(layer)
        expect(tab.get("run-card")).to_have_count(2)
        assert [layer_of(tab, run) for run in (FIRST, SECOND)] == [layer, f"{layer}_1"]
        tab.look_at("histograms")
        expect(tab.get("histogram", matrix="kernel").locator("path.outline")).to_have_count(2 * gates)
        tab.look_at("timelines")
        expect(tab.get("timeline", statistic="mean").locator("path.outline")).to_have_count(2 * gates)
        expect(tab.get("unpaired")).to_have_count(0)


def test_the_tooltip_tells_the_value_of_each_run(two_runs: Tab) -> None:
    tab = two_runs
    tab.open_layer("gru")
    tab.point_at(tab.heatmap(SECOND, "kernel"), 0.5, 0.5)
    told = [drawn.number(text) for text in tab.get("tooltip-value").locator("b").all_inner_texts()]
    assert told == [0.5, -0.5]


def test_a_layer_is_called_as_in_the_first_run_that_is_shown(two_runs: Tab) -> None:
    tab = two_runs
    tab.get("run").first.click()
    expect(tab.get("open-layer")).to_have_text("lstm_1")
    expect(tab.get("run-card")).to_have_count(1)
    assert layer_names(tab) == ["lstm_1 lstm", "gru_1 gru"]
    tab.get("run-filter").fill(SECOND)
    expect(tab.get("layer-others")).to_have_count(0)
    # One run alone has nothing to be beside.
    expect(tab.get("layer-choice")).to_have_count(0)


def test_a_person_chooses_which_layer_is_shown_and_goes_back(two_runs: Tab) -> None:
    tab = two_runs
    choose_layer(tab, SECOND, "gru_1")
    expect(tab.get("open-layer")).to_have_text("lstm")
    gates = tab.get("run-card", run=SECOND).get_by_test_id("gate-name")
    expect(gates).to_have_text(list(GRU_GATES))
    assert layer_names(tab) == ["lstm gru_1", "gru lstm_1"]
    tab.open_layer("gru")
    assert layer_of(tab, SECOND) == "lstm_1"
    expect(tab.get("pair-automatically")).to_have_count(1)
    tab.get("pair-automatically", run=SECOND).click()
    tab.wait_for_heatmaps()
    expect(tab.get("open-layer")).to_have_text("gru")
    assert layer_of(tab, SECOND) == "gru_1"
    assert layer_names(tab) == ["lstm lstm_1", "gru gru_1"]
    expect(tab.get("pair-automatically")).to_have_count(0)


def test_of_the_first_run_another_layer_can_be_chosen_too(two_runs: Tab) -> None:
    tab = two_runs
    tab.open_layer("gru")
    choose_layer(tab, FIRST, "lstm")
    expect(tab.get("open-layer")).to_have_text("lstm")
    assert [layer_of(tab, run) for run in (FIRST, SECOND)] == ["lstm", "gru_1"]
    choose_layer(tab, FIRST, "gru")
    assert layer_names(tab) == ["lstm lstm_1", "gru gru_1"]
    expect(tab.get("pair-automatically")).to_have_count(0)


def test_what_was_chosen_stays_with_tensorboards_reload(two_runs: Tab) -> None:
    tab = two_runs
    choose_layer(tab, SECOND, "gru_1")
    with tab.page.expect_response(re.compile("/catalog")):
        tab.page.locator("app-header-reload button").click()
    tab.wait_for_heatmaps()
    assert layer_of(tab, SECOND) == "gru_1"
    assert layer_names(tab) == ["lstm gru_1", "gru lstm_1"]


def test_a_layer_of_another_size_meets_none_until_a_person_wants_it(
    open_tab: OpenTab, notebook: str
) -> None:
    tab = open_tab(notebook)
    tab.wait_for_heatmaps()
    assert layer_names(tab) == ["lstm lstm_1", "gru gru_1", ODD]
    expect(tab.get("run-card")).to_have_count(2)
    expect(tab.get("unpaired")).to_contain_text(LARGE)
    assert layer_of(tab, LARGE) == "none"
    choose_layer(tab, LARGE, ODD)
    expect(tab.get("run-card")).to_have_count(3)
    expect(tab.get("unpaired")).to_have_count(0)
    assert layer_names(tab) == [f"lstm lstm_1, {ODD}", "gru gru_1"]
    expect(tab.frame.locator("i i, .name i")).to_have_count(0)
    tab.get("pair-automatically", run=LARGE).click()
    expect(tab.get("run-card")).to_have_count(2)
    assert layer_names(tab) == ["lstm lstm_1", "gru gru_1", ODD]


def test_a_finding_leads_to_the_layer_that_its_own_meets(
    open_tab: OpenTab, page: Page, notebook: str
) -> None:
    def with_a_finding(route: Route) -> None:
        catalog = route.fetch().json()
        found = {"rule": "saturated", "gate": "reset", "value": 0.95, "first_step": 0, "last_step": None}
        for series in (series for run in catalog["runs"] for series in run["series"]):
            series["findings"] = [found] if series["tag"] == "weights/gru_1/kernel" else []
        route.fulfill(json=catalog)

    page.route(re.compile("/catalog"), with_a_finding)
    tab = open_tab(notebook)
    finding = tab.get("rule-finding", run=SECOND)
    expect(finding).to_contain_text("reset gate of the kernel of gru_1")
    expect(tab.get("layer", layer="gru").get_by_test_id("layer-findings")).to_be_visible()
    finding.click()
    expect(tab.get("open-layer")).to_have_text("gru")
    expect(tab.get("run-card")).to_have_count(2)


@pytest.fixture(scope="module")
def frameworks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same network in Keras and in PyTorch, which pack, name and order it in their own ways."""
    logdir = tmp_path_factory.mktemp("frameworks")
    layers = keras.layers
    in_keras = keras.Sequential(
        [
            layers.Input((5, 4)),
            layers.Bidirectional(layers.LSTM(UNITS, return_sequences=True)),
            layers.Bidirectional(layers.LSTM(UNITS, return_sequences=True)),
            # One bias: PyTorch has two.
            layers.GRU(UNITS, reset_after=False),
        ]
    )
    in_torch = torch.nn.ModuleDict(
        {
            "encoder": torch.nn.LSTM(4, UNITS, 2, bidirectional=True),
            "decoder": torch.nn.GRU(2 * UNITS, UNITS),
        }
    )
    for run, model in (("keras", in_keras), ("torch", in_torch)):
        with SummaryWriter(logdir / run) as writer:
            writer.add_weights(model, 0)
    with tensorboard(logdir) as url:
        wait_for_runs(url, 2)
        yield url


def test_one_network_in_two_frameworks_meets_in_full(open_tab: OpenTab, frameworks: str) -> None:
    tab = open_tab(frameworks)
    tab.wait_for_heatmaps()
    expect(tab.get("layer")).to_have_count(5)
    shown = []
    for row in tab.get("layer").all():
        row.click()
        tab.wait_for_heatmaps()
        expect(tab.get("run-card")).to_have_count(2)
        assert [tab.heatmap(run, "recurrent_kernel").count() for run in ("keras", "torch")] == [1, 1]
        shown.append(layer_of(tab, "torch"))
    assert shown == [
        "encoder forward",
        "encoder backward",
        "encoder forward cell 1",
        "encoder backward cell 1",
        "decoder",
    ]
    expect(tab.heatmap("torch", "recurrent_bias")).to_have_count(1)
    expect(tab.heatmap("keras", "recurrent_bias")).to_have_count(0)
