"""What flows through cells comes over HTTP as it was recorded, in both of TensorBoard's loaders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tensorboard_plugin_rnnweights.rnn.kinds import KINDS
from tensorboard_plugin_rnnweights.summary.measures.table import measured
from tensorboard_plugin_rnnweights.summary.metadata import FINDINGS_PLUGIN
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.rules import RULES
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts, observe_signals
from tests.plugin import logs
from tests.plugin.client import Client
from tests.summary.flowing import BATCH, LSTM_GATES, TIMES, UNITS, lstm_signals, ragged_mask
from tests.summary.recording import WALL_TIME, recorded
from tests.tensorboard_server import tensorboard, wait_for, wait_for_runs

RUN = "signals"
STEPS = (0, 10, 20, 30)
SHUT_STEPS = (10, 20)
GATES = "gate_activations/lstm"
KERNEL = "weights/lstm/recurrent_kernel"
PROBE = ProbeFacts(tokens=(tuple("abcdefg"),) * BATCH)
MASK = ragged_mask()


def signals_at(step: int) -> Any:
    """The forget gate is shut at some of the steps."""
    signals = lstm_signals(step, mask=MASK, is_reversed=True)
    assert signals.gate_activations is not None
    if step in SHUT_STEPS:
        signals.gate_activations["forget"][:] = 0.01
    return signals


def observed(kind: str, step: int) -> Observation:
    observations = observe_signals(signals_at(step), PROBE)
    return next(one for one in observations if one.series.kind == kind)


def kernel(step: int) -> Observation:
    values = np.random.default_rng(step).normal(size=(UNITS, 4 * UNITS)).astype(np.float32)
    return Observation.of_tensor(logs.lstm("recurrent_kernel", values), "weights")


@pytest.fixture(scope="module")
def signals(load_fast: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    logdir = tmp_path_factory.mktemp("signals")
    with recorded(logdir / RUN, heatmap_freq=2) as run:
        for step in STEPS:
            run.record_signals(signals_at(step), step, PROBE)
            run.record(kernel(step), step)
    with tensorboard(logdir, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        yield Client(url)


def test_the_catalog_has_the_kinds_that_are_there_in_the_tables_order(signals: Client) -> None:
    catalog = signals.get("catalog").json()
    there = [kind for kind in KINDS if kind.name not in ("gradients", "updates")]
    assert catalog["kinds"] == [
        {
            "name": kind.name,
            "rows": kind.rows,
            "columns": kind.columns,
            "has_gates": kind.has_gates,
            "spans_decades": kind.spans_decades,
            "views": list(kind.views),
            "help": kind.help,
        }
        for kind in there
    ]
    assert [(rule["name"], rule["text"]) for rule in catalog["rules"]] == [
        (rule.name, rule.text) for rule in RULES
    ]
    kinds = [series["kind"] for series in catalog["runs"][0]["series"]]
    assert kinds == [kind.name for kind in there]


def test_the_catalog_has_the_facts_of_what_flows(signals: Client) -> None:
    facts = signals.series(RUN)[GATES]
    expected = {
        "matrix": "gate_activations",
        "rows": UNITS,
        "columns": TIMES,
        "gates": list(LSTM_GATES),
        "planes": ["mean over the batch", "sample 0"],
        "is_reversed": True,
        "tokens": [list("abcdefg")],
        "of": "",
        "note": "",
        "last_step": STEPS[-1],
    }
    assert {name: facts[name] for name in expected} == expected
    assert signals.series(RUN)["reach/lstm"]["of"] == "loss"


@pytest.mark.parametrize("kind", ["outputs", "gate_activations", "gate_gradients", "reach", "correlations"])
def test_a_heatmap_has_its_planes_and_marks_what_is_masked(signals: Client, kind: str) -> None:
    cells = signals.cells(RUN, f"{kind}/lstm", 20)
    observation = observed(kind, 20)
    assert cells.shape == observation.cells.shape
    is_masked = cells.view(np.uint32) == 0xFFFFFFFF
    masked = np.zeros(cells.shape, np.bool_) if observation.masked is None else observation.masked
    np.testing.assert_array_equal(is_masked, masked)
    np.testing.assert_array_equal(cells[~masked], observation.cells[~masked].astype(np.float32))


def test_heatmaps_that_the_schedule_left_out_are_not_there_but_the_newest_is(signals: Client) -> None:
    assert signals.series(RUN)[GATES]["heatmaps"]["steps"] == [0, 20, 30]
    assert signals.get("heatmap", run=RUN, tag=GATES, step=10).status_code == 404


def test_measures_stand_behind_the_statistics(signals: Client) -> None:
    statistics = signals.statistics(RUN, GATES)
    assert list(statistics)[9:] == ["l2_norm", "high_share", "low_share", "saturated_share"]
    for place, step in enumerate(STEPS):
        numbers = measured(observed("gate_activations", step), with_dear=True)
        np.testing.assert_array_equal(statistics["low_share"][place], numbers["low_share"])
        counts = statistics["count"][place]
        assert counts.tolist() == [MASK.sum() * UNITS] * 4


def test_a_measure_is_not_a_number_at_steps_that_lack_it(signals: Client) -> None:
    radius = signals.statistics(RUN, KERNEL)["spectral_radius"]
    assert np.isnan(radius).all(axis=1).tolist() == [False, True, True, True]


@pytest.mark.parametrize("encoding", ["identity", "zstd"])
def test_profiles_are_the_curves_that_were_recorded(signals: Client, encoding: str) -> None:
    found = signals.profiles(RUN, GATES, encoding)
    assert sorted(found) == [
        *("high_by_unit/steps", "high_by_unit/values", "low_by_unit/steps", "low_by_unit/values"),
    ]
    assert found["low_by_unit/steps"].tolist() == list(STEPS)
    for values, step in zip(found["low_by_unit/values"], STEPS, strict=True):
        numbers = measured(observed("gate_activations", step), with_dear=True)
        np.testing.assert_array_equal(values, numbers["low_by_unit"])


def test_a_profile_has_only_the_steps_that_have_it(signals: Client) -> None:
    found = signals.profiles(RUN, KERNEL)
    assert found["singular_values/steps"].tolist() == [0]
    assert found["singular_values/values"].shape == (1, 4, UNITS)


def test_a_series_without_profiles_has_none(signals: Client) -> None:
    answer = signals.get("profiles", run=RUN, tag="reach/lstm")
    assert answer.status_code == 404
    assert "run 'signals', series 'reach/lstm' has no profiles" in answer.text


def test_findings_are_reported_from_their_first_to_their_last_step(signals: Client) -> None:
    found = signals.series(RUN)[GATES]["findings"]
    assert [one.pop("value") for one in found] == [1.0, pytest.approx(0.01)]
    interval = {"gate": "forget", "first_step": 10, "last_step": 20}
    assert found == [{"rule": "saturated", **interval}, {"rule": "forget_gate_shut", **interval}]
    others = [one["findings"] for tag, one in signals.series(RUN).items() if tag != GATES]
    assert others == [[]] * 7


def test_a_training_begun_anew_forgets_the_findings_of_the_last_one(load_fast: str, tmp_path: Path) -> None:
    with recorded(tmp_path / "run") as run:
        for step in (0, 10):
            run.record_signals(signals_at(10), step)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        client = Client(url)
        still = [one["last_step"] for one in client.series("run")[GATES]["findings"]]
        assert still == [None, None]
        with recorded(tmp_path / "run", started=2_000_000_000.0) as run:
            for step in (0, 5):
                run.record_signals(signals_at(0), step)
        wait_for(lambda: client.series("run")[GATES]["last_step"] == 5, "the new training")
        assert client.series("run")[GATES]["findings"] == []


def bins(gates: int = 2) -> dict[str, npt.NDArray[Any]]:
    return {
        "statistics": np.zeros((gates, 10)),
        "offsets": np.zeros(gates + 1, np.int64),
        "keys": np.empty(0, np.uint16),
        "counts": np.empty(0, np.uint32),
    }


HOSTILE: dict[str, dict[str, npt.NDArray[Any]]] = {
    "a measure of other gates": {"measure/radius": np.zeros(3)},
    "a measure of another type": {"measure/radius": np.zeros(2, np.float32)},
    "a measure with a comma": {"measure/a,b": np.zeros(2)},
    "a measure that is a statistic": {"measure/mean": np.zeros(2)},
    "very many measures": {f"measure/m{number}": np.zeros(2) for number in range(65)},
    "a profile of one dimension": {"profile/curve": np.zeros(2, np.float32)},
    "a profile of other gates": {"profile/curve": np.zeros((3, 4), np.float32)},
    "a profile of another type": {"profile/curve": np.zeros((2, 4))},
    "a profile of nothing": {"profile/curve": np.zeros((2, 0), np.float32)},
    "a profile without a name": {"profile/": np.zeros((2, 4), np.float32)},
}


def test_numbers_that_do_not_fit_are_a_fault_of_their_own_series_alone(
    load_fast: str, tmp_path: Path
) -> None:
    for name, arrays in HOSTILE.items():
        logs.write_snapshots(tmp_path / name, {**bins(), **arrays})
    lengths = [{**bins(), "profile/curve": np.zeros((2, length), np.float32)} for length in (4, 5)]
    logs.write_snapshots(tmp_path / "lengths", *lengths)
    logs.write_snapshots(tmp_path / "good", {**bins(), "measure/radius": np.ones(2)})
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2 + len(HOSTILE))
        client = Client(url)
        for name in HOSTILE:
            for route in ("histograms", "profiles"):
                answer = client.get(route, run=name, tag=logs.KERNEL)
                assert answer.status_code == 400, (name, route)
                assert "can't be read" in answer.text
                assert len(answer.text.splitlines()) == 1
        answer = client.get("profiles", run="lengths", tag=logs.KERNEL)
        assert answer.status_code == 400
        assert "4 points at one step and 5 at another" in answer.text
        assert client.statistics("good", logs.KERNEL)["radius"].tolist() == [[1.0, 1.0]]


NO_NOTES = {
    "no json": b"\xff\x00",
    "another gate": b'{"findings": [{"rule": "saturated", "gate": "x", "value": 1.0}], "previous_step": 1}',
    "another rule": b'{"findings": [{"rule": "x", "gate": "input", "value": 1.0}], "previous_step": 1}',
}


def test_notes_that_cannot_be_read_are_listed_with_the_reason_and_their_series_stays(
    load_fast: str, tmp_path: Path
) -> None:
    for name, text in NO_NOTES.items():
        with recorded(tmp_path / name) as run:
            run.record(kernel(0), 0)
            note = logs.texts(text, is_sequence=False)
            run.file.write(logs.event_of(FINDINGS_PLUGIN, kernel(0).series, note, 0, WALL_TIME))
    with recorded(tmp_path / "good") as run:
        run.record_signals(signals_at(10), 0)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1 + len(NO_NOTES))
        client = Client(url)
        catalog = client.catalog()
        for name in NO_NOTES:
            (unreadable,) = catalog[name]["unreadable"]
            assert unreadable["tag"] == KERNEL
            assert "what was noted of its findings can't be read" in unreadable["reason"]
            assert KERNEL in client.series(name)
        assert len(client.series("good")[GATES]["findings"]) == 2
