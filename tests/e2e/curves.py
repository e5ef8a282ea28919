"""Runs whose histograms and timelines are known, and what is read off their axes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Locator

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.e2e.logs import LSTM_GATES, UNITS, tensor
from tests.e2e.tab import Tab
from tests.tensorboard_server import tensorboard, wait_for_runs

Array = npt.NDArray[Any]

STEPS = tuple(range(0, 100, 10))
RUNS = ("a", "a-again", "b", "c")
TWINS = ("a", "a-again")
"""Runs that are the same."""
ROWS = 16
NAN_STEPS = (30, 40)
"""Where nothing of the output gate is finite, in the kernel of the first two runs."""
INFINITY_STEP = 60
"""Where one of its values is infinite."""


def kernel(run: str, step: int) -> dict[str, Array]:
    """The kernel of a run by its gates, of shape (rows, units) each.

    The input gate is 0.5, but for a quarter that is -0.5; forget is zero; cell explodes over many decades,
    and crosses zero; output has what is not finite.
    """
    generator = np.random.default_rng([max(0, RUNS.index(run) - 1), step])

    def normal() -> Array:
        return generator.normal(size=(ROWS, UNITS)).astype(np.float32)

    steady = np.full((ROWS, UNITS), 0.5, np.float32)
    steady[: ROWS // 4] = -0.5
    output = normal()
    if run in TWINS and step in NAN_STEPS:
        output[:] = np.nan
    if run in TWINS and step == INFINITY_STEP:
        output[3, 3] = np.inf
    cell = normal() * np.float32(10.0 ** (step / 10 - 6))
    return dict(zip(LSTM_GATES, (steady, np.zeros_like(steady), cell, output), strict=True))


@contextmanager
def served(logdir: Path) -> Iterator[str]:
    """The address of a TensorBoard with these runs; one layer reaches farther backward than forward."""
    for run in RUNS:
        with SummaryWriter(logdir / run) as writer:
            for step in STEPS:
                blocks = np.concatenate(list(kernel(run, step).values()), axis=1)
                values = np.linspace(-1, 1, 4 * UNITS * UNITS, dtype=np.float32).reshape(UNITS, -1)
                tensors = [
                    tensor("lstm", "kernel", blocks),
                    tensor("lstm", "bias", np.full((1, 4 * UNITS), 0.001 * step + 2, np.float32)),
                    tensor("two", "kernel", values, direction="forward"),
                    tensor("two", "kernel", 100 * values, direction="backward"),
                ]
                writer.add_tensors(tensors, "weights", step)
    with tensorboard(logdir) as url:
        wait_for_runs(url, len(RUNS))
        yield url


def reach(tab: Tab, view: str, name: str, **data: str) -> Locator:
    """Scrolls to something in a view, which is made only once it is near."""
    tab.look_at(view)
    found = tab.get(name, **data)
    found.first.scroll_into_view_if_needed()
    tab.wait_until_still()
    return found


def leave_out_heatmaps(tab: Tab) -> None:
    """Takes the heatmaps off the screen, of whose texts other tests tell."""
    tab.frame.add_style_tag(content="[data-testid=view-heatmaps] { display: none }")
    tab.wait_until_still()


def heights_by_value(picture: Locator) -> dict[float, float]:
    """Where the vertical axis of a picture has which number, in pixels from above."""
    found: list[tuple[str, float]] = picture.locator("svg text[text-anchor=end]").evaluate_all(
        "(all) => all.map((one) => [one.textContent, Number(one.getAttribute('y')) - 3])"
    )
    return {_value(text): height for text, height in found}


def _value(text: str) -> float:
    """A number, or a power of ten, as it stands on an axis."""
    plain = text.replace("\N{MINUS SIGN}", "-").replace(",", "").removesuffix(" %")
    if "10" in plain and any(one in plain for one in "⁰¹²³⁴⁵⁶⁷⁸⁹"):
        sign = -1 if plain.startswith("-") else 1
        exponent = plain.lstrip("-")[2:].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        return float(sign * 10.0 ** int(exponent))
    return float(plain)


def value_on_linear_axis(picture: Locator, height: float) -> float:
    """The number at a height of a picture whose vertical axis is linear."""
    axis = heights_by_value(picture)
    (low, bottom), (high, top) = min(axis.items()), max(axis.items())
    return low + (high - low) * (height - bottom) / (top - bottom)


def exponents_on_log_axis(picture: Locator, heights: list[float]) -> list[float]:
    """The powers of ten at heights of a picture between its numbers, which are decades; NaN elsewhere."""
    axis = sorted((value, height) for value, height in heights_by_value(picture).items() if value > 0)
    exponents = [float(np.log10(value)) for value, _ in axis]
    # Pixels run from above, and `interp` needs them to grow.
    pixels = [-height for _, height in axis]
    nowhere = {"left": np.nan, "right": np.nan}
    return [float(np.interp(-height, pixels, exponents, **nowhere)) for height in heights]


def axis_texts(picture: Locator) -> list[str]:
    """The numbers below a picture."""
    return picture.locator("svg text[text-anchor=middle]:not(.words)").all_text_contents()


def x_of(picture: Locator, step: int, last: int = STEPS[-1]) -> float:
    """Where a step is, while all are to be seen."""
    box = picture.bounding_box()
    assert box is not None
    return 40 + (box["width"] - 48) * step / last


def drag(tab: Tab, picture: Locator, first: int, last: int, end: int = STEPS[-1]) -> None:
    """Drags over some steps, while all up to the end are to be seen."""
    tab.point_in(picture, x_of(picture, first, end), 40)
    tab.page.mouse.down()
    tab.point_in(picture, x_of(picture, last, end), 50)
    tab.page.mouse.up()
