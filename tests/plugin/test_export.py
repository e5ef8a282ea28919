"""Files hold what was logged: read back by Python's csv and by NumPy, they are the same numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tensorboard_plugin_rnnweights.plugin.answers.export import Wanted, file_name, name_of
from tensorboard_plugin_rnnweights.plugin.logged.thinning import ALL
from tensorboard_plugin_rnnweights.summary.histogram import Histogram, edges
from tensorboard_plugin_rnnweights.summary.passes.scan import scan
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS
from tests.plugin import logs
from tests.plugin.client import Client, as_bfloat16
from tests.summary.flowing import lstm_signals, ragged_mask
from tests.summary.recording import recorded
from tests.tensorboard_server import tensorboard, wait_for_runs

RUN = "nested/run"
GATES = ["update", "reset", "candidate"]


def rows_of(client: Client, **arguments: Any) -> list[list[str]]:
    """The header and the rows of a file."""
    answer = client.get("export", format="csv", **arguments)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode(), newline="")))


def arrays_of(client: Client, **arguments: Any) -> dict[str, npt.NDArray[Any]]:
    answer = client.get("export", format="npz", **arguments)
    assert answer.status_code == 200, answer.text
    with np.load(io.BytesIO(answer.content), allow_pickle=False) as found:
        return dict(found)


def numbers(rows: list[list[str]]) -> npt.NDArray[np.float64]:
    return np.array([[float(cell) if cell else np.nan for cell in row] for row in rows])


def test_statistics_are_a_row_a_step_and_gate(client: Client) -> None:
    header, *rows = rows_of(client, what="statistics", run=RUN, tag=logs.BACKWARD)
    assert header[: 3 + len(STATISTICS)] == ["step", "wall_time", "gate", *STATISTICS]
    change = header.index("distribution_change")
    assert [float(row[change]) for row in rows[: len(GATES)]] == [0.0] * len(GATES)
    assert [row[0] for row in rows] == [str(step) for step in logs.STEPS for _ in GATES]
    assert [row[2] for row in rows] == GATES * len(logs.STEPS)
    tensors = [logs.model(1, step)[4] for step in logs.STEPS]
    by_gate = [scan(one.values, len(one.gates)).statistics for one in tensors]
    found = numbers([row[3:] for row in rows])[:, : len(STATISTICS)]
    np.testing.assert_array_equal(found, np.concatenate(by_gate))
    arrays = arrays_of(client, what="statistics", run=RUN, tag=logs.BACKWARD)
    assert arrays["gates"].tolist() == GATES
    assert ["step", "wall_time", "gate", *arrays["names"].tolist()] == header
    np.testing.assert_array_equal(arrays["values"][:, :, : len(STATISTICS)], np.stack(by_gate))
    assert arrays["steps"].tolist() == list(logs.STEPS)


def test_statistics_of_a_kind_are_those_of_its_series_below_each_other(client: Client) -> None:
    header, *rows = rows_of(client, what="kind_statistics", run=RUN, kind="weights", most=2)
    arrays = arrays_of(client, what="kind_statistics", run=RUN, kind="weights", most=2)
    tags = arrays["tags"].tolist()
    assert {logs.KERNEL, logs.BACKWARD} <= {*tags}
    assert [*dict.fromkeys(row[0] for row in rows)] == tags
    own_header, *own_rows = rows_of(client, what="statistics", run=RUN, tag=logs.BACKWARD, most=2)
    places = [header.index(name) for name in own_header]
    assert [[row[place] for place in places] for row in rows if row[0] == logs.BACKWARD] == own_rows
    answer = client.get("export", format="csv", what="kind_statistics", run=RUN, kind="weights", step=3)
    assert (answer.status_code, "no step 3" in answer.text) == (404, True)
    own = arrays_of(client, what="statistics", run=RUN, tag=logs.BACKWARD, most=2)
    for name, array in own.items():
        np.testing.assert_array_equal(arrays[f"{tags.index(logs.BACKWARD)}/{name}"], array)


def test_what_changed_most_is_a_row_a_block(client: Client) -> None:
    asked: dict[str, Any] = {"run": RUN, "step": 9, "other_run": logs.ODD_NAME, "other_step": 0}
    asked |= {"tag": [logs.KERNEL, logs.BACKWARD], "other_tag": [logs.KERNEL, logs.BACKWARD]}
    blocks = client.get("changes", **asked).json()["blocks"]
    answer = client.get("changes", format="csv", **asked)
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=nested_run_step-9_against_sub_odd_script_alert_1_script_50_run_step-0.csv"
    )
    header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert header == [*blocks[0]]
    assert rows == [[str(value) for value in one.values()] for one in blocks]
    with np.load(io.BytesIO(client.get("changes", format="npz", **asked).content)) as arrays:
        for name in header:
            assert arrays[name].tolist() == [one[name] for one in blocks]


def test_statistics_of_one_step_or_fewer_are_those_alone(client: Client) -> None:
    one = arrays_of(client, what="statistics", run=RUN, tag=logs.KERNEL, step=5)
    assert one["steps"].tolist() == [5]
    thinned = arrays_of(client, what="statistics", run=RUN, tag=logs.KERNEL, most=2)
    assert thinned["steps"].tolist() == [0, 10]


def test_histograms_are_a_row_a_bin(client: Client) -> None:
    header, *rows = rows_of(client, what="histograms", run=RUN, tag=logs.BACKWARD, step=10)
    assert header == ["step", "gate", "lower", "upper", "count"]
    expected = []
    for gate, block in logs.model(1, 10)[4].blocks.items():
        histogram = Histogram.of(np.ascontiguousarray(block))
        lower, upper = edges(histogram.keys)
        for bounds in zip(lower.tolist(), upper.tolist(), histogram.counts.tolist(), strict=True):
            expected.append(["10", gate, *map(repr, bounds)])
    assert rows == expected
    arrays = arrays_of(client, what="histograms", run=RUN, tag=logs.BACKWARD)
    assert arrays["offsets"].size == len(logs.STEPS) * len(GATES) + 1
    assert arrays["offsets"][-1] == arrays["counts"].size == arrays["lower"].size
    last = slice(arrays["offsets"][-1 - len(GATES)], None)
    np.testing.assert_array_equal(arrays["counts"][last], [int(row[4]) for row in rows])
    np.testing.assert_array_equal(arrays["upper"][last], [float(row[3]) for row in rows])


def test_a_heatmap_is_its_matrix(client: Client) -> None:
    asked = {"what": "heatmap", "run": RUN, "tag": logs.BACKWARD, "step": 10}
    header, *rows = rows_of(client, **asked)
    assert header == ["row", *(f"{gate}/{unit}" for gate in GATES for unit in range(4))]
    expected = as_bfloat16(logs.model(1, 10)[4].values).astype(np.float32)
    assert np.isnan(expected).sum() == 2
    np.testing.assert_array_equal(numbers([row[1:] for row in rows]), expected)
    assert [row[0] for row in rows] == ["0", "1", "2", "3"]
    assert all(cell for row in rows for cell in row)
    arrays = arrays_of(client, **asked)
    np.testing.assert_array_equal(arrays["cells"], expected)
    assert not arrays["mask"].any()
    assert (arrays["gates"].tolist(), arrays["step"].item()) == (GATES, 10)


def test_profiles_are_a_row_a_point(client: Client) -> None:
    header, *rows = rows_of(client, what="profiles", run=RUN, tag=logs.BACKWARD)
    assert header == ["profile", "step", "gate", "place", "value"]
    arrays = arrays_of(client, what="profiles", run=RUN, tag=logs.BACKWARD)
    assert arrays["gates"].tolist() == GATES
    steps, values = arrays["norm_by_unit/steps"], arrays["norm_by_unit/values"]
    assert steps.tolist() == list(logs.STEPS)
    found = [row for row in rows if row[0] == "norm_by_unit"]
    np.testing.assert_array_equal(numbers([row[4:] for row in found]).ravel(), values.ravel())
    blocks = logs.model(1, logs.STEPS[0])[4].blocks
    expected = [np.linalg.norm(blocks[gate], axis=0) for gate in GATES]
    np.testing.assert_allclose(values[0], expected, rtol=1e-6)
    assert [row[1:4] for row in found[:5]] == [["0", "update", str(unit)] for unit in range(4)] + [
        ["0", "reset", "0"]
    ]


@pytest.fixture(scope="module")
def odd(load_fast: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """What is masked, what is pooled, and a gate whose name a spreadsheet would run."""
    logdir = tmp_path_factory.mktemp("odd")
    with recorded(logdir / "signals") as run:
        run.record_signals(lstm_signals(0, mask=ragged_mask()), 0)
    values = np.arange(30, dtype=np.float32).reshape(3, 10)
    tensor = GateTensor("lstm", None, 0, "Own", "kernel", ("=1+1", 'b,"c'), values)
    with SummaryWriter(logdir / "own", max_cells=12) as writer:
        writer.add_tensors([tensor], "weights", 0)
    with tensorboard(logdir, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2)
        yield Client(url)


def test_masked_cells_are_empty_and_marked(odd: Client) -> None:
    asked = {"what": "heatmap", "run": "signals", "tag": "gate_activations/lstm", "step": 0}
    bits = odd.cells("signals", asked["tag"], 0).view(np.uint32)  # type: ignore[arg-type]
    masked = bits == 0xFFFFFFFF
    assert masked.any()
    arrays = arrays_of(odd, **asked)
    np.testing.assert_array_equal(arrays["mask"], masked)
    np.testing.assert_array_equal(np.isnan(arrays["cells"]), masked)
    assert arrays["planes"].tolist() == ["mean over the batch", "sample 0"]
    header, *rows = rows_of(odd, **asked)
    assert header[:2] == ["plane", "row"]
    empty = np.array([[not cell for cell in row[2:]] for row in rows])
    np.testing.assert_array_equal(empty, masked.reshape(empty.shape))
    assert [row[0] for row in rows[:: len(rows) // 2]] == arrays["planes"].tolist()


def test_no_gate_is_a_formula_and_pooled_units_keep_their_numbers(odd: Client) -> None:
    asked = {"run": "own", "tag": logs.KERNEL, "step": 0}
    header, *rows = rows_of(odd, what="heatmap", **asked)
    assert arrays_of(odd, what="heatmap", **asked)["pool"].tolist() == [2, 2]
    assert header == ["row", *(f"{gate}/{unit}" for gate in ("'=1+1", 'b,"c') for unit in (0, 2, 4))]
    assert [row[0] for row in rows] == ["0", "2"]
    for what, place in (("statistics", 2), ("histograms", 1)):
        _, *rows = rows_of(odd, what=what, **asked)
        assert {row[place] for row in rows} == {"'=1+1", 'b,"c'}


def test_a_file_is_saved_under_a_safe_name(client: Client) -> None:
    for run, name in ((RUN, "nested_run"), (logs.ODD_NAME, "sub_odd_script_alert_1_script_50_run")):
        answer = client.get(
            "export", format="csv", what="heatmap", run=run, tag=logs.KERNEL, step=5, evil='";\r\nX: y'
        )
        disposition = answer.headers["Content-Disposition"]
        assert disposition == f"attachment; filename={name}_weights_lstm_kernel_heatmap_step-5.csv"
    assert (
        client.get("export", format="npz", what="statistics", run=RUN, tag=logs.KERNEL)
        .headers["Content-Disposition"]
        .endswith("weights_lstm_kernel_statistics.npz")
    )


@given(run=st.text(), tag=st.text(), step=st.none() | st.integers())
def test_a_file_name_has_nothing_that_could_mean_anything(run: str, tag: str, step: int | None) -> None:
    name = file_name(name_of(Wanted(run, tag, step, ALL), "heatmap"), "csv")
    assert name.isascii()
    assert len(name) <= 160
    assert name[0].isalnum()
    assert name.replace("_", "").replace("-", "").replace(".", "").isalnum()
    assert name.endswith(".csv")


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        ({"format": "xlsx"}, 400, "'format' has to be 'csv' or 'npz', not 'xlsx'"),
        ({"format": None}, 400, "the argument 'format' is missing"),
        (
            {"what": "secrets"},
            400,
            "'what' has to be 'statistics' or 'kind_statistics' or 'histograms' or 'profiles' or "
            "'heatmap', not 'secrets'",
        ),
        ({"what": "heatmap"}, 400, "the argument 'step' is missing"),
        ({"what": "heatmap", "step": "7"}, 404, "has no heatmap of step 7"),
        ({"what": "histograms", "step": "7"}, 404, "has no step 7"),
        ({"what": "statistics", "from": "6", "to": "7"}, 404, "has no step in that part"),
        ({"run": "none"}, 404, "run 'none' has no series"),
        (
            {"tag": "weights/none", "what": "heatmap", "step": "0"},
            404,
            "no heatmaps of a series 'weights/none'",
        ),
        ({"most": "1"}, 400, "'most' has to be 2 or more, not 1"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_sentence(
    client: Client, arguments: dict[str, Any], status: int, reason: str
) -> None:
    asked = {"format": "csv", "what": "statistics", "run": RUN, "tag": logs.KERNEL, **arguments}
    answer = client.get("export", **asked)
    assert answer.status_code == status
    assert reason in answer.text
    assert len(answer.text.splitlines()) == 1
    assert "Content-Disposition" not in answer.headers


def test_answers_are_compressed_where_the_client_takes_it(client: Client) -> None:
    answer = client.get(
        "export", encoding="zstd", format="npz", what="statistics", run=RUN, tag=logs.KERNEL
    )
    assert answer.headers["Content-Encoding"] == "zstd"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    changed = client.get(
        "changes", run=RUN, step=0, other_run=RUN, other_step=10, tag=logs.KERNEL, other_tag=logs.KERNEL
    )
    assert changed.headers["Content-Type"] == "application/json"
    assert len(json.loads(changed.content)["blocks"]) == 4
