"""The statistics of whole runs: thinned, derived, and the distances of histograms."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.plugin.computed.derived import DERIVED, derive
from tensorboard_plugin_rnnweights.plugin.computed.distances import (
    jensen_shannon,
    mean_magnitudes,
    on_common_bins,
    wasserstein,
)
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import Snapshot
from tensorboard_plugin_rnnweights.plugin.logged.thinning import Thinning
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.histogram import Histogram, edges
from tensorboard_plugin_rnnweights.summary.passes.scan import scan
from tests.plugin import logs
from tests.plugin.client import Client
from tests.tensorboard_server import tensorboard, wait_for_runs

RUN = "nested/run"
SMALLEST_NORMAL = float(np.finfo(np.float32).tiny)

blocks = st_numpy.arrays(
    np.float32,
    st.integers(1, 60),
    elements=st.floats(-1e3, 1e3, width=32, allow_subnormal=False),
)


finite = st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False)


class Datum(NamedTuple):
    """What has a step."""

    step: int
    wall_time: float = 0.0


def bins(values: Any) -> tuple[Any, Any]:
    histogram = Histogram.of(values)
    return histogram.keys, histogram.counts


@given(steps=st.sets(st.integers(0, 10_000), min_size=1), most=st.integers(2, 40), data=st.data())
def test_a_thinned_part_has_its_ends_and_no_more_than_asked(
    steps: set[int], most: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, 10_000))
    last = data.draw(st.integers(first, 10_000))
    inside = [step for step in sorted(steps) if first <= step <= last]
    kept = [one.step for one in Thinning(first, last, most).of([Datum(step) for step in sorted(steps)])]
    assert kept == sorted(set(kept))
    assert len(kept) == min(most, len(inside))
    assert set(kept) <= set(inside)
    assert kept[:1] == inside[:1]
    assert kept[-1:] == inside[-1:]


@given(one=blocks, other=blocks)
def test_distances_are_those_of_scipy(one: Any, other: Any) -> None:
    middles, _, (counts, others) = on_common_bins([bins(one), bins(other)])
    expected = scipy.stats.wasserstein_distance(middles, middles, counts, others)
    assert float(wasserstein(middles, counts, others)) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    expected = scipy.spatial.distance.jensenshannon(counts, others, base=2)
    assert jensen_shannon(counts, others) == pytest.approx(expected, rel=1e-6, abs=1e-7)


@given(one=blocks, other=blocks)
def test_the_distance_is_that_of_the_values_but_for_the_width_of_bins(one: Any, other: Any) -> None:
    middles, _, (counts, others) = on_common_bins([bins(one), bins(other)])
    exact = scipy.stats.wasserstein_distance(one, other)
    scale = max(float(np.abs(one).max()), float(np.abs(other).max()))
    assert float(wasserstein(middles, counts, others)) == pytest.approx(exact, abs=scale / 32 + 1e-30)
    assert mean_magnitudes(middles, counts) == pytest.approx(
        float(np.abs(one).mean()), rel=1 / 32, abs=1e-30
    )


def test_nothing_has_no_distance() -> None:
    nothing = np.zeros(2)
    assert math.isnan(float(wasserstein(np.array([1.0, 2.0]), np.ones(2), nothing)))
    assert math.isnan(jensen_shannon(np.ones(2), nothing))
    neither = on_common_bins([bins(np.full(3, np.nan, np.float32))] * 2)
    assert math.isnan(float(wasserstein(neither.middles, *neither.counts)))
    assert math.isnan(jensen_shannon(*neither.counts))


def test_statistics_are_those_of_the_histograms(client: Client) -> None:
    metadata, arrays = client.numbers("statistics", run=RUN, kind="weights")
    tags = json.loads(metadata["tags"])
    assert tags == [tag for tag, one in client.series(RUN).items() if one["kind"] == "weights"]
    for place, (tag, names) in enumerate(zip(tags, json.loads(metadata["names"]), strict=True)):
        expected = client.statistics(RUN, tag)
        assert list(expected) == names
        assert (
            arrays[f"{place}/steps"].tolist() == arrays[f"{place}/all_steps"].tolist() == list(logs.STEPS)
        )
        values = np.stack(list(expected.values()), axis=2)
        np.testing.assert_allclose(arrays[f"{place}/values"], values, rtol=1e-6)


def test_only_what_was_asked_for_is_answered(client: Client) -> None:
    metadata, arrays = client.numbers(
        "statistics", run=RUN, kind="weights", tag=[logs.KERNEL], names="mean,l2_norm", most=2
    )
    assert json.loads(metadata["tags"]) == [logs.KERNEL]
    assert json.loads(metadata["names"]) == [["mean", "l2_norm"]]
    assert arrays["0/steps"].tolist() == [logs.STEPS[0], logs.STEPS[-1]]
    assert arrays["0/all_steps"].tolist() == list(logs.STEPS)
    _, part = client.numbers(
        "statistics", run=RUN, kind="weights", tag=[logs.KERNEL], **{"from": 4, "to": 9}
    )
    assert part["0/steps"].tolist() == [5]


def test_derived_statistics_are_those_of_the_values(client: Client) -> None:
    names = "robust_magnitude,small_magnitude,distribution_change"
    _, arrays = client.numbers("statistics", run=RUN, kind="weights", tag=[logs.BACKWARD], names=names)
    for index, step in enumerate(logs.STEPS):
        by_gate = np.split(logs.model(1, step)[4].values, 3, axis=1)
        firsts = np.split(logs.model(1, logs.STEPS[0])[4].values, 3, axis=1)
        for gate, (block, first) in enumerate(zip(by_gate, firsts, strict=True)):
            robust, small, change = arrays["0/values"][index, gate]
            finite = block[np.isfinite(block)]
            magnitudes = np.sort(np.abs(finite))
            for found, share in ((robust, 0.995), (small, 0.02)):
                exact = magnitudes[max(0, math.ceil(share * magnitudes.size) - 1)]
                assert exact * (1 - 1e-6) <= found <= exact * (1 + 1 / 32)
            moved = scipy.stats.wasserstein_distance(finite, first.ravel()) / np.abs(first).mean()
            assert change == pytest.approx(moved, abs=0.06)
    assert (arrays["0/values"][0, :, 2] == 0).all()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"run": RUN}, "the argument 'kind' is missing"),
        ({"run": RUN, "kind": "dreams"}, "run 'nested/run' has no series of the kind 'dreams'"),
        ({"run": RUN, "kind": "weights", "tag": "weights/nothing"}, "has no series 'weights/nothing'"),
        ({"run": RUN, "kind": "weights", "most": "1"}, "'most' has to be 2 or more, not 1"),
        ({"run": RUN, "kind": "weights", "from": "x"}, "'from' has to be a whole number, not 'x'"),
    ],
)
def test_bad_arguments_are_told_in_one_sentence(
    client: Client, arguments: dict[str, str], reason: str
) -> None:
    answer = client.get("statistics", **arguments)
    assert answer.status_code in (400, 404)
    assert reason in answer.text
    assert "\n" not in answer.text


def test_histograms_are_thinned_when_asked(client: Client) -> None:
    answer = client.get("histograms", run=RUN, tag=logs.KERNEL, most=2)
    assert payload.decode(answer.content)["steps"].tolist() == [logs.STEPS[0], logs.STEPS[-1]]
    nothing: dict[str, Any] = {"from": 6, "to": 7}
    answer = client.get("histograms", run=RUN, tag=logs.KERNEL, **nothing)
    assert answer.status_code == 404


def changes(client: Client, **arguments: Any) -> list[dict[str, Any]]:
    answer = client.get("changes", **arguments)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["blocks"]
    return found


def test_blocks_of_two_runs_are_ranked_by_their_distance(client: Client) -> None:
    tags = [logs.KERNEL, logs.BACKWARD]
    found = changes(
        client, run=RUN, step=9, other_run=logs.ODD_NAME, other_step=0, tag=tags, other_tag=tags
    )
    assert {(one["tag"], one["gate"]) for one in found} == {
        *((logs.KERNEL, gate) for gate in ("input", "forget", "cell", "output")),
        *((logs.BACKWARD, gate) for gate in ("update", "reset", "candidate")),
    }
    assert {(one["step"], one["other_step"]) for one in found} == {(10, 0)}
    distances = [one["relative_wasserstein"] for one in found]
    assert distances == sorted(distances, reverse=True)
    own = next(one for one in found if (one["tag"], one["gate"]) == (logs.KERNEL, "forget"))
    one, other = (logs.model(seed, step)[1].values[:, 6:12].ravel() for seed, step in ((1, 10), (0, 0)))
    middles, _, (counts, others) = on_common_bins([bins(one), bins(other)])
    assert own["wasserstein"] == pytest.approx(float(wasserstein(middles, counts, others)))
    assert own["jensen_shannon"] == pytest.approx(jensen_shannon(counts, others))
    scale = (np.abs(one).mean() + np.abs(other).mean()) / 2
    assert own["relative_wasserstein"] == pytest.approx(own["wasserstein"] / scale, rel=1 / 32)


def test_a_block_without_finite_values_comes_last_and_has_no_distances(
    load_fast: str, tmp_path: Path
) -> None:
    values = np.ones((2, 8), np.float32)
    values[:, 2:4] = np.nan
    values[:, 6:8] = 0
    with SummaryWriter(tmp_path / "run", updates=False) as writer:
        for step in (0, 10):
            writer.add_tensors([logs.lstm("kernel", values * (step + 1))], "weights", step)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        client = Client(url)
        tag = logs.KERNEL
        asked = {"run": "run", "step": 4, "other_run": "run", "other_step": 6, "tag": tag, "other_tag": tag}
        found = changes(client, **asked)
        names = "robust_magnitude,small_magnitude,distribution_change"
        _, arrays = client.numbers("statistics", run="run", kind="weights", names=names)
    assert [one["gate"] for one in found] == ["input", "cell", "output", "forget"]
    assert {one["began_at_zero"] for one in found} == {False}, "nothing but zeros at both steps"
    assert [one["jensen_shannon"] for one in found] == [1.0, 1.0, 0.0, None]
    assert [one["relative_wasserstein"] for one in found][2:] == [0.0, None]
    assert found[-1]["wasserstein"] is None
    assert {(one["step"], one["other_step"]) for one in found} == {(0, 10)}
    by_gate = arrays["0/values"]
    assert np.isnan(by_gate[:, 1]).all()
    # What is zero at first can't move by a multiple of itself.
    np.testing.assert_array_equal(by_gate[:, 3], [[0, 0, np.nan]] * 2)
    np.testing.assert_allclose(by_gate[:, 0], [[1, 1, 0], [11, 11, 10]], rtol=1 / 32)


@pytest.mark.parametrize("is_turned", [False, True])
def test_blocks_that_began_at_zero_come_last_by_how_far_they_went(
    load_fast: str, tmp_path: Path, is_turned: bool
) -> None:
    # The first three began at zero, the last one only passes through it.
    went = {0: (0, 0, 0, 1), 5: (1, 4, 0.5, 0), 10: (1, 4, 0.5, 1.1)}
    with SummaryWriter(tmp_path / "run", updates=False) as writer:
        for step, values in went.items():
            matrix = np.repeat(np.array(values, np.float32), 2)[np.newaxis]
            writer.add_tensors([logs.lstm("kernel", matrix)], "weights", step)
    tags = {"tag": logs.KERNEL, "other_tag": logs.KERNEL}
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        client = Client(url)

        def between(*steps: int) -> list[dict[str, Any]]:
            step, other = sorted(steps, reverse=is_turned)
            return changes(client, run="run", step=step, other_run="run", other_step=other, **tags)

        since_first, after = between(0, 10), between(5, 10)
    assert [one["gate"] for one in since_first] == ["output", "forget", "input", "cell"]
    assert [one["began_at_zero"] for one in since_first] == [False, True, True, True]
    assert [one["relative_wasserstein"] for one in since_first[1:]] == [2.0] * 3
    # To have died, or to live again, is the largest change that there is.
    assert after[0]["gate"] == "output"
    assert {one["began_at_zero"] for one in after} == {False}


def test_zeros_of_either_sign_are_alike() -> None:
    middles, _, (counts, others) = on_common_bins(
        [bins(np.zeros(3, np.float32)), bins(-np.zeros(3, np.float32))]
    )
    assert middles.tolist() == [0.0]
    assert (counts.tolist(), others.tolist()) == ([3.0], [3.0])
    assert mean_magnitudes(middles, counts) == 0.0
    assert jensen_shannon(counts, others) == 0.0


@given(steps=st.lists(st_numpy.arrays(np.float32, 12, elements=finite), min_size=1, max_size=5))
def test_derived_statistics_are_those_of_the_values_of_any_gate(steps: list[Any]) -> None:
    snapshots = [snapshot_of(step, values) for step, values in enumerate(steps)]
    found = derive(DERIVED, snapshots, snapshots[0])
    assert {numbers.shape for numbers in found.values()} == {(len(steps), 2)}
    for index, values in enumerate(steps):
        for gate, block in enumerate(np.split(values, 2)):
            magnitudes = np.sort(np.abs(block[np.abs(block) >= SMALLEST_NORMAL])).astype(np.float64)
            for name, share in (("robust_magnitude", 0.995), ("small_magnitude", 0.02)):
                place = max(1, math.ceil(share * magnitudes.size)) - 1
                exact = magnitudes[place] if magnitudes.size else 0.0
                assert exact <= found[name][index, gate] <= exact * (1 + 1 / 32)
            table = on_common_bins([bins(np.split(steps[0], 2)[gate]), bins(block)])
            distance = scipy.stats.wasserstein_distance(table.middles, table.middles, *table.counts)
            scale = np.average(np.abs(table.middles), weights=table.counts[0])
            expected = distance / scale if scale else math.nan
            change = found["distribution_change"][index, gate]
            assert change == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


def snapshot_of(step: int, values: Any) -> Snapshot:
    """A snapshot of two gates, of either half of the values."""
    halves = np.split(values, 2)
    histograms = [Histogram.of(half) for half in halves]
    own = {
        "statistics": scan(values.reshape(1, -1), 2).statistics,
        "offsets": np.cumsum([0, *(one.keys.size for one in histograms)]),
        "keys": np.concatenate([one.keys for one in histograms]),
        "counts": np.concatenate([one.counts for one in histograms]),
    }
    return Snapshot(step, 0.0, own, {}, {})


def test_a_run_has_no_distance_from_itself(client: Client) -> None:
    found = changes(
        client, run=RUN, step=0, other_run=RUN, other_step=0, tag=logs.KERNEL, other_tag=logs.KERNEL
    )
    assert {one["wasserstein"] for one in found} == {one["jensen_shannon"] for one in found} == {0.0}


def test_changes_need_as_many_series_of_either_run(client: Client) -> None:
    answer = client.get("changes", run=RUN, step=0, other_run=RUN, other_step=0, tag=logs.KERNEL)
    assert answer.status_code == 400
    assert "'tag' and 'other_tag' have to be given equally often" in answer.text


def test_bins_are_as_wide_as_stated() -> None:
    lower, upper = edges(np.array([0x0FE0], np.uint16))
    assert (upper - lower) / lower == pytest.approx(1 / 32)
