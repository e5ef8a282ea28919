"""A real TensorBoard, in a process of its own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import requests

SECONDS_TO_START = 90


@contextlib.contextmanager
def tensorboard(logdir: Path, *options: str, path_prefix: str = "") -> Iterator[str]:
    """Serves a logdir, and gives the address of its page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir), "--port", str(port)]
    command += ["--reload_interval", "1", "--path_prefix", path_prefix, *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}{path_prefix}"
        try:
            _wait(process, url)
            yield url
        finally:
            process.terminate()


def runs_of(url: str) -> list[str]:
    """The runs that the catalog has by now."""
    catalog = requests.get(f"{url}/data/plugin/rnnweights/catalog", timeout=30).json()
    return [run["run"] for run in catalog["runs"]]


def wait_for_runs(url: str, count: int) -> None:
    """Waits until so many runs are there."""
    deadline = time.monotonic() + SECONDS_TO_START
    while len(runs_of(url)) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"TensorBoard found only {runs_of(url)}")
        time.sleep(0.2)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"{url}/data/environment", timeout=30).raise_for_status()
            return
        time.sleep(0.2)
    raise TimeoutError("TensorBoard did not start")
