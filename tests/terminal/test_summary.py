"""The command as people call it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
from tensorboard_plugin_rnnweights.__main__ import main
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tests.summary.logged import event_files

GRU_GATES = ("update", "reset", "candidate")


def tensor(layer: str, matrix: str, rows: int, units: int, **facts: Any) -> GateTensor:
    values = np.random.default_rng(0).normal(size=(rows, 3 * units)).astype(np.float32)
    standard = {"direction": None, "index": 0, "cell": "GRU", "gates": GRU_GATES}
    return GateTensor(layer=layer, matrix=matrix, values=values, **{**standard, **facts})


def write_run(log_dir: Path, *steps: int, nan_step: int | None = None) -> None:
    with SummaryWriter(log_dir) as writer:
        for step in steps:
            kernel = tensor("a", "kernel", 5, 4)
            if step == nan_step:
                kernel.values[1, 2:5] = [np.nan, np.inf, -np.inf]
            frozen = tensor("b", "kernel", 6, 2, direction="backward", is_trained=False)
            conv = tensor("c", "kernel", 12, 100, index=1, row_shape=(2, 2, 3))
            writer.add_tensors([kernel, frozen, conv], "weights", step)
            writer.add_tensors([tensor("a", "kernel", 5, 4)], "gradients", step)


def told(capsys: pytest.CaptureFixture[str], path: Path) -> list[list[str]]:
    """The lines of the table, by their columns."""
    assert main(["summary", str(path)]) == 0
    text = capsys.readouterr().out
    lines = text.split("\n\n")[0].splitlines()
    widths = [len(dashes) for dashes in lines[1].split("  ")]
    starts = [sum(widths[:place]) + 2 * place for place in range(len(widths))]
    return [
        [line[start : start + width].strip() for start, width in zip(starts, widths, strict=True)]
        for line in (lines[0], *lines[2:])
    ]


def test_runs_are_told_by_their_weights_at_the_last_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "one", 0, 10)
    write_run(tmp_path / "deep" / "two", 0, 1200, nan_step=1200)
    gates = "update, reset, candidate"

    def rows(run: str, step: str, nonfinite: str) -> list[list[str]]:
        return [
            [run, step, "a", "", "0", "GRU", "kernel", "5 x 12", gates, "60", "", nonfinite],
            [run, step, "b", "backward", "0", "GRU", "kernel", "6 x 6", gates, "36", "frozen", "0"],
            [run, step, "c", "", "1", "GRU", "kernel", "2 x 2 x 3 x 300", gates, "3,600", "", "0"],
        ]

    header, *found = told(capsys, tmp_path)
    assert header[:4] == ["run", "step", "layer", "direction"]
    assert found == [*rows("deep/two", "1,200", "3"), *rows("one", "10", "0")]


def test_the_sums_stand_below(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_run(tmp_path, 3, nan_step=3)
    assert main(["summary", str(tmp_path)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "3 recurrent cells, 3,696 parameters, 36 of them frozen, 3 NaN or infinite"


def test_columns_that_say_nothing_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_tensors([tensor("a", "kernel", 5, 4)], "weights", 0)
    header, _ = told(capsys, tmp_path)
    assert header == ["run", "step", "layer", "cell", "matrix", "shape", "gates", "parameters", "NaN/inf"]


def test_a_training_begun_anew_replaces_the_last_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "run", 0, 10, 20, nan_step=20)
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_tensors([tensor("a", "kernel", 5, 4)], "weights", 0)
    _, *found = told(capsys, tmp_path)
    assert [(row[1], row[2], row[-1]) for row in found] == [("0", "a", "0")]


def test_names_cannot_move_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_tensors([tensor("a\x1b[2J\nb", "kernel", 5, 4)], "weights", 0)
    assert main(["summary", str(tmp_path)]) == 0
    assert "a\ufffd[2J\ufffdb" in capsys.readouterr().out


def test_a_damaged_end_is_told_and_the_rest_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "run", 0, 10)
    (path,) = event_files(str(tmp_path / "run"))
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)
    assert main(["summary", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "3 recurrent cells" in text
    assert "of run 'run' is read in part only: it is damaged before byte" in text


def test_what_another_version_has_logged_is_told_and_the_rest_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "run", 0)
    file = EventFile(str(tmp_path / "run"))
    value = summary_pb2.Summary.Value(tag="rnnweights/weights/new")
    value.metadata.plugin_data.plugin_name = "rnnweights"
    value.metadata.plugin_data.content = b'{"format_version": 9}'
    file.write(event_pb2.Event(step=1, summary=summary_pb2.Summary(value=[value])))
    file.close()
    assert main(["summary", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "3 recurrent cells" in text
    assert "'rnnweights/weights/new' of run 'run' can't be read: its format version is 9" in text


def test_logs_of_the_first_version_of_the_format_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    header, *found = told(capsys, Path(__file__).parent.parent / "fixtures")
    columns = ("run", "step", "layer", "direction", "matrix", "shape", "NaN/inf")
    rows = [tuple(row[header.index(name)] for name in columns) for row in found]
    assert [row for row in rows if row[0] == "version_1"] == [
        ("version_1", "10", "lstm", "", "recurrent_kernel", "6 x 24", "0"),
        ("version_1", "10", "lstm", "", "kernel", "3 x 24", "0"),
        ("version_1", "10", "lstm", "", "bias", "1 x 24", "0"),
        ("version_1", "10", "both", "forward", "recurrent_kernel", "4 x 12", "0"),
        ("version_1", "10", "both", "backward", "recurrent_kernel", "4 x 12", "3"),
    ]


def test_a_real_process_imports_no_framework_for_logs(tmp_path: Path) -> None:
    write_run(tmp_path / "run", 0)
    code = (
        "import sys; from tensorboard_plugin_rnnweights.__main__ import main; main(sys.argv[1:]); "
        "print([name for name in ('tensorflow', 'keras', 'torch', 'jax') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, "summary", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_has_had_enough_is_no_fault(tmp_path: Path) -> None:
    write_run(tmp_path / "run", 0)
    command = f"{sys.executable} -m tensorboard_plugin_rnnweights summary {tmp_path} | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("path", "message"),
    [("missing", "there is no"), ("empty", "no weights logged by this plugin, or no TensorBoard logs")],
)
def test_nothing_to_tell_is_one_line_and_a_status(path: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    command = [sys.executable, "-m", "tensorboard_plugin_rnnweights", "summary", str(tmp_path / path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert message in done.stderr
