"""What flows through the gates is shown as it was logged: by kind, sample, unit and time step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import ml_dtypes
import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from tensorboard_plugin_rnnweights.rnn.kinds import KINDS
from tensorboard_plugin_rnnweights.signals.cell_signals import Reach
from tests.e2e import drawn, logs, probed
from tests.e2e.probed import Probed
from tests.e2e.tab import Tab
from tests.summary.flowing import TIMES, lstm_signals
from tests.summary.recording import recorded
from tests.tensorboard_server import tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]

WHOLE = "whole"
VIEW_NAMES = {
    "heatmaps": "run-card",
    "histograms": "histograms",
    "timelines": "timelines",
    "spectrum": "spectrum",
    "weight_gradient": "card-weight_gradient",
    "saturation": "saturation",
    "flow": "flow",
    "unit_lines": "unit-lines",
    "unit_values": "unit-values",
}
MEASURES = {
    "weights": ("penalty", "spectral_norm", "spectral_radius"),
    "updates": ("relative_norm",),
    "outputs": ("silent_units",),
    "gate_activations": ("low_share", "high_share"),
    "output_gradients": ("flow_steps",),
    "correlations": ("effective_rank",),
}


def place(gate: int, gates: int, time: int, times: int = probed.TIMES) -> float:
    """The middle of a time step of a gate, as a share of a heatmap's width."""
    return (gate * times + time + 0.5) / (gates * times)


def test_the_kinds_of_the_catalog_are_offered_in_their_order(
    open_tab: OpenTab, probed_runs: Probed
) -> None:
    tab = open_tab(probed_runs.url)
    offered = tab.frame.locator(".kinds button")
    expect(offered).to_have_text([kind.name.replace("_", " ") for kind in KINDS])


def test_each_kind_opens_with_its_views_and_the_keys_move_its_step(
    open_tab: OpenTab, probed_runs: Probed
) -> None:
    tab = open_tab(probed_runs.url)
    for kind in KINDS:
        tab.choose_kind(kind.name)
        tab.open_layer("memory")
        expect(tab.get("kind-help")).to_contain_text(kind.help)
        for view in kind.views:
            tab.look_at(view)
            expect(tab.get(VIEW_NAMES[view]).first).to_be_visible()
        others = VIEW_NAMES.keys() - set(kind.views)
        assert all(tab.get(VIEW_NAMES[view]).count() == 0 for view in others)
        tab.page.keyboard.press("End")
        tab.expect_step(probed.STEPS[-1])
        tab.page.keyboard.press("ArrowLeft")
        tab.expect_step(probed.STEPS[-2])


def test_every_view_and_picture_has_a_name_for_those_who_do_not_see_it(
    open_tab: OpenTab, probed_runs: Probed
) -> None:
    tab = open_tab(probed_runs.url)
    for kind in KINDS:
        tab.choose_kind(kind.name)
        tab.open_layer("memory")
        expect(tab.frame.locator("main [aria-busy=true]")).to_have_count(0)
        unnamed = tab.frame.locator("main section:not([aria-label])")
        expect(unnamed).to_have_count(0)
        pictures = tab.frame.locator("main :is(svg, canvas):visible")
        hidden = ":is([aria-hidden=true] *, [aria-hidden=true], [role=img][aria-label])"
        expect(pictures.and_(tab.frame.locator(f":not({hidden})"))).to_have_count(0)


@pytest.mark.parametrize(
    ("kind", "gate", "row", "time"),
    [
        ("outputs", WHOLE, 3, 5),
        ("cell_states", WHOLE, 0, 11),
        ("gate_activations", "forget", 6, 2),
        ("output_gradients", WHOLE, 7, 10),
        ("gate_gradients", "cell", 1, 11),
    ],
)
def test_a_cell_tells_what_really_flowed_there(
    open_tab: OpenTab, probed_runs: Probed, kind: str, gate: str, row: int, time: int
) -> None:
    tab = open_tab(probed_runs.url)
    for plane, name in enumerate(("mean over the batch", "sample 0")):
        tab.open_signals(kind, "memory", plane=name)
        gates = probed_runs.runs[probed.LSTM_RUN].last(kind).series.gates
        x = place(gates.index(gate), len(gates), time)
        tab.point_at(tab.heatmap(probed.LSTM_RUN, kind), x, (row + 0.5) / probed.UNITS)
        expect(tab.get("tooltip")).to_contain_text(f"unit {row} at time {time}")
        for run in (probed.LSTM_RUN, probed.SHUT_RUN):
            cells = probed_runs.runs[run].last(kind).cells[plane]
            stored = cells[row, gates.index(gate) * probed.TIMES + time].astype(ml_dtypes.bfloat16)
            told = drawn.number(tab.get("tooltip-value", run=run).locator("b").inner_text())
            assert np.float32(told).astype(ml_dtypes.bfloat16) == stored


def test_another_plane_is_another_picture(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    mean, sample, *_ = probed_runs.runs[probed.RNN_RUN].last("outputs").cells
    row, time = np.unravel_index(np.abs(mean - sample).argmax(), mean.shape)
    x, y = place(0, 1, int(time)), (row + 0.5) / probed.UNITS
    tab.open_signals("outputs", "memory")
    heatmap = tab.heatmap(probed.RNN_RUN, "outputs")
    before = tab.color_at(heatmap, x, y)
    tab.get("plane-sample 0").click()
    tab.wait_for_heatmaps()
    assert tab.color_at(heatmap, x, y) != before
    tab.get("plane-mean over the batch").click()
    tab.wait_for_heatmaps()
    assert tab.color_at(heatmap, x, y) == before


def test_what_is_masked_is_painted_as_nothing_and_says_so(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("outputs", "memory", plane=f"sample {probed.SHORT}")
    heatmap = tab.heatmap(probed.LSTM_RUN, "outputs")
    end = len(probed.TEXTS[probed.SHORT])
    opacities = [tab.opacity_at(heatmap, place(0, 1, time), 0.5) for time in range(probed.TIMES)]
    assert opacities == [255] * end + [0] * (probed.TIMES - end)
    tab.point_at(heatmap, place(0, 1, end), 0.5)
    expect(tab.get("tooltip-value", run=probed.LSTM_RUN)).to_contain_text("masked")
    tab.point_at(heatmap, place(0, 1, end - 1), 0.5)
    expect(tab.get("tooltip-value", run=probed.LSTM_RUN)).not_to_contain_text("masked")


@pytest.mark.parametrize(("kind", "sample"), [("outputs", 0), ("outputs", 1), ("gate_activations", 0)])
def test_tokens_stand_below_their_time_steps_in_each_gate(
    open_tab: OpenTab, probed_runs: Probed, kind: str, sample: int
) -> None:
    tab = open_tab(probed_runs.url)
    # One card has room for each token.
    for other in (probed.SHUT_RUN, probed.RNN_RUN):
        tab.get("run").nth(probed.RUNS.index(other)).click()
    tab.open_signals(kind, "memory", plane=f"sample {sample}")
    gates = probed_runs.runs[probed.LSTM_RUN].last(kind).series.gates
    card = tab.get("run-card", run=probed.LSTM_RUN)
    box = card.get_by_test_id("heatmap").bounding_box()
    tokens = card.get_by_test_id("tokens").locator("i")
    assert box is not None
    text = probed.TEXTS[sample].ljust(probed.TIMES)
    # Where the sample is masked, it reads nothing.
    assert [token or " " for token in tokens.all_inner_texts()] == [*text] * len(gates)
    for number, token in enumerate(tokens.all()):
        own = token.bounding_box()
        if own is not None and own["width"] > 0:
            middle = (own["x"] + own["width"] / 2 - box["x"]) / box["width"]
            gate, time = divmod(number, probed.TIMES)
            assert middle == pytest.approx(place(gate, len(gates), time), abs=0.2 / probed.TIMES)


def test_without_a_sample_there_are_no_tokens(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("outputs", "memory", plane="mean over the batch")
    expect(tab.get("tokens")).to_have_count(0)


def test_a_direction_from_the_end_says_so_and_its_time_runs_like_the_other_ones(
    open_tab: OpenTab, probed_runs: Probed
) -> None:
    tab = open_tab(probed_runs.url)
    shown = {}
    for direction, last in (("forward", probed.TIMES - 1), ("backward", 0)):
        tab.open_signals("outputs", "both", direction, "sample 0")
        card = tab.get("run-card", run=probed.LSTM_RUN)
        shown[direction] = [
            card.locator(".column-axis i").all_inner_texts(),
            card.get_by_test_id("tokens").locator("i").all_inner_texts(),
        ]
        # Its final state is where it comes to an end.
        expect(tab.get("value-bars", run=probed.LSTM_RUN)).to_have_attribute("data-time", str(last))
        expect(tab.get("reversed")).to_have_count(1 if direction == "backward" else 0)
    expect(tab.get("reversed")).to_contain_text("reads from the end")
    assert shown["backward"] == shown["forward"]
    tab.point_at(tab.heatmap(probed.LSTM_RUN, "outputs"), place(0, 1, 2), 0.5 / probed.BOTH_UNITS)
    stored = probed_runs.runs[probed.LSTM_RUN].last("outputs", "both", "backward").cells[1][0, 2]
    told = drawn.number(tab.get("tooltip-value", run=probed.LSTM_RUN).locator("b").inner_text())
    assert told == pytest.approx(stored, rel=0.01)


def test_measures_are_offered_as_timelines(open_tab: OpenTab, probed_runs: Probed) -> None:
    # Not where something is wrong, but with the matrix that has most measures.
    tab = open_tab(f'{probed_runs.url}/#rnnweights&p.rnnweights.kind="weights"')
    for kind, names in MEASURES.items():
        tab.choose_kind(kind)
        tab.open_layer("memory")
        tab.look_at("timelines")
        for name in names:
            chip = tab.get(f"statistic-{name}")
            expect(chip).to_be_visible()
            if chip.get_attribute("aria-pressed") == "false":
                chip.click()
            lines = tab.get("timelines").locator(f"[data-statistic={name}] path.outline")
            expect(lines).not_to_have_count(0)
            assert any(drawn.points(line) for line in lines.all()), (kind, name)


def test_a_finding_leads_to_its_kind_layer_and_step(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_layer("both", "forward")
    finding = tab.get("rule-finding", rule="forget_gate_shut", run=probed.SHUT_RUN)
    expect(finding).to_have_count(1)
    expect(finding).to_contain_text("forget gate of memory is shut")
    expect(finding).to_have_attribute(
        "title", re.compile("forget gate's mean over the probe is below 0.05")
    )
    finding.click()
    expect(tab.get("kind-gate_activations")).to_have_attribute("aria-pressed", "true")
    expect(tab.get("open-layer")).to_have_text("memory")
    tab.expect_step(probed.STEPS[0])
    expect(tab.get("layer", layer="memory").get_by_test_id("layer-findings")).to_be_visible()


def test_findings_of_other_steps_are_told_when_asked_for(
    open_tab: OpenTab, page: Page, probed_runs: Probed
) -> None:
    def with_a_past_finding(route: Route) -> None:
        catalog = route.fetch().json()
        for series in (series for run in catalog["runs"] for series in run["series"]):
            series["findings"] = []
            if series["tag"] == "gate_activations/memory":
                past = {
                    "rule": "saturated",
                    "gate": "forget",
                    "value": 0.95,
                    "first_step": 2,
                    "last_step": 4,
                }
                series["findings"] = [past]
        route.fulfill(json=catalog)

    page.route(re.compile("/catalog"), with_a_past_finding)
    tab = open_tab(probed_runs.url)
    expect(tab.get("more-findings")).to_have_text(f"{len(probed.RUNS)} findings at other steps")
    expect(tab.get("rule-finding")).to_have_count(0)
    tab.get("more-findings").click()
    expect(tab.get("rule-finding")).to_have_count(len(probed.RUNS))
    expect(tab.get("rule-finding").first).to_have_attribute("data-holds", "false")
    tab.get("rule-finding").first.click()
    tab.expect_step(2)
    expect(tab.get("rule-finding").first).to_have_attribute("data-holds", "true")


@pytest.fixture(scope="module")
def known_reach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A reach that falls to a tenth with each time step."""
    logdir = tmp_path_factory.mktemp("known")
    distance = np.subtract.outer(np.arange(TIMES), np.arange(TIMES))
    at_outputs = np.where(distance >= 0, 10.0 ** -np.abs(distance), 0.0)
    with recorded(logdir / "run") as run:
        for step in (0, 1):
            run.record_signals(lstm_signals(reach=Reach(at_outputs, at_outputs, "loss")), step)
    with tensorboard(logdir) as url:
        wait_for_runs(url, 1)
        yield url


def test_colours_of_the_reach_are_of_its_decades(open_tab: OpenTab, known_reach: str) -> None:
    tab = open_tab(known_reach)
    tab.choose_kind("reach")
    heatmap = tab.heatmap("run", "reach")

    def brightness(loss: int, time: int) -> int:
        return sum(tab.color_at(heatmap, place(0, 2, time, TIMES), (loss + 0.5) / TIMES))

    by_distance = [brightness(TIMES - 1, TIMES - 1 - distance) for distance in range(TIMES)]
    steps = np.diff(by_distance[:-1])
    assert (steps > 20).all()
    for loss in range(TIMES - 1):
        assert [brightness(loss, loss - distance) for distance in range(loss + 1)] == by_distance[
            : loss + 1
        ]
        # What comes later can't have counted.
        assert brightness(loss, loss + 1) > by_distance[-2]
    tab.point_at(heatmap, place(0, 2, 1, TIMES), 4.5 / TIMES)
    expect(tab.get("tooltip")).to_contain_text("loss at time 4 ← time 1")
    expect(tab.get("tooltip-value")).to_contain_text("0.001")


def test_names_and_tokens_are_text_and_never_markup(open_tab: OpenTab, odd_probed_run: str) -> None:
    tab = open_tab(odd_probed_run)
    for kind in KINDS:
        if tab.get(f"kind-{kind.name}").count() == 0:
            continue
        tab.choose_kind(kind.name)
        expect(tab.get("open-layer")).to_have_text(probed.ODD_LAYER)
        expect(tab.get("run-card").locator("h3 .name")).to_have_text(logs.ODD_RUN)
        expect(tab.frame.locator("main img, b b")).to_have_count(0)
    tab.open_signals("outputs", probed.ODD_LAYER, plane="sample 0")
    shown = [token.replace(" ", "\N{OPEN BOX}") for token in probed.ODD_TOKENS]
    expect(tab.get("tokens").locator("i")).to_have_text(shown)
    tab.point_at(tab.get("heatmap").first, place(0, 1, 0, 4), 0.5)
    expect(tab.get("tooltip").locator("code")).to_have_text(shown[0])
    expect(tab.frame.locator("img, b b")).to_have_count(0)


def test_a_kind_a_view_and_a_rule_that_the_tab_does_not_know_break_nothing(
    open_tab: OpenTab, page: Page, probed_runs: Probed
) -> None:
    novel = {"name": "novel", "rows": "unit", "columns": "time", "has_gates": True, "help": "New."}

    def from_a_newer_server(route: Route) -> None:
        catalog = route.fetch().json()
        catalog["kinds"].append({**novel, "views": ["novel_view", "heatmaps"]})
        catalog["kinds"][0]["views"].append("novel_view")
        shut = next(run for run in catalog["runs"] if run["run"] == probed.SHUT_RUN)
        for series in shut["series"]:
            for finding in series["findings"]:
                finding["rule"] = "too_calm"
        route.fulfill(json=catalog)

    page.route(re.compile("/catalog"), from_a_newer_server)
    tab = open_tab(probed_runs.url)
    tab.wait_for_heatmaps()
    expect(tab.get("rule-finding", rule="too_calm").first).to_contain_text("too calm")
    tab.get("kind-novel").click()
    expect(tab.get("nothing-shown")).to_be_visible()
    tab.choose_kind("outputs")
    expect(tab.get("run-card")).to_have_count(len(probed.RUNS))


@pytest.mark.parametrize(
    ("width", "height", "is_dark"), [(1440, 900, False), (2560, 1440, True), (900, 900, True)]
)
def test_no_text_runs_into_another_and_nothing_sticks_out(
    open_tab: OpenTab, page: Page, probed_runs: Probed, width: int, height: int, is_dark: bool
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    tab = open_tab(probed_runs.url, is_dark)
    for kind in KINDS:
        tab.open_signals(kind.name, "memory")
        if tab.get("plane-sample 0").count():
            tab.get("plane-sample 0").click()
            tab.wait_for_heatmaps()
        expect(tab.frame.locator("main [aria-busy=true]")).to_have_count(0)
        assert drawn.texts_that_overlap(tab.frame) == []
        assert drawn.parts_outside_of_cards(tab.frame) == []
        assert tab.frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
