"""Cells of heatmaps: pooling, and rounding to what they are stored as."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_rnnweights.summary.heatmap import as_cells, pool_size, pooled
from tests.summary.numbers import any_float32, bit_patterns

Array = npt.NDArray[Any]

sizes = st.integers(1, 9)


def stored_cells(rows: int, gates: int, units: int, pool: tuple[int, int]) -> int:
    return math.ceil(rows / pool[0]) * gates * math.ceil(units / pool[1])


def naively_pooled(values: Array, gates: int, pool: tuple[int, int]) -> Array:
    """Gate by gate, block by block."""
    rows = []
    for top in range(0, values.shape[0], pool[0]):
        row = []
        for gate in np.split(values[top : top + pool[0]], gates, axis=1):
            for left in range(0, gate.shape[1], pool[1]):
                row.append(strongest(gate[:, left : left + pool[1]]))
        rows.append(row)
    return np.array(rows, values.dtype)


def strongest(block: Array) -> float:
    best = 0.0
    for value in block.ravel().tolist():
        if math.isnan(value):
            return value
        if abs(value) > abs(best):
            best = value
    return best


@given(
    rows=sizes, gates=st.integers(1, 4), units=sizes, limit=st.integers(1, 400), planes=st.integers(1, 5)
)
def test_pools_are_the_smallest_that_keep_to_the_limit(
    rows: int, gates: int, units: int, limit: int, planes: int
) -> None:
    pool = pool_size(rows, gates, units, limit, planes)
    size = max(pool)
    assert pool == (min(size, rows), min(size, units))
    assert planes * stored_cells(rows, gates, units, pool) <= max(limit, gates * planes)
    if size > 1:
        smaller = (min(size - 1, rows), min(size - 1, units))
        assert planes * stored_cells(rows, gates, units, smaller) > limit


def test_a_matrix_within_the_limit_is_not_pooled() -> None:
    assert pool_size(256, 4, 256, 256 * 1024) == (1, 1)
    assert pool_size(256, 4, 256, 256 * 1024 - 1) == (2, 2)


def test_a_bias_is_pooled_along_its_only_row() -> None:
    assert pool_size(1, 4, 100, 40) == (1, 10)


@st.composite
def matrices(draw: st.DrawFn) -> tuple[Array, int, tuple[int, int]]:
    rows, gates, units = draw(sizes), draw(st.integers(1, 4)), draw(sizes)
    values = draw(hnp.arrays(np.float32, (rows, gates * units), elements=any_float32))
    return values, gates, (draw(st.integers(1, rows)), draw(st.integers(1, units)))


@given(matrices())
def test_pools_keep_the_value_of_largest_magnitude(case: tuple[Array, int, tuple[int, int]]) -> None:
    values, gates, pool = case
    # Of equal magnitudes, either sign will do.
    (cells, _), right = pooled(values, gates, pool), naively_pooled(values, gates, pool)
    np.testing.assert_array_equal(np.abs(cells), np.abs(right))
    assert cells.dtype == values.dtype
    assert {*cells[np.isfinite(cells)]} <= {*values.ravel(), 0.0}


def test_pools_keep_the_sign() -> None:
    values = np.array([[1, -3, 2, 0.5]], np.float32)
    np.testing.assert_array_equal(pooled(values, 1, (1, 2))[0], [[-3, 2]])


def test_nan_wins_over_all_else_in_its_pool_alone() -> None:
    values = np.array([[np.inf, 1, 4, 5], [2, np.nan, -np.inf, 6]], np.float32)
    np.testing.assert_array_equal(pooled(values, 1, (2, 2))[0], [[np.nan, -np.inf]])


def test_pools_never_span_two_gates() -> None:
    values = np.array([[1, 2, 3, 10, 20, 30]], np.float32)
    np.testing.assert_array_equal(pooled(values, 2, (1, 2))[0], [[2, 3, 20, 30]])


@given(matrices(), st.data())
def test_what_is_masked_counts_for_nothing_unless_all_of_a_pool_is(
    case: tuple[Array, int, tuple[int, int]], data: st.DataObject
) -> None:
    values, gates, pool = case
    masked = data.draw(hnp.arrays(np.bool_, values.shape))
    cells, without = pooled(values, gates, pool, masked)
    assert without is not None
    # Of ones and zeros the largest is 1 where there is something.
    there = naively_pooled((~masked).astype(np.float32), gates, pool)
    np.testing.assert_array_equal(without, there == 0)
    right = naively_pooled(np.where(masked, np.float32(0), values), gates, pool)
    np.testing.assert_array_equal(np.abs(cells)[~without], np.abs(right)[~without])


def test_each_plane_is_pooled_by_itself() -> None:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(3, 5, 14)).astype(np.float32)
    masked = generator.random((3, 5, 14)) < 0.4
    together, without = pooled(values, 2, (2, 3), masked)
    assert without is not None
    for plane in range(3):
        cells, absent = pooled(values[plane], 2, (2, 3), masked[plane])
        np.testing.assert_array_equal(together[plane], cells)
        np.testing.assert_array_equal(without[plane], absent)


@pytest.mark.parametrize(
    ("dtype", "nan", "none"), [("bfloat16", 0x7FC0, 2**16), ("float32", 0x7FC00000, 2**32)]
)
@given(values=bit_patterns(min_size=1), seed=st.integers(0, 99))
def test_masked_cells_have_all_bits_set_and_no_number_has(
    dtype: str, nan: int, none: int, values: Array, seed: int
) -> None:
    before = values.tobytes()
    masked = np.random.default_rng(seed).random(values.shape) < 0.5
    bits = as_cells(values, dtype, masked).view(f"u{2 if dtype == 'bfloat16' else 4}")
    np.testing.assert_array_equal(bits == none - 1, masked)
    assert (bits[~masked & np.isnan(values)] == nan).all()
    assert values.tobytes() == before


@given(bit_patterns(min_size=1))
@example(np.array([1 + 2**-8, 1 + 3 * 2**-8, -1 - 2**-8, 3.4e38, -3.4e38], np.float32))
def test_cells_are_rounded_to_the_nearest_bfloat16(values: Array) -> None:
    with np.errstate(over="ignore"):
        rounded = values.astype(ml_dtypes.bfloat16)
    overflows = np.isfinite(values) & ~np.isfinite(rounded.astype(np.float32))
    cells = as_cells(values, "bfloat16")
    assert cells.dtype == ml_dtypes.bfloat16
    np.testing.assert_array_equal(
        cells[~overflows].astype(np.float32), rounded[~overflows].astype(np.float32)
    )


@given(bit_patterns(min_size=1))
def test_ties_are_rounded_to_even(values: Array) -> None:
    values = np.where(np.abs(values) < 3e38, values, np.float32(0))
    bits = values.view(np.uint32).astype(np.uint64)
    even = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    np.testing.assert_array_equal(as_cells(values, "bfloat16").view(np.uint16), even)


@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
@given(values=hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats()))
@example(values=np.array([3.4e38, -1e300, 1e300, np.inf, -np.inf, np.nan]))
def test_finite_values_stay_finite_and_others_stay_what_they_are(dtype: str, values: Array) -> None:
    cells = as_cells(values, dtype).astype(np.float64)
    finite = np.isfinite(values)
    assert np.isfinite(cells[finite]).all()
    np.testing.assert_array_equal(np.signbit(cells[finite]), np.signbit(values[finite]))
    np.testing.assert_array_equal(cells[~finite], values[~finite])


def test_what_is_too_large_becomes_the_largest_cell() -> None:
    largest = float(ml_dtypes.finfo(ml_dtypes.bfloat16).max)
    cells = as_cells(np.array([[3.4e38, -3.4e38, 1.0]], np.float32), "bfloat16")
    assert cells.astype(np.float64).tolist() == [[largest, -largest, 1.0]]


def test_float32_cells_are_exact() -> None:
    values = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    np.testing.assert_array_equal(as_cells(values, "float32"), values)
