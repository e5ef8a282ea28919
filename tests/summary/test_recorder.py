"""What the recorder writes, refuses and remembers."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.summary import recorder as recording
from tensorboard_plugin_rnnweights.summary import snapshot
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.findings import parse_note
from tensorboard_plugin_rnnweights.summary.heatmap_schedule import DearTime
from tensorboard_plugin_rnnweights.summary.measures.dead_units import DEAD_AFTER
from tensorboard_plugin_rnnweights.summary.metadata import FINDINGS_PLUGIN, HEATMAPS_PLUGIN
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.passes.difference import by_rows
from tensorboard_plugin_rnnweights.summary.recorder import Recorder
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts, observe_signals
from tensorboard_plugin_rnnweights.summary.updates import Updates
from tests.summary.flowing import BATCH, LSTM_GATES, TIMES, UNITS, lstm_signals, ragged_mask
from tests.summary.logged import read_events, series_by_tag, values_of
from tests.summary.passes.ways import both_ways, going
from tests.summary.recording import WALL_TIME, Run, recorded


def kernel(value: float = 1.0, rows: int = 2, **facts: Any) -> GateTensor:
    values = np.full((rows, 8), value, np.float32)
    standard: dict[str, Any] = {"matrix": "kernel", "gates": LSTM_GATES, "values": values}
    return GateTensor("lstm", None, 0, "LSTM", **{**standard, **facts})


def weights(value: float = 1.0, rows: int = 2, **facts: Any) -> Observation:
    return Observation.of_tensor(kernel(value, rows, **facts), "weights")


def heatmap_steps(log_dir: Path, tag: str = "weights/lstm/kernel") -> list[int]:
    events = read_events(str(log_dir))
    name = f"{HEATMAPS_PLUGIN}/{tag}"
    return [event.step for event in events for value in event.summary.value if value.tag == name]


def test_every_kind_comes_back_as_it_was_observed(tmp_path: Path) -> None:
    mask = ragged_mask()
    signals = lstm_signals(mask=mask)
    with recorded(tmp_path) as run:
        run.record_signals(signals, 3)
    found = {tag: snapshots[3] for tag, snapshots in series_by_tag(str(tmp_path)).items()}
    assert len(found) == 7
    gates = found["gate_activations/lstm"]
    assert gates.cells.shape == (2, UNITS, 4 * TIMES)
    assert signals.gate_activations is not None
    forget = signals.gate_activations["forget"]
    assert gates.statistics["forget"]["mean"] == pytest.approx(float(forget[mask].mean(dtype=float)))
    assert gates.statistics["forget"]["count"] == mask.sum() * UNITS
    assert gates.histograms["forget"].total == mask.sum() * UNITS
    assert gates.statistics["forget"]["high_share"] == pytest.approx((forget[mask] > 0.9).mean())
    is_masked = gates.blocks["forget"].view(np.uint32) == 0xFFFFFFFF
    np.testing.assert_array_equal(is_masked[1], np.tile(~mask[0], (UNITS, 1)))
    np.testing.assert_array_equal(gates.blocks["forget"][1][:, mask[0]], forget[0, mask[0]].T)
    assert found["output_gradients/lstm"].profiles["norm_by_time"].shape == (1, TIMES)
    assert found["reach/lstm"].series.of == "loss"


def test_heatmaps_grow_with_the_logarithm_and_histograms_stay_at_every_snapshot(tmp_path: Path) -> None:
    with recorded(tmp_path) as run:
        for step in range(1000):
            run.record(weights(step), step)
    found = heatmap_steps(tmp_path)
    assert (len(found), found[-1]) == (82, 999)
    snapshots = series_by_tag(str(tmp_path))["weights/lstm/kernel"]
    assert list(snapshots) == list(range(1000))
    assert snapshots[999].cells[0, 0] == 999.0
    assert run.warnings == []


@pytest.mark.parametrize(
    ("heatmap_freq", "steps"), [("snapshot", list(range(8))), (3, [0, 3, 6, 7]), (100, [0, 7])]
)
def test_heatmaps_come_as_often_as_one_says_and_the_newest_always(
    heatmap_freq: str | int, steps: list[int], tmp_path: Path
) -> None:
    with recorded(tmp_path, heatmap_freq=heatmap_freq) as run:
        for step in range(8):
            run.record(weights(step), step)
    assert heatmap_steps(tmp_path) == steps


def test_what_is_dear_always_has_its_heatmap(tmp_path: Path) -> None:
    with recorded(tmp_path, heatmap_freq=100) as run:
        for step in range(3):
            run.record_signals(lstm_signals(), step)
    assert heatmap_steps(tmp_path, "reach/lstm") == [0, 1, 2]
    assert heatmap_steps(tmp_path, "outputs/lstm") == [0, 2]


def test_what_was_left_out_is_written_once_and_with_its_own_time(tmp_path: Path) -> None:
    with recorded(tmp_path, heatmap_freq=100) as run:
        for step in range(3):
            run.record(weights(step), step)
        run.recorder.finish()
        run.recorder.finish()
        run.record(weights(3), 3)
    assert heatmap_steps(tmp_path) == [0, 2, 3]
    times = [event.wall_time for event in read_events(str(tmp_path)) if event.step == 2]
    assert times == [WALL_TIME + 2] * 2


def test_a_series_has_its_facts_once_in_each_of_its_tags(tmp_path: Path) -> None:
    with recorded(tmp_path) as run:
        for step in range(3):
            run.record(weights(np.nan if step == 2 else 1), step)
    described = [
        (event.step, name)
        for event in read_events(str(tmp_path))
        for name, value in values_of(event).items()
        if value.metadata.plugin_data.content
    ]
    assert described == [
        *((0, name) for name in ("rnnweights", HEATMAPS_PLUGIN, FINDINGS_PLUGIN)),
        (2, "rnnweights_nonfinite"),
    ]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (weights(rows=3), "its rows and row shape are other ones than before"),
        (weights(gates=("whole",)), "its gates and columns are other ones"),
    ],
)
def test_a_snapshot_of_another_shape_is_refused_with_one_warning(
    other: Observation, reason: str, tmp_path: Path
) -> None:
    with recorded(tmp_path) as run:
        assert run.record(weights(), 0)
        assert not run.record(other, 1)
        assert not run.record(other, 2)
        assert run.record(weights(), 3)
    assert list(series_by_tag(str(tmp_path))["weights/lstm/kernel"]) == [0, 3]
    (warning,) = run.warnings
    assert "'weights/lstm/kernel' is not logged at step 1" in warning
    assert reason in warning


def test_another_probe_is_refused_since_its_tokens_would_be_shown_wrongly(tmp_path: Path) -> None:
    first, second = (ProbeFacts(tokens=((text,) * TIMES,) * BATCH) for text in "ab")
    with recorded(tmp_path) as run:
        run.record_signals(lstm_signals(), 0, first)
        with pytest.raises(AssertionError):
            run.record_signals(lstm_signals(), 1, second)
    assert "its tokens are other ones" in run.warnings[0]


def test_a_step_that_is_not_larger_is_refused_with_one_warning(tmp_path: Path) -> None:
    with recorded(tmp_path) as run:
        assert [run.record(weights(), step) for step in (5, 5, 4, 6)] == [True, False, False, True]
    assert len(run.warnings) == 1
    assert "steps have to grow" in run.warnings[0]


def test_a_heatmap_is_pooled_with_all_of_its_planes_in_mind(tmp_path: Path) -> None:
    with recorded(tmp_path, max_cells=5 * UNITS * TIMES - 1) as run:
        run.record_signals(lstm_signals(), 0)
    found = series_by_tag(str(tmp_path))["outputs/lstm"][0]
    assert found.series.pool == (2, 2)
    assert found.cells.shape == (5, 2, 4)


def notes(log_dir: Path) -> list[tuple[int, list[tuple[str, str]], int | None]]:
    found = []
    for event in read_events(str(log_dir)):
        if value := values_of(event).get(FINDINGS_PLUGIN):
            note = parse_note(value.tensor.string_val[0], LSTM_GATES)
            names = [(one.rule, one.gate) for one in note.findings]
            found.append((event.step, names, note.previous_step))
    return found


def gates_at(**levels: float) -> Observation:
    """Gate activations that are all the same, a half where not said otherwise."""
    blocks = {
        gate: np.full((BATCH, TIMES, UNITS), levels.get(gate, 0.5), np.float32) for gate in LSTM_GATES
    }
    observations = observe_signals(lstm_signals(gate_activations=blocks))
    return next(one for one in observations if one.series.kind == "gate_activations")


def test_findings_are_noted_at_first_and_whenever_their_set_changes(tmp_path: Path) -> None:
    levels = [{}, {}, {"input": 0.99}, {"input": 0.95}, {"input": 0.95, "forget": 0.01}, {}, {}]
    with recorded(tmp_path) as run:
        for step, level in enumerate(levels):
            run.record(gates_at(**level), 10 * step)
    saturated = [("saturated", "input"), ("saturated", "forget"), ("forget_gate_shut", "forget")]
    assert notes(tmp_path) == [
        (0, [], None),
        (20, saturated[:1], 10),
        (40, saturated, 30),
        (50, [], 40),
    ]


def test_series_without_rules_have_no_notes(tmp_path: Path) -> None:
    with recorded(tmp_path) as run:
        run.record(weights(matrix="bias"), 0)
    assert notes(tmp_path) == []


def test_what_a_rule_remembers_outlives_a_file_and_a_snapshot_that_was_not_written(tmp_path: Path) -> None:
    first = Run(tmp_path)
    for step in range(DEAD_AFTER - 3):
        first.record(weights(0.0), step)
    first.file.close()
    second = Run(tmp_path)
    second.recorder.go_on_from(first.recorder)
    with pytest.raises(OSError, match="full"), full_disk(second):
        second.record(weights(0.0), DEAD_AFTER - 3)
    for step in range(DEAD_AFTER - 2, DEAD_AFTER + 1):
        second.record(weights(0.0), step)
    second.file.close()
    dead = [("dead_units", gate) for gate in LSTM_GATES]
    assert notes(tmp_path) == [(0, [], None), (DEAD_AFTER, dead, DEAD_AFTER - 1)]
    snapshots = series_by_tag(str(tmp_path))["weights/lstm/kernel"]
    shares = [one.statistics["forget"]["dead_units"] for one in snapshots.values()]
    assert shares == [0.0] * (DEAD_AFTER - 1) + [1.0]


@contextlib.contextmanager
def full_disk(run: Run) -> Iterator[None]:
    """A disk that is full."""

    def full(*_: Any) -> None:
        raise OSError("the disk is full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run.file, "write", full)
        yield


def since_last(updates: Updates, weights: GateTensor) -> Observation | None:
    return updates.since_last(weights, Observation.of_tensor(weights, "weights").block_norms)


def change(update: Observation) -> npt.NDArray[Any]:
    (found,) = by_rows(update.cells, update.before, update.cells.size)
    return found


def test_updates_are_what_changed_since_the_last_snapshot(tmp_path: Path) -> None:
    updates = Updates()
    assert since_last(updates, kernel(2.0)) is None
    found = since_last(updates, kernel(2.5))
    assert found is not None
    assert found.series.tag == "updates/lstm/kernel"
    assert (change(found) == 0.5).all()
    with recorded(tmp_path) as run:
        run.record(found, 1)
    (snapshot,) = series_by_tag(str(tmp_path))["updates/lstm/kernel"].values()
    assert snapshot.statistics["forget"]["relative_norm"] == pytest.approx(0.25)


def test_updates_of_matrices_apart_are_kept_apart() -> None:
    updates = Updates()
    for matrix, value in (("kernel", 1.0), ("bias", 10.0)):
        assert since_last(updates, kernel(value, matrix=matrix)) is None
    found = since_last(updates, kernel(3.0, matrix="kernel"))
    assert found is not None
    assert (change(found) == 2.0).all()


def test_what_is_frozen_or_of_another_shape_has_no_update() -> None:
    updates = Updates()
    assert since_last(updates, kernel(is_trained=False)) is None
    assert since_last(updates, kernel(is_trained=False)) is None
    assert since_last(updates, kernel()) is None
    assert since_last(updates, kernel(rows=3)) is None
    assert since_last(updates, kernel(2.0, rows=3)) is not None


def test_updates_of_narrow_numbers_are_exact() -> None:
    updates = Updates()
    for value in (1.0, 1.5):
        found = since_last(updates, replace(kernel(), values=np.full((2, 8), value, np.float16)))
    assert found is not None
    assert change(found).dtype == np.float32
    assert (change(found) == 0.5).all()


def test_a_note_is_json_of_what_is_found(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.record(gates_at(forget=0.0), 7)
    run.file.close()
    (event,) = [one for one in read_events(str(tmp_path)) if FINDINGS_PLUGIN in values_of(one)]
    note = json.loads(values_of(event)[FINDINGS_PLUGIN].tensor.string_val[0])
    assert note["findings"] == [
        {"rule": "saturated", "gate": "forget", "value": 1.0},
        {"rule": "forget_gate_shut", "gate": "forget", "value": 0.0},
    ]


@both_ways
@pytest.mark.parametrize("is_pooled", [False, True], ids=["whole", "pooled"])
def test_recording_takes_little_memory_beside_the_matrix(way: str, is_pooled: bool, tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(1024, 4 * 1024)).astype(np.float32)
    tensor = GateTensor("lstm", None, 0, "LSTM", "kernel", LSTM_GATES, values)
    file = EventFile(str(tmp_path))
    recorder = Recorder(file, values.size // (16 if is_pooled else 1), "bfloat16", pytest.fail)
    with going(way):
        tracemalloc.start()
        try:
            recorder.record(Observation.of_tensor(tensor, "weights"), 0, 0, 0.0)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    file.close()
    # The cells of a heatmap, their payload, and that compressed have half as many bytes as the matrix.
    assert most < (0.5 if is_pooled else 2.0) * values.nbytes


@both_ways
def test_recording_an_update_takes_little_memory_beside_the_matrices(way: str, tmp_path: Path) -> None:
    shape = (2048, 4 * 1024)
    before, now = (kernel(values=np.full(shape, value, np.float32)) for value in (1.0, 1.5))
    file = EventFile(str(tmp_path))
    recorder = Recorder(file, now.values.size // 16, "bfloat16", pytest.fail)
    update = Observation.of_change(now, before, np.ones(4))
    with going(way):
        tracemalloc.start()
        try:
            recorder.record(update, 0, 0, 0.0)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    file.close()
    assert most < 0.5 * now.values.nbytes


@both_ways
@pytest.mark.parametrize("max_cells", [2**20, 40], ids=["whole", "pooled"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_an_update_is_recorded_as_if_it_were_made_whole(
    way: str, dtype: npt.DTypeLike, max_cells: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    values, before = (random.normal(size=(50, 8)).astype(dtype) for _ in range(2))
    before[0, 0] = np.inf
    with np.errstate(over="ignore"):
        whole = np.subtract(values, before, dtype=np.result_type(dtype, np.float32))
    tensors = {"before": before, "now": values, "whole": whole}
    made = {name: kernel(values=one) for name, one in tensors.items()}
    observations = {
        "parts": Observation.of_change(made["now"], made["before"], np.ones(4)),
        "whole": Observation.of_tensor(made["whole"], "updates", np.ones(4)),
    }
    # A few rows at a time.
    monkeypatch.setattr(snapshot, "_AT_ONCE", 30)
    for name, one in observations.items():
        with recorded(tmp_path / name, max_cells=max_cells) as run, going(way):
            run.record(one, 1)
    found = [[values_of(event) for event in read_events(str(tmp_path / name))] for name in observations]
    assert found[0] == found[1]


def test_a_spectrum_for_which_there_was_no_time_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    # Each look at what was spent is a second of work.
    spent = itertools.count()
    dear_time = functools.partial(DearTime, lambda: now[0], lambda: float(next(spent)))
    monkeypatch.setattr(recording, "DearTime", dear_time)
    with recorded(tmp_path) as run:
        for step in range(20):
            run.record(Observation.of_tensor(kernel(matrix="recurrent_kernel", rows=2), "weights"), step)
            now[0] += 9.0
    snapshots = series_by_tag(str(tmp_path))["weights/lstm/recurrent_kernel"]
    # Of the first, the sixth and so on, those that come too early wait until 50 seconds have gone by.
    assert [step for step, one in snapshots.items() if "singular_values" in one.profiles] == [0, 6, 12, 18]
