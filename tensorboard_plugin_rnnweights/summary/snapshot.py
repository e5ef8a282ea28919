"""One series at one step, as the tensors of an event: histograms and numbers, a heatmap, and notes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import tensor_pb2, tensor_shape_pb2, types_pb2

from tensorboard_plugin_rnnweights.summary import heatmap, payload
from tensorboard_plugin_rnnweights.summary.findings import Note, as_text
from tensorboard_plugin_rnnweights.summary.heatmap import Array, Mask
from tensorboard_plugin_rnnweights.summary.histogram import Histogram
from tensorboard_plugin_rnnweights.summary.metadata import Series
from tensorboard_plugin_rnnweights.summary.statistics import NONFINITE, STATISTICS, statistics_of

MEASURE = "measure/"
PROFILE = "profile/"
"""What the names of measures and profiles begin with among the tensors of a snapshot."""

_NONFINITE_COLUMNS = [STATISTICS.index(name) for name in NONFINITE]


def nonfinite_counts(statistics: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """How many NaN, +inf and -inf (the columns) each gate (the rows) holds."""
    return statistics[:, _NONFINITE_COLUMNS].astype(np.int64)


def statistics_by_gate(values: Mapping[str, Array]) -> npt.NDArray[np.float64]:
    """`STATISTICS` of each gate's values, of shape (gates, statistics)."""
    return np.stack([statistics_of(block) for block in values.values()])


def histograms_tensor(
    values: Mapping[str, Array], statistics: npt.NDArray[np.float64], measured: Mapping[str, Array]
) -> tensor_pb2.TensorProto:
    """The histograms and all numbers of all gates, as a scalar of one compressed payload.

    Args:
        values: By gate.
        statistics: As `statistics_by_gate` gives them.
        measured: Measures and profiles by name, as `measures.table.measured` gives them.
    """
    found = [Histogram.of(heatmap.rounded(block, "float32")) for block in values.values()]
    further = {
        f"{MEASURE if numbers.ndim == 1 else PROFILE}{name}": np.ascontiguousarray(numbers)
        for name, numbers in measured.items()
    }
    arrays = {
        "statistics": statistics,
        "offsets": np.cumsum([0, *(len(one.keys) for one in found)], dtype=np.int64),
        "keys": np.concatenate([one.keys for one in found]),
        "counts": np.concatenate([one.counts for one in found]),
        **further,
    }
    return text_tensor(payload.compress(payload.encode(arrays)))


def heatmap_tensor(series: Series, cells: Array, masked: Mask | None, dtype: str) -> tensor_pb2.TensorProto:
    """A heatmap's cells, pooled as its series says, as a sequence of one compressed payload."""
    values, without = heatmap.pooled(cells, len(series.gates), series.pool, masked)
    plain = payload.encode({"cells": heatmap.as_cells(values, dtype, without)})
    return tensor_pb2.TensorProto(
        dtype=types_pb2.DT_STRING, tensor_shape=_shape(1), string_val=[payload.compress(plain)]
    )


def nonfinite_tensor(counts: npt.NDArray[np.int64]) -> tensor_pb2.TensorProto:
    """A note that some gate holds NaN or infinity; `counts` as `nonfinite_counts` gives them."""
    return tensor_pb2.TensorProto(
        dtype=types_pb2.DT_INT64,
        tensor_shape=_shape(*counts.shape),
        tensor_content=counts.astype("<i8").tobytes(),
    )


def findings_tensor(note: Note) -> tensor_pb2.TensorProto:
    """A note of what is found from this step on, as a scalar of JSON."""
    return text_tensor(as_text(note).encode())


def text_tensor(text: bytes) -> tensor_pb2.TensorProto:
    """A text, or any other bytes, as a scalar."""
    return tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, tensor_shape=_shape(), string_val=[text])


def _shape(*sizes: int) -> tensor_shape_pb2.TensorShapeProto:
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in sizes]
    return tensor_shape_pb2.TensorShapeProto(dim=dimensions)
