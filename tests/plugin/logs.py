"""Logs to serve: written by the real writer, with numbers that are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, types_pb2

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.metadata import (
    HISTOGRAMS_PLUGIN,
    Series,
    event_tag,
    summary_metadata,
)

STEPS = (0, 5, 10)
NAN_STEP = 5
KERNEL = "weights/lstm/kernel"
RECURRENT = "weights/lstm/recurrent_kernel"
BACKWARD = "weights/both/backward/recurrent_kernel"
# Without double quotes, which TensorBoard's own fast loader can't have in the names of runs with blobs.
ODD_NAME = "sub/odd <script>alert(1)</script> 'ü' & 50% run"


def lstm(matrix: str, values: npt.NDArray[Any], layer: str = "lstm") -> GateTensor:
    """A matrix of an LSTM."""
    return GateTensor(
        layer=layer,
        direction=None,
        index=0,
        cell="LSTM",
        matrix=matrix,
        gates=("input", "forget", "cell", "output"),
        values=values,
    )


def gru(direction: str, matrix: str, values: npt.NDArray[Any]) -> GateTensor:
    """A matrix of a bidirectional GRU."""
    return GateTensor(
        layer="both",
        direction=direction,
        index=0,
        cell="GRU",
        matrix=matrix,
        gates=("update", "reset", "candidate"),
        values=values,
    )


def model(seed: int, step: int) -> list[GateTensor]:
    """The same tensors for the same numbers; in run 1 the reset gate holds NaN from `NAN_STEP` on."""
    generator = np.random.default_rng([seed, step])

    def normal(rows: int, columns: int) -> npt.NDArray[np.float32]:
        return generator.normal(scale=0.1, size=(rows, columns)).astype(np.float32)

    backward = normal(4, 12)
    if seed == 1 and step >= NAN_STEP:
        backward[1, 5:7] = np.nan
        backward[3, 4] = -np.inf
    return [
        lstm("recurrent_kernel", normal(6, 24)),
        lstm("kernel", normal(3, 24)),
        lstm("bias", normal(1, 24)),
        gru("forward", "recurrent_kernel", normal(4, 12)),
        gru("backward", "recurrent_kernel", backward),
    ]


def write_runs(logdir: Path) -> None:
    """Two runs in nested directories, one of them oddly named."""
    for seed, run in enumerate((ODD_NAME, "nested/run")):
        with SummaryWriter(logdir / run, updates=False) as writer:
            for step in STEPS:
                writer.add_tensors(model(seed, step), "weights", step)


def write_value(
    log_dir: Path, plugin_name: str, series: Series, content: bytes, tensor: tensor_pb2.TensorProto
) -> None:
    """Writes one value, with facts that need not be ours."""
    metadata = summary_pb2.SummaryMetadata()
    metadata.CopyFrom(summary_metadata(plugin_name, series))
    metadata.plugin_data.content = content
    file = EventFile(str(log_dir))
    file.write(event_of(plugin_name, series, tensor, 0, metadata=metadata))
    file.close()


def write_snapshots(log_dir: Path, *snapshots: dict[str, npt.NDArray[Any]]) -> None:
    """Writes what need not be snapshots of ours, of a series of two gates, at steps from 0 on."""
    tensor = GateTensor("lstm", None, 0, "LSTM", "kernel", ("input", "forget"), np.zeros((1, 2)))
    series = Series.of_tensor(tensor, "weights", (1, 1), 0)
    file = EventFile(str(log_dir))
    for step, arrays in enumerate(snapshots):
        content = payload.compress(payload.encode(arrays))
        file.write(event_of(HISTOGRAMS_PLUGIN, series, texts(content, is_sequence=False), step))
    file.close()


def event_of(
    plugin_name: str,
    series: Series,
    tensor: tensor_pb2.TensorProto,
    step: int,
    wall_time: float = 1.0,
    metadata: summary_pb2.SummaryMetadata | None = None,
) -> event_pb2.Event:
    """An event of one value."""
    value = summary_pb2.Summary.Value(
        tag=event_tag(plugin_name, series.tag),
        metadata=metadata or summary_metadata(plugin_name, series),
        tensor=tensor,
    )
    return event_pb2.Event(wall_time=wall_time, step=step, summary=summary_pb2.Summary(value=[value]))


def texts(*contents: bytes, is_sequence: bool) -> tensor_pb2.TensorProto:
    """A tensor of strings: a scalar, or a vector."""
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, string_val=contents)
    if is_sequence:
        tensor.tensor_shape.dim.add(size=len(contents))
    else:
        tensor.tensor_shape.SetInParent()
    return tensor
