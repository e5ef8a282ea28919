"""The catalog is cheap to poll: what a client has already is not sent, nor made again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.plugin import logs
from tests.plugin.client import Client
from tests.tensorboard_server import tensorboard, wait_for, wait_for_runs


@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_a_client_that_has_the_catalog_gets_it_no_second_time(client: Client, encoding: str) -> None:
    first = client.get("catalog", encoding=encoding)
    assert first.status_code == 200
    assert first.headers.get("Content-Encoding", "identity") == encoding
    assert "no-cache" in first.headers["Cache-Control"]
    again = client.get("catalog", encoding=encoding, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("catalog", encoding=encoding, if_none_match='"another"')
    assert (other.status_code, other.content) == (200, first.content)


def test_each_encoding_has_a_name_of_its_own(client: Client) -> None:
    encodings = ("identity", "gzip", "zstd")
    assert len({client.get("catalog", encoding=one).headers["ETag"] for one in encodings}) == 3
    assert "Accept-Encoding" in client.get("catalog").headers["Vary"]


def test_the_catalog_is_compact(client: Client) -> None:
    text = client.get("catalog").content
    assert text == json.dumps(json.loads(text), separators=(",", ":")).encode()


def test_the_catalog_is_another_one_once_something_was_logged(load_fast: str, tmp_path: Path) -> None:
    tensors = [logs.lstm("kernel", np.ones((2, 8), np.float32))]
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_tensors(tensors, "weights", 1)
        writer.flush()
        with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
            wait_for_runs(url, 1)
            client = Client(url)
            etag = client.get("catalog").headers["ETag"]
            assert client.get("catalog").headers["ETag"] == etag
            writer.add_tensors(tensors, "weights", 2)
            writer.flush()
            wait_for(lambda: client.get("catalog").headers["ETag"] != etag, "the second step")
            changed = client.get("catalog", if_none_match=etag)
            assert changed.status_code == 200
            wait_for(lambda: client.series("run")[logs.KERNEL]["last_step"] == 2, "the second step")
