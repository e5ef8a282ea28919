"""Where each value of a variable stands after it is cut, however the variable is packed."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.rnn.cell_layout import MatrixPart
from tensorboard_plugin_rnnweights.rnn.cutting import CutError, cut

Array = npt.NDArray[Any]
Rows = Literal["all", "inputs", "states"]

SIZES = st.lists(st.integers(1, 3), max_size=3).map(tuple)
"""Of a convolution's kernel on each axis; none for a plain kernel."""

COUNTS = st.integers(1, 4)


def packed_last(sizes: tuple[int, ...], channels: int, columns: int) -> Array:
    """A kernel as Keras lays it out, in which no value is there twice."""
    shape = (*sizes, channels, columns)
    return np.arange(np.prod(shape)).reshape(shape)


def packed_first(kernel: Array) -> Array:
    """The same kernel as PyTorch lays it out: columns, channels, sizes."""
    return np.moveaxis(kernel, (-1, -2), (0, 1))


@settings(max_examples=60)
@given(sizes=SIZES, channels=COUNTS, gates=COUNTS, units=COUNTS)
def test_gates_packed_first_stand_by_sizes_and_then_channels(
    sizes: tuple[int, ...], channels: int, gates: int, units: int
) -> None:
    variable = packed_first(packed_last(sizes, channels, gates * units))
    assert variable.shape == (gates * units, channels, *sizes)
    found = cut(MatrixPart("kernel", "w", axis=0), variable, gates, None)
    assert found.shape == (*sizes, channels, gates * units)
    for here in np.ndindex(*variable.shape):
        column, channel, *place = here
        there = (*place, channel, column)
        assert found[there] == variable[here]


@settings(max_examples=60)
@given(
    sizes=SIZES,
    inputs=COUNTS,
    gates=COUNTS,
    units=COUNTS,
    states=st.none() | COUNTS,
    states_first=st.booleans(),
    axis=st.sampled_from([0, -1]),
)
def test_inputs_and_states_share_channels(
    sizes: tuple[int, ...],
    inputs: int,
    gates: int,
    units: int,
    states: int | None,
    states_first: bool,
    axis: Literal[0, -1],
) -> None:
    of_states = units if states is None else states
    kernel = packed_last(sizes, inputs + of_states, gates * units)
    variable = kernel if axis == -1 else packed_first(kernel)

    def found(rows: Rows) -> Array:
        part = MatrixPart("kernel", "w", axis=axis, rows=rows, states_first=states_first)
        return cut(part, variable, gates, states)

    channels = [*range(inputs + of_states)]
    own = channels[of_states:] if states_first else channels[:inputs]
    others = [one for one in channels if one not in own]
    np.testing.assert_array_equal(found("inputs"), kernel[..., own, :])
    np.testing.assert_array_equal(found("states"), kernel[..., others, :])
    np.testing.assert_array_equal(found("all"), kernel)


@given(axis=st.sampled_from([0, -1]), gates=COUNTS, units=COUNTS)
def test_a_bias_has_one_row_on_whichever_axis_kernels_pack_gates(
    axis: Literal[0, -1], gates: int, units: int
) -> None:
    bias = np.arange(gates * units)
    np.testing.assert_array_equal(cut(MatrixPart("bias", "b", axis=axis), bias, gates, None), [bias])


def test_nothing_is_copied_of_a_kernel_that_is_packed_first() -> None:
    variable = packed_first(packed_last((2, 3), 5, 8))
    for rows in ("all", "inputs", "states"):
        assert np.shares_memory(cut(MatrixPart("k", "w", axis=0, rows=rows), variable, 4, 2), variable)


@pytest.mark.parametrize("states", [0, 5, 6, None])
def test_states_that_leave_no_rows_are_refused_with_the_numbers(states: int | None) -> None:
    part = MatrixPart("recurrent_kernel", "w", rows="states")
    count = 7 if states is None else states
    message = f"has 5 rows of inputs and states, of which {count} can't be the states'"
    with pytest.raises(CutError, match=message):
        cut(part, np.zeros((5, 7)), 1, states)
