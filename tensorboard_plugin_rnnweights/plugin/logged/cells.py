"""A heatmap's cells as numbers, for what the server itself computes from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.logged.facts import facts_of
from tensorboard_plugin_rnnweights.plugin.logged.heatmap import heatmap
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import HEATMAPS_PLUGIN, Series
from tensorboard_plugin_rnnweights.summary.passes.rounding import DTYPES

MOST_BYTES = 2**27
"""What the server itself decompresses of a heatmap, at most.

It is 16 times as much as a heatmap has, unless its writer was told otherwise. A client gets larger ones as
they are, and decompresses them by itself.
"""


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one heatmap.

    Attributes:
        stored: As they were stored, of shape (rows, gates * columns) or (planes, rows, gates * columns).
        gates: How many gates stand side by side.
    """

    stored: npt.NDArray[Any]
    gates: int

    @property
    def values(self) -> npt.NDArray[np.float32]:
        """The cells as float32; what is masked is NaN."""
        return self.stored.astype(np.float32)

    @property
    def masked(self) -> npt.NDArray[np.bool_]:
        """Which cells hold no number."""
        bits = self.stored.view(f"u{self.stored.itemsize}")
        return np.asarray(bits == np.iinfo(bits.dtype).max)

    def of_gate(self, gate: int) -> Cells:
        """Those of one gate, by its place."""
        columns = self.stored.shape[-1] // self.gates
        return Cells(np.ascontiguousarray(self.stored[..., gate * columns : (gate + 1) * columns]), 1)


def heatmap_series(request: Request, run: str, tag: str) -> Series:
    """The facts of a series that has heatmaps.

    Raises:
        NotFoundError: If there is none.
        InvalidArgumentError: If its facts can't be read.
    """
    listed = request.list_blob_sequences(HEATMAPS_PLUGIN, run).get((run, tag))
    if listed is None:
        raise errors.NotFoundError(f"run {run!r} has no heatmaps of a series {tag!r}")
    return facts_of(listed, run, tag)


def read_cells(request: Request, run: str, tag: str, step: int, series: Series) -> Cells:
    """The cells of one heatmap.

    Raises:
        NotFoundError: If there is no such snapshot.
        InvalidArgumentError: If what was logged can't be read.
    """
    try:
        stored = heatmap(request, run, tag, step, None)
        cells = payload.decode(payload.decompress(stored, MOST_BYTES)).get("cells")
        if cells is None or not _fits(cells, series):
            raise payload.PayloadError("it is not of the shape that its series has")
    except payload.PayloadError as error:
        reason = f"the heatmap of run {run!r}, series {tag!r}, step {step} can't be read: {error}"
        raise errors.InvalidArgumentError(reason) from error
    return Cells(cells, len(series.gates))


def _fits(cells: npt.NDArray[Any], series: Series) -> bool:
    rows, columns = (
        -(-size // pool) for size, pool in zip((series.rows, series.columns), series.pool, strict=True)
    )
    planes = (len(series.planes),) if series.planes else ()
    is_known = cells.dtype in [np.dtype(one) for one in DTYPES.values()]
    return is_known and cells.shape == (*planes, rows, len(series.gates) * columns)
