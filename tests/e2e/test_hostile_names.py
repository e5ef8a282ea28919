"""Names that mean harm are shown as the text that they are: nothing in them runs, loads or moves others."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tests.e2e.tab import Tab
from tests.e2e.test_saving import saved
from tests.summary.flowing import LSTM_GATES
from tests.tensorboard_server import tensorboard, wait_for_runs

OpenTab = Callable[..., Tab]

SCRIPT = "<script>window.harmed = 1</script>"
IMAGE = "<img src=x onerror=window.harmed=1>"
QUOTES = "\"'`><svg onload=window.harmed=1>${window.harmed=1}{{1}}"
TURNED = "\u202egnp.exe"
FORMULA = "=HYPERLINK(1)"
LONG = "long " + "x" * 10_000
LAYERS = (SCRIPT, IMAGE, QUOTES, TURNED, FORMULA, LONG)
GATES = (SCRIPT, IMAGE, FORMULA, "x" * 10_000)
# File systems allow names of 255 bytes, without a slash.
RUN = "run <img src=x onerror=window.harmed=1> \"'&\u202egnp " + "x" * 180
UNITS = 3

_HARM = """() => ({
  harmed: window.harmed ?? null,
  elements: document.querySelectorAll("main script, main img[src=x], main svg[onload]").length,
})"""

# Far from all that has a place of its own at the sides.
_WIDTHS = """() => [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"""


def write_run(log_dir: Path) -> None:
    """A run whose layers, gates and tokens are such names."""
    values = np.arange(2 * len(GATES) * UNITS, dtype=np.float32).reshape(2, -1)
    tensors = [GateTensor(layer, None, 0, "LSTM", "kernel", LSTM_GATES, values) for layer in LAYERS]
    tensors.append(GateTensor("gates", None, 0, "Odd", "kernel", GATES, values))
    with SummaryWriter(log_dir) as writer:
        for step in (0, 1):
            writer.add_tensors(tensors, "weights", step)


@pytest.fixture(scope="module")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard with such a run; its fast loader takes no double quotes in names."""
    logdir = tmp_path_factory.mktemp("hostile")
    write_run(logdir / RUN)
    with tensorboard(logdir, "--load_fast=false") as url:
        wait_for_runs(url, 1)
        yield url


def expect_harmless(page: Page, tab: Tab) -> None:
    """Nothing has run, nothing was made of a name, and nothing stands beside the page."""
    for frame in (page.main_frame, tab.frame):
        assert frame.evaluate(_HARM) == {"harmed": None, "elements": 0}
    width, room = tab.frame.evaluate(_WIDTHS)
    assert width <= room


def test_run_and_layer_names_are_text(page: Page, open_tab: OpenTab, hostile_run: str) -> None:
    tab = open_tab(hostile_run)
    expect(tab.get("run")).to_have_count(1)
    expect(tab.get("run").locator(".name")).to_have_attribute("title", RUN)
    for layer in LAYERS:
        row = tab.get("layer").filter(has_text=layer)
        row.first.click()
        expect(tab.get("open-layer")).to_have_text(layer)
        tab.wait_for_heatmaps()
        expect_harmless(page, tab)


def test_a_long_name_leaves_room_for_all_others(page: Page, open_tab: OpenTab, hostile_run: str) -> None:
    tab = open_tab(hostile_run)
    tab.get("layer").filter(has_text=LONG).first.click()
    expect(tab.get("open-layer")).to_have_text(LONG)
    tab.wait_for_heatmaps()
    heights = [row.bounding_box() for row in tab.get("layer").all()]
    assert all(box is not None and box["height"] < 120 for box in heights)
    title = tab.get("open-layer").bounding_box()
    assert title is not None
    assert title["height"] < 160
    expect_harmless(page, tab)


def test_a_name_that_turns_the_writing_turns_nothing_beside_it(open_tab: OpenTab, hostile_run: str) -> None:
    tab = open_tab(hostile_run)
    for place in (
        tab.get("run").locator(".name"),
        tab.get("layer").locator(".name").first,
        tab.get("open-layer"),
    ):
        bidi = place.evaluate("(element) => getComputedStyle(element).unicodeBidi")
        assert bidi in ("isolate", "plaintext", "isolate-override")


def test_gate_names_are_text_and_so_they_are_in_what_is_saved(
    page: Page, open_tab: OpenTab, hostile_run: str
) -> None:
    tab = open_tab(hostile_run)
    tab.get("layer").filter(has_text="gates").last.click()
    expect(tab.get("open-layer")).to_have_text("gates")
    tab.wait_for_heatmaps()
    expect_harmless(page, tab)
    card = tab.get("run-card")
    with saved(tab, card, "heatmaps", "csv", 0).open(newline="") as file:
        header, *_ = csv.reader(file)
    assert {name.rpartition("/")[0] for name in header[1:]} == {SCRIPT, IMAGE, f"'{FORMULA}", "x" * 10_000}
    picture = saved(tab, card, "heatmaps", "svg").read_text()
    names = {element.tag.rpartition("}")[2].lower() for element in ElementTree.fromstring(picture).iter()}
    assert not names & {"script", "iframe"}
    assert "onerror=" not in {
        name for element in ElementTree.fromstring(picture).iter() for name in element.attrib
    }
    # As a page of its own it is as harmless.
    page.goto("about:blank")
    page.set_content(picture)
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.harmed ?? null") is None
