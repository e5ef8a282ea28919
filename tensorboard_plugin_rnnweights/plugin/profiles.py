"""All small curves of one series, in one body."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.records import Request
from tensorboard_plugin_rnnweights.plugin.snapshots import names_of, read_snapshots
from tensorboard_plugin_rnnweights.summary import payload


def profiles(request: Request, run: str, tag: str) -> bytes:
    """The safetensors that `http_api.md` describes.

    Raises:
        NotFoundError: If there is no such series, or it has no profiles.
        InvalidArgumentError: If what was logged can't be read.
    """
    snapshots = read_snapshots(request, run, tag)
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name in names_of(snapshots, lambda one: one.profiles):
        having = [one for one in snapshots if name in one.profiles]
        lengths = sorted({one.profiles[name].shape[1] for one in having})
        if len(lengths) > 1:
            raise errors.InvalidArgumentError(
                f"the profile {name!r} of run {run!r}, series {tag!r} can't be read: it has {lengths[0]} "
                f"points at one step and {lengths[-1]} at another: log each model to a directory of its own"
            )
        arrays[f"{name}/steps"] = np.array([one.step for one in having], np.int64)
        arrays[f"{name}/values"] = np.stack([one.profiles[name] for one in having])
    if not arrays:
        raise errors.NotFoundError(f"run {run!r}, series {tag!r} has no profiles")
    return payload.encode(arrays)
