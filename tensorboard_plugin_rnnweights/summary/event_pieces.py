"""Events as pieces of bytes, in which what is large stands as it is, and is copied nowhere.

In the wire format of protocol buffers, a message is its fields one after the other, each with its number,
and a message inside another one is a field with its length (https://protobuf.dev/programming-guides/encoding/).
So the library writes all that is small, and the strings of tensors come between its pieces. By itself, it
copies each of them several times, to memory that is new each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2

_LENGTH_DELIMITED = 2

Pieces = list[bytes]


@dataclass(frozen=True)
class Tensor:
    """A tensor for an event.

    Attributes:
        head: A serialized `TensorProto`: its type and shape, and its content where that is no string.
        string: Its only string; None where it has none.
    """

    head: bytes
    string: bytes | None = None


@dataclass(frozen=True)
class Value:
    """A value of an event's summary: its tag and metadata, as a serialized one, and its tensor."""

    head: bytes
    tensor: Tensor


def event_pieces(head: event_pb2.Event, values: Iterable[Value] = ()) -> Pieces:
    """The bytes of an event.

    Args:
        head: All of it but these values.
        values: What its summary holds beside that of `head`.
    """
    summary = [piece for value in values for piece in _inside(_VALUE, _value(value))]
    return [head.SerializeToString(), *(_inside(_SUMMARY, summary) if summary else ())]


def _value(value: Value) -> Pieces:
    tensor = [value.tensor.head]
    if value.tensor.string is not None:
        tensor += _inside(_STRING, [value.tensor.string])
    return [value.head, *_inside(_TENSOR, tensor)]


def _inside(key: bytes, pieces: Sequence[bytes]) -> Pieces:
    """A field that holds a message or a string."""
    return [key + _variable_length(sum(map(len, pieces))), *pieces]


def _key(message: Any, field: str) -> bytes:
    return _variable_length(message.DESCRIPTOR.fields_by_name[field].number << 3 | _LENGTH_DELIMITED)


def _variable_length(number: int) -> bytes:
    """A number, seven bits a byte, the lowest first; all bytes but the last have their highest bit set."""
    groups = []
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])


_SUMMARY = _key(event_pb2.Event, "summary")
_VALUE = _key(summary_pb2.Summary, "value")
_TENSOR = _key(summary_pb2.Summary.Value, "tensor")
_STRING = _key(tensor_pb2.TensorProto, "string_val")
