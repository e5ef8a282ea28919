"""Measures and profiles beside NumPy, and what holds of them for all numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.summary.correlations import correlations
from tensorboard_plugin_rnnweights.summary.measures.effective_rank import effective_rank
from tensorboard_plugin_rnnweights.summary.measures.flow import flow, norms_by_time
from tensorboard_plugin_rnnweights.summary.measures.relative_norm import relative_norms
from tensorboard_plugin_rnnweights.summary.measures.saturation import saturation
from tensorboard_plugin_rnnweights.summary.measures.silence import largest_by_unit, silent_units
from tensorboard_plugin_rnnweights.summary.measures.spectrum import MAX_SIZE, spectra
from tensorboard_plugin_rnnweights.summary.measures.table import measured
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.signal_observations import observe_signals
from tests.summary.flowing import LSTM_GATES, TIMES, UNITS, lstm_signals, ragged_mask
from tests.summary.numbers import any_float32, finite_float32

Array = npt.NDArray[Any]

ordinary = st.floats(-4, 4, width=32)


def tensor(matrix: str = "recurrent_kernel", rows: int = 3, units: int = 3, **facts: Any) -> GateTensor:
    values = np.random.default_rng(0).normal(size=(rows, 4 * units)).astype(np.float32)
    return GateTensor("lstm", None, 0, "LSTM", matrix, LSTM_GATES, **{"values": values, **facts})


def weights(**facts: Any) -> dict[str, Array]:
    return measured(Observation.of_tensor(tensor(**facts), "weights"), with_dear=True)


def flowing(kind: str, **facts: Any) -> dict[str, Array]:
    found = {one.series.kind: one for one in observe_signals(lstm_signals(**facts))}
    return measured(found[kind], with_dear=True)


@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=ordinary))
def test_a_spectrum_is_numpys_and_no_eigenvalue_exceeds_the_norm(block: Array) -> None:
    found = spectra([block, 2 * block])
    values = found["singular_values"]
    assert values.shape == (2, min(block.shape))
    assert (np.diff(values) <= 0).all()
    np.testing.assert_allclose(found["spectral_norm"][0], np.linalg.norm(block.astype(float), 2), atol=1e-9)
    np.testing.assert_allclose(values[1], 2 * values[0], rtol=1e-9, atol=1e-9)
    frobenius = np.sqrt(np.square(values[0]).sum())
    np.testing.assert_allclose(frobenius, np.linalg.norm(block.astype(float)), rtol=1e-9, atol=1e-9)
    assert ("spectral_radius" in found) is (block.shape[0] == block.shape[1])
    if "spectral_radius" in found:
        assert (found["spectral_radius"] <= found["spectral_norm"] + 1e-9).all()


def test_a_rotation_has_a_spectrum_of_ones() -> None:
    rotation = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert spectra([rotation])["spectral_radius"][0] == pytest.approx(1)
    assert spectra([rotation])["singular_values"][0] == pytest.approx([1, 1])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_has_no_spectrum_and_spoils_no_other(value: float) -> None:
    block = np.array([[1.0, value], [0.0, 1.0]])
    found = spectra([block, np.eye(2)])
    assert np.isnan(found["singular_values"][0]).all()
    assert [math.isnan(one) for one in found["spectral_radius"]] == [True, False]


def test_a_large_block_has_no_spectrum() -> None:
    assert spectra([np.zeros((MAX_SIZE + 1, 1))]) == {}


def test_only_recurrent_kernels_that_are_matrices_have_a_spectrum_and_only_with_a_heatmap() -> None:
    assert {"spectral_norm", "spectral_radius", "singular_values"} <= weights().keys()
    without = [
        weights(matrix="kernel"),
        weights(rows=4, row_shape=(2, 2)),
        measured(Observation.of_tensor(tensor(), "weights"), with_dear=False),
        measured(Observation.of_tensor(tensor(), "gradients"), with_dear=True),
    ]
    assert all("singular_values" not in found and "spectral_norm" not in found for found in without)


def test_penalties_of_gates_add_up_to_that_of_the_matrix() -> None:
    one = tensor("kernel", penalty=(0.1, 0.01))
    found = weights(matrix="kernel", penalty=(0.1, 0.01))["penalty"]
    values = one.values.astype(float)
    assert found.sum() == pytest.approx(0.1 * np.abs(values).sum() + 0.01 * np.square(values).sum())
    forget = one.blocks["forget"].astype(float)
    assert found[1] == pytest.approx(0.1 * np.abs(forget).sum() + 0.01 * np.square(forget).sum())


def test_relative_norms_are_of_what_was_there_before() -> None:
    norms, norms_before = np.array([0.5, 1.0, np.nan, 0.0, 1.0]), np.array([5.0, 0.0, 1.0, 0.0, np.nan])
    found = relative_norms(norms, norms_before)["relative_norm"]
    np.testing.assert_allclose(found, [0.1, np.nan, np.nan, 0.0, np.nan])


@given(
    hnp.arrays(np.float32, st.tuples(st.integers(1, 5), st.just(4 * UNITS)), elements=any_float32),
    st.sampled_from(["weights", "gradients", "updates"]),
    st.booleans(),
)
def test_norms_by_unit_are_numpys_of_each_gates_columns(
    values: Array, kind: str, is_packed_otherwise: bool
) -> None:
    stored = np.asfortranarray(values) if is_packed_otherwise else values
    one = tensor("kernel", values=stored)
    found = measured(Observation.of_tensor(one, kind), with_dear=True)["norm_by_unit"]
    assert found.shape == (4, UNITS)
    assert found.dtype == np.float32
    for norms, block in zip(found, one.blocks.values(), strict=True):
        is_finite = np.isfinite(block).all(axis=0)
        expected = np.linalg.norm(block[:, is_finite].astype(float), axis=0)
        # The largest number of float32 stands for what is beyond it.
        expected = np.minimum(expected, np.finfo(np.float32).max)
        np.testing.assert_allclose(norms[is_finite], expected, rtol=1e-6, atol=1e-45)
        assert np.isnan(norms[~is_finite]).all()
        assert ((norms == 0) == (block == 0).all(axis=0)).all()


@given(hnp.arrays(np.float32, (3, 4 * UNITS), elements=finite_float32))
def test_the_root_mean_square_is_numpys(values: Array) -> None:
    one = tensor("kernel", values=values)
    found = measured(Observation.of_tensor(one, "gradients"), with_dear=True)["root_mean_square"]
    expected = [np.sqrt(np.square(block.astype(float)).mean()) for block in one.blocks.values()]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_what_is_not_finite_has_no_root_mean_square_and_spoils_no_other_gate() -> None:
    values = np.ones((2, 4 * UNITS), np.float32)
    values[0, 1], values[1, 4 * UNITS - 1] = np.nan, np.inf
    found = measured(Observation.of_tensor(tensor("kernel", values=values), "gradients"), with_dear=True)
    np.testing.assert_allclose(found["root_mean_square"], [np.nan, 1, 1, np.nan])


@given(hnp.arrays(np.float32, (4, 3, 2), elements=st.floats(0, 1, width=32)))
def test_saturation_is_the_share_below_and_above(block: Array) -> None:
    found = saturation({"forget": block, "cell": block}, {"forget"})
    low, high = found["low_by_unit"], found["high_by_unit"]
    np.testing.assert_allclose(low[0], (block < np.float32(0.1)).mean(axis=(0, 1)))
    np.testing.assert_allclose(high[0], (block > np.float32(0.9)).mean(axis=(0, 1)))
    assert (low[0] + high[0] <= 1).all()
    assert found["low_share"][0] == pytest.approx(low[0].mean())
    assert found["saturated_share"][0] == pytest.approx(low[0].mean() + high[0].mean())
    assert np.isnan([low[1], high[1]]).all()
    assert np.isnan([found["low_share"][1], found["high_share"][1]]).all()


def test_saturation_of_what_flows_is_by_gate_and_without_what_is_masked() -> None:
    mask = ragged_mask()
    signals = lstm_signals(mask=mask)
    assert signals.gate_activations is not None
    found = flowing("gate_activations", mask=mask)
    for place, gate in enumerate(LSTM_GATES):
        values = signals.gate_activations[gate][mask]
        expected = np.nan if gate == "cell" else (values > 0.9).mean()
        np.testing.assert_allclose(found["high_share"][place], expected)
    assert found["low_by_unit"].shape == (4, UNITS)
    assert found["low_by_unit"].dtype == np.float32
    assert found["low_share"].dtype == np.float64


def test_units_are_silent_that_never_reach_a_thousandth() -> None:
    block = np.array([[[0.0, 9e-4, -2e-3, np.nan]], [[0.0, -9e-4, 0.0, 0.0]]])
    assert silent_units([block])["silent_units"].tolist() == [0.5]
    largest = largest_by_unit([block])["largest_by_unit"][0]
    np.testing.assert_array_equal(largest, [0.0, 9e-4, 2e-3, np.nan])
    nothing = np.empty((0, 3))
    assert np.isnan(silent_units([nothing])["silent_units"]).all()
    assert np.isnan(largest_by_unit([nothing])["largest_by_unit"]).all()


@given(
    hnp.arrays(np.float32, (3, 5, 2, 2), elements=ordinary),
    hnp.arrays(np.bool_, (3, 5)),
)
def test_norms_by_time_are_numpys_over_what_is_not_masked(
    block: Array, mask: npt.NDArray[np.bool_]
) -> None:
    np.testing.assert_allclose(
        norms_by_time([block], None)[0], [np.linalg.norm(block[:, time].astype(float)) for time in range(5)]
    )
    spoiled = np.where(mask[..., np.newaxis, np.newaxis], block, np.float32(np.nan))
    expected = [
        float(np.linalg.norm(block[mask[:, time], time].astype(float))) if mask[:, time].any() else np.nan
        for time in range(5)
    ]
    np.testing.assert_allclose(norms_by_time([spoiled], mask)[0], expected)


@given(hnp.arrays(np.float64, 9, elements=st.sampled_from([0.0, 1e-9, 1e-5, 0.1, 1.0])), st.booleans())
def test_flow_goes_back_from_the_newest_gradient_until_it_vanishes(norms: Array, is_reversed: bool) -> None:
    steps, vanished_after, floor = flow(norms, np.ones(9, np.bool_), is_reversed)
    past = norms if is_reversed else norms[::-1]
    if not past.any():
        assert np.isnan([steps, vanished_after, floor]).all()
        return
    newest, peak = int(np.flatnonzero(past)[0]), int(past.argmax())
    oldest = newest + int(steps)
    assert peak <= oldest
    assert (past[peak : oldest + 1] >= 1e-6 * past[peak]).all()
    assert floor == past[peak:].min() / past[peak]
    if math.isnan(vanished_after):
        assert oldest == 8
        assert floor >= 1e-6
    else:
        assert oldest + 1 == peak + vanished_after
        assert past[oldest + 1] < 1e-6 * past[peak]


def test_a_gradient_that_grows_into_the_past_reaches_all_of_it() -> None:
    norms = np.array([2.0, 0.01, 0.01, 0.01, 1.0])
    found = flow(norms, np.ones(5, np.bool_), is_reversed=False)
    np.testing.assert_equal(found, (4.0, np.nan, 1.0))


def test_flow_knows_nothing_of_padding_and_of_what_is_not_finite() -> None:
    present = np.array([False, False, True, True, True])
    found = flow(np.array([np.nan, np.nan, 0.1, 0.5, 1.0]), present, is_reversed=False)
    np.testing.assert_equal(found, (2.0, np.nan, 0.1))
    assert np.isnan(flow(np.array([0, 0, np.nan, 0.5, 1.0]), present, is_reversed=False)).all()


def test_gradients_have_their_norm_by_time() -> None:
    found = flowing("output_gradients")
    assert found["norm_by_time"].shape == (1, TIMES)
    assert found["flow_steps"].shape == (1,)
    assert flowing("gate_gradients").keys() == {"norm_by_time"}


@given(hnp.arrays(np.float32, st.tuples(st.integers(2, 12), st.integers(1, 5)), elements=ordinary))
def test_correlations_are_numpys_and_their_rank_is_from_1_to_the_units(values: Array) -> None:
    found, has_any = correlations(values)
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(has_any, values.min(axis=0) < values.max(axis=0))
    known = found[np.ix_(has_any, has_any)]
    if has_any.any():
        expected = np.atleast_2d(np.corrcoef(values[:, has_any].astype(float), rowvar=False))
        np.testing.assert_allclose(known, expected, atol=1e-6)
        assert 1 - 1e-9 <= effective_rank(known) <= has_any.sum() + 1e-9
    assert (found[~has_any] == 0).all()
    assert np.abs(found).max() <= 1


def test_copies_have_rank_1_and_independent_units_their_number() -> None:
    one = np.arange(8.0)
    copies, _ = correlations(np.stack([one, -2 * one, one + 3], axis=1))
    assert effective_rank(copies) == pytest.approx(1)
    assert effective_rank(np.eye(6)) == pytest.approx(6)
    assert math.isnan(effective_rank(np.empty((0, 0))))


@pytest.mark.parametrize("count", [0, 1])
def test_there_are_no_correlations_of_nothing(count: int) -> None:
    found, has_any = correlations(np.ones((count, 3)))
    assert not has_any.any()
    assert found.tolist() == np.zeros((3, 3)).tolist()


def test_units_that_are_not_finite_have_no_correlations() -> None:
    values = np.random.default_rng(0).normal(size=(9, 3))
    values[4, 1] = np.inf
    _, has_any = correlations(values)
    assert has_any.tolist() == [True, False, True]


def test_the_rank_leaves_out_units_that_never_change() -> None:
    outputs = lstm_signals().outputs.copy()
    outputs[..., 0] = 0
    outputs[..., 2] = -outputs[..., 1]
    assert flowing("correlations", outputs=outputs)["effective_rank"] == pytest.approx(1)


def test_no_kind_lacks_its_measures_and_none_has_those_of_another() -> None:
    names = {one.series.kind: set(measured(one, with_dear=True)) for one in observe_signals(lstm_signals())}
    assert names == {
        "outputs": {"silent_units", "largest_by_unit"},
        "cell_states": {"largest_by_unit"},
        "gate_activations": {"low_share", "high_share", "saturated_share", "low_by_unit", "high_by_unit"},
        "output_gradients": {"flow_steps", "flow_floor", "vanished_after", "norm_by_time"},
        "gate_gradients": {"norm_by_time"},
        "reach": set(),
        "correlations": {"effective_rank"},
    }
    update = replace(Observation.of_tensor(tensor(), "updates"), norms_before=np.ones(4))
    assert set(measured(update, with_dear=True)) == {"norm_by_unit", "relative_norm"}
    gradient = Observation.of_tensor(tensor(), "gradients")
    assert set(measured(gradient, with_dear=True)) == {"norm_by_unit", "root_mean_square"}
