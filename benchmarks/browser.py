"""The installed Chromium, without a window."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

# Without a graphics card, WebGL is painted by the processor.
_ARGUMENTS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser, that of `RNNWEIGHTS_CHROMIUM` if that is set.

    Raises:
        FileNotFoundError: If there is none.
    """
    installed = filter(None, map(shutil.which, _NAMES))
    path = os.environ.get("RNNWEIGHTS_CHROMIUM") or next(installed, None)
    if path is None:
        raise FileNotFoundError("this needs Chromium: install it, or set RNNWEIGHTS_CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()
