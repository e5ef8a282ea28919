"""All snapshots' histograms, statistics and measures of one series, in one body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import Snapshot, named_numbers, read_snapshots
from tensorboard_plugin_rnnweights.plugin.logged.thinning import Thinning
from tensorboard_plugin_rnnweights.summary import payload


def histograms(request: Request, run: str, tag: str, thinning: Thinning) -> bytes:
    """The safetensors that `http_api.md` describes.

    Raises:
        NotFoundError: If there is no such series, or it has no such step.
        InvalidArgumentError: If what was logged can't be read.
    """
    snapshots = read_snapshots(request, run, tag, thinning)
    if not snapshots:
        raise errors.NotFoundError(f"run {run!r}, series {tag!r} has no step in that part")
    names, values = named_numbers(snapshots)
    return payload.encode(
        {
            "steps": np.array([one.step for one in snapshots], np.int64),
            "wall_times": np.array([one.wall_time for one in snapshots], np.float64),
            "statistics": values,
            "offsets": _joined_offsets(snapshots),
            "keys": np.concatenate([one.bins["keys"] for one in snapshots]),
            "counts": np.concatenate([one.bins["counts"] for one in snapshots]),
        },
        {"statistics": ",".join(names)},
    )


def _joined_offsets(snapshots: Sequence[Snapshot]) -> npt.NDArray[Any]:
    lengths = [np.diff(one.bins["offsets"]) for one in snapshots]
    return np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
