"""One snapshot's cells, as they were stored."""

from __future__ import annotations

from typing import Any

from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.logged.records import Request, only
from tensorboard_plugin_rnnweights.summary.metadata import HEATMAPS_PLUGIN


def heatmap(request: Request, run: str, tag: str, step: int, wall_time: float | None) -> bytes:
    """The compressed bytes of one heatmap, untouched.

    Args:
        request: Whose data are asked for.
        run: The run's name.
        tag: The series' tag.
        step: A step of which the catalog says that its heatmap is at hand.
        wall_time: When the snapshot was logged, if only that very one will do.

    Raises:
        NotFoundError: If there is no such snapshot.
        PayloadError: If what was logged can't be read.
    """
    # What isn't listed may claim to be of any number of blobs, and is not to be asked for.
    listed = request.list_blob_sequences(HEATMAPS_PLUGIN, run, tag)
    data = only(request.read_blob_sequences(HEATMAPS_PLUGIN, listed), run, tag)
    datum = _at(data, step)
    if datum is None:
        raise errors.NotFoundError(f"run {run!r}, series {tag!r} has no heatmap of step {step}")
    if wall_time is not None and datum.wall_time != wall_time:
        raise errors.NotFoundError(
            f"run {run!r}, series {tag!r} was logged again: its heatmap of step {step} is another one now"
        )
    if len(datum.values) != 1:
        raise errors.NotFoundError(
            f"run {run!r}, series {tag!r} holds {len(datum.values)} blobs at step {step}, not one heatmap"
        )
    return request.read_blob(datum.values[0].blob_key)


def _at(data: list[Any], step: int) -> Any | None:
    return next((datum for datum in data if datum.step == step), None)
