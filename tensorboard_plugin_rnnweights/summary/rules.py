"""THE table of rules by which findings are made. A further one is one more row.

Each is a plain threshold on one statistic or measure. That is served, so that a person can try another one
on screen: `Rule.at` gives the same rule with it. A rule ends only clearly on the other side of its
threshold, so that what is near it does not flicker. Gradients and updates of single batches are noisy, and
have to be beyond it in several snapshots in a row; the probe is always the same.

Where they are from:

- Saturated gates: Karpathy, Johnson, Fei-Fei, 'Visualizing and understanding recurrent networks' (2015).
- The gradient that vanishes through time: Bengio, Simard, Frasconi, 'Learning long-term dependencies with
  gradient descent is difficult' (1994).
- Exploding gradients are held back by clipping their norm: Pascanu, Mikolov, Bengio, 'On the difficulty of
  training recurrent neural networks' (2013). People clip it to 0.25 (Merity, Keskar, Socher, 'Regularizing
  and optimizing LSTM language models', 2017) to 5 (Sutskever, Vinyals, Le, 'Sequence to sequence learning
  with neural networks', 2014); the threshold is 200 times the largest of these.
- Vanishing gradients: Amazon SageMaker Debugger's rule `VanishingGradient` has the same threshold for the
  mean magnitude. It is also the epsilon of Keras's Adam, below which not even that makes up for small
  gradients.
- Weights that don't move: SageMaker Debugger's `WeightUpdateRatio` looks at the same number, below 1e-8. In
  float32 a weight moves by at least 6e-8 of itself or not at all, so that below 1e-9 hardly one has moved.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tensorboard_plugin_rnnweights.rnn import kinds
from tensorboard_plugin_rnnweights.summary.measures.dead_units import DEAD_AFTER
from tensorboard_plugin_rnnweights.summary.measures.flow import VANISHED_BELOW
from tensorboard_plugin_rnnweights.summary.measures.saturation import HIGH, LOW
from tensorboard_plugin_rnnweights.summary.measures.silence import SILENT_BELOW

SATURATED_ABOVE = 0.9
SHUT_BELOW = 0.05
SILENT_UNITS_ABOVE = 0.2
EXPLODED_ABOVE = 1e3
EXPLODED_SNAPSHOTS = 2
VANISHED_GRADIENT_BELOW = 1e-7
VANISHED_GRADIENT_SNAPSHOTS = 3
UNMOVED_BELOW = 1e-9
UNMOVED_SNAPSHOTS = 3
VANISHED_AFTER = "vanished_after"
"""The measure that itself depends on the threshold of its rule."""


@dataclass(frozen=True)
class Rule:
    """One row of the table.

    Attributes:
        name: Its name in files and over HTTP.
        sentence: The rule, in one sentence, with `{threshold}` where its threshold stands.
        kinds: The kinds of series that it looks at.
        statistic: The statistic or measure that it looks at; it is for the series that have it.
        direction: On which side of the threshold it holds.
        threshold: Beyond it, the rule begins to hold for a gate.
        ends_at: Beyond it, to the other side, it ends.
        snapshots: In how many snapshots in a row the number has to be beyond the threshold.
        gates: The gates that it looks at; empty for all.
        only_with: A measure; gates for which that is NaN are not looked at. Empty for none.
        told: The statistic or measure that a finding tells; by default the one that the rule looks at.
        largest: The largest that the number can be; the least is 0.
        is_percent: Whether the threshold is a share that people read as percent.
    """

    name: str
    sentence: str
    kinds: tuple[str, ...]
    statistic: str
    direction: Literal["above", "below"]
    threshold: float
    ends_at: float
    snapshots: int = 1
    gates: tuple[str, ...] = ()
    only_with: str = ""
    told: str = ""
    largest: float = math.inf
    is_percent: bool = False

    @property
    def text(self) -> str:
        """The rule, in one sentence, with its numbers."""
        is_percent, number = self.is_percent, self.threshold
        return self.sentence.format(threshold=f"{100 * number:.3g}%" if is_percent else _plain(number))

    @functools.cached_property
    def needs(self) -> set[str]:
        """The statistics and measures without which it doesn't look at a series."""
        return {self.statistic, self.told, self.only_with} - {""}

    def at(self, threshold: float) -> Rule:
        """The same rule with another threshold; it ends as far from that as from its own, in proportion."""
        if threshold == self.threshold:
            return self
        ends_at = threshold * self.ends_at / self.threshold if self.threshold else threshold
        # What ends only where no number can be would never end.
        return replace(self, threshold=threshold, ends_at=min(ends_at, (threshold + self.largest) / 2))

    def holds(self, number: float) -> bool:
        """Whether a number is beyond the threshold; NaN never is."""
        return self._is_beyond(self.threshold, number)

    def is_over(self, number: float) -> bool:
        """Whether a number is clearly on the other side; NaN always is."""
        return not self._is_beyond(self.ends_at, number)

    def _is_beyond(self, bound: float, number: float) -> bool:
        return number > bound if self.direction == "above" else number < bound


def _plain(number: float) -> str:
    """A number as people write it: `"1,000"`, `"0.05"`, `"1e-6"`."""
    if number == 0 or 1e-3 <= number < 1e5:
        return f"{number:,g}"
    return np.format_float_scientific(number, trim="-", exp_digits=1)


RULES: tuple[Rule, ...] = (
    Rule(
        "exploding_gradient",
        f"The norm of the gate's gradient is above {{threshold}} in {EXPLODED_SNAPSHOTS} snapshots in a row"
        ": people clip gradients to norms of 0.25 to 5.",
        (kinds.GRADIENTS,),
        statistic="l2_norm",
        direction="above",
        threshold=EXPLODED_ABOVE,
        ends_at=EXPLODED_ABOVE / 10,
        snapshots=EXPLODED_SNAPSHOTS,
    ),
    Rule(
        "vanishing_gradient",
        "The root mean square of the gate's gradient is below {threshold}"
        f" in {VANISHED_GRADIENT_SNAPSHOTS} snapshots in a row: hardly an optimizer learns from so little.",
        (kinds.GRADIENTS,),
        statistic="root_mean_square",
        direction="below",
        threshold=VANISHED_GRADIENT_BELOW,
        ends_at=10 * VANISHED_GRADIENT_BELOW,
        snapshots=VANISHED_GRADIENT_SNAPSHOTS,
    ),
    Rule(
        "unmoved",
        "The gate's weights are trained, but moved by less than {threshold} of their norm"
        f" in {UNMOVED_SNAPSHOTS} snapshots in a row.",
        (kinds.UPDATES,),
        statistic="relative_norm",
        direction="below",
        threshold=UNMOVED_BELOW,
        ends_at=10 * UNMOVED_BELOW,
        snapshots=UNMOVED_SNAPSHOTS,
    ),
    Rule(
        "saturated",
        f"More than {{threshold}} of the gate's values on the probe are below {LOW} or above {HIGH}"
        ": it hardly learns any more.",
        (kinds.GATE_ACTIVATIONS,),
        statistic="saturated_share",
        direction="above",
        threshold=SATURATED_ABOVE,
        ends_at=0.85,
        largest=1.0,
        is_percent=True,
    ),
    Rule(
        "forget_gate_shut",
        "The forget gate's mean over the probe is below {threshold}: the cell keeps next to nothing.",
        (kinds.GATE_ACTIVATIONS,),
        statistic="mean",
        direction="below",
        threshold=SHUT_BELOW,
        ends_at=0.06,
        gates=("forget",),
        # Gates of another range than 0 to 1 have none.
        only_with="saturated_share",
        largest=1.0,
    ),
    Rule(
        "silent_units",
        f"More than {{threshold}} of the units never reach {SILENT_BELOW} in magnitude on the probe.",
        (kinds.OUTPUTS,),
        statistic="silent_units",
        direction="above",
        threshold=SILENT_UNITS_ABOVE,
        ends_at=0.15,
        largest=1.0,
        is_percent=True,
    ),
    Rule(
        "vanishing_flow",
        "The gradient's norm falls below {threshold} of its peak after so many time steps into the past.",
        (kinds.OUTPUT_GRADIENTS,),
        statistic="flow_floor",
        direction="below",
        threshold=VANISHED_BELOW,
        ends_at=10 * VANISHED_BELOW,
        told=VANISHED_AFTER,
        largest=1.0,
    ),
    Rule(
        "dead_units",
        "The gate's column is exactly zero for more than {threshold} of the units"
        f" in each of the last {DEAD_AFTER} snapshots.",
        (kinds.WEIGHTS, kinds.GRADIENTS),
        statistic="dead_units",
        direction="above",
        threshold=0.0,
        ends_at=0.0,
        largest=1.0,
        is_percent=True,
    ),
)
"""All rules, in the order in which they are offered: what is wrong most, first."""

RULES_BY_NAME = {rule.name: rule for rule in RULES}
