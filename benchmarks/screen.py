"""How much script the tab costs: as it opens, at each step, and as colours and the zoom change.

The time is that of the page's main thread in script, as Chromium counts it, so that painting without a
graphics card doesn't count. It needs an installed Chromium.

python -m benchmarks.screen
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import CDPSession, Frame, Page, sync_playwright

from benchmarks.tensorboard_process import tensorboard, wait_until_loaded
from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter

GATES = ("input", "forget", "cell", "output")
STEPS_TO_TAKE = 20
ARGUMENTS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def main() -> None:
    """Writes the logs, and prints what opening them and going about in them costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--units", type=int, default=256)
    parser.add_argument("--steps", type=int, default=100)
    sizes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for run in range(sizes.runs):
            _write(Path(folder) / f"run-{run:03}", run, sizes.layers, sizes.units, sizes.steps)
        with tensorboard(folder, "true") as url, sync_playwright() as playwright:
            series = 2 * 3 * sizes.layers
            wait_until_loaded(f"{url}/data/plugin/rnnweights/", sizes.runs * series, sizes.steps)
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            print(
                f"{sizes.runs} runs x {sizes.steps} steps of {sizes.layers} LSTM({sizes.units}), "
                "weights and gradients"
            )
            _measure(page, url)
            browser.close()


def _write(logdir: Path, seed: int, layers: int, units: int, steps: int) -> None:
    generator = np.random.default_rng(seed)
    rows = {"kernel": 64, "recurrent_kernel": units, "bias": 1}
    with SummaryWriter(logdir, updates=False) as writer:
        for step in range(steps):
            for kind, scale in (("weights", 0.05), ("gradients", 1e-4)):
                tensors = [
                    GateTensor(
                        layer=f"lstm_{layer}",
                        direction=None,
                        index=0,
                        cell="LSTM",
                        matrix=matrix,
                        gates=GATES,
                        values=generator.normal(scale=scale, size=(count, 4 * units)).astype(np.float32),
                    )
                    for layer in range(layers)
                    for matrix, count in rows.items()
                ]
                writer.add_tensors(tensors, kind, step)


def _measure(page: Page, url: str) -> None:
    bytes_received: list[int] = []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda event: bytes_received.append(event["encodedDataLength"]))
    # The thread's own time: waiting for a painter without a graphics card is none of it.
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(f"{url}/#rnnweights")
    # TensorBoard's own page is not what is measured: the tab is opened once more, by itself.
    page.wait_for_selector("iframe", state="attached")
    frame = _frame(page)
    frame.wait_for_selector("[data-testid=heatmap]")
    received, started = len(bytes_received), time.perf_counter()
    frame.evaluate("() => { location.reload(); }")
    time.sleep(0.05)
    frame = _frame(page)
    frame.wait_for_selector("[data-testid=heatmap]")
    seconds = time.perf_counter() - started
    size = sum(bytes_received[received:])
    print(
        f"first heatmap {seconds * 1e3:.0f} ms after the tab's page, {size / 1e3:.0f} kB received by then"
    )
    _until_quiet(frame)
    frame.locator("main").evaluate("one => one.scrollTo(0, 0)")
    for name, kind in (("weights", "weights"), ("gradients", "gradients")):
        frame.click(f"[data-testid=kind-{kind}]")
        _until_quiet(frame)
        page.keyboard.press("Home")
        _until_quiet(frame)
        _report(f"a step, {name}", devtools, frame, lambda: page.keyboard.press("ArrowRight"))
    label = frame.get_by_label("Absolute value")
    _report("absolute value on or off", devtools, frame, label.click)
    heatmap = frame.locator("[data-testid=heatmap]").first
    heatmap.hover()
    page.keyboard.down("Control")
    _report("zooming by the wheel", devtools, frame, lambda: page.mouse.wheel(0, -30))
    page.keyboard.up("Control")


def _frame(page: Page) -> Frame:
    while True:
        for frame in page.frames:
            if "plugin_entry" in frame.url:
                return frame
        time.sleep(0.01)


def _until_quiet(frame: Frame) -> None:
    frame.wait_for_function("document.querySelector('main [aria-busy=true]') === null")
    time.sleep(0.8)


def _report(name: str, devtools: CDPSession, frame: Frame, act: Callable[[], object]) -> None:
    """Prints the script time of an act, done many times."""
    times = []
    for _ in range(STEPS_TO_TAKE):
        before = _script_seconds(devtools)
        act()
        # Until it is painted.
        frame.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))")
        times.append((_script_seconds(devtools) - before) * 1e3)
    ninety = statistics.quantiles(times, n=10)[-1]
    print(f"{name:28}{statistics.median(times):6.1f} ms of script, 90 % within {ninety:.1f} ms")


def _script_seconds(devtools: CDPSession) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "ScriptDuration"))


if __name__ == "__main__":
    main()
