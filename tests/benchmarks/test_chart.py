"""A chart names its lines, for a light and a dark page, and looks the same whenever it is drawn."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.growth.chart import THEMES, Chart, Panel

LINES = {"ours": {32: 0.001, 64: 0.002}, "theirs": {32: 0.1, 64: 0.3}}
CHART = Chart(
    "costs",
    "Two lines, twice",
    ["ours", "theirs", "lacking", "others"],
    [Panel("Time", "units", "s", LINES), Panel("Room", "units", "B", {"others": {32: 2e3, 64: 5e5}})],
)


def texts_of(file: Path) -> set[str]:
    return {
        "".join(one.itertext()).strip() for one in ElementTree.parse(file).iter() if one.tag[-4:] == "text"
    }


@pytest.mark.parametrize("theme", THEMES)
def test_it_has_all_names_and_units(theme: str, tmp_path: Path) -> None:
    CHART.save(tmp_path)
    texts = texts_of(tmp_path / f"costs-{theme}.svg")
    assert {"ours", "theirs", "others", "Time", "Room", "units", "32", "64"} <= texts
    assert {"1 ms", "100 ms", "10 kB"} <= texts
    assert "lacking" not in texts


def test_the_markdown_shows_both_files(tmp_path: Path) -> None:
    markdown = CHART.save(tmp_path / "pictures")
    assert 'srcset="pictures/costs-dark.svg"' in markdown
    assert 'src="pictures/costs-light.svg" alt="Two lines, twice"' in markdown
    assert {file.name for file in (tmp_path / "pictures").iterdir()} == {
        "costs-dark.svg",
        "costs-light.svg",
    }


def test_the_same_numbers_give_the_same_files(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        CHART.save(tmp_path / folder)
    for theme in THEMES:
        first, second = (tmp_path / folder / f"costs-{theme}.svg" for folder in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()
