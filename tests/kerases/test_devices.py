"""A training over several devices, or several processes, logs the gradients of the whole batch, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.kerases.conftest import MODE
from tests.kerases.models import BACKEND, IS_GRAPH
from tests.kerases.test_training import LSTM_MATRICES, assert_gradients_are_steps
from tests.programs import free_ports
from tests.summary.logged import notices_of, series_by_tag, steps_by_kind

SECONDS = 200
ROOT = str(Path(__file__).parents[2])

on_jax = pytest.mark.skipif(BACKEND != "jax", reason="it is JAX's way")
with_strategies = pytest.mark.skipif(
    BACKEND != "tensorflow" or IS_GRAPH, reason="strategies are TensorFlow's, in eager mode"
)
only_tf_keras = pytest.mark.skipif(
    MODE != "tf_keras", reason="of the Kerases, it alone can fit a model under this strategy"
)


def start(program: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([ROOT, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.kerases.devices.{program}", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": path, **variables},
    )


def finish(process: subprocess.Popen[str]) -> None:
    try:
        said, _ = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0, said


def workers(log_dir: str, *options: str) -> None:
    """Trains with two workers, which find each other on this machine."""
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    started = []
    for index in range(2):
        task: Mapping[str, object] = {"type": "worker", "index": index}
        described = json.dumps({"cluster": {"worker": addresses}, "task": task})
        started.append(start("worker", log_dir, *options, TF_CONFIG=described))
    for one in started:
        finish(one)


@on_jax
def test_over_devices_of_jax_gradients_are_those_of_the_whole_batch(log_dir: str) -> None:
    finish(start("jax_devices", log_dir, XLA_FLAGS="--xla_force_host_platform_device_count=2"))


@with_strategies
def test_over_replicas_gradients_are_summed_up_as_the_optimizer_does(log_dir: str) -> None:
    finish(start("mirrored", log_dir))


@with_strategies
@only_tf_keras
def test_over_workers_the_chief_logs_gradients_of_the_whole_batch_before_clipping(
    tmp_path: Path,
) -> None:
    paths = {name: tmp_path / name for name in ("plain", "clipped")}
    workers(str(paths["plain"]), "everywhere")
    workers(str(paths["clipped"]), "clipped")
    plain, clipped = (series_by_tag(str(path)) for path in paths.values())
    assert_gradients_are_steps(plain, [1, 2, 3], LSTM_MATRICES)
    for tag in (tag for tag in plain if tag.startswith("gradients/")):
        assert clipped[tag][1].cells == pytest.approx(plain[tag][1].cells, rel=1e-4, abs=1e-6)
    for path in paths.values():
        assert len(list(path.iterdir())) == 1
        (notice,) = notices_of(str(path))
        assert notice.notice.text.startswith("the model is not run on the probe, since")


@with_strategies
@only_tf_keras
def test_under_parameter_servers_weights_are_logged_and_gradients_refused(log_dir: str) -> None:
    finish(start("parameter_servers", log_dir))
    assert steps_by_kind(log_dir)["weights"] == [0, 1, 2, 3, 4, 5, 6]
    assert "gradients" not in steps_by_kind(log_dir)
    (notice,) = notices_of(log_dir)
    assert notice.notice.text.startswith("under ParameterServerStrategy each worker applies gradients")
