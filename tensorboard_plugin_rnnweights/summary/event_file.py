"""An event file: TensorBoard's own records, each written whole or not at all."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from io import FileIO
from pathlib import Path
from typing import Protocol

from tensorboard.compat.proto import event_pb2

from tensorboard_plugin_rnnweights.summary.event_pieces import Value, event_pieces
from tensorboard_plugin_rnnweights.summary.record_format import as_record

_FILE_VERSION = "brain.Event:2"
_SOURCE = "tensorboard_plugin_rnnweights"
# Object stores write the whole file again each time, so it can't be done after each record.
_REMOTE_FLUSH_SECONDS = 60.0
_MOST_WAITING = 64 * 2**20

# What all systems take, and far more than we have.
_MOST_AT_ONCE = 1024

_serial = itertools.count()


class _File(Protocol):
    def write(self, pieces: Sequence[bytes]) -> None:
        """Appends a record whole, or raises and leaves the file as it was."""

    def flush(self) -> None:
        """Makes all records readable for others."""

    def close(self) -> None:
        """Flushes and closes."""


class EventFile:
    """Writes events to a new file in `log_dir`, so that TensorBoard can read each at once.

    Args:
        log_dir: A local folder, which is made where it is missing, or a URL such as `gs://bucket/run1`.

    Raises:
        OSError: If the folder or the file can't be made.
    """

    def __init__(self, log_dir: str) -> None:
        name = (
            f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}"
            f".{os.getpid()}.{next(_serial):06d}.rnnweights"
        )
        is_url = "://" in log_dir
        self._file: _File = (_RemoteFile if is_url else _LocalFile)(log_dir, name)
        self.write(
            event_pb2.Event(
                wall_time=time.time(),
                file_version=_FILE_VERSION,
                source_metadata=event_pb2.SourceMetadata(writer=_SOURCE),
            )
        )
        # A store that can't be written to is known at once.
        self.flush()

    def write(self, head: event_pb2.Event, values: Iterable[Value] = ()) -> None:
        """Appends an event.

        Args:
            head: The event.
            values: What its summary holds beside that of `head`.

        Raises:
            OSError: If it can't be written; the file then is as it was before.
        """
        self._file.write(as_record(event_pieces(head, values)))

    def flush(self) -> None:
        """Makes all events readable for others."""
        self._file.flush()

    def close(self) -> None:
        """Flushes and closes the file."""
        self._file.close()


class _LocalFile:
    def __init__(self, log_dir: str, name: str) -> None:
        folder = Path(log_dir)
        folder.mkdir(parents=True, exist_ok=True)
        # Without a buffer of Python's, a failed write leaves nothing to be written later.
        self._file = (folder / name).open("xb", buffering=0)

    def write(self, pieces: Sequence[bytes]) -> None:
        # What is written to it would be lost, and nobody would know.
        if not os.fstat(self._file.fileno()).st_nlink:
            raise FileNotFoundError(
                f"the event file '{self._file.name}' was deleted: nothing more is logged in this training"
            )
        start = self._file.tell()
        try:
            written = _write_together(self._file, pieces)
            # On most systems, a full disk takes a part of it first.
            left = memoryview(b"".join(pieces))[written:] if written < sum(map(len, pieces)) else b""
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            # A reader would stop for good at half a record, and never see what follows it.
            self._file.truncate(start)
            self._file.seek(start)
            raise

    def flush(self) -> None:
        """Nothing waits in a buffer."""

    def close(self) -> None:
        self._file.close()


def _write_together(file: FileIO, pieces: Sequence[bytes]) -> int:
    """Writes pieces, of which none has to be copied, as far as the system does at once; how many bytes."""
    if not hasattr(os, "writev") or len(pieces) > _MOST_AT_ONCE:
        return 0
    return os.writev(file.fileno(), pieces)


class _RemoteFile:
    def __init__(self, log_dir: str, name: str) -> None:
        from tensorboard.compat import tf

        self._path = f"{log_dir.rstrip('/')}/{name}"
        with self._reported():
            tf.io.gfile.makedirs(log_dir)
            self._file = tf.io.gfile.GFile(self._path, "wb")
        self._waiting: list[bytes] = []
        self._flushed = time.monotonic()

    def write(self, pieces: Sequence[bytes]) -> None:
        is_due = time.monotonic() - self._flushed > _REMOTE_FLUSH_SECONDS
        # Where the store can't be reached, what waits would grow without end.
        if is_due or sum(map(len, self._waiting)) > _MOST_WAITING:
            self.flush()
        self._waiting += pieces

    def flush(self) -> None:
        # Set first, so that a store that can't be reached is asked no more often than one that can.
        self._flushed = time.monotonic()
        with self._reported():
            if self._waiting:
                self._file.write(b"".join(self._waiting))
                self._waiting = []
            self._file.flush()

    def close(self) -> None:
        self.flush()
        with self._reported():
            self._file.close()

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each store has errors of its own
            raise OSError(f"'{self._path}' can't be written: {error}") from error
