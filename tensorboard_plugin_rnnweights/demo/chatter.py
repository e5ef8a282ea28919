"""Keeps what libraries say of the machine at their start off the screen.

    python -m tensorboard_plugin_rnnweights.demo.chatter

passes on all other lines of its standard input to its standard error.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

_CHATTER = re.compile(
    rb"""
    ^\s*$
    # What TensorFlow says before its logging is set up, which no setting of its own silences.
    | ^WARNING:\ All\ log\ messages\ before\ absl::InitializeLog
    | ^[IW]0000\ 00:00:
    # A build for GPUs on a machine without one.
    | failed\ call\ to\ cuInit
    | Unable\ to\ register\ cu\w+\ factory
    # TensorBoard's note on its own loader.
    | ^NOTE:\ Using\ experimental\ fast\ data\ loading\ logic
    | ^\s+"--load_fast=false"\ and\ report\ issues
    | ^\s+https://github\.com/tensorflow/tensorboard/issues/4784
    """,
    re.VERBOSE,
)


def is_chatter(line: bytes) -> bool:
    """Whether a line of standard error says nothing of any fault."""
    return _CHATTER.search(line) is not None


@contextlib.contextmanager
def without_chatter() -> Iterator[None]:
    """Leaves chatter out of this process's standard error, also of what is not written by Python.

    The lines go through a process of its own, so that the last words before a crash are passed on, too.
    """
    sys.stderr.flush()
    screen = os.dup(2)
    passing_on = subprocess.Popen([sys.executable, "-m", __spec__.name], stdin=subprocess.PIPE)
    assert passing_on.stdin is not None
    os.dup2(passing_on.stdin.fileno(), 2)
    passing_on.stdin.close()
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(screen, 2)
        os.close(screen)
        # TensorBoard's loader writes there, too, and only ends after us.
        with contextlib.suppress(subprocess.TimeoutExpired):
            passing_on.wait(timeout=1)


def main() -> None:
    """Passes on what is no chatter, until nobody writes any more."""
    # Ctrl+C is for those that write, who may have something to say of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        if not is_chatter(line):
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()


if __name__ == "__main__":
    main()
