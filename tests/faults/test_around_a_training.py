"""What happens around a training in notebooks, on shared disks, and at its end, never costs it anything."""

from __future__ import annotations

import gc
import logging
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tensorboard_plugin_rnnweights import GateTensor, RNNWeights, SummaryWriter
from tests.programs import run
from tests.summary.logged import event_files, read_snapshots, series_by_tag, steps_by_kind
from tests.training.models import fit, model


def kernel(value: float = 1.0) -> GateTensor:
    return GateTensor("lstm", None, 0, "LSTM", "kernel", ("a", "b"), np.full((2, 4), value, np.float32))


def open_files(log_dir: str) -> set[str]:
    """The event files of a run that this process has open."""
    links = [one for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    return {target for one in links if (target := str(one.readlink())).startswith(f"{log_dir}/")}


def writers() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "rnnweights-writer"]


@pytest.fixture(autouse=True)
def _no_writer_is_left() -> Iterator[None]:
    before = writers()
    yield
    assert [one for one in writers() if one not in before] == []


def test_a_directory_that_is_deleted_is_reported_once_and_the_training_goes_on(
    log_dir: str, caplog: pytest.LogCaptureFixture
) -> None:
    with SummaryWriter(log_dir) as writer:
        writer.add_tensors([kernel()], "weights", 0)
        writer.flush()
        shutil.rmtree(log_dir)
        for step in (1, 2, 3):
            writer.add_tensors([kernel(step)], "weights", step)
            writer.flush()
    (reported,) = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert "was deleted: nothing more is logged in this training. Training goes on." in reported
    assert not Path(log_dir).exists()


READ_ONLY = """
    import os, sys
    from pathlib import Path
    import keras
    from tensorboard_plugin_rnnweights import RNNWeights
    from tests.training.models import fit, model

    class MadeReadOnly(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            Path("run").chmod(0o555)

    os.chdir(sys.argv[1])
    trained, callback = model(), RNNWeights("run", "batch")
    fit(trained, 1, callback)
    # To root, nothing is read-only.
    if os.getuid() == 0:
        for path in (Path(), Path("run")):
            os.chown(path, 65534, 65534)
        os.setuid(65534)
    fit(trained, 2, callback, MadeReadOnly(), epochs=2)
    fit(trained, 4, callback)
    print(trained.optimizer.iterations.numpy())
"""


def test_a_directory_that_becomes_read_only_is_reported_and_the_training_goes_on(log_dir: str) -> None:
    Path(log_dir).mkdir(parents=True)
    done = run(READ_ONLY, log_dir)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "9"
    (reported,) = [line for line in done.stderr.splitlines() if "Training goes on" in line]
    assert "Permission denied" in reported
    # What was open when it happened is written to its end.
    assert steps_by_kind(f"{log_dir}/run")["weights"] == [0, 1, 2, 3, 4, 5]


FORKED = """
    import os, sys, time
    import numpy as np
    from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter

    def kernel(step):
        return GateTensor("lstm", None, 0, "LSTM", "kernel", ("a", "b"), np.full((2, 4), step, np.float32))

    writer = SummaryWriter(sys.argv[1])
    for step in range(20):
        writer.add_tensors([kernel(step)], "weights", step)
        child = os.fork()
        if not child:
            try:
                writer.add_tensors([kernel(-1)], "weights", step + 1)
            except ValueError as error:
                assert "was made in the process that this one was forked from" in str(error)
                writer.flush()
                # The interpreter's own way out, with all that is to be done at exit.
                sys.exit(7)
            os._exit(1)
        start = time.monotonic()
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 7
        assert time.monotonic() - start < 20
    writer.close()
"""


def test_processes_that_are_forked_from_a_training_leave_its_log_alone(log_dir: str) -> None:
    done = run(FORKED, log_dir)
    assert done.returncode == 0, done.stderr
    assert len(event_files(log_dir)) == 1
    snapshots = series_by_tag(log_dir)["weights/lstm/kernel"]
    assert [one.cells[0, 0] for one in snapshots.values()] == list(range(20))


def test_a_cell_of_a_notebook_that_is_run_again_leaves_no_thread_and_no_file(log_dir: str) -> None:
    def cell() -> Any:
        callback = RNNWeights(log_dir, "batch")
        fit(model(), 2, callback)
        return callback

    for _ in range(3):
        again = cell()
        assert open_files(log_dir) == set()
    assert again is not None
    # TensorBoard takes the newest of them for the run.
    assert len(event_files(log_dir)) == 3
    steps = [one.step for one in read_snapshots(log_dir) if one.series.tag == "weights/lstm/kernel"]
    assert steps == [0, 1, 2]


@pytest.mark.parametrize("fault", [RuntimeError("no"), KeyboardInterrupt()], ids=["error", "interrupt"])
def test_a_training_that_ends_too_early_keeps_what_was_logged_and_leaves_nothing_open(
    log_dir: str, fault: BaseException
) -> None:
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 2:
                raise fault

    callback = RNNWeights(log_dir, "batch")
    trained = model()
    with pytest.raises(type(fault)):
        fit(trained, 5, callback, Stop())
    # The same callback goes on, in a file that follows.
    fit(trained, 2, callback)
    assert open_files(log_dir) == set()
    assert steps_by_kind(log_dir)["weights"] == [0, 1, 2, 3, 4, 5]


def test_a_callback_that_is_dropped_in_the_middle_of_a_training_closes_its_file(log_dir: str) -> None:
    callback = RNNWeights(log_dir, "batch")
    callback.set_model(model())
    callback.set_params({"steps": 1})
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    assert len(open_files(log_dir)) == 1
    del callback
    gc.collect()
    assert open_files(log_dir) == set()
    assert steps_by_kind(log_dir)["weights"] == [0]
