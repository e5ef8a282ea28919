"""THE table of measures and profiles: which series have which. A further one is one more row."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tensorboard_plugin_rnnweights.rnn import kinds
from tensorboard_plugin_rnnweights.summary.measures.effective_rank import effective_rank
from tensorboard_plugin_rnnweights.summary.measures.flow import flow, norms_by_time
from tensorboard_plugin_rnnweights.summary.measures.penalty import penalties
from tensorboard_plugin_rnnweights.summary.measures.relative_norm import relative_norms
from tensorboard_plugin_rnnweights.summary.measures.saturation import saturation
from tensorboard_plugin_rnnweights.summary.measures.silence import largest_by_unit, silent_units
from tensorboard_plugin_rnnweights.summary.measures.spectrum import spectra
from tensorboard_plugin_rnnweights.summary.observation import Array, Observation
from tensorboard_plugin_rnnweights.summary.passes.rounding import rounded


@dataclass(frozen=True)
class Measurement:
    """One row of the table.

    Attributes:
        kinds: The kinds of series that have it.
        of: Gives its numbers by name: measures of shape (gates), profiles of shape (gates, n). Empty where
            this series has none.
        matrices: The matrices that have it; empty for all.
        is_dear: Whether it takes so long that only some snapshots have it: see `heatmap_schedule`.
    """

    kinds: tuple[str, ...]
    of: Callable[[Observation], Mapping[str, Array]]
    matrices: tuple[str, ...] = ()
    is_dear: bool = False

    def suits(self, kind: str, matrix: str) -> bool:
        """Whether such a series has it."""
        return kind in self.kinds and (not self.matrices or matrix in self.matrices)


def measured(observation: Observation, *, with_dear: bool) -> dict[str, Array]:
    """All measures (one-dimensional, float64) and profiles (two-dimensional, float32) of an observation.

    Those that depend on the snapshots before it, too, are the recorder's: see `dead_units.py`.
    """
    found: dict[str, Array] = {}
    for measurement in _suiting(observation.series.kind, observation.series.matrix):
        if with_dear or not measurement.is_dear:
            for name, numbers in measurement.of(observation).items():
                is_measure = numbers.ndim == 1
                found[name] = numbers.astype(np.float64) if is_measure else rounded(numbers, "float32")
    return found


@functools.lru_cache(maxsize=256)
def _suiting(kind: str, matrix: str) -> tuple[Measurement, ...]:
    return tuple(one for one in MEASUREMENTS if one.suits(kind, matrix))


def _penalty(observation: Observation) -> Mapping[str, Array]:
    if observation.penalty is None:
        return {}
    return penalties(observation.blocks.values(), observation.penalty)


def _spectrum(observation: Observation) -> Mapping[str, Array]:
    # A convolution is a larger linear map than the matrix of its kernel, with another spectrum.
    is_matrix = len(observation.series.row_shape) == 1
    return spectra(observation.blocks.values()) if is_matrix else {}


def _relative_norm(observation: Observation) -> Mapping[str, Array]:
    if observation.norms_before is None:
        return {}
    return relative_norms(observation.block_norms, observation.norms_before)


def _root_mean_square(observation: Observation) -> Mapping[str, Array]:
    series = observation.series
    return {"root_mean_square": observation.block_norms / math.sqrt(series.rows * series.columns)}


def _norm_by_time(observation: Observation) -> Mapping[str, Array]:
    return {"norm_by_time": norms_by_time(observation.blocks.values(), observation.counted)}


def _flow(observation: Observation) -> Mapping[str, Array]:
    norms = norms_by_time(observation.blocks.values(), observation.counted)
    flows = [flow(by_time, observation.present, observation.series.is_reversed) for by_time in norms]
    return {
        "flow_steps": np.array([one.steps for one in flows]),
        "flow_floor": np.array([one.floor for one in flows]),
        "vanished_after": np.array([one.vanished_after for one in flows]),
        "norm_by_time": norms,
    }


def _effective_rank(observation: Observation) -> Mapping[str, Array]:
    (found,) = observation.blocks.values()
    # Each unit has a correlation of 1 with itself, if it has any.
    has_any = np.diagonal(found) == 1.0
    return {"effective_rank": np.array([effective_rank(found[np.ix_(has_any, has_any)])])}


MEASUREMENTS: tuple[Measurement, ...] = (
    Measurement((kinds.WEIGHTS,), _penalty),
    Measurement((kinds.WEIGHTS,), _spectrum, matrices=("recurrent_kernel",), is_dear=True),
    Measurement(
        (kinds.WEIGHTS, kinds.GRADIENTS, kinds.UPDATES), lambda one: {"norm_by_unit": one.scan.column_norms}
    ),
    Measurement((kinds.GRADIENTS,), _root_mean_square),
    Measurement((kinds.UPDATES,), _relative_norm),
    Measurement((kinds.OUTPUTS,), lambda one: silent_units(one.values.values())),
    Measurement((kinds.OUTPUTS, kinds.CELL_STATES), lambda one: largest_by_unit(one.values.values())),
    Measurement((kinds.GATE_ACTIVATIONS,), lambda one: saturation(one.values, one.bounded_gates)),
    Measurement((kinds.OUTPUT_GRADIENTS,), _flow),
    Measurement((kinds.GATE_GRADIENTS,), _norm_by_time),
    Measurement((kinds.CORRELATIONS,), _effective_rank),
)
"""Which measures and profiles there are, in the order in which they are stored."""
