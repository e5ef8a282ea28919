"""What a tab of TensorBoard takes in Chromium until its first picture, once TensorBoard's page is open."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, Request

# A tab for which nothing is logged.
_EMPTY = "text"
_MILLISECONDS_TO_OPEN = 120_000


@dataclass(frozen=True)
class Tab:
    """One of TensorBoard's.

    Attributes:
        hash: In its address.
        picture: A selector of what a person wants to see.
        is_framed: Whether TensorBoard shows it in a frame of its own.
    """

    hash: str
    picture: str
    is_framed: bool


OURS = Tab("rnnweights", "[data-testid=heatmap]", is_framed=True)
HISTOGRAMS = Tab("histograms", "vz-histogram-timeseries path.outline", is_framed=False)


@dataclass(frozen=True)
class Opening:
    """One.

    Attributes:
        seconds: From the moment that the tab is chosen until its first picture.
        received: The bytes of all answers between.
    """

    seconds: float
    received: int


@contextlib.contextmanager
def opened(browser: Browser, url: str, tab: Tab) -> Iterator[Opening]:
    """Opens a tab that this browser never opened before, and leaves it open."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    with page.expect_response("**/plugins_listing*"):
        page.goto(f"{url}/#{_EMPTY}")
    page.wait_for_load_state("networkidle")
    received: list[Request] = []
    page.on("requestfinished", lambda request: received.append(request))
    start = time.perf_counter()
    page.evaluate("(hash) => { location.hash = hash; }", tab.hash)
    _wait_for_picture(page, tab)
    seconds = time.perf_counter() - start
    yield Opening(seconds, sum(_bytes_of(one) for one in received))
    context.close()


def _wait_for_picture(page: Page, tab: Tab) -> None:
    place = page.frame_locator("iframe") if tab.is_framed else page
    place.locator(tab.picture).first.wait_for(state="attached", timeout=_MILLISECONDS_TO_OPEN)


def _bytes_of(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
