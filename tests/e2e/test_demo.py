"""The demo ends with a tab that shows what it is about; its pictures are those of the docs.

    RNNWEIGHTS_SCREENSHOTS=docs python -m pytest tests/e2e/test_demo.py

trains it in full, and writes the pictures anew.
"""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.e2e.probed import Probed
from tests.e2e.tab import Tab
from tests.tensorboard_server import wait_for_runs

OpenTab = Callable[..., Tab]

PICTURES = os.environ.get("RNNWEIGHTS_SCREENSHOTS")
STEPS = "400" if PICTURES else "40"
# Of each view, a kind that has it.
VIEWS = {
    "heatmaps": "weights",
    "histograms": "weights",
    "timelines": "weights",
    "spectrum": "weights",
    "weight_gradient": "weights",
    "saturation": "gate_activations",
    "flow": "output_gradients",
    "unit_lines": "outputs",
    "unit_values": "outputs",
}
MARGIN = 10
"""Around what is on a picture, in pixels."""
CARDS = ("glance", "changed-most")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that the demo prints."""
    logdir = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "tensorboard_plugin_rnnweights", "demo"]
    command += ["--logdir", str(logdir), "--steps", STEPS]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Where the tests run in the background of a shell, they hand on that interrupts are ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if found := re.search(r"The gates of both runs: (\S+)/#rnnweights", line):
                url = found[1].replace("localhost", "127.0.0.1")
                wait_for_runs(url, 2)
                yield url
                break
        else:
            pytest.fail(f"the demo ended without an address:\n{printed}")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_forget_gates_bias_is_seen_to_differ(
    open_tab: OpenTab, page: Page, demo: str, theme: str, tmp_path: Path
) -> None:
    tab = open_tab(demo, theme == "dark")
    tab.wait_for_heatmaps()
    expect(tab.get("run-card")).to_have_count(2)
    forget = 3 / 8
    red, _, blue = tab.color_at(tab.heatmap("forget-bias-1", "bias"), forget, 0.5)
    assert red > blue + 60
    assert tab.color_at(tab.heatmap("forget-bias-0", "bias"), forget, 0.5) != (red, _, blue)
    tab.frame.locator(".layer-title").evaluate("one => one.scrollIntoView()")
    tab.point_at(tab.heatmap("forget-bias-1", "bias"), forget, 0.5)
    expect(tab.get("tooltip-value")).to_have_count(2)
    folder = Path(PICTURES) if PICTURES else tmp_path
    page.screenshot(path=folder / f"screenshot-{theme}.png")


@pytest.mark.skipif(not PICTURES, reason="makes pictures for people to look at")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_view_has_its_picture(open_tab: OpenTab, page: Page, demo: str, theme: str) -> None:
    folder = _views_folder()
    page.set_viewport_size({"width": 1300, "height": 1400})
    tab = open_tab(demo, theme == "dark")
    tab.wait_for_heatmaps()
    # Only what is compared with something has changed.
    tab.get("reference").select_option('{"step":0}')
    for card in CARDS:
        tab.get(f"card-{card}").scroll_into_view_if_needed()
        tab.wait_until_still()
        _save_small(tab.get(f"card-{card}").screenshot(), folder / f"{card}-{theme}.png")
    tab.get("reference").select_option("null")
    for view, kind in VIEWS.items():
        if tab.get(f"kind-{kind}").get_attribute("aria-pressed") != "true":
            tab.choose_kind(kind)
        tab.look_at(view)
        # What is above it may have grown while it was made.
        tab.get(f"view-{view}").evaluate("one => one.scrollIntoView()")
        _save_around(page, (tab.get(f"view-{view}"),), folder / f"{view}-{theme}.png")
    page.keyboard.press("?")
    _save_small(tab.get("help").screenshot(), folder / f"help-{theme}.png")


@pytest.mark.skipif(not PICTURES, reason="makes pictures for people to look at")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_wrong_and_what_is_chosen_have_their_pictures(
    open_tab: OpenTab, page: Page, probed_runs: Probed, theme: str
) -> None:
    page.set_viewport_size({"width": 1300, "height": 900})
    tab = open_tab(probed_runs.url, theme == "dark")
    tab.wait_for_heatmaps()
    tab.get("open-rules").click()
    tab.get("run-facts-toggle").click()
    page.mouse.move(0, 0)
    tab.wait_until_still()
    folder = _views_folder()
    for name, first, last, margin in (
        ("findings", tab.frame.locator(".findings"), tab.get("rules"), MARGIN),
        # What is around it is of no interest.
        ("sidebar", tab.frame.locator(".sidebar"), tab.get("layers"), 0),
    ):
        _save_around(page, (first, last), folder / f"{name}-{theme}.png", margin)


def _save_around(page: Page, parts: Sequence[Locator], path: Path, margin: int = MARGIN) -> None:
    """Saves a picture from the first part to the last one, with a little of what is around them."""
    first, last = parts[0].bounding_box(), parts[-1].bounding_box()
    assert first
    assert last
    x, y = first["x"] - margin, first["y"] - margin
    height = last["y"] + last["height"] + margin - y
    clip: FloatRect = {"x": x, "y": y, "width": first["width"] + 2 * margin, "height": height}
    _save_small(page.screenshot(clip=clip), path)


def _views_folder() -> Path:
    folder = Path(PICTURES or "") / "views"
    folder.mkdir(exist_ok=True)
    return folder


def _save_small(png: bytes, path: Path) -> None:
    """Saves a picture in 256 colours, which takes a third of the bytes and looks the same."""
    # By coverage, since the colour of a run has few pixels and has to stay what it is.
    method, dither = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
    Image.open(io.BytesIO(png)).convert("RGB").quantize(256, method, dither=dither).save(
        path, optimize=True
    )
