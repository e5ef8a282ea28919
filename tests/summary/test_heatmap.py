"""Cells of heatmaps: pooling, and rounding to what they are stored as."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.summary.heatmap import as_cells, pool_size
from tests.summary.numbers import bit_patterns

Array = npt.NDArray[Any]

sizes = st.integers(1, 9)


def stored_cells(rows: int, gates: int, units: int, pool: tuple[int, int]) -> int:
    return math.ceil(rows / pool[0]) * gates * math.ceil(units / pool[1])


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
