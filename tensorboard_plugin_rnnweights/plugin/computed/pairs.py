"""Pairs of series that are compared with each other, and which of their steps belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tensorboard_plugin_rnnweights.plugin.logged.records import AnyDatum, Datum, Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import decodable
from tensorboard_plugin_rnnweights.plugin.logged.thinning import Thinning
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN, parse_series

Pair = tuple[str, str]
"""The tags of a series in one run, and in the other."""


@dataclass(frozen=True)
class Compared:
    """What is compared over the steps.

    Attributes:
        run: The run whose steps are looked at.
        other_run: The run that it is compared with, which may be the same.
        other_step: The step of that one; where it is None, the one next to each step.
        pairs: The series' tags in both.
        thinning: Which steps.
    """

    run: str
    other_run: str
    other_step: int | None
    pairs: Sequence[Pair]
    thinning: Thinning

    def counterparts(self, kept: Sequence[Datum], others: Sequence[AnyDatum]) -> list[AnyDatum]:
        """What each of some data is compared with, of all data of the other series."""
        if self.other_step is not None:
            return [nearest(others, self.other_step)] * len(kept)
        return [nearest(others, datum.step) for datum in kept]


class LoggedSeries:
    """Histograms of some series of one run, as they were logged.

    Args:
        request: Whose data are asked for.
        run: The run's name.
        tags: The series' tags.
    """

    def __init__(self, request: Request, run: str, tags: Sequence[str]) -> None:
        self._run = run
        self._listed = request.list_tensors(HISTOGRAMS_PLUGIN, run)
        wanted = {name: one for name, one in self._listed.items() if name[1] in tags}
        self._data = request.read_tensors(HISTOGRAMS_PLUGIN, wanted)

    def data(self, tag: str) -> list[Any]:
        """All that TensorBoard kept of a series.

        Raises:
            NotFoundError: If there is no such series.
            PayloadError: If TensorBoard can't decode it.
        """
        return decodable(self._data, self._run, tag)

    def gates(self, tag: str) -> tuple[str, ...]:
        """The names of a series' gates.

        Raises:
            MetadataError: If its facts can't be read.
        """
        return parse_series(self._listed[self._run, tag].plugin_content).gates


def nearest(data: Sequence[AnyDatum], step: int) -> AnyDatum:
    """The one that is nearest to a step; the earlier one of two as near."""
    return min(data, key=lambda datum: abs(datum.step - step))


def moment(datum: Datum) -> tuple[int, float]:
    """What tells a snapshot from another one, also from one of an earlier training."""
    return datum.step, datum.wall_time
