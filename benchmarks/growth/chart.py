"""Charts of lines over logarithmic axes, side by side, for a light and for a dark page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

from benchmarks.amounts import amount

Line = Mapping[int, float]
"""What was measured: y by x."""

# As wide as GitHub shows a picture: 850 pixels, of which an inch of SVG has 96.
_WIDTH = 850 / 96
_PANEL_HEIGHT = 2.9
_LEGEND_ROW = 0.2
_LEGEND_COLUMNS = 3

_MARKERS = "osD^vP"
"""Lines are told apart by their markers, too."""


@dataclass(frozen=True)
class Theme:
    """Colours for one kind of page.

    Attributes:
        text: Of titles, labels and the legend.
        quiet: Of the numbers at the axes.
        grid: Of the lines behind.
        lines: One for each; the first stands out.
    """

    text: str
    quiet: str
    grid: str
    lines: tuple[str, ...]


THEMES = {
    "light": Theme(
        text="#1c2126",
        quiet="#5c6670",
        grid="#dfe3e8",
        lines=("#0b57d0", "#b8320a", "#c08400", "#00805f", "#a0389c", "#8a939d"),
    ),
    "dark": Theme(
        text="#e9ecef",
        quiet="#a0a9b2",
        grid="#2c333b",
        lines=("#78aef8", "#f2703a", "#f7d774", "#2fc596", "#f79ac9", "#8b959f"),
    ),
}
"""By the name that ends the file's name."""


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Attributes:
        title: What it shows.
        x: What grows.
        unit: That of the numbers upwards, such as `s` or `B`; prefixes are added.
        lines: By the names that the legend has.
    """

    title: str
    x: str
    unit: str
    lines: Mapping[str, Line]


@dataclass(frozen=True)
class Chart:
    """A picture.

    Attributes:
        name: That of its files, without the theme.
        description: What it shows, for those who can't see it.
        names: Of lines, in the order of their colours, of which the first is ours; others may lack.
        panels: Side by side.
    """

    name: str
    description: str
    names: Sequence[str]
    panels: Sequence[Panel]

    def save(self, folder: Path) -> str:
        """Draws it for each theme, and gives the Markdown that shows it on a page beside the folder."""
        folder.mkdir(exist_ok=True)
        # No date and no random names, so that a new picture differs by what was measured alone.
        with mpl.rc_context({"svg.hashsalt": self.name, "svg.fonttype": "none", "font.size": 9}):
            for theme, colours in THEMES.items():
                figure = self.figure(colours)
                file = folder / f"{self.name}-{theme}.svg"
                figure.savefig(file, transparent=True, metadata={"Date": None})
        light, dark = (f"{folder.name}/{self.name}-{theme}.svg" for theme in THEMES)
        return (
            "<picture>\n"
            f'  <source media="(prefers-color-scheme: dark)" srcset="{dark}">\n'
            f'  <img src="{light}" alt="{self.description}">\n'
            "</picture>"
        )

    def figure(self, theme: Theme) -> Figure:
        """Draws it in the colours of one theme."""
        styles = {name: _style(place, theme) for place, name in enumerate(self.names)}
        shown = [name for name in self.names if any(name in panel.lines for panel in self.panels)]
        legend_height = _LEGEND_ROW * (math.ceil(len(shown) / _LEGEND_COLUMNS) + 0.5)
        figure = Figure((_WIDTH, _PANEL_HEIGHT + legend_height), layout="constrained")
        [row] = figure.subplots(1, len(self.panels), squeeze=False)
        for axes, panel in zip(row, self.panels, strict=True):
            _draw(axes, panel, styles, theme)
        figure.legend(
            handles=[Line2D([], [], label=name, **styles[name]) for name in shown],
            loc="outside upper left",
            ncols=_LEGEND_COLUMNS,
            frameon=False,
            labelcolor=theme.text,
        )
        return figure


def _draw(axes: Axes, panel: Panel, styles: Mapping[str, dict[str, Any]], theme: Theme) -> None:
    axes.set(xscale="log", yscale="log")
    for name, line in panel.lines.items():
        axes.plot([*line], [*line.values()], **styles[name])
    axes.set_title(panel.title, loc="left", color=theme.text, fontsize="medium", fontweight="bold")
    axes.set_xlabel(panel.x, color=theme.text)
    axes.tick_params(length=0, labelcolor=theme.quiet)
    axes.xaxis.set_major_locator(FixedLocator(sorted({x for line in panel.lines.values() for x in line})))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    axes.set_ylim(*_whole_decades([y for line in panel.lines.values() for y in line.values()]))
    axes.yaxis.set_major_locator(LogLocator(numticks=12))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: _at_axis(y, panel.unit)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.grid(color=theme.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)


def _whole_decades(values: Sequence[float]) -> tuple[float, float]:
    """Limits that both have a number at the axis."""
    first, last = (math.floor(math.log10(value)) for value in (min(values), max(values)))
    return 10.0**first, 10.0 ** (last + 1)


def _style(place: int, theme: Theme) -> dict[str, Any]:
    return {
        "color": theme.lines[place],
        "marker": _MARKERS[place],
        "linewidth": 1.4 if place else 2.4,
        "markersize": 4 if place else 5.5,
        # What lies on the edge is whole, and the first one above the others.
        "clip_on": False,
        "zorder": 2.5 - place / 10,
    }


def _at_axis(value: float, unit: str) -> str:
    number, _, prefixed = amount(value, unit).partition(" ")
    return f"{float(number.replace(',', '')):g} {prefixed}"
