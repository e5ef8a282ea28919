"""One browser, and one TensorBoard a logdir, for all browser tests."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e import curves, logs, probed
from tests.e2e.tab import Tab
from tests.tensorboard_server import tensorboard, wait_for_runs

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
MILLISECONDS_TO_WAIT = 20_000
"""For whatever is to come: long enough for a busy machine that paints without a graphics card."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # WebGL 2 without a graphics card.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # All else is faster without it.
    "--disable-gpu-compositing",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    installed = filter(None, map(shutil.which, CHROMIUMS))
    path = os.environ.get("RNNWEIGHTS_CHROMIUM") or next(installed, None)
    if path is None:
        pytest.fail("the browser tests need Chromium: install it, or set RNNWEIGHTS_CHROMIUM to its path")
    expect.set_options(timeout=MILLISECONDS_TO_WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serves a logdir with so many runs, and gives the address: for as long as there is a page."""
    with contextlib.ExitStack() as servers:

        def serve_it(logdir: Path, runs: int, *options: str, path_prefix: str = "") -> str:
            url = servers.enter_context(tensorboard(logdir, *options, path_prefix=path_prefix))
            wait_for_runs(url, runs)
            return url

        yield serve_it


@pytest.fixture
def page(browser: Browser, serve: Callable[..., str]) -> Iterator[Page]:
    """A page on which nothing may go wrong: no error, no fault of ours in the console, no foreign host."""
    # It asks for what comes next, and so is closed before its server is.
    del serve
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page.set_default_timeout(MILLISECONDS_TO_WAIT)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: _check_message(message, faults))
    page.on("request", lambda request: _check_host(request.url, faults))
    yield page
    page.close()
    assert faults == []


@pytest.fixture
def open_tab(page: Page) -> Callable[..., Tab]:
    def open_it(url: str, is_dark: bool = False) -> Tab:
        return Tab(page, url, is_dark)

    return open_it


@pytest.fixture(scope="session")
def compared_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard with two runs."""
    yield from _served(tmp_path_factory.mktemp("compared"), logs.write_compared_runs, 2)


@pytest.fixture(scope="session")
def curve_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard with runs whose histograms and timelines are known."""
    with curves.served(tmp_path_factory.mktemp("curves")) as url:
        yield url


@pytest.fixture(scope="session")
def odd_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard with odd names, and runs with different steps."""
    yield from _served(tmp_path_factory.mktemp("odd"), logs.write_odd_runs, 2)


@pytest.fixture(scope="session")
def probed_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[probed.Probed]:
    """A TensorBoard with runs of which is known what flowed in them."""
    logdir = tmp_path_factory.mktemp("probed")
    runs = probed.write_runs(logdir)
    with tensorboard(logdir) as url:
        wait_for_runs(url, len(runs))
        yield probed.Probed(url, runs)


@pytest.fixture(scope="session")
def odd_probed_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard with odd names, and tokens, of what flows."""
    yield from _served(tmp_path_factory.mktemp("odd_probed"), probed.write_odd_run, 1)


def _served(logdir: Path, write: Callable[[Path], None], count: int) -> Iterator[str]:
    write(logdir)
    with tensorboard(logdir) as url:
        wait_for_runs(url, count)
        yield url


def _check_message(message: ConsoleMessage, faults: list[str]) -> None:
    # Under a prefix TensorBoard's page doesn't find its own icon and fonts, which is no fault of ours.
    is_theirs = "Failed to load resource" in message.text and "/data/" not in message.location["url"]
    if message.type == "error" and not is_theirs:
        faults.append(f"{message.text} {message.location['url']}")


def _check_host(url: str, faults: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        faults.append(f"a request to {url}")
