"""The static facts of a series, there and back, and its tag."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto import summary_pb2

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME
from tensorboard_plugin_rnnweights.summary.metadata import (
    DATA_CLASSES,
    DIFFERENTIATED,
    FORMAT_VERSION,
    MetadataError,
    Series,
    event_tag,
    parse_series,
    series_tag,
    short_metadata,
    summary_metadata,
)

SERIES = Series(
    kind="weights",
    layer="encoder/lstm_1",
    direction="forward",
    index=0,
    cell="LSTM",
    matrix="kernel",
    gates=("input", "forget", "cell", "output"),
    rows=64,
    columns=256,
    pool=(1, 1),
    position=3,
    row_shape=(8, 8),
    is_trained=False,
    added=(("forget", 1.0),),
    planes=("mean over the batch", "sample 3"),
    is_reversed=True,
    of="loss",
)
CONTENT = summary_metadata("rnnweights", SERIES).plugin_data.content
FACTS: dict[str, Any] = json.loads(CONTENT)

# Keras allows no slash in a layer's name, so that of a path is always between two layers.
names = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=8)
positive = st.integers(1, 2**40)
finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def all_series(draw: st.DrawFn) -> Series:
    row_shape = tuple(draw(st.lists(st.integers(1, 2**12), min_size=1, max_size=3)))
    gates = tuple(draw(st.lists(names, min_size=1, max_size=6)))
    columns = draw(st.integers(1, 4))
    samples = draw(st.integers(0, 3))
    token_lists = st.lists(names, min_size=columns, max_size=columns).map(tuple)
    return Series(
        kind=draw(st.sampled_from(sorted(BY_NAME))),
        layer="/".join(draw(st.lists(names, min_size=1, max_size=3))),
        direction=draw(st.sampled_from([None, "forward", "backward"])),
        index=draw(st.integers(0, 20)),
        cell=draw(names),
        matrix=draw(names),
        gates=gates,
        rows=math.prod(row_shape),
        columns=columns,
        pool=draw(st.tuples(positive, positive)),
        position=draw(st.integers(0, 1000)),
        row_shape=row_shape,
        is_trained=draw(st.booleans()),
        added=tuple(draw(st.lists(st.tuples(st.sampled_from(gates), finite), max_size=2))),
        planes=("mean over the batch", *(f"sample {sample}" for sample in range(samples))),
        is_reversed=draw(st.booleans()),
        tokens=draw(st.sampled_from([(), tuple(draw(token_lists) for _ in range(samples))])),
        of=draw(st.sampled_from(DIFFERENTIATED)),
    )


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(all_series(), st.sampled_from(sorted(DATA_CLASSES)))
def test_facts_come_back_as_they_were(series: Series, plugin_name: str) -> None:
    metadata = summary_metadata(plugin_name, series)
    on_the_wire = summary_pb2.SummaryMetadata.FromString(metadata.SerializeToString())
    assert parse_series(on_the_wire.plugin_data.content) == series
    assert on_the_wire.plugin_data.plugin_name == plugin_name


def test_every_plugin_name_has_a_class_of_data() -> None:
    # Without one, TensorBoard's fast loader leaves a series out.
    for plugin_name in DATA_CLASSES:
        for metadata in (summary_metadata(plugin_name, SERIES), short_metadata(plugin_name)):
            assert metadata.data_class != summary_pb2.DATA_CLASS_UNKNOWN
            assert metadata.plugin_data.plugin_name == plugin_name


def test_a_series_is_that_of_its_tensor() -> None:
    tensor = GateTensor("a/b", None, 2, "GRU", "bias", ("update", "reset"), np.zeros((1, 6)))
    assert Series.of_tensor(tensor, "gradients", (1, 2), 7) == Series(
        "gradients", "a/b", None, 2, "GRU", "bias", ("update", "reset"), 1, 3, (1, 2), 7, (1,)
    )


@pytest.mark.parametrize(
    ("changes", "tag"),
    [
        ({}, "weights/encoder/lstm_1/forward/kernel"),
        ({"direction": None}, "weights/encoder/lstm_1/kernel"),
        ({"index": 1}, "weights/encoder/lstm_1/forward/cell_1/kernel"),
        ({"kind": "gradients"}, "gradients/encoder/lstm_1/forward/kernel"),
        ({"matrix": "bias"}, "weights/encoder/lstm_1/forward/bias"),
        ({"kind": "updates"}, "updates/encoder/lstm_1/forward/kernel"),
        ({"kind": "outputs", "matrix": "outputs"}, "outputs/encoder/lstm_1/forward"),
        (
            {"kind": "reach", "matrix": "reach", "direction": None, "index": 1},
            "reach/encoder/lstm_1/cell_1",
        ),
    ],
)
def test_tags_read_as_paths(changes: dict[str, Any], tag: str) -> None:
    assert replace(SERIES, **changes).tag == tag


def test_series_of_one_layer_have_tags_of_their_own() -> None:
    tags = {
        replace(SERIES, kind=kind, direction=direction, index=index, matrix=matrix).tag
        for kind in ("weights", "gradients")
        for direction in (None, "forward", "backward")
        for index in range(3)
        for matrix in ("kernel", "recurrent_kernel", "bias")
    }
    assert len(tags) == 2 * 3 * 3 * 3


@given(all_series(), st.sampled_from(sorted(DATA_CLASSES)))
def test_the_tag_of_a_plugin_leads_back_to_that_of_the_series(series: Series, plugin_name: str) -> None:
    assert series_tag(plugin_name, event_tag(plugin_name, series.tag)) == series.tag


@given(all_series())
def test_no_two_plugins_share_a_tag(series: Series) -> None:
    assert len({event_tag(plugin_name, series.tag) for plugin_name in DATA_CLASSES}) == len(DATA_CLASSES)


def content_with(**changes: Any) -> bytes:
    return json.dumps({**FACTS, **changes}).encode()


def content_without(name: str) -> bytes:
    return json.dumps({key: value for key, value in FACTS.items() if key != name}).encode()


@pytest.mark.parametrize("version", [0, FORMAT_VERSION + 1, "1", None, 1.5, [1]], ids=repr)
def test_an_unknown_version_is_named_and_never_guessed_at(version: Any) -> None:
    with pytest.raises(
        MetadataError, match=r"format version is .*, and this plugin reads versions 1 and 2: use"
    ):
        parse_series(content_with(format_version=version))


VERSION_1: dict[str, Any] = {
    "format_version": 1,
    "kind": "weights",
    "layer": "a/b",
    "direction": "forward",
    "index": 0,
    "cell": "LSTM",
    "matrix": "kernel",
    "gates": ["input", "forget"],
    "rows": 12,
    "units": 5,
    "pool": [1, 1],
    "position": 4,
    "row_shape": [3, 4],
    "is_trained": True,
    "added": [["forget", 1.0]],
}


def test_facts_of_version_1_are_read() -> None:
    series = parse_series(json.dumps(VERSION_1).encode())
    assert (series.columns, series.rows, series.gates) == (5, 12, ("input", "forget"))
    assert (series.planes, series.tokens, series.of, series.is_reversed) == ((), (), "", False)
    assert series.tag == "weights/a/b/forward/kernel"


@pytest.mark.parametrize("changes", [{"columns": 5}, {"planes": []}, {"units": 0}, {"of": "loss"}], ids=str)
def test_facts_that_are_partly_of_version_1_are_an_error(changes: dict[str, Any]) -> None:
    with pytest.raises(MetadataError, match="its metadata are damaged"):
        parse_series(json.dumps({**VERSION_1, **changes}).encode())


def test_a_kind_that_is_not_in_the_table_is_named_and_never_guessed_at() -> None:
    with pytest.raises(MetadataError, match="its kind is 'attention', which this plugin doesn't know"):
        parse_series(content_with(kind="attention"))


@pytest.mark.parametrize("name", [name for name in FACTS if name != "format_version"])
def test_a_missing_fact_is_an_error(name: str) -> None:
    with pytest.raises(MetadataError, match="its metadata are damaged"):
        parse_series(content_without(name))


DAMAGE: list[dict[str, Any]] = [
    {"kind": None},
    {"kind": 1},
    {"layer": ["a"]},
    {"direction": 1},
    {"index": -1},
    {"index": True},
    {"index": 1.0},
    {"cell": {}},
    {"matrix": None},
    {"gates": []},
    {"gates": None},
    {"gates": "input"},
    {"gates": {"input": 0}},
    {"gates": [1]},
    {"rows": 0},
    {"rows": "64"},
    {"columns": -3},
    {"columns": None},
    {"units": 3},
    {"planes": None},
    {"planes": [1]},
    {"is_reversed": 1},
    {"is_trained": None},
    {"tokens": "text"},
    {"tokens": [["a"]]},
    {"tokens": [["a"] * 255 + [1]]},
    {"tokens": [["a"] * 256] * 2},
    {"of": "gradients"},
    {"of": None},
    {"pool": [1]},
    {"pool": [1, 0]},
    {"pool": [1, 1, 1]},
    {"pool": "11"},
    {"position": None},
    {"surplus": 1},
]


@pytest.mark.parametrize("changes", DAMAGE, ids=str)
def test_a_damaged_fact_is_an_error(changes: dict[str, Any]) -> None:
    with pytest.raises(MetadataError, match="its metadata are damaged"):
        parse_series(content_with(**changes))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"text"',
        b"1",
        b"\xff\xfe\x00",
        b"\x80",
        b"{" * 10,
        b"[" * 100_000,
        b"1" * 10_000,
        CONTENT[:-1],
    ],
    ids=lambda content: repr(content[:10]),
)
def test_content_of_another_plugin_is_an_error(content: bytes) -> None:
    with pytest.raises(MetadataError, match="not written by this plugin"):
        parse_series(content)


@given(st.binary(max_size=100))
def test_no_bytes_are_fatal(content: bytes) -> None:
    with pytest.raises(MetadataError):
        parse_series(content)


@given(st.sampled_from(sorted(FACTS)), anything)
def test_a_fact_of_any_kind_is_an_error_or_a_fact(name: str, value: Any) -> None:
    try:
        series = parse_series(content_with(**{name: value}))
    except MetadataError:
        return
    assert json.loads(json.dumps({"format_version": FORMAT_VERSION, **asdict(series)}))[name] == value
