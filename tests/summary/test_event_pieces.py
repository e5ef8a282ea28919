"""The pieces of an event are what the library writes of the same message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, types_pb2

from tensorboard_plugin_rnnweights.summary.event_pieces import Tensor, Value, event_pieces

# On both sides of each length at which a further byte is needed to tell it.
LENGTHS = [0, 1, 100, 127, 128, 129, 16_383, 16_384, 2_097_152]

strings = st.one_of(st.none(), st.binary(max_size=40), st.sampled_from(LENGTHS).map(bytes))
values = st.lists(st.tuples(st.text(max_size=40), st.binary(max_size=20), strings), max_size=4)


@given(values, st.integers(0, 2**63 - 1))
def test_they_are_what_the_library_reads_as_the_same_event(
    cases: list[tuple[str, bytes, bytes | None]], step: int
) -> None:
    expected = event_pb2.Event(wall_time=1.5, step=step)
    given = []
    for tag, content, string in cases:
        head = summary_pb2.Summary.Value(tag=tag)
        head.metadata.plugin_data.content = content
        tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING)
        given.append(Value(head.SerializeToString(), Tensor(tensor.SerializeToString(), string)))
        whole = expected.summary.value.add(tag=tag, metadata=head.metadata, tensor=tensor)
        if string is not None:
            whole.tensor.string_val.append(string)
    pieces = event_pieces(event_pb2.Event(wall_time=1.5, step=step), given)
    found = event_pb2.Event.FromString(b"".join(pieces))
    assert found == expected
    # Not only another spelling of the same.
    assert len(b"".join(pieces)) == expected.ByteSize()


def test_a_string_is_a_piece_of_its_own_and_not_copied() -> None:
    string = bytes(1000)
    value = Value(b"", Tensor(b"", string))
    assert any(piece is string for piece in event_pieces(event_pb2.Event(), [value]))


def test_values_come_after_those_of_the_event_itself() -> None:
    head = event_pb2.Event()
    head.summary.value.add(tag="first")
    further = Value(summary_pb2.Summary.Value(tag="second").SerializeToString(), Tensor(b""))
    found = event_pb2.Event.FromString(b"".join(event_pieces(head, [further])))
    assert [value.tag for value in found.summary.value] == ["first", "second"]
