"""How large the differences of two matrices are, cell by cell, over the steps: a range for colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.answers.by_tag import NumbersByTag
from tensorboard_plugin_rnnweights.plugin.computed.derived import LARGE_SHARE, SMALL_SHARE
from tensorboard_plugin_rnnweights.plugin.computed.pairs import Compared, Pair, moment
from tensorboard_plugin_rnnweights.plugin.logged.cells import Cells, heatmap_series, read_cells
from tensorboard_plugin_rnnweights.plugin.logged.records import Request, only
from tensorboard_plugin_rnnweights.plugin.logged.thinning import Thinning
from tensorboard_plugin_rnnweights.summary.metadata import HEATMAPS_PLUGIN, Series

NAMES = ("minimum", "maximum", "robust_magnitude", "small_magnitude")
"""What is answered, in its order; the quantiles are those of `statistics`."""

_SHARES = LARGE_SHARE, SMALL_SHARE
# Of large matrices quantiles are taken from some of their rows: of so many cells a gate at least.
_CELLS_OF_QUANTILES = 2**15
# So many cells of a series are looked at, of as many steps as that are: it takes about half a second.
_MOST_CELLS = 2**25
_LEAST_STEPS = 2
# What those of a step take in memory beside their values, about.
_BYTES_OF_A_STEP = 200

Ends = npt.NDArray[np.float32]
"""Of shape (gates, names)."""


def differences(request: Request, compared: Compared) -> bytes:
    """The safetensors that `http_api.md` describes; of a series that can't be read, the reason.

    Raises:
        NotFoundError: If there is no such series, or it has no heatmaps.
    """
    body = NumbersByTag()
    for pair in compared.pairs:
        try:
            _add(body, request, compared, pair)
        except errors.InvalidArgumentError as error:
            body.leave_out(pair[0], str(error))
    return body.encode()


def _add(body: NumbersByTag, request: Request, compared: Compared, pair: Pair) -> None:
    one, other = (
        _Heatmaps(request, *name) for name in zip((compared.run, compared.other_run), pair, strict=True)
    )
    if one.shape != other.shape:
        raise errors.InvalidArgumentError(
            f"{pair[0]!r} and {pair[1]!r} don't match cell by cell: they have {one.shape} and {other.shape}"
        )
    kept = _bounded(compared.thinning, one.cells).of(one.data)
    others = compared.counterparts(kept, other.data)
    found = request.memory.all_of(
        [
            (request.experiment, "differences", one.name, other.name, moment(datum), moment(taken))
            for datum, taken in zip(kept, others, strict=True)
        ],
        lambda places: [
            _ends(one.cells_at(kept[place]), other.cells_at(others[place])) for place in places
        ],
        lambda ends: _BYTES_OF_A_STEP + ends.nbytes,
        1,
    )
    shape = len(kept), len(one.series.gates), len(NAMES)
    body.add(pair[0], one.data, kept, NAMES, np.array(found, np.float32).reshape(shape))


class _Heatmaps:
    """All heatmaps of one series."""

    def __init__(self, request: Request, run: str, tag: str) -> None:
        self.name = run, tag
        self.series: Series = heatmap_series(request, run, tag)
        self.data: list[Any] = only(request.read_blob_sequences(HEATMAPS_PLUGIN, [self.name]), run, tag)
        self._request = request

    @property
    def shape(self) -> tuple[Any, ...]:
        """What two have to have in common."""
        one = self.series
        return one.gates, one.rows, one.columns, one.pool, len(one.planes)

    @property
    def cells(self) -> int:
        """How many cells one of them has."""
        one = self.series
        pooled = one.rows * one.columns / (one.pool[0] * one.pool[1])
        return round(pooled * len(one.gates) * max(1, len(one.planes)))

    def cells_at(self, datum: Any) -> Cells:
        """The cells of one of them."""
        return read_cells(self._request, *self.name, datum.step, self.series)


def _bounded(thinning: Thinning, cells: int) -> Thinning:
    """The same, with no more steps than can be looked at in a while."""
    room = max(_LEAST_STEPS, _MOST_CELLS // max(1, cells))
    most = room if thinning.most is None else min(thinning.most, room)
    return Thinning(thinning.first, thinning.last, most)


def _ends(one: Cells, other: Cells) -> Ends:
    """Between what the differences of each gate are; NaN where none is finite."""
    return np.stack([_ends_of_gate(one.of_gate(gate), other.of_gate(gate)) for gate in range(one.gates)])


def _ends_of_gate(one: Cells, other: Cells) -> Ends:
    # What is masked is NaN.
    with np.errstate(over="ignore", invalid="ignore"):
        found = one.values - other.values
    finite = found[np.isfinite(found)]
    if not finite.size:
        return np.full(len(NAMES), np.nan, np.float32)
    rows = found.reshape(-1, found.shape[-1])
    some = rows[:: max(1, rows.size // _CELLS_OF_QUANTILES)]
    return np.array([finite.min(), finite.max(), *_magnitudes(some)], np.float32)


def _magnitudes(found: npt.NDArray[np.float32]) -> Sequence[float]:
    """The magnitudes that the shares of what is finite and not zero don't exceed; 0 where all is zero."""
    magnitudes = np.abs(found[np.isfinite(found) & (found != 0)])
    if not magnitudes.size:
        return [0.0] * len(_SHARES)
    places = [max(1, int(np.ceil(share * magnitudes.size))) - 1 for share in _SHARES]
    return [float(one) for one in np.partition(magnitudes, places)[places]]
