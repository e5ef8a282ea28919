"""Records are TensorFlow's, and damaged ones are never taken for whole."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

from tensorboard_plugin_rnnweights.summary.record_format import DamagedError, as_record, read_records

all_data = st.lists(st.binary(max_size=80), max_size=5)


def read(written: bytes) -> list[bytes]:
    return list(read_records(io.BytesIO(written)))


def one_record(data: bytes) -> bytes:
    return b"".join(as_record([data]))


@given(st.lists(st.binary(max_size=80), max_size=5))
def test_pieces_make_the_same_record_as_the_whole(pieces: list[bytes]) -> None:
    assert b"".join(as_record(pieces)) == one_record(b"".join(pieces))


@given(st.binary(max_size=300))
def test_the_checksums_are_tensorboards(data: bytes) -> None:
    record = one_record(data)
    assert int.from_bytes(record[8:12], "little") == masked_crc32c(record[:8])
    assert int.from_bytes(record[-4:], "little") == masked_crc32c(data)


@given(all_data)
def test_records_come_back_as_they_were(data: list[bytes]) -> None:
    assert read(b"".join(map(one_record, data))) == data


@given(all_data.filter(bool), st.data())
def test_a_record_that_is_still_being_written_is_left_out(data: list[bytes], draw: st.DataObject) -> None:
    whole = b"".join(map(one_record, data[:-1]))
    last = one_record(data[-1])
    kept = draw.draw(st.integers(0, len(last) - 1))
    assert read(whole + last[:kept]) == data[:-1]


@given(all_data.filter(bool), st.data())
def test_a_flipped_bit_is_noticed(data: list[bytes], draw: st.DataObject) -> None:
    written = bytearray(b"".join(map(one_record, data)))
    place = draw.draw(st.integers(0, len(written) - 1))
    written[place] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(DamagedError, match=r"damaged before byte [\d,]+"):
        read(bytes(written))
