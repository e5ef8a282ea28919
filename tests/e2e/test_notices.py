"""What is missing is said, with the reason: on the card of the run, and in a list of all notices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tests.e2e.logs import UNITS, tensor
from tests.e2e.tab import Tab
from tests.tensorboard_server import tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]
Serve = Callable[..., str]

WITH, WITHOUT = "1-with", "2-without"
ODD_LAYER = "<script>odd</script>"
REASON = "no gradients of 'lstm' are logged: the optimizer was never applied"
LEFT_OUT = f"'{ODD_LAYER}' is left out: call the model once"
PROBE = "the probe can't be replayed"
MATRICES = ("kernel", "recurrent kernel")


def layer(name: str, **facts: Any) -> list[GateTensor]:
    rows = {"kernel": 4, "recurrent_kernel": UNITS}
    generator = np.random.default_rng(0)
    return [
        tensor(name, matrix, generator.normal(size=(count, 4 * UNITS)).astype(np.float32), **facts)
        for matrix, count in rows.items()
    ]


def write_runs(logdir: Path) -> None:
    """A run with gradients, one of which is of what a matrix is computed of, and one without."""
    trained = [*layer("lstm"), *layer("other")]
    model = [*trained, *layer("frozen", is_trained=False)]
    steps = (0, 10, 20)
    with SummaryWriter(logdir / WITH) as writer:
        recurrent = layer("lstm", note="gradient of weight_raw")[1]
        for step in steps:
            writer.add_tensors(model, "weights", step)
            writer.add_tensors([trained[0], recurrent, trained[2]], "gradients", step)
    with SummaryWriter(logdir / WITHOUT) as writer:
        writer.notices.report(Notice(LEFT_OUT, layers=(ODD_LAYER,)))
        for step in steps:
            writer.add_tensors(model, "weights", step)
            if step > 0:
                writer.notices.report(Notice(REASON, "gradients", ("lstm",)))
        writer.notices.report(PROBE)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir = tmp_path_factory.mktemp("notices")
    write_runs(logdir)
    with tensorboard(logdir) as url:
        wait_for_runs(url, 2)
        yield url


@pytest.fixture
def tab(open_tab: OpenTab, runs: str) -> Tab:
    """The tab with a run of which there are notices."""
    tab = open_tab(runs)
    tab.wait_for_heatmaps()
    return tab


def open_gradients(tab: Tab, layer: str) -> None:
    tab.choose_kind("gradients")
    tab.get("layer", layer=layer).click()
    expect(tab.get("open-layer")).to_have_text(layer)


def test_gradients_that_are_missing_have_the_reason_on_their_runs_card(tab: Tab) -> None:
    open_gradients(tab, "lstm")
    expect(tab.get("run-card")).to_have_count(2)
    card = tab.get("run-card", run=WITHOUT)
    expect(card.get_by_test_id("reason")).to_have_text(f"N{REASON[1:]}.")
    expect(card.get_by_test_id("absent")).to_have_text(
        ["kernelNo gradients were logged.", "recurrent kernelNo gradients were logged."]
    )
    expect(tab.get("run-card", run=WITH).get_by_test_id("reason")).to_have_count(0)


def test_where_no_notice_says_why_no_reason_is_made_up(tab: Tab) -> None:
    open_gradients(tab, "other")
    expect(tab.get("run-card")).to_have_count(1)
    expect(tab.get("absent")).to_have_text(
        "recurrent kernelNo gradients were logged, and no reason is known: "
        "perhaps the loss does not depend on it."
    )
    expect(tab.get("reason")).to_have_count(0)


def test_what_is_frozen_is_said_to_be_frozen_all_the_same(tab: Tab) -> None:
    open_gradients(tab, "frozen")
    texts = [f"{name}Frozen: it is not trained, so it has no gradients." for name in MATRICES]
    expect(tab.get("absent")).to_have_text(texts * 2)
    expect(tab.get("reason")).to_have_count(0)


def test_a_mark_at_the_run_opens_the_list_of_all_notices(tab: Tab) -> None:
    mark = tab.get("run-notices")
    expect(mark).to_have_count(1)
    expect(mark).to_have_text("3 notices")
    expect(mark).to_have_attribute("aria-expanded", "false")
    expect(tab.get("notices")).to_have_count(0)
    mark.click()
    expect(mark).to_have_attribute("aria-expanded", "true")
    # Neither shows nor hides the run.
    expect(tab.get("run-card")).to_have_count(2)
    for notice, text in zip(tab.get("notice").all(), (LEFT_OUT, REASON, PROBE), strict=True):
        expect(notice).to_contain_text(text[1:])
    expect(tab.get("notice").nth(1)).to_contain_text("step 10")
    tab.get("close-notices").click()
    expect(tab.get("notices")).to_have_count(0)


def test_the_list_is_read_and_closed_by_keys_alone(tab: Tab) -> None:
    tab.get("run-notices").focus()
    tab.page.keyboard.press("Enter")
    notices = tab.get("notices")
    expect(notices).to_be_focused()
    assert notices.get_attribute("id") == tab.get("run-notices").get_attribute("aria-controls")
    tab.page.keyboard.press("Tab")
    expect(tab.get("close-notices")).to_be_focused()
    tab.page.keyboard.press("Tab")
    expect(tab.get("notice-step").first).to_be_focused()
    tab.page.keyboard.press("Enter")
    tab.expect_step(10)
    tab.get("close-notices").focus()
    tab.page.keyboard.press("Enter")
    expect(notices).to_have_count(0)
    expect(tab.get("run-notices")).to_be_focused()


def test_a_notice_leads_to_its_kind_layer_and_step(tab: Tab) -> None:
    tab.open_layer("other")
    tab.get("run-notices").click()
    tab.get("notice-layer", layer="lstm").click()
    expect(tab.get("open-layer")).to_have_text("lstm")
    expect(tab.get("kind-gradients")).to_have_attribute("aria-pressed", "true")
    expect(tab.get("reason")).to_be_visible()
    tab.get("notice-step").nth(1).click()
    tab.expect_step(20)
    tab.get("notice-step").nth(0).click()
    tab.expect_step(10)


def test_names_in_notices_are_text_and_never_markup(tab: Tab) -> None:
    tab.get("run-notices").click()
    notice = tab.get("notice").first
    expect(notice).to_contain_text(LEFT_OUT)
    # Nothing was logged of it, so there is no way to it.
    expect(notice.locator("button")).to_have_count(0)
    expect(tab.get("notice-layer", layer=ODD_LAYER)).to_have_text(ODD_LAYER)
    assert tab.frame.locator("main script").count() == 0


def test_a_matrix_says_of_what_its_gradient_is(tab: Tab) -> None:
    open_gradients(tab, "lstm")
    tab.wait_for_heatmaps()
    expect(tab.get("matrix-note")).to_have_text("gradient of weight_raw")
    picture = tab.heatmap(WITH, "recurrent_kernel").get_by_role("img")
    expect(picture).to_have_attribute("aria-label", re.compile("gradient of weight_raw$"))
    expect(tab.get("column-note")).to_have_text("gradient of weight_raw")
    tab.choose_kind("weights")
    expect(tab.get("matrix-note")).to_have_count(0)
    expect(tab.get("column-note")).to_have_count(0)


def test_a_run_of_which_nothing_was_logged_shows_why(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    with SummaryWriter(tmp_path / WITHOUT) as writer:
        writer.notices.report(Notice(LEFT_OUT, layers=(ODD_LAYER,)))
    tab = open_tab(serve(tmp_path, 1))
    expect(tab.get("notice")).to_contain_text(LEFT_OUT)
    expect(tab.get("nothing-shown")).to_have_text("There is no recurrent layer to show here.")
    expect(tab.get("run-notices", run=WITHOUT)).to_have_text("1 notice")
    # There is nothing else to look at, or to set.
    expect(tab.get("close-notices")).to_have_count(0)
    expect(tab.frame.locator("nav select")).to_have_count(0)
    expect(tab.get("empty")).to_have_count(0)
