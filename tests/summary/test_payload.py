"""Arrays as bytes and back, and what is made of bytes that aren't ours."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
import safetensors.numpy
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_rnnweights.summary.payload import (
    PayloadError,
    compress,
    decode,
    decompress,
    encode,
)

LIMIT = 2**20

ARRAYS: dict[str, npt.NDArray[Any]] = {
    "cells": np.arange(6, dtype=ml_dtypes.bfloat16).reshape(2, 3),
    "statistics": np.array([[np.nan, 1.5], [-np.inf, 0.0]]),
    "offsets": np.array([0, 2, 2]),
    "keys": np.array([1, 2**14 - 1], np.uint16),
    "counts": np.array([1, 2**32 - 1], np.uint32),
    "exact": np.array([[0.1]], np.float32),
    "nothing": np.array([], np.uint16),
}
PAYLOAD = compress(encode(ARRAYS))

numeric = st.sampled_from([np.float32, np.float64, np.int64, np.uint16, np.uint32])
shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5)
arrays_by_name = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name != "__metadata__"),
    numeric.flatmap(lambda dtype: hnp.arrays(dtype, shapes)),
    max_size=4,
)


def assert_equal(found: dict[str, npt.NDArray[Any]], expected: dict[str, npt.NDArray[Any]]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()


def test_arrays_of_all_our_types_come_back_as_they_were() -> None:
    assert_equal(decode(decompress(PAYLOAD, LIMIT)), ARRAYS)


@given(arrays_by_name)
def test_arrays_of_all_shapes_come_back_as_they_were(arrays: dict[str, npt.NDArray[Any]]) -> None:
    assert_equal(decode(decompress(compress(encode(arrays)), LIMIT)), arrays)


@given(arrays_by_name, st.dictionaries(st.text(max_size=5), st.text(max_size=5), min_size=1))
def test_others_can_read_what_we_write(arrays: dict[str, npt.NDArray[Any]], texts: dict[str, str]) -> None:
    assert_equal(safetensors.numpy.load(encode(arrays, texts)), arrays)


def test_numbers_of_all_types_are_aligned() -> None:
    plain = encode(ARRAYS)
    header = int.from_bytes(plain[:8], "little")
    offsets = {name: one["data_offsets"][0] for name, one in json.loads(plain[8 : 8 + header]).items()}
    assert all((8 + header + offsets[name]) % array.itemsize == 0 for name, array in ARRAYS.items())


def test_what_is_decoded_cannot_be_written_into() -> None:
    assert not any(array.flags.writeable for array in decode(encode(ARRAYS)).values())


def test_a_frame_tells_its_contents_size() -> None:
    assert zstandard.get_frame_parameters(PAYLOAD).content_size == len(encode(ARRAYS))


@pytest.mark.parametrize("size", range(len(PAYLOAD)))
def test_a_frame_that_is_cut_off_is_refused(size: int) -> None:
    with pytest.raises(PayloadError):
        decompress(PAYLOAD[:size], LIMIT)


@pytest.mark.parametrize("size", range(len(encode(ARRAYS))))
def test_arrays_that_are_cut_off_are_refused(size: int) -> None:
    with pytest.raises(PayloadError):
        decode(encode(ARRAYS)[:size])


def test_the_limit_holds_to_the_byte() -> None:
    size = len(encode(ARRAYS))
    assert len(decompress(PAYLOAD, size)) == size
    with pytest.raises(PayloadError, match=f"{size} bytes where at most {size - 1} are allowed"):
        decompress(PAYLOAD, size - 1)


def test_a_frame_that_hides_its_size_is_refused() -> None:
    hiding = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(2**24))
    with pytest.raises(PayloadError):
        decompress(hiding, LIMIT)


def test_a_frame_that_lies_about_its_size_is_refused() -> None:
    honest = zstandard.ZstdCompressor(level=1).compress(bytes(2**24))
    at = honest.index((2**24).to_bytes(4, "little"))
    lying = honest[:at] + (1000).to_bytes(4, "little") + honest[at + 4 :]
    assert zstandard.get_frame_parameters(lying).content_size == 1000
    with pytest.raises(PayloadError):
        decompress(lying, LIMIT)


@given(st.binary(max_size=200))
def test_bytes_of_others_are_refused_and_never_fatal(hostile: bytes) -> None:
    for frame in (hostile, PAYLOAD[:4] + hostile):
        with pytest.raises(PayloadError):
            decompress(frame, LIMIT)


@given(st.binary(max_size=200), st.data())
def test_arrays_of_others_are_refused_or_read_but_never_fatal(hostile: bytes, data: st.DataObject) -> None:
    plain = encode(ARRAYS)
    at = data.draw(st.integers(0, len(plain)))
    header = len(hostile).to_bytes(8, "little")
    for damaged in (hostile, header + hostile, plain[:at] + hostile + plain[at + len(hostile) :]):
        with contextlib.suppress(PayloadError):
            decode(damaged)


def test_numbers_of_a_type_that_we_never_write_are_refused() -> None:
    with pytest.raises(PayloadError):
        decode(safetensors.numpy.save({"cells": np.array([True])}))
