"""Reads our series out of TensorBoard's data provider, in whichever loader it has."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

from tensorboard import context, errors
from tensorboard.data.provider import DataProvider, RunTagFilter

from tensorboard_plugin_rnnweights.plugin.logged.memory import Memory
from tensorboard_plugin_rnnweights.plugin.logged.nudges import Nudges
from tensorboard_plugin_rnnweights.summary.metadata import event_tag, series_tag
from tensorboard_plugin_rnnweights.summary.payload import PayloadError

# The provider wants a limit; how many there are is settled by `--samples_per_plugin`.
_ALL = 2**31 - 1

# What TensorBoard raises where bytes in an event file are no tensor, or not the one that they say they are;
# it makes as many copies of a single number as a shape claims that there are.
_UNDECODABLE = (ValueError, TypeError, LookupError, MemoryError)

# Beside its payload, what a datum takes in memory, about.
_BYTES_OF_A_DATUM = 250


class Datum(Protocol):
    """What the provider's tensors and blob sequences have in common."""

    @property
    def step(self) -> int:
        """The step at which it was logged."""

    @property
    def wall_time(self) -> float:
        """When it was logged, in seconds since 1970."""


AnyDatum = TypeVar("AnyDatum", bound=Datum)


class _Read(NamedTuple):
    """What was read of a series, and the step and time of the last datum that was listed just before."""

    state: tuple[int, float]
    data: list[Any]


@dataclass(frozen=True)
class Request:
    """Whose data are asked for: what every call of the data provider needs.

    Attributes:
        provider: TensorBoard's.
        context: The HTTP request's.
        experiment: The experiment's id; empty for that of a logdir.
        nudges: For a provider that is a server of its own.
        memory: What was read before, which is not read again while TensorBoard has nothing newer.
    """

    provider: DataProvider
    context: context.RequestContext
    experiment: str
    nudges: Nudges | None = None
    memory: Memory = field(default_factory=lambda: Memory(0))

    def list_tensors(self, plugin_name: str, run: str | None = None) -> dict[tuple[str, str], Any]:
        """The time series of a plugin name, by run and series tag; those of one run, if one is given."""
        return self._list(self.provider.list_tensors, plugin_name, run)

    def list_blob_sequences(
        self, plugin_name: str, run: str | None = None, tag: str | None = None
    ) -> dict[tuple[str, str], Any]:
        """The blob sequences' time series of a plugin name, by run and series tag; of one run, or tag.

        One loader makes as many references as an event claims to have blobs, whether it has them or not, so
        what claims to have several is not ours and is left out.
        """
        listed = self._list(self.provider.list_blob_sequences, plugin_name, run, tag)
        return {name: one for name, one in listed.items() if one.max_length == 1}

    def read_tensors(
        self, plugin_name: str, listed: Mapping[tuple[str, str], Any]
    ) -> dict[tuple[str, str], list[Any] | None]:
        """The tensors of some series, by run and series tag, in the order of their steps.

        Args:
            plugin_name: The plugin name.
            listed: Those of what `list_tensors` has found that are wanted.

        Returns:
            The tensors; None for a series whose bytes TensorBoard can't decode.
        """
        found: dict[tuple[str, str], list[Any] | None] = {}
        for name, one in listed.items():
            remembered = self.memory.get((self.experiment, plugin_name, name))
            if remembered is not None and remembered.state == state_of(one):
                found[name] = remembered.data
        changed = [name for name in listed if name not in found]
        for name, data in self._decodable(plugin_name, changed).items():
            found[name] = data
            if data is not None:
                key = (self.experiment, plugin_name, name)
                self.memory.put(key, _Read(state_of(listed[name]), data), sum(map(_bytes_of, data)))
        return found

    def read_blob_sequences(
        self, plugin_name: str, names: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], list[Any]]:
        """References to the blobs of some series, by run and series tag, in the order of their steps."""
        return self._read(self.provider.read_blob_sequences, plugin_name, names)

    def read_blob(self, key: str) -> bytes:
        """The bytes that a reference stands for.

        Raises:
            PayloadError: If they are no bytes.
        """
        blob = self._ask(lambda: self.provider.read_blob(self.context, blob_key=key))
        if not isinstance(blob, bytes):
            raise PayloadError("it is no sequence of bytes")
        return blob

    def _list(
        self, call: Any, plugin_name: str, run: str | None, tag: str | None = None
    ) -> dict[tuple[str, str], Any]:
        wanted = RunTagFilter(
            runs=None if run is None else {run},
            tags=None if tag is None else {event_tag(plugin_name, tag)},
        )
        ask = functools.partial(call, self.context, experiment_id=self.experiment, run_tag_filter=wanted)
        listed = _by_name(plugin_name, self._ask(lambda: ask(plugin_name=plugin_name)))
        # One loader empties the series of a training that begins anew before it reads them again.
        return {name: one for name, one in listed.items() if one.max_step is not None}

    def _decodable(
        self, plugin_name: str, names: list[tuple[str, str]]
    ) -> dict[tuple[str, str], list[Any] | None]:
        """The tensors by series, and None where they can't be decoded.

        That is reported only of all that are asked for together, so we ask for ever fewer where it happens.
        """
        try:
            return {**self._read(self.provider.read_tensors, plugin_name, names)}
        except PayloadError:
            if len(names) == 1:
                return {names[0]: None}
            half = len(names) // 2
            return {
                **self._decodable(plugin_name, names[:half]),
                **self._decodable(plugin_name, names[half:]),
            }

    def _read(
        self, call: Any, plugin_name: str, names: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], list[Any]]:
        wanted = set(names)
        if not wanted:
            return {}
        ask = functools.partial(
            call,
            self.context,
            experiment_id=self.experiment,
            plugin_name=plugin_name,
            downsample=_ALL,
            run_tag_filter=RunTagFilter(
                runs={run for run, _ in wanted},
                tags={event_tag(plugin_name, tag) for _, tag in wanted},
            ),
        )
        found = _by_name(plugin_name, self._ask(ask))
        return {name: of_last_training(found[name]) for name in wanted & found.keys()}

    def _ask(self, call: Callable[[], Any]) -> Any:
        try:
            return call() if self.nudges is None else self.nudges.call(call, self._nudge)
        except _UNDECODABLE as error:
            raise PayloadError(f"TensorBoard can't decode it: {error}") from error

    def _nudge(self) -> None:
        self.provider.list_plugins(self.context, experiment_id=self.experiment)


def of_last_training(data: Iterable[AnyDatum]) -> list[AnyDatum]:
    """The data of the last training, where several were logged to one directory one after the other.

    A step that is not larger than the one before belongs to a training that started again, so what was
    logged from that step on before is of the past. TensorBoard's default loader keeps to that by itself.
    """
    kept: list[AnyDatum] = []
    for datum in data:
        while kept and kept[-1].step >= datum.step:
            kept.pop()
        kept.append(datum)
    return kept


def only(found: Mapping[tuple[str, str], list[Any]], run: str, tag: str) -> list[Any]:
    """The data of the one series that was asked for.

    Raises:
        NotFoundError: If there is none.
    """
    try:
        return found[run, tag]
    except KeyError:
        raise errors.NotFoundError(f"run {run!r} has no series {tag!r}") from None


def state_of(listed: Any) -> tuple[int, float]:
    """What is another one as soon as TensorBoard has read more of a series."""
    return listed.max_step, listed.max_wall_time


def _bytes_of(datum: Any) -> int:
    """About as much as a tensor takes in memory."""
    payload = datum.numpy.item() if datum.numpy.size == 1 else None
    size = len(payload) if isinstance(payload, bytes) else datum.numpy.nbytes
    return _BYTES_OF_A_DATUM + int(size)


def _by_name(plugin_name: str, runs: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Any]:
    # A tag that doesn't begin so is none of ours, and could look like one that is.
    return {
        (run, series_tag(plugin_name, tag)): value
        for run, tags in runs.items()
        for tag, value in tags.items()
        if tag.startswith(event_tag(plugin_name, ""))
    }
