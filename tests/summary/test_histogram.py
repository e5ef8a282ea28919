"""The promises of the bit histogram."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.summary.histogram import Histogram, edges
from tests.summary.numbers import FLOAT32, arrays, bit_patterns, finite_float32

Array = npt.NDArray[Any]

ALL_FINITE_KEYS = np.array(
    [key for key in range(1 << 14) if key & 0x1FFF < 0xFF << 5],
    np.uint16,
)
RANDOM = np.random.default_rng(0)
SHAPES = {
    "normal": RANDOM.normal(size=5000),
    "uniform": RANDOM.uniform(-3, 5, size=5000),
    "constant": np.full(1000, 0.1),
    "zeros": np.array([0.0, -0.0] * 50),
    "bimodal": np.concatenate([RANDOM.normal(-4, 0.01, 999), RANDOM.normal(9, 0.01, 1002)]),
    "huge range": 10.0 ** RANDOM.uniform(-44, 38, size=5000) * RANDOM.choice([-1, 1], 5000),
    "all negative": -RANDOM.lognormal(size=1001),
    "mostly zero": np.where(RANDOM.uniform(size=2000) < 0.9, 0, RANDOM.normal(size=2000)),
    "powers of two": 2.0 ** np.arange(-149, 128),
    "outliers": np.concatenate([RANDOM.normal(size=1000), [3e38, -3e38]]),
    "single value": np.array([-1.7]),
    "two values": np.array([-1e-45, 3.4e38]),
    "subnormal": RANDOM.integers(-9000, 9000, 2000) * float(FLOAT32.smallest_subnormal),
}


def as_counts(histogram: Histogram) -> dict[int, int]:
    return dict(zip(histogram.keys.tolist(), histogram.counts.tolist(), strict=True))


@given(bit_patterns(), st.data())
def test_histograms_of_parts_add_up_to_that_of_the_whole(values: Array, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(values)))
    parts = Histogram.of(values[:cut]) + Histogram.of(values[cut:])
    assert as_counts(parts) == as_counts(Histogram.of(values))


@given(bit_patterns())
def test_all_finite_values_are_counted_and_nothing_else(values: Array) -> None:
    assert Histogram.of(values).total == np.isfinite(values).sum()


@given(arrays(finite_float32, 1, 1))
@example(np.array([-0.0], np.float32))
@example(np.array([FLOAT32.max], np.float32))
@example(np.array([FLOAT32.min], np.float32))
def test_a_value_lies_in_its_bin(values: Array) -> None:
    histogram = Histogram.of(values)
    assert histogram.counts.tolist() == [1]
    (lower,), (upper,) = edges(histogram.keys)
    value = float(values[0])
    if np.signbit(value):
        assert lower < value <= upper
    else:
        assert lower <= value < upper


@given(bit_patterns())
def test_keys_grow_and_counts_are_never_zero(values: Array) -> None:
    histogram = Histogram.of(values)
    assert histogram.keys.dtype == np.uint16
    assert histogram.counts.dtype == np.uint32
    assert (np.diff(histogram.keys.astype(np.int64)) > 0).all()
    assert (histogram.counts > 0).all()


def test_bins_of_normal_numbers_are_at_most_a_32nd_of_themselves_wide() -> None:
    lower, upper = edges(ALL_FINITE_KEYS)
    near = np.minimum(np.abs(lower), np.abs(upper))
    normal = near >= FLOAT32.tiny
    assert normal.sum() == 2 * 32 * 254
    assert ((upper - lower)[normal] <= near[normal] / 32).all()
    assert ((upper - lower)[~normal] <= 2.0**-131).all()


def test_bins_lie_side_by_side_over_all_of_float32() -> None:
    lower, upper = edges(ALL_FINITE_KEYS)
    order = np.argsort(lower)
    assert lower[order[0]] == -(2.0**128)
    assert upper[order[-1]] == 2.0**128
    np.testing.assert_array_equal(upper[order[:-1]], lower[order[1:]])


@given(bit_patterns())
def test_the_shape_and_layout_of_an_array_make_no_difference(values: Array) -> None:
    matrix = values[: len(values) // 2 * 2].reshape(-1, 2)
    flat = as_counts(Histogram.of(matrix.ravel()))
    assert as_counts(Histogram.of(matrix)) == flat
    assert as_counts(Histogram.of(matrix.T)) == flat
    # A gate's block is no contiguous part of its matrix.
    columns = Histogram.of(matrix[:, :1]) + Histogram.of(matrix[:, 1:])
    assert as_counts(columns) == flat


def assert_quantile_is_as_promised(values: Array, q: float) -> None:
    finite = np.sort(values[np.isfinite(values)].astype(np.float64))
    exact = np.quantile(finite, q, method="lower")
    # The middle of a bin is at most half its width away from all that lies in it.
    assert abs(Histogram.of(values).quantile(q) - exact) <= max(abs(exact) / 64, 2.0**-132)


@given(bit_patterns().filter(lambda array: bool(np.isfinite(array).any())), st.floats(0, 1))
def test_quantiles_of_any_values_are_within_half_a_bin(values: Array, q: float) -> None:
    assert_quantile_is_as_promised(values, q)


@pytest.mark.parametrize("q", [0, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1])
@pytest.mark.parametrize("shape", SHAPES)
def test_quantiles_of_data_of_all_shapes_are_within_half_a_bin(shape: str, q: float) -> None:
    assert_quantile_is_as_promised(SHAPES[shape].astype(np.float32), q)


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf, np.nan]], ids=str)
def test_there_is_no_quantile_where_nothing_is_finite(values: list[float]) -> None:
    histogram = Histogram.of(np.array(values, np.float32))
    assert histogram.total == 0
    assert np.isnan(histogram.quantile(0.5))


def test_counts_beyond_those_of_one_bin_s_type_add_up_in_total() -> None:
    many = Histogram(np.array([1, 2], np.uint16), np.array([2**32 - 1, 2**32 - 1], np.uint32))
    assert many.total == 2 * (2**32 - 1)
