"""What is recorded: one series at one step, whatever its kind."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME, UPDATES
from tensorboard_plugin_rnnweights.rnn.penalties import Penalty
from tensorboard_plugin_rnnweights.summary.metadata import Series
from tensorboard_plugin_rnnweights.summary.passes.scan import Scan, joined, scan

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Observation:
    """One series at one step.

    Attributes:
        series: The facts of the series; the recorder settles `pool` and `position`.
        blocks: The numbers of each gate, in the order of `series.gates`: (rows, columns) of a matrix, or
            (batch, time, ..., units) of what flows; empty for what has changed since before.
        cells: What a heatmap shows, float: (rows, gates * columns), or, where the series has planes,
            (planes, rows, gates * columns).
        before: Of a matrix: what the cells were before, if it is what has changed since that is recorded;
            otherwise None.
        counted: Which numbers count, by the first axes of each block: (batch, time) for what flows; None
            where all do.
        masked: Which of the cells hold no number, of their shape; None where all hold one.
        bounded_gates: The gates whose activation has the range 0 to 1.
        penalty: The strengths (L1, L2) of the matrix's regulariser; None where it has none that we know.
        norms_before: Of updates: the norms of the blocks that they changed, of shape (gates).
    """

    series: Series
    blocks: Mapping[str, Array]
    cells: Array
    before: Array | None = None
    counted: Mask | None = None
    masked: Mask | None = None
    bounded_gates: frozenset[str] = frozenset()
    penalty: Penalty | None = None
    norms_before: npt.NDArray[np.float64] | None = None

    @classmethod
    def of_tensor(
        cls, tensor: GateTensor, kind: str, norms_before: npt.NDArray[np.float64] | None = None
    ) -> Observation:
        """A matrix of a cell, or its gradient or update.

        Args:
            tensor: Not to be written into any more.
            kind: A kind that is of weight tensors.
            norms_before: As above.
        """
        return cls(
            series=Series.of_tensor(tensor, kind, pool=(1, 1), position=0),
            blocks=tensor.blocks,
            cells=tensor.values,
            penalty=tensor.penalty,
            norms_before=norms_before,
        )

    @classmethod
    def of_change(
        cls, tensor: GateTensor, before: GateTensor, norms_before: npt.NDArray[np.float64]
    ) -> Observation:
        """The update of a matrix, which is nowhere made whole.

        Args:
            tensor: The matrix now.
            before: The matrix before, of the same shape; neither is to be written into any more.
            norms_before: As above.
        """
        return cls(
            series=Series.of_tensor(tensor, UPDATES, pool=(1, 1), position=0),
            blocks={},
            cells=tensor.values,
            before=before.values,
            norms_before=norms_before,
        )

    @functools.cached_property
    def values(self) -> dict[str, Array]:
        """The numbers of each gate that count; of what flows, the units stay the last axis."""
        if self.counted is None:
            return dict(self.blocks)
        return {gate: block[self.counted] for gate, block in self.blocks.items()}

    @functools.cached_property
    def scan(self) -> Scan:
        """Histograms, statistics and norms of each gate's values."""
        if BY_NAME[self.series.kind].is_of_matrix:
            return scan(self.cells, len(self.series.gates), self.before)
        return joined(scan(block.reshape(-1, block.shape[-1]), 1) for block in self.values.values())

    @property
    def block_norms(self) -> npt.NDArray[np.float64]:
        """Of a matrix: the L2 norm of each gate's block, of shape (gates); NaN where it is not finite."""
        return np.asarray(np.sqrt(np.square(self.scan.column_norms).sum(axis=1)))

    @property
    def present(self) -> Mask:
        """Of what flows: which time steps some sample has, of shape (time)."""
        if self.counted is not None:
            return np.asarray(self.counted.any(axis=0))
        return np.ones(next(iter(self.blocks.values())).shape[1], np.bool_)
