"""All snapshots' histograms and statistics of one series, in one body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.records import Request, only
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS

# Far above what all bins of very many gates take, and far below what would hurt.
_MAX_SNAPSHOT_BYTES = 2**24

_NAMES = ("statistics", "offsets", "keys", "counts")


def histograms(request: Request, run: str, tag: str) -> bytes:
    """The safetensors that `http_api.md` describes.

    Raises:
        NotFoundError: If there is no such series.
        InvalidArgumentError: If what was logged can't be read.
    """
    data = only(request.read_tensors(HISTOGRAMS_PLUGIN, [(run, tag)]), run, tag)
    try:
        snapshots = [_snapshot(datum) for datum in data]
    except (payload.PayloadError, KeyError, ValueError) as error:
        reason = f"the histograms of run {run!r}, series {tag!r} can't be read: {error}"
        raise errors.InvalidArgumentError(reason) from error
    return payload.encode(
        {
            "steps": np.array([datum.step for datum in data], np.int64),
            "wall_times": np.array([datum.wall_time for datum in data], np.float64),
            "statistics": np.stack([one["statistics"] for one in snapshots]),
            "offsets": _joined_offsets(snapshots),
            "keys": np.concatenate([one["keys"] for one in snapshots]),
            "counts": np.concatenate([one["counts"] for one in snapshots]),
        },
        {"statistics": ",".join(STATISTICS)},
    )


def _snapshot(datum: Any) -> dict[str, npt.NDArray[Any]]:
    arrays = payload.decode(payload.decompress(bytes(datum.numpy.item()), _MAX_SNAPSHOT_BYTES))
    missing = [name for name in _NAMES if name not in arrays]
    if missing:
        raise payload.PayloadError(f"step {datum.step} lacks {', '.join(missing)}")
    return arrays


def _joined_offsets(snapshots: Sequence[dict[str, npt.NDArray[Any]]]) -> npt.NDArray[np.int64]:
    lengths = [np.diff(one["offsets"]) for one in snapshots]
    return np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
