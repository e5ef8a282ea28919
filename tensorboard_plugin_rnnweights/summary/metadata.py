"""The static facts of a series: what stands in its `SummaryMetadata`, once a tag."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from tensorboard.compat.proto import summary_pb2

from tensorboard_plugin_rnnweights.rnn import kinds
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor

FORMAT_VERSION = 2
"""What is written; `parse_series` reads 1, too."""

# TensorBoard samples by plugin name, so what differs in size has a name of its own.
HISTOGRAMS_PLUGIN = "rnnweights"
HEATMAPS_PLUGIN = "rnnweights_heatmaps"
NONFINITE_PLUGIN = "rnnweights_nonfinite"
FINDINGS_PLUGIN = "rnnweights_findings"
NOTICES_PLUGIN = "rnnweights_notices"

DATA_CLASSES = {
    HISTOGRAMS_PLUGIN: summary_pb2.DATA_CLASS_TENSOR,
    HEATMAPS_PLUGIN: summary_pb2.DATA_CLASS_BLOB_SEQUENCE,
    NONFINITE_PLUGIN: summary_pb2.DATA_CLASS_TENSOR,
    FINDINGS_PLUGIN: summary_pb2.DATA_CLASS_TENSOR,
    NOTICES_PLUGIN: summary_pb2.DATA_CLASS_TENSOR,
}

DIFFERENTIATED = ("", "loss", "outputs")
"""What a gradient may be of; empty for what is no gradient through time."""


# Far above what is written: tokens of four samples, of ten thousand time steps each, take a tenth of it.
_MAX_CONTENT = 2**22
# What is more can't be told to a browser, whose whole numbers end there.
_MAX_SIZE = 2**53


class MetadataError(ValueError):
    """Facts that this version of the plugin can't read."""


@dataclass(frozen=True)
class Series:
    """What stays the same of a series over all of its steps.

    Attributes:
        kind: What the numbers are: the name of a row of `rnn.kinds.KINDS`.
        layer: The layer's path in the model.
        direction: `"forward"`, `"backward"`, or None where the layer is not bidirectional.
        index: The cell's place in its layer's stack of cells; 0 where there is only one.
        cell: The cell's type, such as `"LSTM"`.
        matrix: The matrix's name, such as `"recurrent_kernel"`; for a kind that is of no weight tensor, the
            kind's own name.
        gates: The gates in the order in which they stand side by side.
        rows: Rows of the matrix.
        columns: Columns of one gate.
        pool: How many rows and columns one cell of its heatmaps stands for.
        position: Its place among the matrices of the model, from 0.
        row_shape: What the rows are numbered by: `(rows,)`, or the axes of a convolution's kernel.
        is_trained: False where the variable is frozen, so that it never has a gradient.
        added: What the cell itself adds to a gate at run time: (gate, value) pairs.
        planes: The names of a heatmap's planes: the mean over the batch, then single samples; empty where a
            heatmap is one matrix.
        is_reversed: Whether the cell goes through time from the end. What is stored runs in the natural
            order of time all the same.
        tokens: What stands at each time step, for each plane of a single sample; empty where that isn't
            known.
        of: What was differentiated: `"loss"` or `"outputs"`; empty for kinds that are no such gradients.
        note: What a person should know of the values, in a few words; empty for nothing.
    """

    kind: str
    layer: str
    direction: str | None
    index: int
    cell: str
    matrix: str
    gates: tuple[str, ...]
    rows: int
    columns: int
    pool: tuple[int, int]
    position: int
    row_shape: tuple[int, ...]
    is_trained: bool = True
    added: tuple[tuple[str, float], ...] = ()
    planes: tuple[str, ...] = ()
    is_reversed: bool = False
    tokens: tuple[tuple[str, ...], ...] = ()
    of: str = ""
    note: str = ""

    @classmethod
    def of_tensor(cls, tensor: GateTensor, kind: str, pool: tuple[int, int], position: int) -> Series:
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
            columns=tensor.units,
            pool=pool,
            position=position,
            row_shape=tensor.row_shape,
            is_trained=tensor.is_trained,
            added=tuple(tensor.added.items()),
            note=tensor.note,
        )

    @functools.cached_property
    def tag(self) -> str:
        """The series' name within a run: `"weights/encoder/lstm_1/forward/kernel"`, `"outputs/lstm_1"`."""
        parts = [self.kind, self.layer]
        if self.direction is not None:
            parts.append(self.direction)
        if self.index:
            parts.append(f"cell_{self.index}")
        if kinds.BY_NAME[self.kind].is_of_matrix:
            parts.append(self.matrix)
        return "/".join(parts)


def event_tag(plugin_name: str, tag: str) -> str:
    """The tag in the event file. A tag belongs to one plugin, so each has its own."""
    return f"{plugin_name}/{tag}"


def series_tag(plugin_name: str, tag: str) -> str:
    """The series' tag, from the one in the event file."""
    return tag.removeprefix(f"{plugin_name}/")


@functools.lru_cache(maxsize=4096)
def summary_metadata(plugin_name: str, series: Series) -> summary_pb2.SummaryMetadata:
    """What the first value of a tag carries: whose it is, and its facts; not to be written into."""
    content = json.dumps({"format_version": FORMAT_VERSION, **asdict(series)})
    return _metadata(plugin_name, content.encode())


@functools.cache
def short_metadata(plugin_name: str) -> summary_pb2.SummaryMetadata:
    """What the further values of a tag carry, and notices: whose they are; not to be written into."""
    return _metadata(plugin_name, b"")


def _metadata(plugin_name: str, content: bytes) -> summary_pb2.SummaryMetadata:
    return summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name=plugin_name, content=content),
        data_class=DATA_CLASSES[plugin_name],
    )


def parse_series(content: bytes) -> Series:
    """Reads the facts of a series back from its plugin data.

    Raises:
        MetadataError: If they are of a format version or kind that we don't know, or no such facts at all.
    """
    if len(content) > _MAX_CONTENT:
        raise MetadataError(
            f"its metadata take {len(content)} bytes, where at most {_MAX_CONTENT} are read"
        )
    try:
        facts = json.loads(content)
        version = facts.pop("format_version")
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise MetadataError("its metadata are not written by this plugin") from error
    current = _CURRENT_FACTS.get(version) if type(version) is int else None
    if current is None:
        raise MetadataError(
            f"its format version is {version!r}, and this plugin reads versions "
            f"{' and '.join(map(str, _CURRENT_FACTS))}: "
            "use the version of tensorboard-plugin-rnnweights that logged it, or a newer one"
        )
    try:
        series = _checked(current(facts))
    except (TypeError, ValueError, KeyError) as error:
        raise MetadataError(f"its metadata are damaged: {error}") from error
    if series.kind not in kinds.BY_NAME:
        raise MetadataError(
            f"its kind is {series.kind!r}, which this plugin doesn't know: "
            "use a newer version of tensorboard-plugin-rnnweights"
        )
    return series


def _from_version_1(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of version 1, which knew weights and gradients alone, as version 2 names them."""
    further = {"planes": [], "is_reversed": False, "tokens": [], "of": "", "note": ""}
    new = {"columns": facts.pop("units"), **further}
    _check(not facts.keys() & new.keys(), "format_version")
    return {**facts, **new}


_CURRENT_FACTS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: _from_version_1,
    FORMAT_VERSION: lambda facts: facts,
}


def _checked(facts: dict[str, Any]) -> Series:
    for name in ("kind", "layer", "cell", "matrix", "note"):
        _check(_is_text(facts[name]), name)
    _check(facts["direction"] is None or _is_text(facts["direction"]), "direction")
    for name, least in (("index", 0), ("position", 0), ("rows", 1), ("columns", 1)):
        _check(type(facts[name]) is int and least <= facts[name] <= _MAX_SIZE, name)
    for name in ("is_trained", "is_reversed"):
        _check(isinstance(facts[name], bool), name)
    _check(facts["of"] in DIFFERENTIATED, "of")
    gates, planes = _texts(facts, "gates"), _texts(facts, "planes")
    _check(bool(gates), "gates")
    pool, row_shape = _sizes(facts, "pool"), _sizes(facts, "row_shape")
    _check(len(pool) == 2, "pool")
    _check(math.prod(row_shape) == facts["rows"], "row_shape")
    checked = {
        "gates": gates,
        "planes": planes,
        "pool": pool,
        "row_shape": row_shape,
        "added": _checked_constants(facts["added"], gates),
        "tokens": _checked_tokens(facts["tokens"], len(planes) - 1, facts["columns"]),
    }
    return Series(**{**facts, **checked})


def _texts(facts: dict[str, Any], name: str) -> tuple[str, ...]:
    _check(isinstance(facts[name], list) and all(map(_is_text, facts[name])), name)
    return tuple(facts[name])


def _sizes(facts: dict[str, Any], name: str) -> tuple[int, ...]:
    _check(isinstance(facts[name], list), name)
    _check(all(type(size) is int and 0 < size <= _MAX_SIZE for size in facts[name]), name)
    return tuple(facts[name])


def _checked_constants(added: Any, gates: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    _check(isinstance(added, list), "added")
    for gate, value in added:
        _check(gate in gates and type(value) is float and math.isfinite(value), "added")
    return tuple((gate, value) for gate, value in added)


def _checked_tokens(tokens: Any, samples: int, times: int) -> tuple[tuple[str, ...], ...]:
    _check(isinstance(tokens, list) and len(tokens) in (0, samples), "tokens")
    for texts in tokens:
        _check(isinstance(texts, list) and len(texts) == times, "tokens")
        _check(all(map(_is_text, texts)), "tokens")
    return tuple(tuple(texts) for texts in tokens)


def _is_text(value: Any) -> bool:
    """Whether it is text that can be written as such: JSON has half characters, too."""
    try:
        return isinstance(value, str) and bool(value.encode() or True)
    except UnicodeEncodeError:
        return False


def _check(holds: bool, name: str) -> None:
    if not holds:
        raise ValueError(f"'{name}' is not what it should be")
