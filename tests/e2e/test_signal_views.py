"""Flow, saturation, units and spectrum draw the numbers that were logged, each in its place."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tensorboard_plugin_rnnweights.summary.measures.flow import norms_by_time
from tensorboard_plugin_rnnweights.summary.observation import Array
from tests.e2e import drawn, probed
from tests.e2e.probed import Probed
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
Curves = Sequence[Sequence[tuple[float, float]]]

WHOLE = "whole"
FIRST, LAST = probed.STEPS[0], probed.STEPS[-1]
# A number of three digits.
ROUNDED = 0.006


def norms(runs: Probed, run: str, kind: str, gate: str, step: int = LAST) -> Array:
    """The norm of a gate's gradient at each time step, of shape (time)."""
    found = runs.runs[run].signals[step][kind, "memory", None]
    return norms_by_time([found.blocks[gate]], found.counted)[0]


def readings(panel: Locator) -> list[float]:
    """The numbers that stand where the pointer is."""
    told = panel.locator(".reading :is(b, span)")
    expect(told).not_to_have_count(0)
    return [drawn.number(text) for text in told.all_inner_texts()]


@pytest.mark.parametrize(
    ("kind", "gate"),
    [("output_gradients", WHOLE), ("gate_gradients", "cell"), ("gate_gradients", "output")],
)
def test_the_flow_is_the_norm_at_each_time_step(
    open_tab: OpenTab, probed_runs: Probed, kind: str, gate: str
) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals(kind, "memory")
    tab.look_at("flow")
    for run in (probed.LSTM_RUN, probed.SHUT_RUN):
        panel = tab.get("flow-run", run=run, gate=gate)
        drawn_points = drawn.points(panel.locator("path.strong"))
        assert len(drawn_points) == probed.TIMES
        for time in (1, probed.TIMES - 1):
            tab.point_in(panel, *drawn_points[time])
            expect(panel.locator(".reading")).to_contain_text(f"step {LAST} · time {time}")
            expected = norms(probed_runs, run, kind, gate)[time]
            assert readings(panel) == [pytest.approx(expected, rel=ROUNDED)]


def test_all_runs_are_compared_at_one_time_step(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("output_gradients", "memory")
    panel = tab.get("flow-compared", gate=WHOLE)
    expect(panel.locator("path.strong")).to_have_count(len(probed.RUNS))
    time = probed.TIMES - 2
    tab.point_in(panel, *drawn.points(panel.locator("path.strong").first)[time])
    expected = [norms(probed_runs, run, "output_gradients", WHOLE)[time] for run in probed.RUNS]
    assert readings(panel) == [pytest.approx(one, rel=ROUNDED) for one in expected]


def test_the_flow_has_a_curve_a_step_and_a_click_on_one_goes_there(
    open_tab: OpenTab, probed_runs: Probed
) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("output_gradients", "memory")
    panel = tab.get("flow-run", run=probed.RNN_RUN)
    curves = panel.locator("path.faint")
    expect(curves).to_have_count(len(probed.STEPS))
    strong = panel.locator("path.strong")
    points = [drawn.points(curve) for curve in curves.all()]
    assert drawn.points(strong) == points[-1]
    # Where a curve is farthest from all others, it is the one that is meant.
    number, time = farthest_apart(points, range(len(points) - 1))
    x, y = points[number][time]
    panel.click(position={"x": x, "y": y})
    tab.expect_step(probed.STEPS[number])
    tab.wait_until_still()
    assert drawn.points(strong) == points[number]
    number, time = farthest_apart(points, (0, len(points) - 1))
    tab.point_in(panel, *points[number][time])
    expected = norms(probed_runs, probed.RNN_RUN, "output_gradients", WHOLE, probed.STEPS[number])
    assert readings(panel) == [pytest.approx(expected[time], rel=ROUNDED)]


def farthest_apart(points: Curves, numbers: Iterable[int]) -> tuple[int, int]:
    """Which of some curves stands farthest from all others, and at which time step."""

    def gap(place: tuple[int, int]) -> float:
        number, time = place
        own = points[number][time][1]
        return min(abs(own - other[time][1]) for other in points if other is not points[number])

    found = max(itertools.product(numbers, range(probed.TIMES)), key=gap)
    assert gap(found) > 0.9
    return found


def test_how_far_back_the_gradient_reaches_is_said_of_each_run(
    open_tab: OpenTab, probed_runs: Probed
) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("output_gradients", "memory")
    expect(tab.get("reach-back")).to_have_count(len(probed.RUNS))
    for run, told in zip(probed.RUNS, tab.get("reach-back").all(), strict=True):
        by_time = norms(probed_runs, run, "output_gradients", WHOLE)
        past = by_time[: by_time.argmax() + 1]
        left = np.flatnonzero(past >= 0.01 * past[-1])
        expect(told).to_have_attribute("data-steps", str(len(past) - 1 - left[0]))


def test_saturation_has_a_dot_a_unit_in_its_place(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("gate_activations", "memory")
    # The cell gate and the plain layer's one are not between 0 and 1.
    expect(tab.get("saturation-gate")).to_have_count(3)
    for gate in ("input", "forget", "output"):
        square = tab.get("saturation-gate", gate=gate)
        dots = square.locator("path.dots")
        expect(dots).to_have_count(2)
        # The corners that are above 0.9 at all times, at both extremes at all times, and below 0.1.
        (left, top), (right, _), (_, bottom) = drawn.points(square.locator("path.impossible"))
        for run, path in zip((probed.LSTM_RUN, probed.SHUT_RUN), dots.all(), strict=True):
            found = probed_runs.runs[run].last("gate_activations")
            values = found.blocks[gate][found.counted]
            low, high = (values < 0.1).mean(axis=0), (values > 0.9).mean(axis=0)
            expected = np.stack([left + low * (right - left), bottom - high * (bottom - top)], axis=1)
            np.testing.assert_allclose(drawn.points(path), expected, atol=0.01)


def test_a_dot_tells_the_units_that_lie_on_each_other(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("gate_activations", "memory")
    tab.get("run").nth(0).click()
    square = tab.get("saturation-gate", gate="forget")
    expect(square.locator("path.dots")).to_have_count(1)
    tab.point_in(square, *drawn.points(square.locator("path.dots"))[0])
    expect(square.locator(".reading")).to_have_text(
        "units 0, 1, 2 and 5 more: 100.0 % below 0.1, 0.0 % above 0.9"
    )


def test_a_unit_has_a_line_a_sample(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("outputs", "memory")
    lines = tab.get("run-lines", run=probed.RNN_RUN)
    samples = probed_runs.runs[probed.RNN_RUN].last("outputs").cells[1:]
    tab.point_in(lines.locator("canvas"), 30, 30)
    values = lines.locator(".values")
    expect(values).to_contain_text("unit 0, time ")
    time = int(values.inner_text().split("time ")[1].split()[0])
    expect(values.locator("code")).to_have_text([text[time] for text in probed.TEXTS if time < len(text)])
    told = [drawn.number(text) for text in values.locator("b").all_inner_texts()]
    assert told == [pytest.approx(sample[0, time], rel=ROUNDED) for sample in samples]


def test_units_are_ordered_as_wanted(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("outputs", "memory")
    lines = tab.get("run-lines", run=probed.LSTM_RUN)
    tab.get("unit-order-largest").click()
    found = probed_runs.runs[probed.LSTM_RUN].last("outputs")
    assert found.masked is not None
    largest = np.abs(np.where(found.masked, 0, found.cells)[1:]).max(axis=(0, 2)).argmax()
    tab.point_in(lines.locator("canvas"), 30, 30)
    expect(lines.locator(".values")).to_contain_text(f"unit {largest}, ")


@pytest.mark.parametrize("plane", [0, 3])
def test_bars_are_the_values_at_the_chosen_time_step(
    open_tab: OpenTab, probed_runs: Probed, plane: int
) -> None:
    tab = open_tab(probed_runs.url)
    found = probed_runs.runs[probed.RNN_RUN].last("outputs")
    tab.open_signals("outputs", "memory", plane=found.series.planes[plane])
    tab.look_at("unit_values")
    bars = tab.get("value-bars", run=probed.RNN_RUN)
    for time in (3, probed.TIMES - 1):
        tab.get("time-slider").fill(str(time))
        expect(bars).to_have_attribute("data-time", str(time))
        heights = np.array(drawn.bars(bars.locator("path.bars")))
        values = found.cells[plane][:, time]
        # In one scale: what is twice as high is twice as large.
        scale = np.abs(heights).max() / np.abs(values).max()
        np.testing.assert_allclose(heights, values * scale, atol=0.01 * np.abs(heights).max())


def test_the_spectrum_is_the_singular_values_of_the_recurrent_block(
    open_tab: OpenTab, probed_runs: Probed
) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("weights", "memory")
    for other in (probed.SHUT_RUN, probed.RNN_RUN):
        tab.get("run").nth(probed.RUNS.index(other)).click()
    tab.page.keyboard.press("Home")
    tab.expect_step(FIRST)
    tab.look_at("spectrum")
    for gate in ("input", "forget", "cell", "output"):
        panel = tab.get("singular-values", gate=gate)
        expect(panel.locator("path.strong")).to_have_count(1)
        tab.wait_until_still()
        expected = np.linalg.svd(probed_runs.runs[probed.LSTM_RUN].recurrent(gate, FIRST), compute_uv=False)
        strong = drawn.points(panel.locator("path.strong"))
        assert len(strong) == probed.UNITS
        for index in (0, 3):
            tab.point_in(panel, *strong[index])
            expect(panel.locator(".reading")).to_contain_text(f"step {FIRST} · index {index}")
            assert readings(panel) == [pytest.approx(expected[index], rel=ROUNDED)]
        # The axis is logarithmic, and ends three decades below its top.
        shown = expected > expected[0] / 100
        decades, heights = np.log10(expected[shown]), np.array([y for _, y in strong])[shown]
        slope = (heights[-1] - heights[0]) / (decades[-1] - decades[0])
        np.testing.assert_allclose(heights, heights[0] + slope * (decades - decades[0]), atol=0.1)


def test_timelines_go_as_far_as_the_steps_even_where_a_measure_is_rare(
    open_tab: OpenTab, probed_runs: Probed
) -> None:
    tab = open_tab(probed_runs.url)
    tab.open_signals("weights", "memory")
    tab.look_at("spectrum")
    timeline = tab.get("spectrum").locator("[data-statistic=spectral_norm]").first
    expect(timeline).to_be_visible()
    now = timeline.locator("line.now").bounding_box()
    box = timeline.bounding_box()
    assert now is not None
    assert box is not None
    assert now["x"] <= box["x"] + box["width"]


def test_a_card_stays_closed_where_a_link_is_opened(open_tab: OpenTab, probed_runs: Probed) -> None:
    kinds = {
        "spectrum": "weights",
        "saturation": "gate_activations",
        "flow": "output_gradients",
        "unit_lines": "outputs",
        "unit_values": "outputs",
    }
    closed = quote(json.dumps([*kinds]))
    tab = open_tab(f"{probed_runs.url}/#rnnweights&p.rnnweights.closed={closed}")
    for view, kind in kinds.items():
        tab.choose_kind(kind)
        tab.look_at(view)
        card = tab.get(f"card-{view}")
        expect(card.get_by_role("img")).to_have_count(0)
        tab.get(f"toggle-{view}").click()
        expect(card.get_by_role("img").first).to_be_visible()
        card.get_by_test_id(f"save-{view}").locator("summary").click()
        expect(card.get_by_test_id("save-data").first).to_be_visible()
        tab.page.keyboard.press("Escape")
