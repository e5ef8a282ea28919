"""Puts what a benchmark has found into `docs/performance.md`, between two markers."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from benchmarks import machine

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
PICTURES = PAGE.with_suffix("")


class MissingMarkerError(SystemExit):
    """Ends a benchmark with one sentence: the page has no place for what it finds."""


def arguments(parser: argparse.ArgumentParser, name: str) -> argparse.Namespace:
    """What the command line says, with an option to write to this place as well."""
    parser.add_argument("--write", action="store_true", help=f"put what is found into {PAGE.name}, too")
    parsed = parser.parse_args()
    if parsed.write:
        require(name)
    return parsed


def require(name: str, page: Path = PAGE) -> None:
    """Refuses a page without this place, so that nobody measures for minutes in vain."""
    _around(page.read_text(encoding="utf-8"), name, page)


def write(name: str, found: str, command: str, page: Path = PAGE) -> None:
    """Replaces what stands between the markers `<!-- name -->` and `<!-- /name -->`.

    Args:
        name: The place's name.
        found: Markdown: tables, pictures and what explains them.
        command: What found it, as one types it.
        page: The page.
    """
    before, after = _around(page.read_text(encoding="utf-8"), name, page)
    origin = f"By `{command}` on {datetime.date.today().isoformat()}: {machine.facts()}."
    page.write_text(f"{before}\n\n{found.strip()}\n\n{origin}\n\n{after}", encoding="utf-8")


def _around(text: str, name: str, page: Path) -> tuple[str, str]:
    """The text up to the end of the first marker, and that from the second one on."""
    first, last = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, opens, rest = text.partition(first)
    _, closes, after = rest.partition(last)
    if not opens or not closes:
        raise MissingMarkerError(f"{page} has no `{first}` with a `{last}` after it.")
    return before + first, last + after
