"""Tables in Markdown, which can be read in a terminal, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tabulate import tabulate

from benchmarks.amounts import amount, digits

Rows = Mapping[str, Sequence[str]]
"""Cells by what stands before them."""


def of_rows(headings: Sequence[str], rows: Rows) -> str:
    """A table of numbers."""
    return _table(headings, [[name, *cells] for name, cells in rows.items()])


def of_groups(headings: Sequence[str], groups: Mapping[str, Rows]) -> str:
    """A table whose rows are in groups, each below its title."""
    rows = []
    for title, of_group in groups.items():
        rows.append([f"**{title}**"])
        rows += [[name, *cells] for name, cells in of_group.items()]
    return _table(headings, rows)


def times_ours(value: float, unit: str, ratio: float) -> str:
    """A number, and how many times as large it is as ours."""
    return f"{amount(value, unit)} ({digits(ratio)} x)"


def beside_ours(ours: str, lines: Mapping[str, Mapping[int, float]], unit: str) -> Rows:
    """Rows of what was measured by size: ours, and the others as multiples of it; empty where one lacks.

    Args:
        ours: The name of ours.
        lines: By name, numbers by size.
        unit: Of the numbers.
    """
    sizes = lines[ours]
    return {
        name: [
            amount(line[size], unit)
            if name == ours
            else times_ours(line[size], unit, line[size] / sizes[size])
            if size in line
            else ""
            for size in sizes
        ]
        for name, line in {ours: sizes, **lines}.items()
    }


def _table(headings: Sequence[str], rows: list[list[str]]) -> str:
    return tabulate(
        rows,
        headers=["", *headings],
        tablefmt="pipe",
        colalign=("left", *("right" for _ in headings)),
        disable_numparse=True,
    )
