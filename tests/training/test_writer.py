"""Logging from a training loop of one's own, and what is told where it is called wrongly."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter, decompose, register_layout
from tests.summary.logged import notices_of, series_by_tag, steps_by_kind


@pytest.fixture
def model() -> keras.Model:
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Input((4, 3)), keras.layers.LSTM(5, name="lstm"), keras.layers.Dense(1)]
    return keras.Sequential(layers)


def test_weights_and_gradients_of_a_compiled_step_are_logged(log_dir: str, model: keras.Model) -> None:
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.build(model.trainable_variables)

    @tf.function  # type: ignore[untyped-decorator]
    def train_step(inputs: tf.Tensor, targets: tf.Tensor) -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(inputs) - targets) ** 2)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return gradients

    inputs = tf.random.stateless_normal((8, 4, 3), (1, 2))
    expected = {}
    with SummaryWriter(log_dir, heatmap_dtype="float32") as writer:
        for step in range(3):
            gradients = train_step(inputs, inputs[:, 0, :1])
            writer.add_weights(model, step)
            writer.add_gradients(model, gradients, step)
            both = {"weights": decompose(model), "gradients": decompose(model, gradients)}
            expected[step] = both
    logged = series_by_tag(log_dir)
    assert len(logged) == 3 * 3  # matrices times weights, gradients and updates
    for step, both in expected.items():
        for kind, tensors in both.items():
            for tensor in tensors:
                snapshot = logged[f"{kind}/lstm/{tensor.matrix}"][step]
                np.testing.assert_array_equal(snapshot.cells, tensor.values)


@pytest.mark.parametrize("step", [7, np.int64(7), np.uint8(7), tf.constant(7), tf.Variable(7)], ids=repr)
def test_whole_numbers_of_all_kinds_are_steps(log_dir: str, model: keras.Model, step: Any) -> None:
    with SummaryWriter(log_dir) as writer:
        writer.add_weights(model, step)
    assert steps_by_kind(log_dir) == {"weights": [7]}


@pytest.mark.parametrize("step", [1.5, True, "3", None, tf.constant(1.0), np.bool_(True)], ids=repr)
def test_what_is_no_whole_number_is_no_step(log_dir: str, model: keras.Model, step: Any) -> None:
    with SummaryWriter(log_dir) as writer, pytest.raises(TypeError, match="has to be a whole number"):
        writer.add_weights(model, step)


@pytest.mark.parametrize("step", [-1, 2**63])
def test_a_step_that_tensorboard_cannot_have_is_refused(
    log_dir: str, model: keras.Model, step: int
) -> None:
    with SummaryWriter(log_dir) as writer, pytest.raises(ValueError, match="from 0 to 2"):
        writer.add_weights(model, step)


def test_a_step_that_is_not_larger_is_left_out_and_told_once(
    log_dir: str, model: keras.Model, caplog: pytest.LogCaptureFixture
) -> None:
    with SummaryWriter(log_dir) as writer:
        for step in (3, 3, 2, 4):
            writer.add_weights(model, step)
    assert steps_by_kind(log_dir) == {"weights": [3, 4], "updates": [4]}
    warnings = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "steps have to grow" in warnings[0].getMessage()


def test_a_closed_writer_says_so(log_dir: str, model: keras.Model) -> None:
    writer = SummaryWriter(log_dir)
    writer.close()
    writer.close()
    writer.flush()
    with pytest.raises(ValueError, match="is closed"):
        writer.add_weights(model, 0)


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"heatmap_dtype": "float16"}, "'bfloat16' or 'float32'"), ({"max_cells": 0}, "at least 1")],
)
def test_options_that_mean_nothing_are_refused(log_dir: str, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        SummaryWriter(log_dir, **options)
    assert not Path(log_dir).exists()


def test_a_directory_that_cannot_be_made_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(OSError, match="file"):
        SummaryWriter(tmp_path / "file" / "run1")


def test_what_is_flushed_can_be_read_while_the_writer_is_open(log_dir: str, model: keras.Model) -> None:
    with SummaryWriter(log_dir) as writer:
        writer.add_weights(model, 0)
        writer.flush()
        assert steps_by_kind(log_dir) == {"weights": [0]}


def test_a_url_is_written_to_through_tensorflow(model: keras.Model) -> None:
    with SummaryWriter("ram://logs/run1") as writer:
        writer.add_weights(model, 0)
    (path,) = tf.io.gfile.glob("ram://logs/run1/*")
    records = list(tf.data.TFRecordDataset(path))
    # The file's version, the beginning of the training, its notices (none), and three matrices.
    assert len(records) == 6


UNCLOSED = """
import numpy as np, sys
from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter
writer = SummaryWriter(sys.argv[1])
for step in range(50):
    values = np.full((200, 400), step, np.float32)
    tensor = GateTensor("lstm", None, 0, "LSTM", "kernel", ("input", "forget", "cell", "output"), values)
    writer.add_tensors([tensor], "weights", step)
"""


def test_an_interpreter_that_ends_without_closing_loses_nothing(log_dir: str) -> None:
    subprocess.run([sys.executable, "-c", UNCLOSED, log_dir], check=True, timeout=120)
    assert steps_by_kind(log_dir)["weights"] == list(range(50))


FULL_DISK = """
import logging, resource, signal, sys
import numpy as np
from pathlib import Path
from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter

logging.basicConfig(format="%(message)s")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
writer = SummaryWriter(sys.argv[1])
generator = np.random.default_rng(0)

def log(step):
    values = generator.normal(size=(50, 400)).astype(np.float32)
    tensor = GateTensor("lstm", None, 0, "LSTM", "kernel", ("input", "forget", "cell", "output"), values)
    writer.add_tensors([tensor], "weights", step)
    writer.flush()

for step in (0, 1):
    log(step)
(path,) = Path(sys.argv[1]).iterdir()
size = path.stat().st_size
# Room for half a record more.
resource.setrlimit(resource.RLIMIT_FSIZE, (size + size // 4, resource.RLIM_INFINITY))
for step in (2, 3):
    log(step)
assert path.stat().st_size - size < 1000, "more than the notice of it was written"
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log(4)
writer.close()
"""


def test_a_disk_that_fills_up_is_told_once_and_logging_goes_on_when_there_is_room(
    log_dir: str,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, log_dir], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("a snapshot was not written") == 1
    assert steps_by_kind(log_dir)["weights"] == [0, 1, 4]


def bias(**facts: Any) -> GateTensor:
    standard = {"layer": "lstm", "direction": None, "index": 0, "cell": "LSTM", "matrix": "bias"}
    return GateTensor(**{**standard, "gates": ("input", "forget"), "values": np.zeros(4), **facts})


@pytest.mark.parametrize("kind", ["weight", "", "outputs"])
def test_tensors_of_a_kind_that_they_cannot_be_of_are_refused(log_dir: str, kind: str) -> None:
    with (
        SummaryWriter(log_dir) as writer,
        pytest.raises(ValueError, match=f"one of the kinds weights, gradients, updates, not as '{kind}'"),
    ):
        writer.add_tensors([bias()], kind, 0)


def test_what_is_no_tensor_is_refused(log_dir: str) -> None:
    with (
        SummaryWriter(log_dir) as writer,
        pytest.raises(TypeError, match="add_tensors expects GateTensors, not ndarray"),
    ):
        writer.add_tensors([bias(), np.zeros(3)], "weights", 0)  # type: ignore[list-item]
    assert steps_by_kind(log_dir) == {}


def test_two_tensors_of_one_matrix_are_refused(log_dir: str) -> None:
    with (
        SummaryWriter(log_dir) as writer,
        pytest.raises(ValueError, match="two tensors are of the same matrix 'weights/lstm/bias'"),
    ):
        writer.add_tensors([bias(), bias()], "weights", 0)


@pytest.mark.parametrize("values", [np.arange(4.0), [0, 1, 2, 3], np.arange(4)[np.newaxis]])
def test_a_bias_is_one_row_however_it_is_given(log_dir: str, values: Any) -> None:
    with SummaryWriter(log_dir) as writer:
        writer.add_tensors([bias(values=values)], "weights", 0)
    cells = series_by_tag(log_dir)["weights/lstm/bias"][0].cells
    np.testing.assert_array_equal(cells.astype(float), [[0, 1, 2, 3]])


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"layer": ""}, "a layer needs a name"),
        ({"matrix": "a/b"}, "and a matrix one without a slash"),
        ({"direction": "back"}, "its direction is 'back', which is none of forward, backward and None"),
        ({"values": np.zeros(4, complex)}, "its values are of type complex128, which are no real numbers"),
        ({"values": np.zeros((2, 2, 2))}, r"its values have the shape \(2, 2, 2\), where \(rows"),
        ({"values": np.zeros((0, 4))}, r"its values have the shape \(0, 4\)"),
        ({"values": 1.0}, r"its values have the shape \(\)"),
        ({"gates": ()}, r"its gates are \(\), where a tuple of names is expected"),
        ({"gates": ("a", "a")}, "each given once"),
        ({"gates": "ab"}, "its gates are 'ab'"),
        ({"values": np.zeros(5)}, "it has 5 columns, which 2 gates can't share"),
        ({"row_shape": (2,)}, r"it has 1 rows, which are not of the shape \(2,\)"),
    ],
)
def test_what_cannot_be_a_matrix_is_refused(facts: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=f"of the layer .* can't be a GateTensor: .*{reason}"):
        bias(**facts)


def test_one_matrix_that_is_not_as_its_layout_says_leaves_the_others(log_dir: str) -> None:
    pytest.importorskip("torch")
    import torch

    class Halves(torch.nn.Module):
        """A module that is registered as if two gates shared three rows."""

        def __init__(self) -> None:
            super().__init__()
            self.w = torch.nn.Parameter(torch.zeros(3, 2))

    register_layout(Halves, ("a", "b"), {"kernel": "w"}, axis=0)
    module = torch.nn.ModuleDict({"good": torch.nn.GRUCell(2, 3), "odd": Halves()})
    with SummaryWriter(log_dir) as writer:
        for step in range(3):
            writer.add_weights(module, step)
    logged = series_by_tag(log_dir)
    assert {series.split("/")[1] for series in logged} == {"good"}
    (notice,) = notices_of(log_dir)
    assert "'kernel' of the recurrent layer 'odd' has 3 columns" in notice.notice.text
    assert (notice.notice.layers, notice.step) == (("odd",), 0)
