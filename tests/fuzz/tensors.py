"""Tensors around payloads: of one text, as the writer's, or of something else."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from tensorboard.compat.proto import tensor_pb2, types_pb2

from tensorboard_plugin_rnnweights.summary.metadata import HEATMAPS_PLUGIN
from tests.plugin import logs

# TensorBoard itself makes as many copies of a lone value as a shape claims; see `SECURITY.md`. These are
# few enough to be made, or far too many for any machine.
_SHAPES: tuple[tuple[int, ...], ...] = (
    (),
    (0,),
    (1,),
    (2,),
    (1, 1),
    (4, 3),
    (-1,),
    (0, 2**40),
    (2**60,),
    (2**31, 2**31),
)
_DTYPES = (
    types_pb2.DT_INVALID,
    types_pb2.DT_FLOAT,
    types_pb2.DT_INT64,
    types_pb2.DT_STRING,
    types_pb2.DT_BOOL,
    types_pb2.DT_COMPLEX64,
    types_pb2.DT_BFLOAT16,
    types_pb2.DT_RESOURCE,
)


@st.composite
def hostile_tensors(
    draw: st.DrawFn,
    plugin_name: str,
    honest: tensor_pb2.TensorProto,
    contents: Callable[[bytes], st.SearchStrategy[bytes]],
) -> tensor_pb2.TensorProto:
    """A tensor in the place of an honest one.

    Args:
        draw: Hypothesis's.
        plugin_name: Whose it is.
        honest: The honest one.
        contents: What its content may be, if it is a text.
    """
    if honest.string_val and draw(st.integers(0, 3)):
        return logs.texts(draw(contents(honest.string_val[0])), is_sequence=plugin_name == HEATMAPS_PLUGIN)
    tensor = tensor_pb2.TensorProto()
    tensor.CopyFrom(honest)
    if draw(st.booleans()):
        tensor.dtype = draw(st.sampled_from(_DTYPES))
    if draw(st.booleans()):
        del tensor.tensor_shape.dim[:]
        for size in draw(st.sampled_from(_SHAPES)):
            tensor.tensor_shape.dim.add(size=size)
    if draw(st.booleans()):
        tensor.string_val[:] = draw(st.lists(st.binary(max_size=4), max_size=3))
    if draw(st.booleans()):
        tensor.int64_val[:] = draw(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=13))
    if draw(st.booleans()):
        tensor.tensor_content = draw(st.binary(max_size=24))
    return tensor
