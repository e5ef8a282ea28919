"""How much script the tab costs: as it opens, at each step, and as colours and the zoom change.

The time is that of the page's main thread in script, from Chromium's trace, so that painting without a
graphics card doesn't count. It needs an installed Chromium.

python -m benchmarks.screen
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Frame, Locator, Page, Request

from benchmarks import logs
from benchmarks.browser import chromium
from benchmarks.frames import script_of
from benchmarks.logs import Log
from benchmarks.tensorboard_process import tensorboard, wait_until_loaded

STEPS_TO_TAKE = 20
STEPS_A_SECOND = 10
SECONDS_TO_PLAY = 4
_NOTE_FIRST_HEATMAP = """
new MutationObserver((_, observer) => {
  if (document.querySelector("[data-testid=heatmap]")) {
    window.firstHeatmap = performance.timeOrigin + performance.now();
    observer.disconnect();
  }
}).observe(document, { childList: true, subtree: true });
"""
# A card keeps the last step's heatmap while the next one is on its way, and says that it is busy.
_WATCH_PLAYING = """
() => {
  window.seenSteps = new Set();
  window.waits = 0;
  new MutationObserver((all) => {
    for (const { target, attributeName } of all) {
      if (attributeName === "aria-valuetext") {
        window.seenSteps.add(target.getAttribute(attributeName));
      } else if (target.matches(".matrix[aria-busy=true]")) {
        window.waits += 1;
      }
    }
  }).observe(document, { subtree: true, attributeFilter: ["aria-busy", "aria-valuetext"] });
}
"""


@dataclass(frozen=True)
class Case:
    """A log, and whether going about in it is measured, too."""

    log: Log
    acts: bool = True


CASES = {
    "stepping": Case(Log(runs=2, layers=1, units=256, steps=100, heatmap_freq="snapshot")),
    "six runs": Case(Log(runs=6, layers=1, units=256, steps=60, heatmap_freq="snapshot")),
    "opening": Case(Log(runs=20, layers=3, units=64, steps=100, heatmap_freq="snapshot"), acts=False),
    "many": Case(
        Log(runs=200, layers=2, units=4, steps=1000, matrices=("kernel", "recurrent_kernel")), acts=False
    ),
    "large": Case(Log(runs=1, layers=1, units=2048, steps=3)),
}


def main() -> None:
    """Writes the logs, and prints what opening them and going about in them costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=CASES, action="append", help="all unless given")
    parser.add_argument("--load-fast", choices=("true", "false"), default="true")
    chosen = parser.parse_args()
    for name in chosen.case or CASES:
        with tempfile.TemporaryDirectory() as folder:
            _measure_case(name, CASES[name], Path(folder), chosen.load_fast)


def _measure_case(name: str, case: Case, folder: Path, load_fast: str) -> None:
    log = case.log
    logs.write(log, folder, [logs.rnnweights])
    with tensorboard(str(folder), load_fast) as board, chromium() as browser:
        wait_until_loaded(board, log)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        print(
            f"{name}: {log.runs} runs x {log.steps} steps of {log.layers} LSTM({log.units}), "
            f"{log.series} series of weights and gradients"
        )
        frame = _open(page, board.url)
        devtools = page.context.new_cdp_session(page)
        if case.acts:
            _measure_steps(page, frame, devtools)
            _measure_playing(page, frame)
        _measure_looks(page, frame, devtools)


def _open(page: Page, url: str) -> Frame:
    """Opens the tab, and prints how long its first heatmap takes, and how much is received by then."""
    page.add_init_script(_NOTE_FIRST_HEATMAP)
    page.goto(f"{url}/#rnnweights")
    # TensorBoard's own page is not what is measured: the tab is opened once more, by itself.
    page.wait_for_selector("iframe", state="attached")
    frame = _frame(page)
    _until_heatmap(frame)
    _until_quiet(frame)
    received: list[Request] = []
    page.on("requestfinished", lambda request: received.append(request))
    frame.evaluate("() => { location.reload(); }")
    time.sleep(0.05)
    frame = _frame(page)
    _until_heatmap(frame)
    _until_quiet(frame)
    began, first = frame.evaluate("() => [performance.timeOrigin, window.firstHeatmap]")
    size = sum(_size(one) for one in received if began <= _ended(one) <= first)
    print(
        f"first heatmap {first - began:.0f} ms after the tab's page, {size / 1e3:.0f} kB received by then"
    )
    return frame


def _ended(request: Request) -> float:
    """When all of an answer was there, in milliseconds since 1970."""
    return request.timing["startTime"] + max(0.0, request.timing["responseEnd"])


def _size(request: Request) -> int:
    """The bytes of an answer as they were sent; those from the browser's memory count, too."""
    response = request.response()
    return int(response.headers.get("content-length", 0)) if response else 0


def _until_heatmap(frame: Frame) -> None:
    frame.wait_for_selector("[data-testid=heatmap]", state="attached")


def _measure_steps(page: Page, frame: Frame, devtools: CDPSession) -> None:
    for kind in ("weights", "gradients"):
        frame.click(f"[data-testid=kind-{kind}]")
        _until_quiet(frame)
        _look_at_heatmaps(frame)
        page.keyboard.press("Home")
        _until_quiet(frame)
        _report(f"a step, {kind}", page, devtools, lambda: page.keyboard.press("ArrowRight"))


def _measure_playing(page: Page, frame: Frame) -> None:
    """How many steps a second go by, and how often a heatmap is waited for."""
    frame.get_by_test_id("speed").select_option(str(STEPS_A_SECOND))
    _look_at_heatmaps(frame)
    page.keyboard.press("Home")
    _until_quiet(frame)
    frame.evaluate(_WATCH_PLAYING)
    frame.get_by_test_id("play").click()
    time.sleep(SECONDS_TO_PLAY)
    frame.get_by_test_id("play").click()
    steps, waits = frame.evaluate("() => [window.seenSteps.size, window.waits]")
    print(
        f"{'playing':28}{steps / SECONDS_TO_PLAY:6.1f} steps a second of {STEPS_A_SECOND}, "
        f"{waits} times a heatmap was waited for"
    )


def _measure_looks(page: Page, frame: Frame, devtools: CDPSession) -> None:
    """What changes how the same cells are painted."""
    _look_at_heatmaps(frame)
    _until_quiet(frame)
    absolute = frame.get_by_label("Absolute value")
    absolute.focus()
    _report("absolute value on or off", page, devtools, lambda: page.keyboard.press("Space"))
    reference = frame.get_by_test_id("reference")
    # Both are loaded by then.
    for choice in ('{"step":0}', "null"):
        reference.select_option(choice)
        _until_quiet(frame)
    reference.focus()
    keys = itertools.cycle(["ArrowDown", "ArrowUp"])
    _report("difference on or off", page, devtools, lambda: page.keyboard.press(next(keys)))
    heatmap = frame.locator("[data-testid=heatmap]").first
    heatmap.hover()
    page.keyboard.down("Control")
    _report("zooming by the wheel", page, devtools, lambda: page.mouse.wheel(0, -10))
    page.keyboard.up("Control")
    page.mouse.down()
    places = iter(range(STEPS_TO_TAKE))
    x, y = _middle(heatmap)
    _report("panning", page, devtools, lambda: page.mouse.move(x + 5 * next(places), y))
    page.mouse.up()


def _look_at_heatmaps(frame: Frame) -> None:
    frame.locator("[data-testid=view-heatmaps]").evaluate("one => one.scrollIntoView()")


def _middle(heatmap: Locator) -> tuple[float, float]:
    box = heatmap.bounding_box()
    if box is None:
        raise RuntimeError("the heatmap is not on screen")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _frame(page: Page) -> Frame:
    while True:
        for frame in page.frames:
            if "plugin_entry" in frame.url:
                return frame
        time.sleep(0.01)


def _until_quiet(frame: Frame) -> None:
    frame.wait_for_function("document.querySelector('main [aria-busy=true]') === null")
    time.sleep(0.8)


def _report(name: str, page: Page, devtools: CDPSession, act: Callable[[], object]) -> None:
    """Prints the script time of an act, done many times."""
    all_script = [script_of(act, page, devtools) for _ in range(STEPS_TO_TAKE)]
    in_all = statistics.median(one.in_all for one in all_script)
    longest = [one.longest_frame for one in all_script]
    ninety = statistics.quantiles(longest, n=10)[-1]
    print(
        f"{name:28}{in_all:6.1f} ms of script in all; "
        f"{statistics.median(longest):.1f} ms in its longest frame, 90 % within {ninety:.1f} ms"
    )


if __name__ == "__main__":
    main()
