"""The tab as a person uses it."""

from __future__ import annotations

import re

from playwright.sync_api import Frame, Locator, Page, expect

# Until nothing is loading, and all pictures stay where they are and as they are for some frames.
_UNTIL_STILL = """() => new Promise((done) => {
  let before = "";
  let stillFrames = 0;
  const look = () => {
    const pictures = [...document.querySelectorAll("main :is(svg, canvas)")];
    const now = JSON.stringify(pictures.map((one) => [one.getBoundingClientRect(), one.clientWidth]));
    const isBusy = document.querySelector("main [aria-busy=true]") !== null;
    stillFrames = now === before && !isBusy ? stillFrames + 1 : 0;
    before = now;
    if (stillFrames < 5) requestAnimationFrame(look);
    else done();
  };
  look();
})"""

# What is above a view is made on the way to it, and pushes it down, maybe so far that it is unmade; what
# was there may be of what was shown before, and go. Ends once nobody would wait any more.
_UNTIL_MADE = """([view, part]) => new Promise((done) => {
  const end = performance.now() + 20_000;
  let madeFrames = 0;
  const look = () => {
    const place = document.querySelector(`[data-testid="${view}"]`);
    const isMade = Boolean(place?.querySelector(part));
    if (!isMade) place?.scrollIntoView();
    const isBusy = document.querySelector("main [aria-busy=true]") !== null;
    madeFrames = isMade && !isBusy ? madeFrames + 1 : 0;
    if (madeFrames > 4 || performance.now() > end) done();
    else requestAnimationFrame(look);
  };
  look();
})"""

# Ends what is ours in TensorBoard's page.
_LEAVE = "() => document.querySelector('iframe')?.contentWindow.location.replace('about:blank')"

_WAS_LEFT = """(isDark) => document.body.classList.contains("dark-mode") === isDark
  && document.querySelector("iframe")?.contentWindow.location.href === "about:blank\""""

# Our part anew in a page of TensorBoard's that was left, as if nobody had been there.
_OPEN_AGAIN = """() => {
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(history.state, "", `${location.pathname}${location.search}#rnnweights`);
  const frame = document.querySelector("iframe");
  frame.contentWindow.location.replace(frame.src);
}"""


def leave(page: Page) -> None:
    """Closes the tab, and leaves TensorBoard's own page open."""
    page.evaluate(_LEAVE)


class Tab:
    """Our part of TensorBoard's page.

    Args:
        page: The browser's page.
        url: TensorBoard's address; with its hash, where what is shown is not left to the tab.
        is_dark: Whether TensorBoard is opened in its dark mode.
    """

    def __init__(self, page: Page, url: str, is_dark: bool = False) -> None:
        self.page = page
        if "#" not in url and _was_left(page, url, is_dark):
            page.evaluate(_OPEN_AGAIN)
        else:
            # From the same page with another hash, the browser would go nowhere.
            page.goto("about:blank")
            page.goto(url if "#" in url else f"{url}/{'?darkMode=true' if is_dark else ''}#rnnweights")
        page.wait_for_selector("iframe", state="attached")
        page.wait_for_function(
            "document.querySelector('iframe')?.contentDocument?.body?.children.length > 0"
        )
        self.frame: Frame = next(frame for frame in page.frames if "plugin_entry" in frame.url)

    def reopened(self) -> Tab:
        """The tab as its address opens it in a new page's place."""
        return Tab(self.page, self.page.url)

    def get(self, name: str, **data: str) -> Locator:
        """The elements of a `data-testid`, and of `data-` attributes."""
        attributes = "".join(f"[data-{key}='{value}']" for key, value in data.items())
        return self.frame.locator(f"[data-testid='{name}']{attributes}")

    def open_layer(self, layer: str, direction: str | None = None) -> None:
        """Opens a layer by a click in the list, which is folded away where the window is narrow."""
        data = {"layer": layer} if direction is None else {"layer": layer, "direction": direction}
        row, fold = self.get("layer", **data), self.get("unfold-sidebar")
        expect(row).to_be_attached()
        is_folded = fold.is_visible()
        if is_folded:
            fold.click()
        row.click()
        if is_folded:
            fold.click()
        expect(self.get("open-layer")).to_contain_text(layer)
        self.wait_for_heatmaps()

    def choose_kind(self, kind: str) -> None:
        """Chooses a kind by a click in the header, and waits until there is something of it."""
        self.get(f"kind-{kind}").click()
        expect(self.get(f"kind-{kind}")).to_have_attribute("aria-pressed", "true")
        self.wait_for_heatmaps()

    def open_signals(self, kind: str, layer: str, direction: str | None = None, plane: str = "") -> None:
        """Opens what flows in a layer: of one sample, or else the mean over the batch."""
        self.choose_kind(kind)
        self.open_layer(layer, direction)
        if plane:
            self.get(f"plane-{plane}").click()
            expect(self.get(f"plane-{plane}")).to_have_attribute("aria-pressed", "true")
            self.wait_for_heatmaps()

    def look_at(self, view: str) -> None:
        """Scrolls to a view, which is made only then."""
        place = self.get(f"view-{view}")
        expect(place).to_be_attached()
        for _ in range(2):
            place.evaluate("one => one.scrollIntoView()")
            self.frame.evaluate(_UNTIL_MADE, [f"view-{view}", "section"])
            self.wait_until_still()
        expect(place.locator("section").first).to_be_visible()

    def wait_for_heatmaps(self) -> None:
        """Waits until each card has all its heatmaps, painted, and nothing moves any more.

        Where another view comes first, the heatmaps are made only once they are scrolled to.
        """
        expect(self.get("view-heatmaps")).to_be_attached()
        self.frame.evaluate(_UNTIL_MADE, ["view-heatmaps", "[data-testid=heatmap]"])
        expect(self.get("heatmap").first).to_be_visible()
        expect(self.frame.locator(".matrix[aria-busy=true]")).to_have_count(0)
        self.wait_until_still()

    def wait_until_still(self) -> None:
        """Waits until nothing is loading, and all pictures stay where they are and as they are."""
        self.frame.evaluate(_UNTIL_STILL)

    def heatmap(self, run: str, matrix: str) -> Locator:
        """One run's picture of one matrix."""
        return self.get("run-card", run=run).locator(f"[data-testid=heatmap][data-matrix={matrix}]")

    def color_at(self, heatmap: Locator, x: float, y: float) -> tuple[int, int, int]:
        """The colour painted at a place of a heatmap, as shares of its width and height."""
        red, green, blue = heatmap.locator("canvas").evaluate(
            """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
                Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data].slice(0, 3)""",
            [x, y],
        )
        return red, green, blue

    def opacity_at(self, heatmap: Locator, x: float, y: float) -> int:
        """How opaque a place of a heatmap is: from 0, where nothing is painted, to 255."""
        opacity: int = heatmap.locator("canvas").evaluate(
            """(canvas, [x, y]) => canvas.getContext("2d").getImageData(
                Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data[3]""",
            [x, y],
        )
        return opacity

    def point_at(self, heatmap: Locator, x: float, y: float) -> None:
        """Moves the pointer to a place of a heatmap, as shares of its width and height."""
        heatmap.scroll_into_view_if_needed()
        box = heatmap.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])

    def point_in(self, picture: Locator, x: float, y: float) -> None:
        """Moves the pointer to a place of a picture, in pixels from its corner."""
        picture.scroll_into_view_if_needed()
        self.wait_until_still()
        box = picture.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + x, box["y"] + y)

    def record_steps(self) -> None:
        """Writes down each step that is shown from now on, however shortly it stands."""
        self.get("step-label").evaluate(
            """(label) => {
              window.shownSteps = [];
              const options = { childList: true, characterData: true, subtree: true };
              new MutationObserver(() => window.shownSteps.push(label.textContent)).observe(label, options);
            }"""
        )

    def recorded_steps(self) -> list[str]:
        """What stood on screen since `record_steps`, each once and in order."""
        texts: list[str] = self.frame.evaluate("window.shownSteps")
        return list(dict.fromkeys(texts))

    def expect_step(self, step: int) -> None:
        """Waits until this is the step that is shown."""
        expect(self.get("step-label")).to_have_text(re.compile(rf"^step {step:,} of "))


def _was_left(page: Page, url: str, is_dark: bool) -> bool:
    """Whether a page shows this TensorBoard, and our part of it is closed."""
    is_theirs = page.url.startswith((f"{url}/#rnnweights", f"{url}/?darkMode=true#rnnweights"))
    return is_theirs and bool(page.evaluate(_WAS_LEFT, is_dark))
