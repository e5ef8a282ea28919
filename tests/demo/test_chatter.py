"""What the demo keeps off the screen, and what it never does."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tensorboard_plugin_rnnweights.demo.chatter import is_chatter


@pytest.mark.parametrize(
    "line",
    [
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
        "I0000 00:00:1795651265.866731   25937 port.cc:153] oneDNN custom operations are on.",
        "W0000 00:00:1795651265.866731   25937 gpu_device.cc:2431] Cannot dlopen some GPU libraries.",
        "E0000 00:00:1795651277.139681   25937 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA",
        "E0000 00:00:1795651277.139681   25937 cuda_dnn.cc:8310] Unable to register cuDNN factory",
        "NOTE: Using experimental fast data loading logic. To disable, pass",
        '    "--load_fast=false" and report issues on GitHub. More details:',
        "    https://github.com/tensorflow/tensorboard/issues/4784",
        "",
    ],
)
def test_what_libraries_say_of_the_machine_is_chatter(line: str) -> None:
    assert is_chatter(f"{line}\n".encode())


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last):",
        '  File "training.py", line 39, in train_all',
        "E0000 00:00:1795651277.139681   25937 cuda_dnn.cc:522] Loaded runtime CuDNN library: 9.1.0 but",
        "F0000 00:00:1795651277.139681   25937 tensor.cc:10] Check failed: dtype() == expected_dtype",
        "E1126 00:00:01.123456 140 application.py:125] Failed to load plugin rnnweights",
        "W1126 00:00:01.123456 140 application.py:125] path /x not found, sending 404",
        "RNNWeights, logging to 'logs/demo': No space left on device. Training goes on",
        "Port 6006 is in use by another program.",
    ],
)
def test_faults_are_no_chatter(line: str) -> None:
    assert not is_chatter(f"{line}\n".encode())


SPEAKING = """
import os, subprocess, sys
from tensorboard_plugin_rnnweights.demo.chatter import without_chatter

with without_chatter():
    print("from Python", file=sys.stderr)
    os.write(2, b"I0000 00:00:1.2 3 port.cc:1] chatter\\n")
    subprocess.run([sys.executable, "-c", "import os; os.write(2, b'from a child\\\\n')"])
    {last_words}
print("afterwards", file=sys.stderr)
"""


def said(last_words: str) -> tuple[int, list[str]]:
    command = [sys.executable, "-c", SPEAKING.format(last_words=last_words)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    return done.returncode, done.stderr.splitlines()


def test_all_but_chatter_is_passed_on_in_its_order() -> None:
    assert said("pass") == (0, ["from Python", "from a child", "afterwards"])


def test_an_error_is_passed_on() -> None:
    status, lines = said("raise OSError('the disk is full')")
    assert status == 1
    assert lines[:2] == ["from Python", "from a child"]
    assert lines[-1] == "OSError: the disk is full"


def test_the_last_words_before_a_crash_are_passed_on() -> None:
    status, lines = said(r"os.write(2, b'F0000 fatal\n'); os.abort()")
    assert status < 0
    assert lines == ["from Python", "from a child", "F0000 fatal"]


def test_somebody_who_still_writes_is_not_waited_for() -> None:
    lingering = (
        "subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=subprocess.PIPE)"
    )
    status, lines = said(f"lingering = {lingering}")
    assert (status, lines[-1]) == (0, "afterwards")
