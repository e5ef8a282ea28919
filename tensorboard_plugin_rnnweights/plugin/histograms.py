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

_DTYPES: dict[str, npt.DTypeLike] = {
    "statistics": np.float64,
    "offsets": np.int64,
    "keys": np.uint16,
    "counts": np.uint32,
}


def histograms(request: Request, run: str, tag: str) -> bytes:
    """The safetensors that `http_api.md` describes.

    Raises:
        NotFoundError: If there is no such series.
        InvalidArgumentError: If what was logged can't be read.
    """
    try:
        data = only(request.read_tensors(HISTOGRAMS_PLUGIN, [(run, tag)]), run, tag)
        snapshots = [_snapshot(datum) for datum in data]
        _check_gates(data, snapshots)
    except payload.PayloadError as error:
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
    logged = datum.numpy.item() if datum.numpy.size == 1 else None
    if not isinstance(logged, bytes):
        raise payload.PayloadError(f"step {datum.step} is not one payload")
    arrays = payload.decode(payload.decompress(logged, _MAX_SNAPSHOT_BYTES))
    missing = [name for name in _DTYPES if name not in arrays]
    if missing:
        raise payload.PayloadError(f"step {datum.step} lacks {', '.join(missing)}")
    if not _fits(arrays):
        raise payload.PayloadError(f"the parts of step {datum.step} don't fit together")
    return arrays


def _fits(arrays: dict[str, npt.NDArray[Any]]) -> bool:
    """Whether all are of the shapes and types that `http_api.md` tells."""
    statistics, offsets, keys, counts = (arrays[name] for name in _DTYPES)
    return (
        all(arrays[name].dtype == dtype for name, dtype in _DTYPES.items())
        and statistics.shape == (offsets.size - 1, len(STATISTICS))
        and offsets.ndim == keys.ndim == counts.ndim == 1
        and offsets.size > 1
        and offsets[0] == 0
        and bool((np.diff(offsets) >= 0).all())
        and offsets[-1] == keys.size == counts.size
    )


def _check_gates(data: Sequence[Any], snapshots: Sequence[dict[str, npt.NDArray[Any]]]) -> None:
    """Raises `PayloadError` where trainings of two models were logged to one directory."""
    for datum, snapshot in zip(data, snapshots, strict=True):
        gates, first = len(snapshot["statistics"]), len(snapshots[0]["statistics"])
        if gates != first:
            raise payload.PayloadError(
                f"step {datum.step} has {gates} gates where step {data[0].step} has {first}: "
                "log each model to a directory of its own"
            )


def _joined_offsets(snapshots: Sequence[dict[str, npt.NDArray[Any]]]) -> npt.NDArray[np.int64]:
    lengths = [np.diff(one["offsets"]) for one in snapshots]
    return np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
