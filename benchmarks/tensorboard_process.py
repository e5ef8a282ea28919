"""A real TensorBoard in a process of its own, what it takes in memory, and when it has loaded a log."""

from __future__ import annotations

import contextlib
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psutil
import requests

from benchmarks.logs import SCALARS, Log

SECONDS_TO_LOAD = 600
PLUGIN = "data/plugin/rnnweights"
"""Where our routes are."""


@dataclass(frozen=True)
class TensorBoard:
    """One that runs.

    Attributes:
        url: Its address.
        process: The one that was started; what loads the logs may be a child of it.
    """

    url: str
    process: psutil.Process

    @property
    def memory(self) -> int:
        """Bytes that its processes have for themselves."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(one.memory_full_info().uss for one in family)

    def get(self, route: str, **arguments: Any) -> requests.Response:
        """Asks one of its routes."""
        return requests.get(f"{self.url}/{route}", params=arguments, timeout=60)


@contextlib.contextmanager
def tensorboard(
    logdir: str, load_fast: str, *options: str, module: str = "tensorboard.main"
) -> Iterator[TensorBoard]:
    """Serves a logdir by one of TensorBoard's loaders.

    Args:
        logdir: The logdir.
        load_fast: `"true"` or `"false"`.
        options: Further ones of its command line.
        module: What is run.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        module,
        "--logdir",
        logdir,
        "--port",
        str(port),
        f"--load_fast={load_fast}",
    ]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield TensorBoard(f"http://127.0.0.1:{port}", psutil.Process(server.pid))
        finally:
            server.terminate()


def has_rnnweights(board: TensorBoard, log: Log, run: str) -> bool:
    """Whether all that `logs.rnnweights` wrote of a run is there; the catalog is not asked for."""
    answer = board.get(f"{PLUGIN}/histograms", run=run, tag=log.last_tag, **{"from": str(log.steps - 1)})
    return answer.status_code == requests.codes.ok


def has_histograms(board: TensorBoard, log: Log, run: str) -> bool:
    """Whether all that `logs.histograms` wrote of a run is there."""
    return _last_step(board, "histograms/histograms", run, f"{log.last_tag}/output") == log.steps - 1


def has_scalars(board: TensorBoard, log: Log, run: str) -> bool:
    """Whether all that `logs.scalars` wrote of a run is there."""
    return _last_step(board, "scalars/scalars", run, SCALARS[-1]) == log.steps - 1


def _last_step(board: TensorBoard, route: str, run: str, tag: str) -> int | None:
    """Of a series of one of TensorBoard's own plugins; None where there is none yet."""
    answer = board.get(f"data/plugin/{route}", run=run, tag=tag)
    return int(answer.json()[-1][1]) if answer.status_code == requests.codes.ok else None


IsThere = Callable[[TensorBoard, Log, str], bool]
"""Whether all of a run is there that was written of a log in one way."""


def wait_until_loaded(
    board: TensorBoard, log: Log, conditions: Sequence[IsThere] = (has_rnnweights,)
) -> float:
    """Waits until all runs of a log are there; gives the seconds that it took."""
    start = time.monotonic()
    for run, is_there in itertools.product(log.run_names, conditions):
        while not _answers_yes(is_there, board, log, run):
            if time.monotonic() - start > SECONDS_TO_LOAD:
                raise TimeoutError(f"TensorBoard did not load {run} within {SECONDS_TO_LOAD} s")
            time.sleep(0.5)
    return time.monotonic() - start


def _answers_yes(is_there: IsThere, board: TensorBoard, log: Log, run: str) -> bool:
    with contextlib.suppress(requests.ConnectionError):
        return is_there(board, log, run)
    return False
