"""Pooling: the strongest value of several, whichever way it goes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_rnnweights.summary.passes.pooling import pooled
from tests.summary.numbers import any_float32
from tests.summary.passes.ways import WAYS, both_ways, going

Array = npt.NDArray[Any]

Case = tuple[Array, int, tuple[int, int]]
"""A matrix, how many gates it has, and the rows and columns of a pool."""

sizes = st.integers(1, 9)


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


@st.composite
def matrices(draw: st.DrawFn) -> Case:
    rows, gates, units = draw(sizes), draw(st.integers(1, 4)), draw(sizes)
    values = draw(hnp.arrays(np.float32, (rows, gates * units), elements=any_float32))
    return values, gates, (draw(st.integers(1, rows)), draw(st.integers(1, units)))


@both_ways
@given(matrices())
def test_pools_keep_the_value_of_largest_magnitude(way: str, case: Case) -> None:
    with going(way):
        values, gates, pool = case
        # Of equal magnitudes, either sign will do.
        (cells, _), right = pooled(values, gates, pool), naively_pooled(values, gates, pool)
        np.testing.assert_array_equal(np.abs(cells), np.abs(right))
        assert cells.dtype == values.dtype
        assert {*cells[np.isfinite(cells)]} <= {*values.ravel(), 0.0}


@both_ways
def test_pools_keep_the_sign(way: str) -> None:
    with going(way):
        values = np.array([[1, -3, 2, 0.5]], np.float32)
        np.testing.assert_array_equal(pooled(values, 1, (1, 2))[0], [[-3, 2]])


@both_ways
def test_nan_wins_over_all_else_in_its_pool_alone(way: str) -> None:
    with going(way):
        values = np.array([[np.inf, 1, 4, 5], [2, np.nan, -np.inf, 6]], np.float32)
        np.testing.assert_array_equal(pooled(values, 1, (2, 2))[0], [[np.nan, -np.inf]])


@both_ways
def test_pools_never_span_two_gates(way: str) -> None:
    with going(way):
        values = np.array([[1, 2, 3, 10, 20, 30]], np.float32)
        np.testing.assert_array_equal(pooled(values, 2, (1, 2))[0], [[2, 3, 20, 30]])


@both_ways
@given(matrices(), st.data())
def test_what_is_masked_counts_for_nothing_unless_all_of_a_pool_is(
    way: str, case: Case, data: st.DataObject
) -> None:
    with going(way):
        values, gates, pool = case
        masked = data.draw(hnp.arrays(np.bool_, values.shape))
        cells, without = pooled(values, gates, pool, masked)
        assert without is not None
        # Of ones and zeros the largest is 1 where there is something.
        there = naively_pooled((~masked).astype(np.float32), gates, pool)
        np.testing.assert_array_equal(without, there == 0)
        right = naively_pooled(np.where(masked, np.float32(0), values), gates, pool)
        np.testing.assert_array_equal(np.abs(cells)[~without], np.abs(right)[~without])


@both_ways
def test_each_plane_is_pooled_by_itself(way: str) -> None:
    with going(way):
        generator = np.random.default_rng(0)
        values = generator.normal(size=(3, 5, 14)).astype(np.float32)
        masked = generator.random((3, 5, 14)) < 0.4
        together, without = pooled(values, 2, (2, 3), masked)
        assert without is not None
        for plane in range(3):
            cells, absent = pooled(values[plane], 2, (2, 3), masked[plane])
            np.testing.assert_array_equal(together[plane], cells)
            np.testing.assert_array_equal(without[plane], absent)


@given(matrices())
def test_both_ways_end_at_the_same_pools(case: Case) -> None:
    found = []
    for way in WAYS:
        with going(way):
            found.append(pooled(*case)[0])
    np.testing.assert_array_equal(found[0], found[1])


@both_ways
def test_large_matrices_are_pooled_as_small_ones_are(way: str) -> None:
    values = np.random.default_rng(0).normal(size=(1000, 2 * 1500)).astype(np.float32)
    with going(way):
        cells, _ = pooled(values, 2, (7, 11))
    np.testing.assert_array_equal(cells, naively_pooled(values, 2, (7, 11)))
