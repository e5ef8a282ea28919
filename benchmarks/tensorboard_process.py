"""A real TensorBoard in a process of its own, and when it has loaded all that was logged."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import requests

SECONDS_TO_LOAD = 600


@contextlib.contextmanager
def tensorboard(logdir: str, load_fast: str) -> Iterator[str]:
    """Serves a logdir by one of TensorBoard's loaders, and gives the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--logdir", logdir, "--port", str(port), f"--load_fast={load_fast}"]
    command = [sys.executable, "-m", "tensorboard.main", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_until_loaded(url: str, series: int, steps: int) -> float:
    """Waits until the catalog has so many series with so many steps; gives the seconds that it took."""
    start = time.monotonic()
    while time.monotonic() - start < SECONDS_TO_LOAD:
        with contextlib.suppress(requests.ConnectionError):
            found = requests.get(f"{url}catalog", timeout=60).json()["runs"]
            all_series = [one for run in found for one in run["series"]]
            if len(all_series) == series and all(one["last_step"] == steps - 1 for one in all_series):
                return time.monotonic() - start
        time.sleep(0.5)
    raise TimeoutError(f"TensorBoard did not load the logs within {SECONDS_TO_LOAD} s")
