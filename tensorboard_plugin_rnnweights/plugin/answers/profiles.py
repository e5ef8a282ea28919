"""All small curves of one series, in one body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import Snapshot, names_of, read_snapshots
from tensorboard_plugin_rnnweights.summary import payload

Profiles = Mapping[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]
"""By name: the steps that have the profile, and its values of shape (steps, gates, n)."""


def profiles(request: Request, run: str, tag: str) -> bytes:
    """The safetensors that `http_api.md` describes.

    Raises:
        NotFoundError: If there is no such series, or it has no profiles.
        InvalidArgumentError: If what was logged can't be read.
    """
    return payload.encode(as_arrays(profile_arrays(read_snapshots(request, run, tag), run, tag)))


def as_arrays(by_name: Profiles) -> dict[str, npt.NDArray[Any]]:
    """Profiles as the arrays of a file."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, (steps, values) in by_name.items():
        arrays |= {f"{name}/steps": steps, f"{name}/values": values}
    return arrays


def profile_arrays(snapshots: Sequence[Snapshot], run: str, tag: str) -> Profiles:
    """The profiles of some snapshots of a series.

    Raises:
        NotFoundError: If they have no profiles.
        InvalidArgumentError: If they are of several lengths.
    """
    found = {}
    for name in names_of(snapshots, lambda one: one.profiles):
        having = [one for one in snapshots if name in one.profiles]
        lengths = sorted({one.profiles[name].shape[1] for one in having})
        if len(lengths) > 1:
            raise errors.InvalidArgumentError(
                f"the profile {name!r} of run {run!r}, series {tag!r} can't be read: it has {lengths[0]} "
                f"points at one step and {lengths[-1]} at another: log each model to a directory of its own"
            )
        steps = np.array([one.step for one in having], np.int64)
        found[name] = steps, np.stack([one.profiles[name] for one in having])
    if not found:
        raise errors.NotFoundError(f"run {run!r}, series {tag!r} has no profiles")
    return found
