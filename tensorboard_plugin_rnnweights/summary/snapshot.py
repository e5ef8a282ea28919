"""One series at one step, as the values of an event: a histogram and statistics a gate, and a heatmap."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.summary import heatmap, payload
from tensorboard_plugin_rnnweights.summary.histogram import Histogram
from tensorboard_plugin_rnnweights.summary.metadata import (
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    NONFINITE_PLUGIN,
    Series,
    event_tag,
    summary_metadata,
)
from tensorboard_plugin_rnnweights.summary.statistics import NONFINITE, STATISTICS, statistics_of

_NONFINITE_COLUMNS = [STATISTICS.index(name) for name in NONFINITE]


def nonfinite_counts(statistics: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """How many NaN, +inf and -inf (the columns) each gate (the rows) holds."""
    return statistics[:, _NONFINITE_COLUMNS].astype(np.int64)


def statistics_by_gate(tensor: GateTensor) -> npt.NDArray[np.float64]:
    """`STATISTICS` of each block, of shape (gates, statistics)."""
    return np.stack([statistics_of(block) for block in tensor.blocks.values()])


def histograms_value(
    series: Series, tensor: GateTensor, statistics: npt.NDArray[np.float64]
) -> summary_pb2.Summary.Value:
    """The histograms and statistics of all gates, as one compressed payload."""
    found = [Histogram.of(_as_float32(block)) for block in tensor.blocks.values()]
    plain = payload.encode(
        {
            "statistics": statistics,
            "offsets": np.cumsum([0, *(len(one.keys) for one in found)], dtype=np.int64),
            "keys": np.concatenate([one.keys for one in found]),
            "counts": np.concatenate([one.counts for one in found]),
        }
    )
    scalar = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_STRING,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(),
        string_val=[payload.compress(plain)],
    )
    return _value(HISTOGRAMS_PLUGIN, series, scalar)


def heatmap_value(series: Series, tensor: GateTensor, dtype: str) -> summary_pb2.Summary.Value:
    """The matrix's cells, as a sequence of one compressed payload."""
    values = heatmap.pooled(tensor.values, len(tensor.gates), series.pool)
    plain = payload.encode({"cells": heatmap.as_cells(values, dtype)})
    sequence = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_STRING,
        tensor_shape=_shape(1),
        string_val=[payload.compress(plain)],
    )
    return _value(HEATMAPS_PLUGIN, series, sequence)


def nonfinite_value(series: Series, counts: npt.NDArray[np.int64]) -> summary_pb2.Summary.Value:
    """A note that some gate holds NaN or infinity; `counts` as `nonfinite_counts` gives them."""
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_INT64,
        tensor_shape=_shape(*counts.shape),
        tensor_content=counts.astype("<i8").tobytes(),
    )
    return _value(NONFINITE_PLUGIN, series, tensor)


def _value(plugin_name: str, series: Series, tensor: tensor_pb2.TensorProto) -> summary_pb2.Summary.Value:
    return summary_pb2.Summary.Value(
        tag=event_tag(plugin_name, series.tag),
        metadata=summary_metadata(plugin_name, series),
        tensor=tensor,
    )


def _shape(*sizes: int) -> tensor_shape_pb2.TensorShapeProto:
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in sizes]
    return tensor_shape_pb2.TensorShapeProto(dim=dimensions)


def _as_float32(block: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    return heatmap.as_cells(block, "float32")
