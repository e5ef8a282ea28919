"""What the real writer logs of every kind: the honest data that hostile ones are made of."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.compat.proto import tensor_pb2

from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN, NOTICES_PLUGIN, series_tag
from tests.plugin import logs
from tests.summary.flowing import lstm_signals
from tests.summary.recording import recorded

Tensors = Mapping[int, tensor_pb2.TensorProto]
"""By step."""


@dataclass
class Logged:
    """All that was logged of one series.

    Attributes:
        tag: Its tag.
        facts: What stands in its metadata; empty for notices.
        parts: By plugin name, what was logged at each step.
    """

    tag: str
    facts: dict[str, Any]
    parts: dict[str, dict[int, tensor_pb2.TensorProto]] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The facts as they are stored."""
        return json.dumps(self.facts).encode() if self.facts else b""


@functools.cache
def honest() -> tuple[Logged, ...]:
    """A series of every kind, of weights several ones, and the notices of a run."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        found: dict[str, Logged] = {}
        for path in sorted(Path(folder).glob("*/*tfevents*")):
            for event in EventFileLoader(str(path)).Load():
                for value in event.summary.value:
                    _take(found, event.step, value)
    return tuple(found.values())


def honest_series() -> tuple[Logged, ...]:
    """The same without notices, which are of no series."""
    return tuple(one for one in honest() if HISTOGRAMS_PLUGIN in one.parts)


def _write(folder: Path) -> None:
    with SummaryWriter(folder / "weights") as writer:
        for step in logs.STEPS:
            tensors = logs.model(1, step)
            writer.add_tensors(tensors, "weights", step)
            writer.add_tensors([logs.lstm("kernel", 1e9 * tensors[1].values)], "gradients", step)
        writer.add_tensors([logs.lstm("kernel", np.ones((2, 8), np.float32))], "weights", 20)
    with recorded(folder / "signals") as run:
        for step in logs.STEPS:
            run.record_signals(lstm_signals(step), step)


def _take(found: dict[str, Logged], step: int, value: Any) -> None:
    data = value.metadata.plugin_data
    tag = series_tag(data.plugin_name, value.tag)
    if not data.plugin_name:
        return
    logged = found.setdefault(tag, Logged(tag, {}))
    if data.content and data.plugin_name != NOTICES_PLUGIN:
        logged.facts = json.loads(data.content)
    logged.parts.setdefault(data.plugin_name, {})[step] = value.tensor
