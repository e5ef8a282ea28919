"""All snapshots' histograms, statistics and measures of one series, in one body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.records import Request
from tensorboard_plugin_rnnweights.plugin.snapshots import Snapshot, names_of, read_snapshots
from tensorboard_plugin_rnnweights.plugin.thinning import Thinning
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS


def histograms(request: Request, run: str, tag: str, thinning: Thinning) -> bytes:
    """The safetensors that `http_api.md` describes.

    Raises:
        NotFoundError: If there is no such series, or it has no such step.
        InvalidArgumentError: If what was logged can't be read.
    """
    snapshots = read_snapshots(request, run, tag, thinning)
    if not snapshots:
        raise errors.NotFoundError(f"run {run!r}, series {tag!r} has no step in that part")
    measures = names_of(snapshots, lambda one: one.measures)
    return payload.encode(
        {
            "steps": np.array([one.step for one in snapshots], np.int64),
            "wall_times": np.array([one.wall_time for one in snapshots], np.float64),
            "statistics": np.stack([_numbers(one, measures) for one in snapshots]),
            "offsets": _joined_offsets(snapshots),
            "keys": np.concatenate([one.bins["keys"] for one in snapshots]),
            "counts": np.concatenate([one.bins["counts"] for one in snapshots]),
        },
        {"statistics": ",".join([*STATISTICS, *measures])},
    )


def _numbers(snapshot: Snapshot, measures: Sequence[str]) -> npt.NDArray[np.float64]:
    """Statistics and measures of one step, of shape (gates, names); NaN for a measure that it lacks."""
    absent = np.full(snapshot.gates, np.nan)
    further = [snapshot.measures.get(name, absent) for name in measures]
    return np.column_stack([snapshot.bins["statistics"], *further])


def _joined_offsets(snapshots: Sequence[Snapshot]) -> npt.NDArray[Any]:
    lengths = [np.diff(one.bins["offsets"]) for one in snapshots]
    return np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
