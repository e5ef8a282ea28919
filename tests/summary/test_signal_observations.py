"""What flowed through a cell, as it is recorded: planes, masks, tokens, and which numbers count."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.rnn.kinds import KINDS
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals, Reach
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts, observe_signals
from tests.summary.flowing import (
    BATCH,
    LSTM_GATES,
    TIMES,
    UNITS,
    lstm_cell,
    lstm_signals,
    ragged_mask,
)
from tests.summary.recording import tags

Array = npt.NDArray[Any]
FLOWING = ("outputs", "cell_states", "gate_activations", "output_gradients", "gate_gradients")


def by_kind(signals: CellSignals, probe: ProbeFacts | None = None) -> dict[str, Observation]:
    return {one.series.kind: one for one in observe_signals(signals, probe)}


def all_arrays(signals: CellSignals, kind: str) -> list[Array]:
    found = getattr(signals, kind)
    return list(found.values()) if isinstance(found, dict) else [found]


def test_a_cell_has_a_series_of_each_kind_in_the_tables_order() -> None:
    observations = observe_signals(lstm_signals(cell=lstm_cell("a/b", "backward", 1)))
    kinds = [one.name for one in KINDS if not one.is_of_matrix]
    assert tags(observations) == [f"{kind}/a/b/backward/cell_1" for kind in kinds]


def test_what_a_cell_lacks_is_left_out() -> None:
    signals = CellSignals(lstm_cell(), is_reversed=False, mask=None, outputs=np.ones((2, 3, 4)))
    assert list(by_kind(signals)) == ["outputs", "correlations"]


def test_only_what_is_wanted_is_observed() -> None:
    observations = observe_signals(lstm_signals(), wanted={"reach", "outputs", "weights"})
    assert tags(observations) == ["outputs/lstm", "reach/lstm"]


def test_the_facts_say_what_rows_columns_and_gates_are() -> None:
    found = by_kind(lstm_signals(is_reversed=True))
    shapes = {kind: (one.series.rows, one.series.columns) for kind, one in found.items()}
    assert shapes == {
        **dict.fromkeys(FLOWING, (UNITS, TIMES)),
        "reach": (TIMES, TIMES),
        "correlations": (UNITS, UNITS),
    }
    assert found["gate_gradients"].series.gates == LSTM_GATES
    assert found["output_gradients"].series.gates == ("whole",)
    assert found["reach"].series.gates == ("outputs", "inputs")
    assert {kind: one.series.of for kind, one in found.items() if one.series.of} == {
        "output_gradients": "loss",
        "gate_gradients": "loss",
        "reach": "loss",
    }
    assert all(one.series.is_reversed for one in found.values())
    assert all(one.series.matrix == kind for kind, one in found.items())


@pytest.mark.parametrize("kind", FLOWING)
@pytest.mark.parametrize("places", [(), (2,), (2, 3)], ids=str)
def test_planes_are_the_mean_over_the_batch_and_single_samples(kind: str, places: tuple[int, ...]) -> None:
    signals = lstm_signals(places=places)
    observation = by_kind(signals)[kind]
    count = 4 if kind in ("outputs", "cell_states") else 1
    assert observation.series.planes == ("mean over the batch", *(f"sample {n}" for n in range(count)))
    axes = tuple(range(2, 2 + len(places)))
    gates = [block.mean(axis=axes) for block in all_arrays(signals, kind)]
    expected = [
        np.concatenate([block.mean(axis=0).T for block in gates], axis=1),
        *(np.concatenate([block[sample].T for block in gates], axis=1) for sample in range(count)),
    ]
    np.testing.assert_allclose(observation.cells, np.stack(expected), rtol=1e-5, atol=1e-6)
    assert observation.masked is None


def test_the_chosen_samples_are_shown() -> None:
    signals = lstm_signals()
    found = by_kind(signals, ProbeFacts(samples=(3, 1)))
    assert found["outputs"].series.planes[1:] == ("sample 3", "sample 1")
    assert found["gate_activations"].series.planes[1:] == ("sample 3",)
    np.testing.assert_array_equal(found["outputs"].cells[2], signals.outputs[1].T)


@given(st.integers(0, 99), st.sampled_from(FLOWING), st.sampled_from([(), (2,)]))
def test_masked_numbers_never_count(seed: int, kind: str, places: tuple[int, ...]) -> None:
    mask = ragged_mask(seed)
    signals = lstm_signals(seed, places=places, mask=mask)
    for block in all_arrays(signals, kind):
        block[~mask] = np.nan
    observation = by_kind(signals)[kind]
    for values in observation.values.values():
        assert np.isfinite(values).all()
        assert values.shape == (mask.sum(), *places, UNITS)
    assert observation.masked is not None
    absent = np.stack([~mask.any(axis=0), *~mask[: len(observation.cells) - 1]])
    gates = len(observation.series.gates)
    for row in range(UNITS):
        np.testing.assert_array_equal(observation.masked[:, row], np.tile(absent, (1, gates)))
    assert np.isfinite(observation.cells[~observation.masked]).all()


def test_a_mean_is_over_the_samples_that_have_something_there() -> None:
    mask = ragged_mask()
    signals = lstm_signals(mask=mask)
    mean = by_kind(signals)["outputs"].cells[0]
    for time in np.flatnonzero(mask.any(axis=0)):
        expected = signals.outputs[mask[:, time], time].mean(axis=0)
        np.testing.assert_allclose(mean[:, time], expected, rtol=1e-5)


def test_a_mask_that_masks_nothing_marks_nothing() -> None:
    assert by_kind(lstm_signals(mask=np.ones((BATCH, TIMES), np.bool_)))["outputs"].masked is None


@pytest.mark.parametrize("is_reversed", [False, True])
def test_reach_counts_the_pairs_of_which_one_can_reach_the_other(is_reversed: bool) -> None:
    matrix = np.arange(1.0, TIMES**2 + 1).reshape(TIMES, TIMES)
    mask = ragged_mask()
    present = np.asarray(mask.any(axis=0))
    signals = lstm_signals(mask=mask, is_reversed=is_reversed, reach=Reach(matrix, -matrix, "outputs"))
    observation = by_kind(signals)["reach"]
    pairs = [
        matrix[loss, time]
        for loss in range(TIMES)
        for time in range(TIMES)
        if present[loss] and present[time] and (time >= loss if is_reversed else time <= loss)
    ]
    assert sorted(observation.values["outputs"]) == sorted(pairs)
    assert sorted(-observation.values["inputs"]) == sorted(pairs)
    assert observation.masked is not None
    np.testing.assert_array_equal(observation.masked[:, :TIMES], ~(present[:, np.newaxis] & present))
    np.testing.assert_array_equal(observation.cells, np.concatenate([matrix, -matrix], axis=1))


def test_reach_below_both_directions_counts_all_pairs() -> None:
    matrix = np.arange(1.0, TIMES**2 + 1).reshape(TIMES, TIMES)
    reach = Reach(matrix, matrix, "outputs", is_causal=False)
    observation = by_kind(lstm_signals(reach=reach))["reach"]
    assert sorted(observation.values["outputs"]) == sorted(matrix.ravel())


def test_correlations_count_each_pair_once_and_leave_out_units_that_never_change() -> None:
    outputs = lstm_signals().outputs.copy()
    outputs[..., 1] = 0.3
    observation = by_kind(lstm_signals(outputs=outputs))["correlations"]
    (pair,) = observation.values["whole"]
    assert pair == pytest.approx(np.corrcoef(outputs[..., 0].ravel(), outputs[..., 2].ravel())[0, 1])
    assert observation.masked is not None
    assert observation.masked.tolist() == [[False, True, False], [True, True, True], [False, True, False]]


TOKENS = tuple(tuple(f"{sample}.{time}" for time in range(TIMES)) for sample in range(BATCH))


def test_tokens_stand_with_the_samples_that_are_shown() -> None:
    found = by_kind(lstm_signals(), ProbeFacts(samples=(2, 0), tokens=TOKENS))
    assert found["outputs"].series.tokens == (TOKENS[2], TOKENS[0])
    assert found["gate_gradients"].series.tokens == (TOKENS[2],)
    assert found["reach"].series.tokens == found["correlations"].series.tokens == ()


def test_tokens_of_what_is_not_masked_stand_there() -> None:
    mask = ragged_mask()[:, ::-1]
    tokens = tuple(texts[: row.sum()] for texts, row in zip(TOKENS, mask, strict=True))
    (found, *_) = by_kind(lstm_signals(mask=mask), ProbeFacts(tokens=tokens))["outputs"].series.tokens
    padding = TIMES - int(mask[0].sum())
    assert found == ("",) * padding + tokens[0]


def test_a_layer_with_other_time_steps_than_the_tokens_goes_without() -> None:
    tokens = (("a",) * (TIMES + 1),) * BATCH
    assert by_kind(lstm_signals(), ProbeFacts(tokens=tokens))["outputs"].series.tokens == ()


@pytest.mark.parametrize(
    ("probe", "reason"),
    [
        (ProbeFacts(samples=(0, 5)), "has 5 samples, from 0 on, so that none is 5"),
        (ProbeFacts(samples=(-1,)), "so that none is -1"),
        (ProbeFacts(tokens=TOKENS[:2]), "has 5 samples, but there are tokens of 2"),
    ],
)
def test_what_does_not_fit_the_probe_is_refused(probe: ProbeFacts, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        observe_signals(lstm_signals(), probe)
