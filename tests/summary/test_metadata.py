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
from tensorboard_plugin_rnnweights.summary.metadata import (
    DATA_CLASSES,
    FORMAT_VERSION,
    MetadataError,
    Series,
    event_tag,
    parse_series,
    series_tag,
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
    units=256,
    pool=(1, 1),
    position=3,
    row_shape=(8, 8),
    is_trained=False,
    added=(("forget", 1.0),),
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
    return Series(
        kind=draw(st.sampled_from(["weights", "gradients"])),
        layer="/".join(draw(st.lists(names, min_size=1, max_size=3))),
        direction=draw(st.sampled_from([None, "forward", "backward"])),
        index=draw(st.integers(0, 20)),
        cell=draw(names),
        matrix=draw(names),
        gates=gates,
        rows=math.prod(row_shape),
        units=draw(positive),
        pool=draw(st.tuples(positive, positive)),
        position=draw(st.integers(0, 1000)),
        row_shape=row_shape,
        is_trained=draw(st.booleans()),
        added=tuple(draw(st.lists(st.tuples(st.sampled_from(gates), finite), max_size=2))),
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
        metadata = summary_metadata(plugin_name, SERIES)
        assert metadata.data_class != summary_pb2.DATA_CLASS_UNKNOWN


def test_a_series_is_that_of_its_tensor() -> None:
    tensor = GateTensor("a/b", None, 2, "GRU", "bias", ("update", "reset"), np.zeros((1, 6)))
    assert Series.of(tensor, "gradients", (1, 2), 7) == Series(
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
    with pytest.raises(MetadataError, match=r"format version is .*, and this plugin reads version 1: use"):
        parse_series(content_with(format_version=version))


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
    {"units": -3},
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
