"""A series' snapshots as they were logged, decoded and checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.logged.facts import facts_of
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.thinning import ALL, Thinning
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.histogram import MAGNITUDE
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN
from tensorboard_plugin_rnnweights.summary.snapshot import MEASURE, PROFILE
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS

Arrays = dict[str, npt.NDArray[Any]]

# Far above what all bins of very many gates take, and far below what would hurt.
_MAX_SNAPSHOT_BYTES = 2**24
# What snapshots that are decoded together take at most: more than 1000 of LSTM(1024) do.
_MAX_BYTES_TOGETHER = 2**28
# Far above what the table of measures has.
_MAX_NAMES = 64
# All keys are less, and their magnitudes are those of finite numbers.
_KEYS = 2 * (MAGNITUDE + 1)
_FIRST_NONFINITE = 0xFF << 5
# Names stand in a list between commas, and in the names of tensors.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")

_DTYPES: dict[str, npt.DTypeLike] = {
    "statistics": np.float64,
    "offsets": np.int64,
    "keys": np.uint16,
    "counts": np.uint32,
}


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One series at one step.

    Attributes:
        step: The step.
        wall_time: When it was taken, in seconds since 1970.
        bins: `statistics`, `offsets`, `keys` and `counts`, as `http_api.md` describes them, of one step.
        measures: By name, float64 of shape (gates).
        profiles: By name, float32 of shape (gates, n).
    """

    step: int
    wall_time: float
    bins: Arrays
    measures: Arrays
    profiles: Arrays

    @property
    def gates(self) -> int:
        """How many gates it has."""
        return len(self.bins["statistics"])

    def of_gate(self, gate: int) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint32]]:
        """The keys and the counts of one gate's bins."""
        start, end = self.bins["offsets"][gate : gate + 2]
        return self.bins["keys"][start:end], self.bins["counts"][start:end]


class OfOneStep(Protocol):
    """What was logged of a series at one step, or a part of it."""

    @property
    def step(self) -> int:
        """The step."""

    @property
    def gates(self) -> int:
        """How many gates it has."""


AnyPart = TypeVar("AnyPart", bound=OfOneStep)


def read_snapshots(request: Request, run: str, tag: str, thinning: Thinning = ALL) -> list[Snapshot]:
    """Snapshots of a series that TensorBoard kept, in the order of their steps.

    Raises:
        NotFoundError: If there is no such series.
        InvalidArgumentError: If what was logged can't be read.
    """
    listed = request.list_tensors(HISTOGRAMS_PLUGIN, run)
    if (run, tag) not in listed:
        raise errors.NotFoundError(f"run {run!r} has no series {tag!r}")
    gates = facts_of(listed[run, tag], run, tag).gates
    found = request.read_tensors(HISTOGRAMS_PLUGIN, {(run, tag): listed[run, tag]})
    try:
        snapshots = decoded(thinning.of(decodable(found, run, tag)))
        check_gates(snapshots, gates)
        return snapshots
    except payload.PayloadError as error:
        raise errors.InvalidArgumentError(unreadable(run, tag, error)) from error


def unreadable(run: str, tag: str, error: payload.PayloadError) -> str:
    """Why the histograms of a series are missing, in one sentence."""
    return f"the histograms of run {run!r}, series {tag!r} can't be read: {error}"


def decodable(found: Mapping[tuple[str, str], list[Any] | None], run: str, tag: str) -> list[Any]:
    """The data of one of the series that `Request.read_tensors` has read.

    Raises:
        NotFoundError: If it has none any more.
        PayloadError: If TensorBoard can't decode them.
    """
    data = found.get((run, tag), [])
    if data is None:
        raise payload.PayloadError("TensorBoard can't decode it")
    if not data:
        raise errors.NotFoundError(f"run {run!r} has no series {tag!r}")
    return data


def decoded(data: Sequence[Any]) -> list[Snapshot]:
    """The snapshots of one series, from what TensorBoard's data provider has of them.

    Raises:
        PayloadError: If what was logged can't be read.
    """
    stored = [_stored(datum) for datum in data]
    size = sum(payload.promised_size(one, _MAX_SNAPSHOT_BYTES) for one in stored)
    if size > _MAX_BYTES_TOGETHER:
        raise payload.PayloadError(
            f"{len(stored)} steps take {size} bytes, where at most {_MAX_BYTES_TOGETHER} are read at once"
        )
    snapshots = [_snapshot(datum, one) for datum, one in zip(data, stored, strict=True)]
    check_together(snapshots, _PARTS)
    return snapshots


def names_of(snapshots: Sequence[AnyPart], part: Callable[[AnyPart], Iterable[str]]) -> list[str]:
    """The names of all measures or profiles, in alphabetical order."""
    return sorted({name for snapshot in snapshots for name in part(snapshot)})


def named_numbers(snapshots: Sequence[Snapshot]) -> tuple[list[str], npt.NDArray[np.float64]]:
    """The names of all statistics and measures of some snapshots, at least one, and their values.

    Returns:
        The names, and values of shape (steps, gates, names): NaN where a step lacks a measure.
    """
    measures = names_of(snapshots, lambda one: one.measures)
    values = np.stack([_numbers(one, measures) for one in snapshots])
    return [*STATISTICS, *measures], values


def _numbers(snapshot: Snapshot, measures: Sequence[str]) -> npt.NDArray[np.float64]:
    absent = np.full(snapshot.gates, np.nan)
    further = [snapshot.measures.get(name, absent) for name in measures]
    return np.column_stack([snapshot.bins["statistics"], *further])


def _stored(datum: Any) -> bytes:
    logged = datum.numpy.item() if datum.numpy.size == 1 else None
    if not isinstance(logged, bytes):
        raise payload.PayloadError(f"step {datum.step} is not one payload")
    return logged


def _snapshot(datum: Any, logged: bytes) -> Snapshot:
    arrays = payload.decode(payload.decompress(logged, _MAX_SNAPSHOT_BYTES))
    missing = [name for name in _DTYPES if name not in arrays]
    if missing:
        raise payload.PayloadError(f"step {datum.step} lacks {', '.join(missing)}")
    bins = {name: arrays[name] for name in _DTYPES}
    found = Snapshot(
        step=datum.step,
        wall_time=datum.wall_time,
        bins=bins,
        measures=_named(arrays, MEASURE),
        profiles=_named(arrays, PROFILE),
    )
    if not _fits(bins) or not _further_fit(found):
        raise payload.PayloadError(f"the parts of step {datum.step} don't fit together")
    return found


def _named(arrays: Arrays, prefix: str) -> Arrays:
    found = {name.removeprefix(prefix): one for name, one in arrays.items() if name.startswith(prefix)}
    if len(found) > _MAX_NAMES or not all(map(_NAME.fullmatch, found)) or found.keys() & {*STATISTICS}:
        raise payload.PayloadError(f"its names of a '{prefix}' are none that this plugin writes")
    return found


def _fits(bins: Arrays) -> bool:
    """Whether all are of the shapes and types that `http_api.md` states."""
    statistics, offsets, keys, counts = (bins[name] for name in _DTYPES)
    return (
        all(bins[name].dtype == dtype for name, dtype in _DTYPES.items())
        and statistics.shape == (offsets.size - 1, len(STATISTICS))
        and offsets.ndim == keys.ndim == counts.ndim == 1
        and offsets.size > 1
        and offsets[0] == 0
        # Differences may have no room in 64 bits.
        and bool((offsets[1:] >= offsets[:-1]).all())
        and offsets[-1] == keys.size == counts.size
        and bool(((keys < _KEYS) & (keys & MAGNITUDE < _FIRST_NONFINITE)).all())
    )


def _further_fit(snapshot: Snapshot) -> bool:
    gates = snapshot.gates
    return all(
        one.dtype == np.float64 and one.shape == (gates,) for one in snapshot.measures.values()
    ) and all(
        one.dtype == np.float32 and one.ndim == 2 and len(one) == gates and one.size
        for one in snapshot.profiles.values()
    )


def check_gates(snapshots: Sequence[OfOneStep], gates: Sequence[str]) -> None:
    """Raises `PayloadError` where a series' snapshots, of which all have as many, are not of its gates."""
    if snapshots and snapshots[0].gates != len(gates):
        raise payload.PayloadError(
            f"it has {snapshots[0].gates} gates where its metadata name {len(gates)}: "
            "log each model to a directory of its own"
        )


def check_together(
    snapshots: Sequence[AnyPart], parts: Sequence[Callable[[AnyPart], Iterable[str]]]
) -> None:
    """Raises `PayloadError` where trainings of two models were logged to one directory."""
    for one in snapshots:
        first = snapshots[0]
        if one.gates != first.gates:
            raise payload.PayloadError(
                f"step {one.step} has {one.gates} gates where step {first.step} has {first.gates}: "
                "log each model to a directory of its own"
            )
    if max(len(names_of(snapshots, part)) for part in parts) > _MAX_NAMES:
        raise payload.PayloadError(f"it has more than {_MAX_NAMES} measures or profiles")


_PARTS: tuple[Callable[[Snapshot], Arrays], ...] = (lambda one: one.measures, lambda one: one.profiles)
