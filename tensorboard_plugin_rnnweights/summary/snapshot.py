"""One series at one step, as the tensors of an event: histograms and numbers, a heatmap, and notes."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import tensor_pb2, tensor_shape_pb2, types_pb2

from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.event_pieces import Tensor
from tensorboard_plugin_rnnweights.summary.findings import Note, as_text
from tensorboard_plugin_rnnweights.summary.heatmap import as_cells
from tensorboard_plugin_rnnweights.summary.metadata import Series
from tensorboard_plugin_rnnweights.summary.observation import Array, Observation
from tensorboard_plugin_rnnweights.summary.passes.difference import by_rows
from tensorboard_plugin_rnnweights.summary.passes.pooling import pooled
from tensorboard_plugin_rnnweights.summary.passes.scan import Scan
from tensorboard_plugin_rnnweights.summary.statistics import NONFINITE, STATISTICS

MEASURE = "measure/"
PROFILE = "profile/"
"""What the names of measures and profiles begin with among the tensors of a snapshot."""

# Values of a difference that are made in one go, so that they stay in the cache.
_AT_ONCE = 2**18

# They stand side by side, and a slice of columns is had faster than some of them.
_FIRST = STATISTICS.index(NONFINITE[0])
_NONFINITE_COLUMNS = slice(_FIRST, _FIRST + len(NONFINITE))


def nonfinite_counts(statistics: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """How many NaN, +inf and -inf (the columns) each gate (the rows) holds."""
    return statistics[:, _NONFINITE_COLUMNS].astype(np.int64)


def histograms_tensor(scan: Scan, measured: Mapping[str, Array]) -> Tensor:
    """The histograms and all numbers of all gates, as a scalar of one compressed payload.

    Args:
        scan: Of the values of each gate.
        measured: Measures and profiles by name, as `measures.table.measured` gives them.
    """
    further = {
        f"{MEASURE if numbers.ndim == 1 else PROFILE}{name}": np.ascontiguousarray(numbers)
        for name, numbers in measured.items()
    }
    arrays: dict[str, Array] = {
        "statistics": scan.statistics,
        "offsets": scan.offsets,
        "keys": scan.keys,
        "counts": scan.counts,
        **further,
    }
    return text_tensor(payload.compress(payload.encode(arrays)))


def heatmap_cells(series: Series, observation: Observation, dtype: str) -> Array:
    """A heatmap's cells as they are stored, pooled as its series says.

    Args:
        series: The series.
        observation: Its snapshot.
        dtype: A name of `DTYPES`.
    """
    gates, pool = len(series.gates), series.pool
    if observation.before is None:
        pools, without = pooled(observation.cells, gates, pool, observation.masked)
        return as_cells(pools, dtype, without)
    parts = by_rows(observation.cells, observation.before, _AT_ONCE, multiple=pool[0])
    first, *further = [as_cells(pooled(rows, gates, pool)[0], dtype) for rows in parts]
    return np.concatenate([first, *further]) if further else first


def heatmap_tensor(cells: Array) -> Tensor:
    """A heatmap's cells, as `heatmap_cells` gives them, as a sequence of one compressed payload."""
    plain = payload.encode({"cells": cells})
    return Tensor(_head(types_pb2.DT_STRING, 1), payload.compress(plain))


def nonfinite_tensor(counts: npt.NDArray[np.int64]) -> Tensor:
    """A note that some gate holds NaN or infinity; `counts` as `nonfinite_counts` gives them."""
    content = tensor_pb2.TensorProto(tensor_content=counts.astype("<i8").tobytes())
    # Of messages one after the other, each says what those before it have left open.
    return Tensor(_head(types_pb2.DT_INT64, *counts.shape) + content.SerializeToString())


def findings_tensor(note: Note) -> Tensor:
    """A note of what is found from this step on, as a scalar of JSON."""
    return text_tensor(as_text(note).encode())


def text_tensor(text: bytes) -> Tensor:
    """A text, or any other bytes, as a scalar."""
    return Tensor(_head(types_pb2.DT_STRING), text)


@functools.lru_cache(maxsize=256)
def _head(dtype: types_pb2.DataType, *sizes: int) -> bytes:
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in sizes]
    shape = tensor_shape_pb2.TensorShapeProto(dim=dimensions)
    return tensor_pb2.TensorProto(dtype=dtype, tensor_shape=shape).SerializeToString()
