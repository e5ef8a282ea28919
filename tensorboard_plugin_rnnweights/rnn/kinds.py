"""THE table of kinds: what the numbers of a series can be. One row a kind; nothing else lists them.

The catalog serves this table, so that the tab has no list of its own. A further kind is one more row here,
and whatever computes its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of numbers.

    Attributes:
        name: Its name in code, in files, over HTTP and, with spaces, on screen.
        rows: What a row of its matrices is: `"input"` (what comes in), `"unit"`, or `"loss time"` (the time
            step at which the loss or the output is looked at).
        columns: What a column of one gate is: `"unit"` or `"time"`.
        has_gates: Whether columns are grouped by the cell's gates.
        is_of_matrix: Whether its series are of one weight tensor each; if not, a cell has one series of it.
        views: The views that suit it, in the order in which they are shown.
        help: What it tells, in one sentence.
        samples: How many samples of the probe, at most, have a plane of their own in a heatmap, beside the
            mean over the batch; 0 where a heatmap is one matrix without planes.
        spans_decades: Whether its numbers lie orders of magnitude apart as a rule, within a matrix and from
            step to step: they are then shown on logarithmic scales unless a person wants it otherwise.
        is_dear: Whether it takes so long to compute that it is observed only where a heatmap is due: each
            of its snapshots then has one.
    """

    name: str
    rows: str
    columns: str
    has_gates: bool
    is_of_matrix: bool
    views: tuple[str, ...]
    help: str
    samples: int = 0
    spans_decades: bool = False
    is_dear: bool = False


WEIGHTS = "weights"
GRADIENTS = "gradients"
UPDATES = "updates"
OUTPUTS = "outputs"
CELL_STATES = "cell_states"
GATE_ACTIVATIONS = "gate_activations"
OUTPUT_GRADIENTS = "output_gradients"
GATE_GRADIENTS = "gate_gradients"
REACH = "reach"
CORRELATIONS = "correlations"

KINDS: tuple[Kind, ...] = (
    Kind(
        WEIGHTS,
        rows="input",
        columns="unit",
        has_gates=True,
        is_of_matrix=True,
        views=("heatmaps", "histograms", "timelines", "weight_gradient", "spectrum"),
        help="What was learnt so far.",
    ),
    Kind(
        GRADIENTS,
        rows="input",
        columns="unit",
        has_gates=True,
        is_of_matrix=True,
        views=("heatmaps", "histograms", "timelines", "weight_gradient"),
        help="What the optimizer was given for the weights, before clipping.",
        spans_decades=True,
    ),
    Kind(
        UPDATES,
        rows="input",
        columns="unit",
        has_gates=True,
        is_of_matrix=True,
        views=("heatmaps", "histograms", "timelines"),
        help="The weights now minus the weights at the last snapshot.",
        spans_decades=True,
    ),
    Kind(
        OUTPUTS,
        rows="unit",
        columns="time",
        has_gates=False,
        is_of_matrix=False,
        views=("heatmaps", "unit_lines", "unit_values", "histograms", "timelines"),
        help="The hidden state of every unit at every time step of the probe.",
        samples=4,
    ),
    Kind(
        CELL_STATES,
        rows="unit",
        columns="time",
        has_gates=False,
        is_of_matrix=False,
        views=("heatmaps", "unit_lines", "unit_values", "histograms", "timelines"),
        help="The cell state of every unit at every time step of the probe.",
        samples=4,
    ),
    Kind(
        GATE_ACTIVATIONS,
        rows="unit",
        columns="time",
        has_gates=True,
        is_of_matrix=False,
        views=("heatmaps", "saturation", "histograms", "timelines"),
        help="How far each gate is open at every time step of the probe.",
        samples=1,
    ),
    Kind(
        OUTPUT_GRADIENTS,
        rows="unit",
        columns="time",
        has_gates=False,
        is_of_matrix=False,
        views=("flow", "heatmaps", "histograms", "timelines"),
        help="The loss's gradient at every hidden state, followed back through all later time steps.",
        samples=1,
        spans_decades=True,
    ),
    Kind(
        GATE_GRADIENTS,
        rows="unit",
        columns="time",
        has_gates=True,
        is_of_matrix=False,
        views=("flow", "heatmaps", "histograms", "timelines"),
        help=(
            "The loss's gradient at each gate's pre-activation: "
            "what a time step adds to its weights' gradient."
        ),
        samples=1,
        spans_decades=True,
    ),
    Kind(
        REACH,
        rows="loss time",
        columns="time",
        has_gates=False,
        is_of_matrix=False,
        views=("heatmaps",),
        help=(
            "Which past counts: the norm of the gradient of one time step's loss or output "
            "at every earlier one."
        ),
        is_dear=True,
        spans_decades=True,
    ),
    Kind(
        CORRELATIONS,
        rows="unit",
        columns="unit",
        has_gates=False,
        is_of_matrix=False,
        views=("heatmaps", "histograms", "timelines"),
        help="How alike two units' outputs are over the probe: 1 for copies, 0 for independent ones.",
    ),
)
"""All kinds, in the order in which they are offered."""

BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}
