"""One pass over a matrix: its numbers beside NumPy's, whichever way it goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import warnings
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_rnnweights.summary.histogram import Histogram
from tensorboard_plugin_rnnweights.summary.passes import choice
from tensorboard_plugin_rnnweights.summary.passes.rounding import rounded
from tensorboard_plugin_rnnweights.summary.passes.scan import Scan, joined, scan
from tensorboard_plugin_rnnweights.summary.statistics import MOMENTS, STATISTICS
from tests.summary.numbers import any_float32, arrays, bit_patterns
from tests.summary.passes.ways import WAYS, both_ways, going

Array = npt.NDArray[Any]


def named(block: Array) -> dict[str, float]:
    (statistics,) = scan(block.reshape(-1, max(1, block.shape[-1])), 1).statistics
    return dict(zip(STATISTICS, statistics.tolist(), strict=True))


def expected(block: Array) -> dict[str, float]:
    wide = block.astype(np.float64)
    finite = wide[np.isfinite(wide)]
    return {
        "count": wide.size,
        "nan": np.isnan(wide).sum(),
        "positive_infinity": (wide == np.inf).sum(),
        "negative_infinity": (wide == -np.inf).sum(),
        "zero": (wide == 0).sum(),
        "minimum": finite.min() + 0.0 if finite.size else np.nan,
        "maximum": finite.max() + 0.0 if finite.size else np.nan,
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


@both_ways
@given(bit_patterns())
def test_statistics_of_any_bits_are_numpys(way: str, block: Array) -> None:
    with going(way):
        assert_as_numpy_has_it(block)


@both_ways
@given(arrays())
def test_statistics_of_any_numbers_are_numpys(way: str, block: Array) -> None:
    with going(way):
        assert_as_numpy_has_it(block)


@st.composite
def matrices(draw: st.DrawFn) -> tuple[Array, int]:
    """Matrices of any bits, or of any numbers, and how many gates they have."""
    rows, gates, columns = draw(st.integers(0, 9)), draw(st.integers(1, 4)), draw(st.integers(1, 9))
    shape = (rows, gates * columns)
    numbers = hnp.arrays(np.float32, shape, elements=any_float32)
    bits = hnp.arrays(np.uint32, shape, elements=st.integers(0, 2**32 - 1))
    return draw(st.one_of(numbers, bits.map(lambda array: array.view(np.float32)))), gates


def as_histograms(found: Scan) -> list[dict[int, int]]:
    bounds = zip(found.offsets[:-1], found.offsets[1:], strict=True)
    return [
        dict(zip(found.keys[start:end].tolist(), found.counts[start:end].tolist(), strict=True))
        for start, end in bounds
    ]


@both_ways
@given(matrices())
def test_each_gate_is_scanned_by_itself(way: str, case: tuple[Array, int]) -> None:
    values, gates = case
    with going(way):
        found = scan(values, gates)
        alone = [scan(np.ascontiguousarray(block), 1) for block in np.split(values, gates, axis=1)]
        together = joined(alone)
    for name in Scan._fields:
        one, other = getattr(found, name), getattr(together, name)
        np.testing.assert_array_equal(one, other, err_msg=name)
        assert one.dtype == other.dtype
        assert one.flags.c_contiguous
    right = [Histogram.of(block) for block in np.split(values, gates, axis=1)]
    assert as_histograms(found) == [
        dict(zip(one.keys.tolist(), one.counts.tolist(), strict=True)) for one in right
    ]


@both_ways
@given(matrices())
def test_norms_of_columns_are_numpys_and_nan_where_something_is_not_finite(
    way: str, case: tuple[Array, int]
) -> None:
    values, gates = case
    with going(way):
        found = scan(values, gates).column_norms
    finite = np.isfinite(values).all(axis=0)
    right = np.where(finite, np.linalg.norm(values.astype(np.float64), axis=0), np.nan)
    np.testing.assert_allclose(found.ravel(), right, rtol=1e-12)


@given(matrices())
def test_both_ways_end_at_the_same_numbers(case: tuple[Array, int]) -> None:
    values, gates = case
    scans = []
    for way in WAYS:
        with going(way):
            scans.append(scan(values, gates))
    compiled, plain = scans
    for name in ("offsets", "keys", "counts"):
        np.testing.assert_array_equal(getattr(compiled, name), getattr(plain, name))
    scale = np.nan_to_num(np.abs(values), nan=0, posinf=0).max(initial=0)
    np.testing.assert_allclose(compiled.statistics, plain.statistics, rtol=1e-11, atol=1e-11 * scale)
    np.testing.assert_allclose(compiled.column_norms, plain.column_norms, rtol=1e-12)


@both_ways
@given(matrices(), st.data())
def test_what_has_changed_is_scanned_as_if_it_were_made_whole(
    way: str, case: tuple[Array, int], data: st.DataObject
) -> None:
    values, gates = case
    others = [values[::-1], np.roll(values, 1), np.full_like(values, 3.5)]
    before = data.draw(st.sampled_from(others))
    with np.errstate(all="ignore"):
        whole = values - before
    with going(way):
        found, right = scan(values, gates, before), scan(whole, gates)
    for name in Scan._fields:
        np.testing.assert_array_equal(getattr(found, name), getattr(right, name), err_msg=name)


@both_ways
def test_many_rows_of_many_gates_are_scanned_as_few_are(way: str) -> None:
    values = np.random.default_rng(0).normal(0.3, 0.05, size=(3000, 4 * 131)).astype(np.float32)
    values[2900, 140] = np.nan
    with going(way):
        found = scan(values, 4)
    for gate, block in enumerate(np.split(values, 4, axis=1)):
        finite = block[np.isfinite(block)].astype(np.float64)
        statistics = dict(zip(STATISTICS, found.statistics[gate], strict=True))
        assert statistics["nan"] == block.size - finite.size
        assert statistics["mean"] == pytest.approx(finite.mean(), rel=1e-12)
        assert statistics["standard_deviation"] == pytest.approx(finite.std(), rel=1e-10)
    assert as_histograms(found)[2] == as_histograms(scan(values[:, 262:393], 1))[0]


@both_ways
@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64, np.int32])
def test_numbers_of_every_type_are_numpys(way: str, dtype: npt.DTypeLike) -> None:
    block = 9 * np.random.default_rng(0).normal(size=(6, 7))
    if dtype != np.int32:
        block[0, :5] = [np.nan, np.inf, -np.inf, 0.0, -0.0]
    with going(way):
        assert_as_numpy_has_it(block.astype(dtype))
        assert_as_numpy_has_it(block.astype(dtype)[1:])
        (found,) = as_histograms(scan(block.astype(dtype), 1))
    right = Histogram.of(rounded(block.astype(dtype), "float32"))
    assert found == dict(zip(right.keys.tolist(), right.counts.tolist(), strict=True))


@both_ways
def test_values_may_lie_in_memory_in_any_way(way: str) -> None:
    values = np.random.default_rng(0).normal(size=(6, 8)).astype(np.float32)
    packed = np.zeros(6, [("before", np.uint8), ("values", np.float32, 8)])
    packed["values"] = values
    layouts = {
        "transposed": np.asfortranarray(values),
        "backwards": values[::-1, ::-1].copy()[::-1, ::-1],
        "every other row": np.repeat(values, 2, axis=0)[::2],
        "not aligned": packed["values"],
        "of the other byte order": values.astype(">f4"),
        "read-only": np.frombuffer(values.tobytes(), np.float32).reshape(6, 8),
    }
    with going(way):
        right = scan(values, 2)
        for name, layout in layouts.items():
            found = scan(layout, 2)
            for part in Scan._fields:
                one, other = getattr(found, part), getattr(right, part)
                np.testing.assert_allclose(one, other, rtol=1e-12, err_msg=f"{part} of {name}")


@both_ways
def test_both_zeros_are_zeros(way: str) -> None:
    with going(way):
        found = named(np.array([[0.0, -0.0, 1e-45, 1.0]], np.float32))
        assert found["zero"] == 2
        # JSON would tell them apart.
        least = named(np.array([[-0.0, -0.0]], np.float32))["minimum"]
        assert not np.signbit(least)


@both_ways
def test_sums_are_made_in_float64(way: str) -> None:
    block = np.full((1000, 1000), 0.1, np.float16)
    with going(way):
        assert named(block)["mean"] == pytest.approx(float(block[0, 0]), rel=1e-12)
        assert named(np.full(4, 3e38, np.float32))["l2_norm"] == pytest.approx(6e38)


@both_ways
@pytest.mark.parametrize("spread", [0.0, 1e-4, 1e-2])
def test_a_small_spread_far_from_zero_is_exact(way: str, spread: float) -> None:
    block = np.random.default_rng(0).normal(1.0, spread, size=(100, 100)).astype(np.float32)
    with going(way):
        found = named(block)["standard_deviation"]
    assert found == pytest.approx(block.astype(np.float64).std(), rel=1e-9, abs=1e-15)


@both_ways
@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]], ids=str)
def test_moments_of_nothing_finite_are_not_a_number(way: str, values: list[float]) -> None:
    with going(way):
        found = named(np.array(values, np.float32))
    assert found["count"] == len(values)
    assert all(np.isnan(found[name]) for name in MOMENTS)


@both_ways
@pytest.mark.parametrize("values", [[np.nan, 1], [np.inf, -np.inf, 1], [3e38, 3e38, -3e38]], ids=str)
def test_nothing_that_weights_may_hold_gives_a_warning(way: str, values: list[float]) -> None:
    with going(way), warnings.catch_warnings():
        warnings.simplefilter("error")
        named(np.array(values, np.float32))


@both_ways
def test_the_block_stays_as_it_is(way: str) -> None:
    block = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    before = block.copy()
    with going(way):
        scan(block, 2)
    np.testing.assert_array_equal(block, before)


HAS_COMPILER = any(map(shutil.which, ("cc", "gcc", "clang")))
HAS_HEADERS = Path(sysconfig.get_path("include"), "Python.h").is_file()


@pytest.mark.skipif(
    not (HAS_COMPILER and HAS_HEADERS), reason="there is no compiler, or no header of Python"
)
@pytest.mark.skipif(os.environ.get(choice.SWITCH) == "0", reason="they are turned off")
def test_the_passes_are_compiled_where_they_can_be() -> None:
    assert choice.compiled is not None


@pytest.mark.parametrize(("value", "is_used"), [("0", False), ("1", True)])
def test_the_compiled_passes_can_be_turned_off(value: str, is_used: bool) -> None:
    if choice.compiled is None:
        pytest.skip("the passes are not compiled here")
    program = "from tensorboard_plugin_rnnweights.summary.passes import choice; print(choice.compiled)"
    environment = {**os.environ, choice.SWITCH: value}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (said.stdout.strip() != "None") == is_used
