"""Logging to object storage, through the file systems that TensorBoard itself reads from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.plugin.client import Client
from tests.programs import free_ports, run
from tests.tensorboard_server import tensorboard, wait_for_runs

# As where there is no TensorFlow, whose own file systems TensorBoard would take.
LOGGING = """
    import sys
    sys.modules["tensorflow"] = None
    import numpy as np
    from tensorboard_plugin_rnnweights import GateTensor, SummaryWriter

    def kernel(step):
        values = np.full((64, 400), step, np.float32)
        return GateTensor("lstm", None, 0, "LSTM", "kernel", ("input", "forget"), values)

    with SummaryWriter(sys.argv[1], updates=False) as writer:
        for step in range(3):
            writer.add_tensors([kernel(step)], "weights", step)
        writer.flush()
        for step in range(3, 6):
            writer.add_tensors([kernel(step)], "weights", step)
"""
READING = """
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
    from tensorboard.compat import tf
    (name,) = tf.io.gfile.listdir(sys.argv[1])
    steps = [event.step for event in EventFileLoader(f"{sys.argv[1]}/{name}").Load() if event.summary.value]
    assert steps == [0, 0, 1, 2, 3, 4, 5], steps
"""


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A store that speaks S3, with a bucket."""
    (port,) = free_ports(1)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    url = f"http://127.0.0.1:{port}"
    keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in {**keys, "S3_ENDPOINT": url}.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3", endpoint_url=url).create_bucket(Bucket="logs")
    yield url
    server.stop()


def test_what_is_logged_to_a_file_system_of_fsspec_is_read_from_there() -> None:
    # It lives in the memory of one process.
    done = run(textwrap.dedent(LOGGING) + textwrap.dedent(READING), "memory://logs/run1")
    assert done.returncode == 0, done.stderr


def test_tensorboard_shows_what_was_logged_to_s3(s3: str) -> None:
    done = run(textwrap.dedent(LOGGING), "s3://logs/all/run1")
    assert done.returncode == 0, done.stderr
    with tensorboard("s3://logs/all", "--load_fast=false") as url:
        wait_for_runs(url, 1)
        client = Client(url)
        assert list(client.catalog()) == ["run1"]
        assert client.histograms("run1", "weights/lstm/kernel")["steps"].tolist() == [0, 1, 2, 3, 4, 5]


def test_a_bucket_that_is_not_there_is_an_error_at_once(s3: str) -> None:
    done = run(textwrap.dedent(LOGGING), "s3://nowhere/run1")
    assert done.returncode == 1
    assert "OSError: 's3://nowhere/run1/events.out.tfevents" in done.stderr
    assert "can't be written:" in done.stderr


LOST = """
import boto3, os
store = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
for found in store.list_objects_v2(Bucket="logs")["Contents"]:
    store.delete_object(Bucket="logs", Key=found["Key"])
store.delete_bucket(Bucket="logs")
"""


def test_a_store_that_is_lost_in_the_middle_of_a_training_costs_it_nothing(s3: str) -> None:
    program = textwrap.dedent(LOGGING).replace("    writer.flush()\n", textwrap.indent(LOST, "    "))
    done = run(program, "s3://logs/all/run1")
    assert done.returncode == 0, done.stderr
    assert "can't be written: " in done.stderr
    assert "Training goes on." in done.stderr
