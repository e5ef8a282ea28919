"""Statistics of all series of one kind in one run, in one body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.answers.by_tag import NumbersByTag
from tensorboard_plugin_rnnweights.plugin.computed.derived import DERIVED
from tensorboard_plugin_rnnweights.plugin.computed.numbers import Numbers, numbers_at
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import check_gates, decodable, unreadable
from tensorboard_plugin_rnnweights.plugin.logged.thinning import Thinning
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import (
    HISTOGRAMS_PLUGIN,
    MetadataError,
    Series,
    parse_series,
)
from tensorboard_plugin_rnnweights.summary.statistics import STATISTICS


def statistics(
    request: Request, run: str, kind: str, tags: Sequence[str], names: Sequence[str], thinning: Thinning
) -> bytes:
    """The safetensors that `http_api.md` describes; of a series that can't be read, the reason.

    Args:
        request: Whose data are asked for.
        run: The run's name.
        kind: The kind of the series.
        tags: The series' tags; all of the kind if there is none.
        names: Which statistics, measures and derived statistics; all that were logged if there is none.
        thinning: Which steps.

    Raises:
        NotFoundError: If there is no such series.
    """
    listed = request.list_tensors(HISTOGRAMS_PLUGIN, run)
    known = series_of_kind(listed, kind)
    wanted = [tag for tag in known if not tags or tag in tags]
    if not wanted or set(tags) - known.keys():
        missing = next((repr(tag) for tag in tags if tag not in known), "")
        raise errors.NotFoundError(f"run {run!r} has no series {missing} of the kind {kind!r}")
    body = NumbersByTag()
    found = request.read_tensors(HISTOGRAMS_PLUGIN, {(run, tag): listed[run, tag] for tag in wanted})
    derived = tuple(name for name in DERIVED if name in names)
    for tag in wanted:
        try:
            data = decodable(found, run, tag)
            kept = thinning.of(data)
            numbers = numbers_at(request, run, tag, data, kept, derived)
            check_gates(numbers, known[tag].gates)
        except payload.PayloadError as error:
            body.leave_out(tag, unreadable(run, tag, error))
            continue
        own = _own_names(numbers, names)
        body.add(tag, data, kept, own, _values(numbers, own))
    return body.encode()


def series_of_kind(listed: Mapping[tuple[str, str], Any], kind: str) -> dict[str, Series]:
    """All series of a kind by their tags, in the model's order."""
    found = {}
    for (_, tag), time_series in listed.items():
        try:
            series = parse_series(time_series.plugin_content)
        except MetadataError:
            continue
        if series.kind == kind:
            found[tag] = series
    return dict(sorted(found.items(), key=lambda one: (one[1].position, one[0])))


def _own_names(numbers: Sequence[Numbers], names: Sequence[str]) -> list[str]:
    """The names that a series has among those asked for; all that were logged if there are none."""
    known = {name for one in numbers for name in one.names}
    logged = [*STATISTICS, *sorted(known - {*STATISTICS} - DERIVED.keys())]
    return [name for name in names if name in known] if names else logged


def _values(numbers: Sequence[Numbers], names: Sequence[str]) -> npt.NDArray[np.float32]:
    """The numbers of some names, of shape (steps, gates, names); NaN where a step lacks one."""
    gates = numbers[0].gates if numbers else 0
    values = np.full((len(numbers), gates, len(names)), np.nan, np.float32)
    # Nearly all steps have the same names.
    for own in {one.names for one in numbers}:
        places = [place for place, one in enumerate(numbers) if one.names == own]
        together = np.stack([numbers[place].values for place in places])
        with np.errstate(over="ignore"):
            for column, name in enumerate(names):
                if name in own:
                    values[places, :, column] = together[:, :, own.index(name)]
    return values
