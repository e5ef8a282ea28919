"""The exact numbers of a block, beside NumPy's."""

from __future__ import annotations

import warnings
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given

from tensorboard_plugin_rnnweights.summary.statistics import MOMENTS, STATISTICS, statistics_of
from tests.summary.numbers import arrays, bit_patterns

Array = npt.NDArray[Any]


def named(block: Array) -> dict[str, float]:
    return dict(zip(STATISTICS, statistics_of(block).tolist(), strict=True))


def expected(block: Array) -> dict[str, float]:
    wide = block.astype(np.float64)
    finite = wide[np.isfinite(wide)]
    return {
        "count": wide.size,
        "nan": np.isnan(wide).sum(),
        "positive_infinity": (wide == np.inf).sum(),
        "negative_infinity": (wide == -np.inf).sum(),
        "zero": (wide == 0).sum(),
        "minimum": finite.min() if finite.size else np.nan,
        "maximum": finite.max() if finite.size else np.nan,
        "mean": finite.mean() if finite.size else np.nan,
        "standard_deviation": finite.std() if finite.size else np.nan,
        "l2_norm": np.linalg.norm(finite) if finite.size else np.nan,
    }


def assert_as_numpy_has_it(block: Array) -> None:
    found, right = named(block), expected(block)
    assert list(found) == list(right)
    # Where terms cancel out, a mean is as exact as they are large.
    scale = np.nan_to_num(max(abs(right["minimum"]), abs(right["maximum"])))
    for name in found:
        np.testing.assert_allclose(found[name], right[name], rtol=1e-12, atol=1e-12 * scale, err_msg=name)
    for name in ("count", "nan", "positive_infinity", "negative_infinity", "zero", "minimum", "maximum"):
        np.testing.assert_equal(found[name], right[name], err_msg=name)


@given(bit_patterns())
def test_statistics_of_any_bits_are_numpys(block: Array) -> None:
    assert_as_numpy_has_it(block)


@given(arrays())
def test_statistics_of_any_numbers_are_numpys(block: Array) -> None:
    assert_as_numpy_has_it(block)


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
def test_statistics_of_every_type_of_number_are_numpys(dtype: npt.DTypeLike) -> None:
    block = np.random.default_rng(0).normal(size=(6, 7))
    block[0, :5] = [np.nan, np.inf, -np.inf, 0.0, -0.0]
    assert_as_numpy_has_it(block.astype(dtype))
    assert_as_numpy_has_it(block.astype(dtype)[1:])


def test_both_zeros_are_zeros() -> None:
    assert named(np.array([[0.0, -0.0, 1e-45, 1.0]], np.float32))["zero"] == 2


def test_sums_are_made_in_float64() -> None:
    block = np.full((1000, 1000), 0.1, np.float16)
    assert named(block)["mean"] == pytest.approx(float(block[0, 0]), rel=1e-12)
    assert named(np.full(4, 3e38, np.float32))["l2_norm"] == pytest.approx(6e38)


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]], ids=str)
def test_moments_of_nothing_finite_are_not_a_number(values: list[float]) -> None:
    found = named(np.array(values, np.float32))
    assert found["count"] == len(values)
    assert all(np.isnan(found[name]) for name in MOMENTS)


@pytest.mark.parametrize("values", [[np.nan, 1], [np.inf, -np.inf, 1], [3e38, 3e38, -3e38]], ids=str)
def test_nothing_that_weights_may_hold_gives_a_warning(values: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        statistics_of(np.array(values, np.float32))


def test_the_block_stays_as_it_is() -> None:
    block = np.random.default_rng(0).normal(size=(3, 4))
    before = block.copy()
    statistics_of(block)
    np.testing.assert_array_equal(block, before)
