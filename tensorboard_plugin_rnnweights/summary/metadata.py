"""The static facts of a series: what stands in its `SummaryMetadata`, once a tag."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import asdict, dataclass
from typing import Any

from tensorboard.compat.proto import summary_pb2

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor

FORMAT_VERSION = 1

# TensorBoard samples by plugin name, so what differs in size has a name of its own.
HISTOGRAMS_PLUGIN = "rnnweights"
HEATMAPS_PLUGIN = "rnnweights_heatmaps"
NONFINITE_PLUGIN = "rnnweights_nonfinite"

DATA_CLASSES = {
    HISTOGRAMS_PLUGIN: summary_pb2.DATA_CLASS_TENSOR,
    HEATMAPS_PLUGIN: summary_pb2.DATA_CLASS_BLOB_SEQUENCE,
    NONFINITE_PLUGIN: summary_pb2.DATA_CLASS_TENSOR,
}

WEIGHTS = "weights"
GRADIENTS = "gradients"


class MetadataError(ValueError):
    """Facts that this version of the plugin can't read."""


@dataclass(frozen=True)
class Series:
    """What stays the same of a series over all of its steps.

    Attributes:
        kind: What the numbers are: `"weights"` or `"gradients"`.
        layer: The layer's path in the model.
        direction: `"forward"`, `"backward"`, or None where the layer is not bidirectional.
        index: The cell's place in its layer's stack of cells; 0 where there is only one.
        cell: The cell's type, such as `"LSTM"`.
        matrix: The matrix's name, such as `"recurrent_kernel"`.
        gates: The gates in the order in which they stand side by side.
        rows: Rows of the matrix.
        units: Columns of one gate.
        pool: How many rows and columns one cell of its heatmaps stands for.
        position: Its place among the matrices of the model, from 0.
        row_shape: What the rows are numbered by: `(rows,)`, or the axes of a convolution's kernel.
        is_trained: False where the variable is frozen, so that it never has a gradient.
        added: What the cell itself adds to a gate at run time: (gate, value) pairs.
    """

    kind: str
    layer: str
    direction: str | None
    index: int
    cell: str
    matrix: str
    gates: tuple[str, ...]
    rows: int
    units: int
    pool: tuple[int, int]
    position: int
    row_shape: tuple[int, ...]
    is_trained: bool = True
    added: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, tensor: GateTensor, kind: str, pool: tuple[int, int], position: int) -> Series:
        """The series that a tensor belongs to."""
        return cls(
            kind=kind,
            layer=tensor.layer,
            direction=tensor.direction,
            index=tensor.index,
            cell=tensor.cell,
            matrix=tensor.matrix,
            gates=tensor.gates,
            rows=tensor.rows,
            units=tensor.units,
            pool=pool,
            position=position,
            row_shape=tensor.row_shape,
            is_trained=tensor.is_trained,
            added=tuple(tensor.added.items()),
        )

    @property
    def tag(self) -> str:
        """The series' name within a run: `"weights/encoder/lstm_1/forward/kernel"`."""
        parts = [self.kind, self.layer]
        if self.direction is not None:
            parts.append(self.direction)
        if self.index:
            parts.append(f"cell_{self.index}")
        return "/".join([*parts, self.matrix])


def event_tag(plugin_name: str, tag: str) -> str:
    """The tag in the event file. A tag belongs to one plugin, so each has its own."""
    return f"{plugin_name}/{tag}"


def series_tag(plugin_name: str, tag: str) -> str:
    """The series' tag, from the one in the event file."""
    return tag.removeprefix(f"{plugin_name}/")


@functools.lru_cache(maxsize=4096)
def summary_metadata(plugin_name: str, series: Series) -> summary_pb2.SummaryMetadata:
    """What an event's value carries to tell whose it is and what is in it; not to be written into."""
    content = json.dumps({"format_version": FORMAT_VERSION, **asdict(series)})
    return summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(
            plugin_name=plugin_name, content=content.encode()
        ),
        data_class=DATA_CLASSES[plugin_name],
    )


def parse_series(content: bytes) -> Series:
    """Reads the facts of a series back from its plugin data.

    Raises:
        MetadataError: If they are of a format version that we don't know, or not such facts at all.
    """
    try:
        facts = json.loads(content)
        version = facts.pop("format_version")
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise MetadataError("its metadata are not written by this plugin") from error
    if version != FORMAT_VERSION:
        raise MetadataError(
            f"its format version is {version!r}, and this plugin reads version {FORMAT_VERSION}: "
            "use the version of tensorboard-plugin-rnnweights that logged it, or a newer one"
        )
    try:
        return _checked(facts)
    except (TypeError, ValueError, KeyError) as error:
        raise MetadataError(f"its metadata are damaged: {error}") from error


def _checked(facts: dict[str, Any]) -> Series:
    for name in ("kind", "layer", "cell", "matrix"):
        _check(isinstance(facts[name], str), name)
    _check(facts["direction"] is None or isinstance(facts["direction"], str), "direction")
    for name, least in (("index", 0), ("position", 0), ("rows", 1), ("units", 1)):
        _check(type(facts[name]) is int and facts[name] >= least, name)
    for name in ("gates", "pool", "row_shape"):
        _check(isinstance(facts[name], list), name)
    gates, pool, row_shape = tuple(facts["gates"]), tuple(facts["pool"]), tuple(facts["row_shape"])
    _check(bool(gates) and all(isinstance(gate, str) for gate in gates), "gates")
    _check(len(pool) == 2 and all(type(size) is int and size > 0 for size in pool), "pool")
    _check(all(type(size) is int and size > 0 for size in row_shape), "row_shape")
    _check(math.prod(row_shape) == facts["rows"], "row_shape")
    _check(isinstance(facts["is_trained"], bool), "is_trained")
    added = _checked_constants(facts["added"], gates)
    return Series(**{**facts, "gates": gates, "pool": pool, "row_shape": row_shape, "added": added})


def _checked_constants(added: Any, gates: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    _check(isinstance(added, list), "added")
    for gate, value in added:
        _check(gate in gates and type(value) is float and math.isfinite(value), "added")
    return tuple((gate, value) for gate, value in added)


def _check(holds: bool, name: str) -> None:
    if not holds:
        raise ValueError(f"'{name}' is not what it should be")
