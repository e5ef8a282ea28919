"""Rounding to what cells are stored as, whichever way it goes."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_rnnweights.summary.passes.rounding import rounded_with_one_nan
from tests.summary.numbers import bit_patterns
from tests.summary.passes.ways import WAYS, both_ways, going

Array = npt.NDArray[Any]


@both_ways
@given(bit_patterns(min_size=1))
@example(np.array([1 + 2**-8, 1 + 3 * 2**-8, -1 - 2**-8, 3.4e38, -3.4e38], np.float32))
def test_cells_are_rounded_to_the_nearest_bfloat16(way: str, values: Array) -> None:
    with going(way):
        with np.errstate(over="ignore"):
            rounded = values.astype(ml_dtypes.bfloat16)
        overflows = np.isfinite(values) & ~np.isfinite(rounded.astype(np.float32))
        cells = rounded_with_one_nan(values, "bfloat16")
        assert cells.dtype == ml_dtypes.bfloat16
        np.testing.assert_array_equal(
            cells[~overflows].astype(np.float32), rounded[~overflows].astype(np.float32)
        )


@both_ways
@given(bit_patterns(min_size=1))
def test_ties_are_rounded_to_even(way: str, values: Array) -> None:
    with going(way):
        values = np.where(np.abs(values) < 3e38, values, np.float32(0))
        bits = values.view(np.uint32).astype(np.uint64)
        even = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
        np.testing.assert_array_equal(rounded_with_one_nan(values, "bfloat16").view(np.uint16), even)


@both_ways
@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
@given(values=hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats()))
@example(values=np.array([3.4e38, -1e300, 1e300, np.inf, -np.inf, np.nan]))
def test_finite_values_stay_finite_and_others_stay_what_they_are(
    way: str, dtype: str, values: Array
) -> None:
    with going(way):
        cells = rounded_with_one_nan(values, dtype).astype(np.float64)
        finite = np.isfinite(values)
        assert np.isfinite(cells[finite]).all()
        np.testing.assert_array_equal(np.signbit(cells[finite]), np.signbit(values[finite]))
        np.testing.assert_array_equal(cells[~finite], values[~finite])


@both_ways
def test_what_is_too_large_becomes_the_largest_cell(way: str) -> None:
    with going(way):
        largest = float(ml_dtypes.finfo(ml_dtypes.bfloat16).max)
        cells = rounded_with_one_nan(np.array([[3.4e38, -3.4e38, 1.0]], np.float32), "bfloat16")
        assert cells.astype(np.float64).tolist() == [[largest, -largest, 1.0]]


@both_ways
def test_float32_cells_are_exact(way: str) -> None:
    with going(way):
        values = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
        np.testing.assert_array_equal(rounded_with_one_nan(values, "float32"), values)


@given(bit_patterns())
def test_both_ways_end_at_the_same_bits(values: Array) -> None:
    found = []
    for way in WAYS:
        with going(way):
            found.append(rounded_with_one_nan(values, "bfloat16").view(np.uint16))
    np.testing.assert_array_equal(found[0], found[1])
