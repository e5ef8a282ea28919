"""Two matrices cell by cell: the axes, the counts, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.plugin.answers.joint import axis, counted
from tests.plugin import logs
from tests.plugin.client import Client
from tests.summary.flowing import lstm_signals
from tests.summary.recording import recorded
from tests.tensorboard_server import tensorboard, wait_for_runs

RUN = "run"
X, Y = "weights/lstm/kernel", "gradients/lstm/kernel"
GATE, PLACE = "forget", 1

numbers = st_numpy.arrays(
    np.float64,
    st.integers(1, 50),
    elements=st.floats(-(2.0**100), 2.0**100, width=32, allow_subnormal=False),
)


def values(kind: str, step: int) -> npt.NDArray[np.float32]:
    generator = np.random.default_rng([len(kind), step])
    found = generator.normal(scale=10.0 ** -len(kind), size=(5, 24)).astype(np.float32)
    found[0, :8] = 0
    if kind == "gradients":
        found[1, 6:8], found[2, 7] = np.nan, np.inf
    return found


@pytest.fixture(scope="module")
def joined(load_fast: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    logdir = tmp_path_factory.mktemp("joined")
    with SummaryWriter(logdir / RUN, updates=False, heatmap_dtype="float32") as writer:
        for step in (0, 10, 20):
            writer.add_tensors([logs.lstm("kernel", values("weights", step))], "weights", step)
            if step != 10:
                writer.add_tensors([logs.lstm("kernel", values("gradients", step))], "gradients", step)
        writer.add_tensors([logs.lstm("bias", np.ones((1, 24), np.float32))], "weights", 0)
        writer.add_tensors([logs.lstm("bias", np.ones((1, 24), np.float32))], "gradients", 7)
    with SummaryWriter(logdir / "pooled", updates=False, max_cells=12) as writer:
        for kind in ("weights", "gradients"):
            writer.add_tensors([logs.lstm("kernel", values(kind, 0))], kind, 0)
    with recorded(logdir / "signals") as run:
        run.record_signals(lstm_signals(0), 0)
    with tensorboard(logdir, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 3)
        yield Client(url)


@given(values=numbers, bins=st.integers(4, 64))
def test_an_axis_has_equal_bins_for_both_signs_and_one_for_zero(values: Any, bins: int) -> None:
    edges = axis(values, bins)
    assert edges.size == 2 * bins + 2
    assert (np.diff(edges) > 0).all()
    np.testing.assert_array_equal(edges, -edges[::-1])
    assert np.ptp(np.diff(np.log10(edges[bins + 1 :]))) < 1e-9
    magnitudes = np.abs(values[values != 0])
    if magnitudes.size:
        assert edges[-1] == magnitudes.max()
        assert np.mean(magnitudes < edges[bins + 1]) <= 0.005


@given(values=numbers, bins=st.integers(4, 64), data=st.data())
def test_every_pair_is_counted_in_the_bins_of_its_numbers(values: Any, bins: int, data: Any) -> None:
    others = np.array(data.draw(st.permutations(values.tolist())))
    edges = axis(values, bins)
    counts = counted(values, others, edges, edges)
    x, y = (members(one, edges) for one in (values, others))
    np.testing.assert_array_equal(counts, y.T @ x)
    assert counts.sum() == values.size
    # Turned by half a turn, all signs are the others.
    np.testing.assert_array_equal(counted(-values, -others, edges, edges), counts[::-1, ::-1])


def members(values: Any, edges: Any) -> Any:
    """Which number (the rows) lies in which bin (the columns): each holds its edge nearer to zero."""
    lower, upper = edges[:-1], edges[1:]
    at_least, at_most = values[:, None] >= lower, values[:, None] <= upper
    above, below = values[:, None] > lower, values[:, None] < upper
    found = np.where(lower > 0, at_least & below, np.where(upper < 0, above & at_most, above & below))
    found[:, 0] = at_most[:, 0]
    found[:, -1] = at_least[:, -1]
    return found.astype(np.int64)


def test_a_block_is_counted_cell_by_cell(joined: Client) -> None:
    metadata, found = joined.numbers("joint", run=RUN, tag=X, other_tag=Y, step=19, gate=GATE)
    x, y = (np.split(values(kind, 20), 4, axis=1)[PLACE].ravel() for kind in ("weights", "gradients"))
    finite = np.isfinite(x) & np.isfinite(y)
    assert metadata == {"step": "20", "pooled": "false", "not_finite": "3", "masked": "0"}
    assert found["counts"].dtype == np.uint32
    assert found["counts"].shape == (49, 49)
    assert found["counts"].sum() == finite.sum()
    np.testing.assert_array_equal(found["x_edges"], axis(x[finite].astype(np.float64), 24))
    np.testing.assert_array_equal(found["y_edges"], axis(y[finite].astype(np.float64), 24))
    pushed_up = found["counts"][25:].sum()
    assert pushed_up == np.sum(y[finite] >= found["y_edges"][25])
    assert found["counts"][24, 24] >= np.sum((x == 0) & (y == 0))


def test_the_nearest_step_is_one_at_which_both_have_a_heatmap(joined: Client) -> None:
    for asked, found in ((9, 0), (10, 0), (11, 20), (-5, 0), (99, 20)):
        metadata, _ = joined.numbers("joint", run=RUN, tag=X, other_tag=Y, step=asked, gate=GATE)
        assert metadata["step"] == str(found)


def test_pooled_cells_say_so_and_bins_are_as_many_as_asked(joined: Client) -> None:
    metadata, found = joined.numbers("joint", run="pooled", tag=X, other_tag=Y, step=0, gate=GATE, bins=9)
    assert metadata["pooled"] == "true"
    assert found["counts"].shape == (9, 9)


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        ({"run": "none"}, 404, "run 'none' has no heatmaps of a series 'weights/lstm/kernel'"),
        ({"other_tag": "weights/none"}, 404, "has no heatmaps of a series 'weights/none'"),
        ({"gate": "update"}, 404, "run 'run', series 'weights/lstm/kernel' has no gate 'update'"),
        (
            {"other_tag": "weights/lstm/bias"},
            400,
            "don't match cell by cell: their gates have (5, 6) and (1, 6)",
        ),
        (
            {"tag": "weights/lstm/bias", "other_tag": "gradients/lstm/bias"},
            404,
            "has no step with heatmaps of both",
        ),
        (
            {"run": "signals", "tag": "outputs/lstm", "gate": "whole", "other_tag": "outputs/lstm"},
            400,
            "planes",
        ),
        ({"bins": "7"}, 400, "'bins' has to be 8 to 128, not 7"),
        ({"bins": "129"}, 400, "'bins' has to be 8 to 128, not 129"),
        ({"bins": "many"}, 400, "'bins' has to be a whole number, not 'many'"),
        ({"step": "x"}, 400, "'step' has to be a whole number, not 'x'"),
        ({"gate": None}, 400, "the argument 'gate' is missing"),
    ],
)
def test_what_cannot_be_counted_is_told_in_one_sentence(
    joined: Client, arguments: dict[str, Any], status: int, reason: str
) -> None:
    asked = {"run": RUN, "tag": X, "other_tag": Y, "step": "0", "gate": GATE, **arguments}
    answer = joined.get("joint", **asked)
    assert answer.status_code == status
    assert reason in answer.text
    assert len(answer.text.splitlines()) == 1
