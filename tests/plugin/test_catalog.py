"""The catalog is cheap to poll: what a client has already is not sent, nor read and made again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard import context
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.plugin.answers.catalog import Answer, Catalog
from tensorboard_plugin_rnnweights.plugin.loader import SAMPLES_PER_PLUGIN
from tensorboard_plugin_rnnweights.plugin.logged.memory import Memory
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tests.plugin import logs
from tests.plugin.client import Client
from tests.tensorboard_server import tensorboard, wait_for, wait_for_runs

TENSORS = [logs.lstm("kernel", np.ones((2, 8), np.float32))]


class NotingProvider(MultiplexerDataProvider):
    """TensorBoard's own, which notes of which runs it is asked to read."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.read: set[str] = set()

    def read_tensors(self, *arguments: Any, run_tag_filter: Any, **others: Any) -> Any:
        self.read |= set(run_tag_filter.runs)
        return super().read_tensors(*arguments, run_tag_filter=run_tag_filter, **others)

    def read_blob_sequences(self, *arguments: Any, run_tag_filter: Any, **others: Any) -> Any:
        self.read |= set(run_tag_filter.runs)
        return super().read_blob_sequences(*arguments, run_tag_filter=run_tag_filter, **others)


class Logdir:
    """Runs that are logged to and read by turns, in this process."""

    def __init__(self, folder: Path, bytes_remembered: int = 2**20) -> None:
        self._folder = folder
        self._runs = EventMultiplexer(tensor_size_guidance=SAMPLES_PER_PLUGIN)
        self._memory = Memory(bytes_remembered)
        self._catalog = Catalog()
        self.provider = NotingProvider(self._runs, str(folder))

    def log(self, run: str, step: int) -> None:
        with SummaryWriter(self._folder / run) as writer:
            writer.add_tensors(TENSORS, "weights", step)
        self._runs.AddRunsFromDirectory(str(self._folder))
        self._runs.Reload()

    def since(self, version: str | None) -> Answer:
        self.provider.read.clear()
        request = Request(self.provider, context.RequestContext(), "", memory=self._memory)
        return self._catalog.of(request, version)


@pytest.fixture
def logdir(tmp_path: Path) -> Logdir:
    found = Logdir(tmp_path)
    for run in ("a", "b", "c"):
        found.log(run, 0)
    return found


def runs_of(answer: Answer) -> list[str]:
    return [run["run"] for run in json.loads(answer.text)["runs"]]


def test_what_has_not_changed_is_neither_read_nor_sent_again(logdir: Logdir) -> None:
    first = logdir.since(None)
    assert runs_of(first) == ["a", "b", "c"]
    assert logdir.provider.read == {"a", "b", "c"}
    nothing = logdir.since(first.version)
    assert (nothing.version, runs_of(nothing)) == (first.version, [])
    assert logdir.provider.read == set()

    logdir.log("b", 1)
    second = logdir.since(first.version)
    assert runs_of(second) == ["b"]
    assert logdir.provider.read == {"b"}
    assert json.loads(second.text)["run_names"] == ["a", "b", "c"]
    logdir.log("d", 0)
    assert runs_of(logdir.since(second.version)) == ["d"]
    assert runs_of(logdir.since(first.version)) == ["b", "d"]
    assert runs_of(logdir.since(None)) == ["a", "b", "c", "d"]


def test_what_is_sent_makes_of_what_a_client_has_what_there_is(logdir: Logdir) -> None:
    first = json.loads(logdir.since(None).text)
    logdir.log("b", 1)
    logdir.log("0", 7)
    changed = json.loads(logdir.since(first["version"]).text)
    runs = {run["run"]: run for run in (*first["runs"], *changed["runs"])}
    whole = json.loads(logdir.since(None).text)
    assert {**changed, "runs": [runs[name] for name in changed["run_names"]]} == whole


@pytest.mark.parametrize("version", ["", ".", "another.1", "{}", "{}.x", "{}." + "9" * 5000])
def test_a_version_that_the_server_does_not_know_gets_everything(logdir: Logdir, version: str) -> None:
    origin = logdir.since(None).version.partition(".")[0]
    assert runs_of(logdir.since(version.format(origin))) == ["a", "b", "c"]


def test_what_was_forgotten_for_want_of_room_is_sent_whole(tmp_path: Path) -> None:
    logdir = Logdir(tmp_path, bytes_remembered=0)
    logdir.log("a", 0)
    first = logdir.since(None)
    again = logdir.since(first.version)
    assert again.version != first.version
    assert runs_of(again) == ["a"]


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
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_tensors(TENSORS, "weights", 1)
        writer.flush()
        with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
            wait_for_runs(url, 1)
            client = Client(url)
            etag = client.get("catalog").headers["ETag"]
            assert client.get("catalog").headers["ETag"] == etag
            writer.add_tensors(TENSORS, "weights", 2)
            writer.flush()
            wait_for(lambda: client.get("catalog").headers["ETag"] != etag, "the second step")
            changed = client.get("catalog", if_none_match=etag)
            assert changed.status_code == 200
            wait_for(lambda: client.series("run")[logs.KERNEL]["last_step"] == 2, "the second step")


def test_over_http_only_the_run_that_has_changed_is_sent_and_a_deleted_one_is_named_no_more(
    load_fast: str, tmp_path: Path
) -> None:
    for run in ("a", "b"):
        with SummaryWriter(tmp_path / run) as writer:
            writer.add_tensors(TENSORS, "weights", 1)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 2)
        client = Client(url)
        version = client.get("catalog").json()["version"]
        assert client.get("catalog", since=version).json()["runs"] == []
        with SummaryWriter(tmp_path / "b") as writer:
            writer.add_tensors(TENSORS, "weights", 2)

        def sent() -> Any:
            return client.get("catalog", since=version).json()

        wait_for(
            lambda: sent()["runs"] and sent()["runs"][0]["series"][0]["last_step"] == 2, "the second step"
        )
        assert [run["run"] for run in sent()["runs"]] == ["b"]
        shutil.rmtree(tmp_path / "a")
        if load_fast == "true":
            # The other loader keeps what it has read.
            wait_for(lambda: sent()["run_names"] == ["b"], "the run that is no more")
