"""What a benchmark has found replaces what stands between its markers, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import page
from benchmarks.growth.__main__ import PARTS

TEXT = """# Costs

<!-- growth: logging -->
old
<!-- /growth: logging -->

In between, a thousand µs.

<!-- passes -->
<!-- /passes -->
the end"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "page.md"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_only_what_is_between_the_markers_is_replaced(written: Path) -> None:
    page.write("growth: logging", "| a |\n| - |\n", "python -m benchmarks.growth logging", written)
    before, after = TEXT.split("\nold\n")
    text = written.read_text(encoding="utf-8")
    assert text.startswith(f"{before}\n\n| a |\n| - |\n\nBy `python -m benchmarks.growth logging` on ")
    assert text.endswith(f".\n\n{after}")
    assert re.search(r"on \d{4}-\d\d-\d\d: \d+ cores .*, Python 3\..*, NumPy \d", text)


def test_writing_again_replaces_it_again(written: Path) -> None:
    page.write("passes", "first", "python -m benchmarks.passes --write", written)
    page.write("passes", "second", "python -m benchmarks.passes --write", written)
    text = written.read_text(encoding="utf-8")
    assert "first" not in text
    assert text.count("second") == 1
    assert text.count("By `") == 1


@pytest.mark.parametrize(
    "text",
    ["", "<!-- passes -->", "<!-- /passes -->", "<!-- /passes --> <!-- passes -->"],
    ids=["neither", "no end", "no beginning", "the wrong way round"],
)
def test_a_page_without_the_markers_is_refused_and_left_alone(text: str, tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(page.MissingMarkerError, match="has no `<!-- passes -->` with a `<!-- /passes -->`"):
        page.write("passes", "found", "python -m benchmarks.passes --write", file)
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "name", ["logging", "passes", "large_layer", *(f"growth: {part}" for part in PARTS)]
)
def test_the_page_has_a_place_for_each_benchmark_that_writes(name: str) -> None:
    page.require(name)
