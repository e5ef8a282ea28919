"""Texts that run into each other, and what is cut off at the side: seen as a person would see it."""

from __future__ import annotations

from tests.e2e.tab import Tab

# Of all texts in the window: the part of each that nothing clips. What is laid over others is left out.
_OVERLAPS = """() => {
  const LAID_OVER =
    "dialog, .tooltip, .reading, .save-items, .glance-head, .glance-name, .hidden-text, option";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement: owner } = walker.currentNode;
    const isSeen = data.trim() && owner.checkVisibility({ visibilityProperty: true });
    if (!isSeen || owner.closest(LAID_OVER)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      let { left, top, right, bottom } = box;
      for (let around = owner; around !== document.body; around = around.parentElement) {
        if (around instanceof SVGElement || getComputedStyle(around).overflowX === "visible") continue;
        const edge = around.getBoundingClientRect();
        [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
        [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
      }
      const isLeft = right - left > 1 && bottom - top > 1;
      if (isLeft) found.push({ left, top, right, bottom, owner, text: data.trim() });
    }
  }
  const meet = (a, b) =>
    // What is cut short has two boxes.
    a.owner !== b.owner &&
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    // Boxes of lines that stand close touch where their letters don't.
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  return found.flatMap((one, place) =>
    found.slice(place + 1).filter((other) => meet(one, other)).map(({ text }) => `${one.text} | ${text}`));
}"""

_TOO_WIDE = "({ scrollWidth, clientWidth }) => scrollWidth - clientWidth"


def overlapping_texts(tab: Tab) -> list[str]:
    """Each two texts in the window that lie over each other."""
    found: list[str] = tab.frame.evaluate(_OVERLAPS)
    return found


def pixels_too_wide(tab: Tab) -> int:
    """By how many pixels the page, or what scrolls in it, is wider than the window."""
    return max(int(tab.frame.locator(name).evaluate(_TOO_WIDE)) for name in ("html", "main"))
