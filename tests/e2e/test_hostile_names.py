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
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts
from tests.e2e.tab import Tab
from tests.e2e.test_saving import saved
from tests.summary.flowing import BATCH, LSTM_GATES, TIMES, lstm_signals
from tests.summary.recording import recorded
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

# How high a name is, how wide its text, and how much room there is for it.
_ROOM = """(one) => [
  one.offsetHeight,
  Math.max(one.scrollWidth, one.firstElementChild?.offsetWidth ?? 0),
  one.clientWidth,
]"""

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
    tab.look_at("histograms")
    names = [*tab.get("gate-name").all(), *tab.get("histograms").locator(".gate").all()]
    assert len(names) == 2 * len(GATES)
    for name in names:
        height, width, room = name.evaluate(_ROOM)
        assert height < 120
        assert width <= room + 1
    with saved(tab, card, "heatmaps", "csv", 0).open(newline="") as file:
        header, *_ = csv.reader(file)
    assert {name.rpartition("/")[0] for name in header[1:]} == {SCRIPT, IMAGE, f"'{FORMULA}", "x" * 10_000}
    picture = saved(tab, card, "heatmaps", "svg").read_text()
    elements = [*ElementTree.fromstring(picture).iter()]
    assert not {one.tag.rpartition("}")[2].lower() for one in elements} & {"script", "iframe"}
    assert not [name for one in elements for name in one.attrib if name.lower().startswith("on")]
    # As a page of its own it is as harmless.
    page.goto("about:blank")
    page.set_content(picture)
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.harmed ?? null") is None


def test_tokens_are_text(page: Page, open_tab: OpenTab, serve: Callable[..., str], tmp_path: Path) -> None:
    tokens = (*LAYERS, "last")
    assert len(tokens) == TIMES
    with recorded(tmp_path / "tokens") as run:
        run.record_signals(lstm_signals(), 0, ProbeFacts(tokens=(tokens,) * BATCH))
    tab = open_tab(serve(tmp_path, 1))
    tab.open_signals("outputs", "lstm", plane="sample 0")
    expect(tab.get("tokens").locator("i").first).to_contain_text("<script>")
    tab.point_at(tab.get("heatmap").first, 5.5 / TIMES, 0.5)
    expect(tab.get("tooltip").locator("code")).to_contain_text(LONG[:50].replace(" ", "\N{OPEN BOX}"))
    tooltip = tab.get("tooltip").bounding_box()
    assert tooltip is not None
    assert tooltip["width"] < 700
    assert tooltip["height"] < 500
    expect_harmless(page, tab)
