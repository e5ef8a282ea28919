"""Runs, kinds, layers and steps can be chosen, and all that is shown follows."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.logs import LSTM_GATES, STEPS
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]


def test_the_tab_opens_on_the_last_step_of_the_first_layer_of_all_runs(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    expect(tab.get("run")).to_have_text(["run-a", "run-b"])
    expect(tab.get("run-card")).to_have_count(2)
    expect(tab.get("open-layer")).to_have_text("painted")
    tab.expect_step(STEPS[-1])


def test_the_filter_hides_the_runs_that_it_does_not_match(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.get("run-filter").fill("a$")
    expect(tab.get("run")).to_have_text(["run-a"])
    expect(tab.get("run-card")).to_have_count(1)


def test_a_filter_that_is_no_regular_expression_is_told_and_hides_nothing(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.get("run-filter").fill("run-(")
    expect(tab.get("filter-error")).to_contain_text("Invalid regular expression")
    expect(tab.get("run")).to_have_count(2)


def test_the_layers_are_filtered_and_the_address_keeps_it(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    layers = tab.get("layer")
    expect(layers).to_have_count(3)
    tab.get("layer-filter").fill("BOTH (back|x)")
    expect(layers).to_have_count(1)
    expect(layers).to_have_attribute("data-direction", "backward")
    # What is open stays so.
    expect(tab.get("open-layer")).to_have_text("painted")
    tab.page.wait_for_function("location.hash.includes('rnnweights.layers=')")
    tab = tab.reopened()
    expect(tab.get("layer-filter")).to_have_value("BOTH (back|x)")
    expect(tab.get("layer")).to_have_count(1)
    tab.get("layer-filter").fill("(")
    expect(tab.get("layer-filter-error")).to_contain_text("Invalid regular expression")
    expect(tab.get("layer")).to_have_count(3)


def names_everywhere(tab: Tab) -> list[list[str]]:
    """The names of the runs in the whole model at one glance, at the cards, and in a list of them all."""
    tab.wait_for_heatmaps()
    places = (
        tab.get("glance").locator(".glance-head .name"),
        tab.get("run-card").locator("h3 .name"),
        tab.get("reference").locator("optgroup").nth(1).locator("option"),
    )
    return [place.all_text_contents() for place in places]


def test_runs_are_put_into_another_order_by_dragging(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    runs = tab.get("run")
    expect(runs).to_have_text(["run-a", "run-b"])
    runs.first.drag_to(runs.nth(1))
    expect(runs).to_have_text(["run-b", "run-a"])
    assert names_everywhere(tab) == [["run-b", "run-a"]] * 3
    tab.page.wait_for_function("location.hash.includes('rnnweights.arranged=')")
    tab = tab.reopened()
    expect(tab.get("run")).to_have_text(["run-b", "run-a"])
    tab.get("runs-by-name").click()
    expect(tab.get("run")).to_have_text(["run-a", "run-b"])
    expect(tab.get("runs-by-name")).to_have_count(0)


def test_runs_are_put_into_another_order_by_keys_which_is_said(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    runs = tab.get("run")
    box = runs.nth(1).locator("input")
    box.press("Alt+ArrowUp")
    expect(runs).to_have_text(["run-b", "run-a"])
    expect(tab.get("run-moved")).to_have_text("run-b is number 1 of 2")
    # The focus goes along, so that the next key moves the same run.
    expect(runs.first.locator("input")).to_be_focused()
    tab.page.keyboard.press("Alt+ArrowUp")
    expect(runs).to_have_text(["run-b", "run-a"])
    tab.page.keyboard.press("Alt+ArrowDown")
    expect(runs).to_have_text(["run-a", "run-b"])
    expect(runs.nth(1).locator("input")).to_be_focused()
    expect(tab.get("run-moved")).to_have_text("run-b is number 2 of 2")


def test_facts_of_each_run_are_shown_when_asked_for(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    facts = tab.get("run-facts", run="run-b")
    expect(facts).to_have_count(0)
    tab.get("run-facts-toggle").click()
    expect(facts).to_contain_text(f"step {STEPS[-1]} · LSTM, GRU · heatmaps of {len(STEPS)} steps")
    expect(facts).to_contain_text("findings · last written")
    tab.get("run-facts-toggle").click()
    expect(facts).to_have_count(0)


def test_a_run_can_be_hidden_and_shown(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.get("run").first.click()
    expect(tab.get("run-card")).to_have_count(1)
    expect(tab.get("run-card", run="run-b")).to_be_visible()
    tab.get("run").first.click()
    expect(tab.get("run-card")).to_have_count(2)


def test_the_kinds_are_switched_between(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.page.keyboard.press("Home")
    tab.expect_step(0)
    tab.get("kind-gradients").click()
    # Gradients were logged from step 10 on.
    tab.expect_step(STEPS[1])
    expect(tab.get("kind-gradients")).to_have_attribute("aria-pressed", "true")
    expect(tab.get("kind-weights")).to_have_attribute("aria-pressed", "false")


def test_each_direction_is_a_place_of_its_own(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.open_layer("both", "backward")
    expect(tab.get("open-layer")).to_have_text("both backward")
    expect(tab.get("run-card").first.locator("[data-testid=gate-name]")).to_have_text(
        ["update", "reset", "candidate"]
    )


def test_keys_move_the_step(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    for key, step in (
        ("Home", 0),
        ("ArrowRight", 10),
        ("ArrowRight", 20),
        ("ArrowLeft", 10),
        ("Shift+ArrowRight", 30),
        ("ArrowRight", 30),
        ("Home", 0),
        ("End", 30),
    ):
        tab.page.keyboard.press(key)
        tab.expect_step(step)


def test_the_slider_moves_the_step(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.get("step-slider").fill("1")
    tab.expect_step(STEPS[1])


def test_playing_goes_through_all_steps_and_stops_at_the_last(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.record_steps()
    tab.get("play").click()
    tab.expect_step(STEPS[-1])
    expect(tab.get("play")).to_have_attribute("aria-label", "Play")
    assert tab.recorded_steps() == [f"step {step} of {STEPS[-1]}" for step in STEPS]


def test_a_click_in_a_timeline_moves_the_step(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.look_at("timelines")
    timeline = tab.get("timeline", gate="forget", statistic="l2_norm")
    timeline.scroll_into_view_if_needed()
    tab.wait_until_still()
    box = timeline.bounding_box()
    assert box is not None
    # Between the axis' numbers at the left and the end; a third of it is step 10 of 0 to 30.
    timeline.click(position={"x": 40 + (box["width"] - 48) / 3, "y": 40})
    tab.expect_step(STEPS[1])


def test_each_gate_of_each_matrix_has_a_histogram_and_each_gate_timelines(
    open_tab: OpenTab, compared_runs: str
) -> None:
    tab = open_tab(compared_runs)
    tab.wait_for_heatmaps()
    tab.look_at("histograms")
    for gate in LSTM_GATES:
        for matrix in ("kernel", "recurrent_kernel", "bias"):
            outlines = tab.get("histogram", gate=gate, matrix=matrix).locator("path.outline")
            expect(outlines).to_have_count(2)
    tab.look_at("timelines")
    for gate in LSTM_GATES:
        for statistic in ("l2_norm", "mean"):
            expect(tab.get("timeline", gate=gate, statistic=statistic)).to_have_count(1)


def test_the_bias_is_shown_or_not(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    expect(tab.heatmap("run-a", "bias")).to_be_visible()
    tab.frame.get_by_label("Bias", exact=True).uncheck()
    expect(tab.heatmap("run-a", "bias")).to_have_count(0)
    expect(tab.get("histogram", gate="input", matrix="bias")).to_have_count(0)
