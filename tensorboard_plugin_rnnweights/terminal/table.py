"""Matrices as a table of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tabulate import tabulate

from tensorboard_plugin_rnnweights.terminal.matrices import Matrix

Column = tuple[str, str, Callable[[Matrix], str]]

# Heading, alignment, text.
_COLUMNS: tuple[Column, ...] = (
    ("run", "left", lambda one: one.run),
    ("step", "right", lambda one: "" if one.step is None else f"{one.step:,}"),
    ("layer", "left", lambda one: one.series.layer),
    ("direction", "left", lambda one: one.series.direction or ""),
    ("index", "right", lambda one: str(one.series.index)),
    ("cell", "left", lambda one: one.series.cell),
    ("matrix", "left", lambda one: one.series.matrix),
    ("shape", "right", lambda one: " x ".join(f"{size:,}" for size in one.shape)),
    ("gates", "left", lambda one: ", ".join(one.series.gates)),
    ("parameters", "right", lambda one: f"{one.parameters:,}"),
    ("frozen", "left", lambda one: "" if one.series.is_trained else "frozen"),
    ("NaN/inf", "right", lambda one: f"{one.nonfinite:,}"),
)

# What a column has to say beyond in order to be shown.
_SAYS_NOTHING = {"run": "", "step": "", "direction": "", "index": "0", "frozen": ""}


def as_table(matrices: Sequence[Matrix]) -> str:
    """A line a matrix, and the sums below."""
    columns = [
        (heading, alignment, text)
        for heading, alignment, text in _COLUMNS
        if any(text(one) != _SAYS_NOTHING.get(heading) for one in matrices)
    ]
    table = tabulate(
        [[_one_line(text(one)) for _, _, text in columns] for one in matrices],
        headers=[heading for heading, _, _ in columns],
        colalign=[alignment for _, alignment, _ in columns],
        disable_numparse=True,
        tablefmt="simple",
    )
    return f"{table}\n\n{_sums(matrices)}"


def _sums(matrices: Sequence[Matrix]) -> str:
    parameters = sum(one.parameters for one in matrices)
    frozen = sum(one.parameters for one in matrices if not one.series.is_trained)
    nonfinite = sum(one.nonfinite for one in matrices)
    cells = len({(one.run, one.series.layer, one.series.direction, one.series.index) for one in matrices})
    return (
        f"{cells:,} recurrent {'cell' if cells == 1 else 'cells'}, {parameters:,} parameters, "
        f"{frozen:,} of them frozen, {nonfinite:,} NaN or infinite"
    )


def _one_line(text: str) -> str:
    """Names can be any text, but not move the cursor of a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
