"""Every reader of TensorBoard's reads what we write."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.compat.proto import event_pb2
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New

from tensorboard_plugin_rnnweights.summary.event_file import EventFile


def write(log_dir: Path, count: int) -> Path:
    file = EventFile(str(log_dir))
    for step in range(count):
        file.write(event_pb2.Event(wall_time=1.5, step=step))
    file.close()
    (path,) = log_dir.iterdir()
    return path


def test_tensorboard_reads_the_events(tmp_path: Path) -> None:
    first, *events = EventFileLoader(str(write(tmp_path / "run", 5))).Load()
    assert first.file_version == "brain.Event:2"
    assert [event.step for event in events] == list(range(5))


def test_tensorflow_and_tensorboards_own_reader_find_whole_records(tmp_path: Path) -> None:
    path = write(tmp_path / "run", 5)
    records = [record.numpy() for record in tf.data.TFRecordDataset(str(path))]
    assert len(records) == 6
    reader = PyRecordReader_New(str(path))
    for record in records:
        reader.GetNext()
        assert reader.record() == record


def test_each_event_can_be_read_at_once(tmp_path: Path) -> None:
    file = EventFile(str(tmp_path / "run"))
    (path,) = (tmp_path / "run").iterdir()
    loader = EventFileLoader(str(path))
    assert len(list(loader.Load())) == 1
    file.write(event_pb2.Event(step=7))
    assert [event.step for event in loader.Load()] == [7]
    file.close()


def test_two_files_of_one_process_have_names_of_their_own(tmp_path: Path) -> None:
    for _ in range(3):
        EventFile(str(tmp_path)).close()
    assert len(list(tmp_path.iterdir())) == 3
