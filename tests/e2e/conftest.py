"""One browser, and one TensorBoard a logdir, for all browser tests."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.e2e import curves, logs, probed
from tests.e2e.tab import Tab, leave
from tests.tensorboard_server import tensorboard, wait_for_runs

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
MILLISECONDS_TO_WAIT = 20_000
"""For whatever is to come: long enough for a busy machine that paints without a graphics card."""

SIZE: ViewportSize = {"width": 1440, "height": 900}

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


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Page]:
    """One page for all tests, since TensorBoard's own part takes longer to open than ours."""
    page = _new_page(browser)
    yield page
    page.close()


@pytest.fixture
def page(window: Page, serve: Callable[..., str]) -> Iterator[Page]:
    """A page on which nothing may go wrong: no error, no fault of ours in the console, no foreign host."""
    # It asks for what comes next, and so is left before its server ends.
    del serve
    with _without_faults(window):
        yield window
        window.unroute_all(behavior="ignoreErrors")
        leave(window)
    window.set_viewport_size(SIZE)
    window.emulate_media(color_scheme="light", reduced_motion="no-preference")
    window.context.clear_permissions()


@pytest.fixture
def fresh_page(browser: Browser, serve: Callable[..., str]) -> Iterator[Page]:
    """The same, for tests that leave something behind in it."""
    del serve
    page = _new_page(browser)
    with _without_faults(page):
        yield page
        page.close()


@pytest.fixture
def requested(page: Page) -> Iterator[list[str]]:
    """The addresses that the page has asked for by now, in their order."""
    found: list[str] = []

    def note(request: Request) -> None:
        found.append(request.url)

    page.on("request", note)
    yield found
    page.remove_listener("request", note)


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


def _new_page(browser: Browser) -> Page:
    page = browser.new_page(viewport=SIZE, color_scheme="light")
    page.set_default_timeout(MILLISECONDS_TO_WAIT)
    return page


@contextlib.contextmanager
def _without_faults(page: Page) -> Iterator[None]:
    """Watches a page, and fails where something went wrong on it."""
    faults: list[str] = []

    def on_error(error: Error) -> None:
        faults.append(str(error))

    def on_message(message: ConsoleMessage) -> None:
        _check_message(message, faults)

    def on_request(request: Request) -> None:
        _check_host(request.url, faults)

    page.on("pageerror", on_error)
    page.on("console", on_message)
    page.on("request", on_request)
    yield
    page.remove_listener("pageerror", on_error)
    page.remove_listener("console", on_message)
    page.remove_listener("request", on_request)
    assert faults == []


def _check_message(message: ConsoleMessage, faults: list[str]) -> None:
    # Under a prefix TensorBoard's page doesn't find its own icon and fonts, which is no fault of ours.
    is_theirs = "Failed to load resource" in message.text and "/data/" not in message.location["url"]
    if message.type == "error" and not is_theirs:
        faults.append(f"{message.text} {message.location['url']}")


def _check_host(url: str, faults: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        faults.append(f"a request to {url}")
