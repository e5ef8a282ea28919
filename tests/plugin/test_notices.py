"""What is missing in a run reaches the tab, through both of TensorBoard's loaders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.metadata import NOTICES_PLUGIN, event_tag, short_metadata
from tensorboard_plugin_rnnweights.summary.notices import NOTICES_TAG
from tests.plugin import logs
from tests.plugin.client import Client
from tests.tensorboard_server import tensorboard, wait_for, wait_for_runs


def kernel(value: float) -> list[Any]:
    return [logs.lstm("kernel", np.full((2, 8), value, np.float32))]


def notices_of(client: Client, run: str) -> list[Any]:
    found = client.catalog()[run]["notices"]
    assert isinstance(found, list)
    return found


def test_a_gradient_that_is_missing_is_explained(load_fast: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    module = torch.nn.ModuleDict({"used": torch.nn.LSTM(2, 3), "spare": torch.nn.LSTM(2, 3)})
    module["used"](torch.ones(4, 1, 2))[0].sum().backward()
    with SummaryWriter(tmp_path / "run") as writer:
        for step in (5, 6):
            writer.add_weights(module, step)
            writer.add_gradients(module, step)
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        client = Client(url)
        (notice,) = notices_of(client, "run")
        assert "'kernel' of the recurrent layer 'spare' and 3 more" in notice["text"]
        assert (notice["kind"], notice["layers"], notice["step"]) == ("gradients", ["spare"], 5)
        assert "gradients/used/kernel" in client.series("run")


def test_notices_come_while_tensorboard_runs_and_are_of_the_last_training(
    load_fast: str, tmp_path: Path
) -> None:
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        client = Client(url)
        with SummaryWriter(tmp_path / "run") as writer:
            # Nothing is logged yet, and perhaps nothing ever is.
            writer.notices.report(Notice("it isn't <b>known</b>", "", ("a", "b")))
            writer.flush()
            wait_for_runs(url, 1)
            first = {"text": "it isn't <b>known</b>", "kind": "", "layers": ["a", "b"], "step": None}
            assert notices_of(client, "run") == [first]
            writer.add_tensors(kernel(1), "weights", 3)
            writer.notices.report("it isn't <b>known</b>.")
            writer.notices.report(ValueError("it broke."))
            writer.flush()
            second = {"text": "it broke", "kind": "", "layers": [], "step": 3}
            wait_for(lambda: notices_of(client, "run") == [first, second], "the second notice")
        with SummaryWriter(tmp_path / "run") as writer:
            for step in (1, 2):
                writer.add_tensors(kernel(2), "weights", step)
        wait_for(lambda: notices_of(client, "run") == [], "the new training")
        assert client.series("run")[logs.KERNEL]["last_step"] == 2


def test_a_writer_that_goes_on_has_those_of_the_one_before(load_fast: str, tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_tensors(kernel(1), "weights", 1)
        writer.notices.report("first")
    with writer.reopened() as further:
        further.add_tensors(kernel(2), "weights", 2)
        further.notices.report("second")
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        found = notices_of(Client(url), "run")
        assert [(one["text"], one["step"]) for one in found] == [("first", 1), ("second", 2)]


@pytest.mark.parametrize(
    "text",
    [
        b"nonsense",
        b'{"notices": [{"text": 1, "kind": "", "layers": [], "step": 1}]}',
        b'{"notices": [{"text": "", "kind": "", "layers": "a", "step": 1}]}',
        b'{"notices": [{"text": "", "kind": "", "layers": [], "step": -1}]}',
        b'{"notices": [{"text": ""}]}',
        b'{"notices": {}, "more": ' + b"[" * 100_000,
        b"\xff\xfe",
    ],
    ids=["no JSON", "text", "layers", "step", "facts", "deep", "no text"],
)
def test_damaged_notices_hide_nothing(load_fast: str, tmp_path: Path, text: bytes) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_tensors(kernel(1), "weights", 1)
    value = summary_pb2.Summary.Value(
        tag=event_tag(NOTICES_PLUGIN, NOTICES_TAG),
        metadata=short_metadata(NOTICES_PLUGIN),
        tensor=logs.texts(text, is_sequence=False),
    )
    file = EventFile(str(tmp_path / "run"))
    file.write(event_pb2.Event(wall_time=1.0, step=5, summary=summary_pb2.Summary(value=[value])))
    file.close()
    with tensorboard(tmp_path, f"--load_fast={load_fast}") as url:
        wait_for_runs(url, 1)
        client = Client(url)
        run = client.catalog()["run"]
        # One loader reads only the newest file of a directory.
        if run["series"]:
            assert [one["tag"] for one in run["series"]] == [logs.KERNEL]
        assert run["notices"] == []
        assert [(one["tag"], "can't be read" in one["reason"]) for one in run["unreadable"]] == [
            (NOTICES_TAG, True)
        ]
