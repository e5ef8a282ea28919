"""Programs in processes of their own, for what can't be tried in the tests' one."""

from __future__ import annotations

import socket
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 120


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program of Python, given as its text, to its end."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        cwd=ROOT,
        check=False,
    )


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
