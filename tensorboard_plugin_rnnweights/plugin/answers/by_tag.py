"""Numbers of several series over their steps in one body: what a screen full of small curves asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.plugin.logged.records import Datum
from tensorboard_plugin_rnnweights.summary import payload


class NumbersByTag:
    """The body that `http_api.md` describes at `statistics`, as it is filled."""

    def __init__(self) -> None:
        self._arrays: dict[str, npt.NDArray[Any]] = {}
        self._names: dict[str, list[str]] = {}
        self._reasons: dict[str, str] = {}

    def add(
        self,
        tag: str,
        data: Sequence[Datum],
        kept: Sequence[Datum],
        names: Sequence[str],
        values: npt.NDArray[np.float32],
    ) -> None:
        """Adds a series.

        Args:
            tag: Its tag.
            data: All that TensorBoard kept of it.
            kept: Those that are answered.
            names: The names of the numbers.
            values: Of shape (kept, gates, names).
        """
        place = len(self._names)
        self._arrays[f"{place}/all_steps"] = np.array([datum.step for datum in data], np.int64)
        self._arrays[f"{place}/steps"] = np.array([datum.step for datum in kept], np.int64)
        self._arrays[f"{place}/values"] = values
        self._names[tag] = [*names]

    def leave_out(self, tag: str, reason: str) -> None:
        """Tells why a series is missing."""
        self._reasons[tag] = reason

    def encode(self) -> bytes:
        """All of it as safetensors."""
        metadata = {
            "tags": json.dumps([*self._names]),
            "names": json.dumps([*self._names.values()]),
            "unreadable": json.dumps(self._reasons),
        }
        return payload.encode(self._arrays, metadata)
