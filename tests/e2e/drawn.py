"""Reads pictures back: where curves, dots and bars are drawn, and which texts run into each other."""

from __future__ import annotations

import re

from playwright.sync_api import Frame, Locator

Point = tuple[float, float]

_PLACE = re.compile(r"[ML](-?[\d.e-]+)[ ,](-?[\d.e-]+)")
_BAR = re.compile(r"M\S+ (-?[\d.e-]+)V(-?[\d.e-]+)")

_OVERLAPS = """() => {
  const inMain = [...document.querySelectorAll("main *")];
  const isText = (one) => [...one.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
  const texts = inMain.filter((one) => isText(one) && !one.closest(".hidden-text, .reading, details"))
    .map((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return { one, text: one.textContent.trim(), box: range.getBoundingClientRect() };
    })
    .filter(({ box }) => box.width > 0 && box.height > 0);
  const found = [];
  texts.forEach((a, place) => texts.slice(place + 1).forEach((b) => {
    const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    const isApart = !a.one.contains(b.one) && !b.one.contains(a.one);
    if (isApart && width > 1 && height > 4) found.push(`'${a.text}' and '${b.text}'`);
  }));
  return found;
}"""

_OUTSIDE = """() => [...document.querySelectorAll("main .card *")].filter((one) => {
  const card = one.closest(".card").getBoundingClientRect();
  const box = one.getBoundingClientRect();
  return box.width > 0 && !one.closest(".heatmap, .hidden-text")
    && (box.left < card.left - 1 || box.right > card.right + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""


def points(path: Locator) -> list[Point]:
    """The points of a path of straight lines, in pixels of its picture."""
    return [(float(x), float(y)) for x, y in _PLACE.findall(path.get_attribute("d") or "")]


def bars(path: Locator) -> list[float]:
    """How far each bar of a path goes up from where it begins, in pixels."""
    found = _BAR.findall(path.get_attribute("d") or "")
    return [float(start) - float(end) for start, end in found]


def color_in(canvas: Locator, x: float, y: float) -> tuple[int, int, int]:
    """The colour painted at a place of a canvas, as shares of its width and height."""
    red, green, blue = canvas.evaluate(
        """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
            Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data].slice(0, 3)""",
        [x, y],
    )
    return red, green, blue


def number(text: str) -> float:
    """A number as it stands on screen."""
    return float(text.replace("\N{MINUS SIGN}", "-"))


def texts_that_overlap(frame: Frame) -> list[str]:
    """Pairs of texts of which one covers a part of the other, once all has found its place."""
    return _lasting(frame, _OVERLAPS)


def parts_outside_of_cards(frame: Frame) -> list[str]:
    """What sticks out of its card, once all has found its place."""
    return _lasting(frame, _OUTSIDE)


def _lasting(frame: Frame, script: str) -> list[str]:
    """What a script finds again and again; what only a layout that is on its way has is gone soon."""
    found: list[str] = []
    for _ in range(20):
        found = frame.evaluate(script)
        if not found:
            break
        frame.wait_for_timeout(100)
    return found
