"""Starts TensorBoard on the demo's runs."""

from __future__ import annotations

import threading
from pathlib import Path

from tensorboard import program

from tensorboard_plugin_rnnweights.plugin.plugin import RNNWeightsPlugin


def serve(logdir: Path, port: int | None) -> None:
    """Serves the runs until the person stops it.

    Args:
        logdir: The directory with the runs.
        port: The port to serve at; the first free one from 6006 if None.
    """
    tensorboard = program.TensorBoard()
    wanted = [] if port is None else ["--port", str(port)]
    tensorboard.configure(argv=["tensorboard", "--logdir", str(logdir), *wanted])
    url = tensorboard.launch()
    print(f"\nThe gates of both runs: {url}#{RNNWeightsPlugin.plugin_name}", flush=True)
    print("Press Ctrl+C to stop.", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()
