"""A real TensorBoard, in a process of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests

from tests.programs import free_ports

SECONDS_TO_WAIT = 90

# As where no TensorFlow is installed, which is how most servers run: importing it takes four seconds.
_PROGRAM = "import sys; sys.modules['tensorflow'] = None; from tensorboard.main import run_main; run_main()"


@contextlib.contextmanager
def tensorboard(logdir: Path | str, *options: str, path_prefix: str = "") -> Iterator[str]:
    """Serves a logdir, or a URL of one, and gives the address of its page."""
    (port,) = free_ports(1)
    command = [sys.executable, "-c", _PROGRAM, "--logdir", str(logdir), "--port", str(port)]
    command += ["--reload_interval", "1", "--path_prefix", path_prefix, *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}{path_prefix}"
        try:
            _wait(process, url)
            yield url
        finally:
            process.terminate()


def catalog_of(url: str) -> dict[str, Any]:
    """The catalog as it is by now, its runs by name."""
    answer = requests.get(f"{url}/data/plugin/rnnweights/catalog", timeout=30)
    answer.raise_for_status()
    return {run["run"]: run for run in answer.json()["runs"]}


def wait_for(condition: Callable[[], Any], what: str) -> None:
    """Waits until a condition holds."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {SECONDS_TO_WAIT} s in vain for {what}")
        time.sleep(0.1)


def wait_for_runs(url: str, count: int) -> None:
    """Waits until so many runs are there, and nothing more of them comes."""
    seen: list[dict[str, Any]] = []

    def is_settled() -> bool:
        seen.append(catalog_of(url))
        return len(seen[-1]) >= count and seen[-3:].count(seen[-1]) == 3

    wait_for(is_settled, f"{count} runs")


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"TensorBoard ended with status {process.returncode}")
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"{url}/data/environment", timeout=30).ok
        return False

    wait_for(answers, "TensorBoard")
