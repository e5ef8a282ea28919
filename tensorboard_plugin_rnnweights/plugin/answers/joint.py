"""Two matrices cell by cell, such as weights and gradients: a two-dimensional histogram of one block."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.logged.cells import Cells, heatmap_series, read_cells
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import HEATMAPS_PLUGIN, Series

Numbers = npt.NDArray[np.float64]

# The share of magnitudes, but zeros, that lies in the middle bin together with zeros.
_SMALL = 0.005


def joint(request: Request, run: str, tag: str, other_tag: str, step: int, gate: str, bins: int) -> bytes:
    """The safetensors that `http_api.md` describes.

    Args:
        request: Whose data are asked for.
        run: The run's name.
        tag: The series along the x axis.
        other_tag: The series along the y axis.
        step: The nearest step at which both have a heatmap is taken.
        gate: The gate's name.
        bins: Bins of each axis beside the middle one; an odd one more is left out.

    Raises:
        NotFoundError: If there are no such series, gate or step.
        InvalidArgumentError: If the two don't match, or what was logged can't be read.
    """
    series, other_series = (heatmap_series(request, run, one) for one in (tag, other_tag))
    common = _common_step(request, run, tag, other_tag, step)
    cells = _block(request, run, tag, common, series, gate)
    other_cells = _block(request, run, other_tag, common, other_series, gate)
    if cells.stored.shape != other_cells.stored.shape or series.pool != other_series.pool:
        sizes = f"{cells.stored.shape} and {other_cells.stored.shape}"
        pools = f"{series.pool} and {other_series.pool}"
        raise errors.InvalidArgumentError(
            f"{tag!r} and {other_tag!r} don't match cell by cell: their gates have {sizes} cells, "
            f"pooled by {pools}"
        )
    is_masked = cells.masked | other_cells.masked
    x, y = (one.values.astype(np.float64) for one in (cells, other_cells))
    is_finite = np.isfinite(x) & np.isfinite(y)
    x_edges, y_edges = (axis(one[is_finite], bins // 2) for one in (x, y))
    metadata = {
        "step": str(common),
        "pooled": "false" if series.pool == (1, 1) else "true",
        "not_finite": str(np.count_nonzero(~is_finite & ~is_masked)),
        "masked": str(np.count_nonzero(is_masked)),
    }
    counts = counted(x[is_finite], y[is_finite], x_edges, y_edges)
    return payload.encode({"x_edges": x_edges, "y_edges": y_edges, "counts": counts}, metadata)


def axis(values: Numbers, bins: int) -> Numbers:
    """The edges of an axis for numbers of both signs that lie orders of magnitude apart.

    Bins of equal width in the logarithm of the magnitude, from a floor to the largest one, the same ones
    for both signs; and one from minus to plus the floor, where zeros lie. The floor is the magnitude that
    0.5 % of the numbers, but zeros, don't reach; a tenth of the largest one if it is no smaller than that.

    Args:
        values: Finite numbers.
        bins: How many bins each sign has.

    Returns:
        2 * bins + 2 edges, increasing.
    """
    magnitudes = np.abs(values[values != 0])
    # Where there is nothing but zeros, any axis is as good.
    largest = float(magnitudes.max(initial=0.0)) or 1.0
    floor = float(np.quantile(magnitudes, _SMALL, method="lower")) if magnitudes.size else largest
    if floor >= largest:
        floor = largest / 10
    far = np.geomspace(floor, largest, bins + 1)
    return np.concatenate([-far[::-1], far])


def counted(x: Numbers, y: Numbers, x_edges: Numbers, y_edges: Numbers) -> npt.NDArray[np.uint32]:
    """How many pairs of numbers lie in each bin of two axes, of shape (y bins, x bins)."""
    columns, rows = x_edges.size - 1, y_edges.size - 1
    flat = _places(y, y_edges) * columns + _places(x, x_edges)
    return np.bincount(flat, minlength=rows * columns).reshape(rows, columns).astype(np.uint32)


def _places(values: Numbers, edges: Numbers) -> npt.NDArray[np.int64]:
    """The bins of numbers. A bin holds its edge nearer to zero, so both signs are treated alike."""
    bins = edges.size // 2 - 1
    places = np.searchsorted(edges[bins + 1 :], np.abs(values), side="right")
    # The outermost bins hold their far edges, too: those are the largest magnitudes.
    outwards = np.minimum(places, bins)
    return np.asarray(bins + np.where(values < 0, -outwards, outwards), np.int64)


def _block(request: Request, run: str, tag: str, step: int, series: Series, gate: str) -> Cells:
    if gate not in series.gates:
        raise errors.NotFoundError(f"run {run!r}, series {tag!r} has no gate {gate!r}")
    if series.planes:
        raise errors.InvalidArgumentError(
            f"{tag!r} is no single matrix, but has {len(series.planes)} planes"
        )
    return read_cells(request, run, tag, step, series).of_gate(series.gates.index(gate))


def _common_step(request: Request, run: str, tag: str, other_tag: str, step: int) -> int:
    """The nearest step at which both series have a heatmap; the earlier one of two as near."""
    names = [(run, tag), (run, other_tag)]
    found: dict[Any, list[Any]] = request.read_blob_sequences(HEATMAPS_PLUGIN, names)
    steps = [{datum.step for datum in found.get(name, [])} for name in names]
    common = steps[0] & steps[1]
    if not common:
        raise errors.NotFoundError(
            f"run {run!r} has no step with heatmaps of both {tag!r} and {other_tag!r}"
        )
    return min(common, key=lambda one: (abs(one - step), one))
