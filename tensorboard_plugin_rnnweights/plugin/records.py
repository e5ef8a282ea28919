"""Reads our series out of TensorBoard's data provider, in whichever loader it has."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tensorboard import context, errors
from tensorboard.data.provider import DataProvider, RunTagFilter

from tensorboard_plugin_rnnweights.plugin.nudges import Nudges
from tensorboard_plugin_rnnweights.summary.metadata import event_tag, series_tag
from tensorboard_plugin_rnnweights.summary.payload import PayloadError

# The provider wants a limit; how many there are is settled by `--samples_per_plugin`.
_ALL = 2**31 - 1

# What TensorBoard raises where bytes in an event file are no tensor, or not the one that they say they are.
_UNDECODABLE = (ValueError, TypeError, LookupError)


class Datum(Protocol):
    """What the provider's tensors and blob sequences have in common."""

    @property
    def step(self) -> int:
        """The step at which it was logged."""

    @property
    def wall_time(self) -> float:
        """When it was logged, in seconds since 1970."""


AnyDatum = TypeVar("AnyDatum", bound=Datum)


@dataclass(frozen=True)
class Request:
    """Whose data are asked for: what every call of the data provider needs.

    Attributes:
        provider: TensorBoard's.
        context: The HTTP request's.
        experiment: The experiment's id; empty for that of a logdir.
        nudges: For a provider that is a server of its own.
    """

    provider: DataProvider
    context: context.RequestContext
    experiment: str
    nudges: Nudges | None = None

    def list_tensors(self, plugin_name: str) -> dict[tuple[str, str], Any]:
        """The time series of a plugin name, by run and series tag."""
        return self._list(self.provider.list_tensors, plugin_name)

    def list_blob_sequences(self, plugin_name: str) -> dict[tuple[str, str], Any]:
        """The blob sequences' time series of a plugin name, by run and series tag."""
        return self._list(self.provider.list_blob_sequences, plugin_name)

    def read_tensors(
        self, plugin_name: str, names: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], list[Any]]:
        """The tensors of some series, by run and series tag, in the order of their steps.

        Raises:
            PayloadError: If TensorBoard can't decode one of them; it decodes all or none.
        """
        return self._read(self.provider.read_tensors, plugin_name, names)

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

    def _list(self, call: Any, plugin_name: str) -> dict[tuple[str, str], Any]:
        ask = functools.partial(call, self.context, experiment_id=self.experiment)
        return _by_name(plugin_name, self._ask(lambda: ask(plugin_name=plugin_name)))

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


def _by_name(plugin_name: str, runs: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Any]:
    return {
        (run, series_tag(plugin_name, tag)): value
        for run, tags in runs.items()
        for tag, value in tags.items()
    }
