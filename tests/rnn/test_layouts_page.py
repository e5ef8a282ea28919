"""The page of gate layouts is the one that the table makes."""

from __future__ import annotations

from pathlib import Path

from tests.rnn.layouts_page import COMMAND, page

PAGE = Path(__file__).parents[2] / "docs" / "layouts.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), f"make it again: {COMMAND}"


def test_every_shape_is_told_in_words() -> None:
    rows = [line for line in page().splitlines() if line.startswith("|") and "(" in line]
    shapes = [line.split("|")[3].strip(" (),") for line in rows]
    numbers = {word.strip() for shape in shapes for word in shape.split(",") if word.strip().isdigit()}
    # The two rows of a GRU's bias; all other numbers would be sizes that were not recognised.
    assert numbers == {"2"}
