"""Writes observations to a run directory, and keeps what the recorder warns of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.recorder import Recorder
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts, observe_signals

WALL_TIME = 1_800_000_000.0


class Run:
    """One run being recorded, with heatmaps in float32."""

    def __init__(self, log_dir: Path | str, started: float = WALL_TIME, **options: Any) -> None:
        self.warnings: list[str] = []
        self.file = EventFile(str(log_dir))
        settings = {"max_cells": 2**20, "heatmap_dtype": "float32", **options}
        self.recorder = Recorder(self.file, warn=self.warnings.append, **settings)
        self._started = started

    def record(self, observation: Observation, step: int, position: int = 0) -> bool:
        return self.recorder.record(observation, position, step, self._started + step)

    def record_signals(self, signals: CellSignals, step: int, probe: ProbeFacts | None = None) -> None:
        for observation in observe_signals(signals, probe):
            assert self.record(observation, step)


@contextlib.contextmanager
def recorded(log_dir: Path | str, **options: Any) -> Iterator[Run]:
    """A run that is finished and closed at the end."""
    run = Run(log_dir, **options)
    yield run
    run.recorder.finish()
    run.file.close()


def tags(observations: Sequence[Observation]) -> list[str]:
    return [one.series.tag for one in observations]
