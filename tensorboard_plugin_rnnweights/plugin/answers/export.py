"""What is on screen as a file: CSV for spreadsheets, NPZ for NumPy."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard import errors

from tensorboard_plugin_rnnweights.plugin.answers.changes import BLOCK_FACTS, DISTANCES
from tensorboard_plugin_rnnweights.plugin.answers.profiles import as_arrays, profile_arrays
from tensorboard_plugin_rnnweights.plugin.answers.statistics import series_of_kind
from tensorboard_plugin_rnnweights.plugin.computed.derived import DERIVED, derive
from tensorboard_plugin_rnnweights.plugin.logged.cells import heatmap_series, read_cells
from tensorboard_plugin_rnnweights.plugin.logged.facts import facts_of
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.logged.snapshots import (
    Snapshot,
    check_gates,
    decodable,
    decoded,
    named_numbers,
    read_snapshots,
)
from tensorboard_plugin_rnnweights.plugin.logged.thinning import Thinning
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.histogram import edges
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
# File systems allow 255 bytes.
_LONGEST_NAME = 150
# 4 times as many as the largest heatmap has that isn't pooled, unless somebody wants it otherwise.
_MOST_CSV_CELLS = 2**24
# A number takes four times as much room as Python's own.
_ROWS_AT_ONCE = 2**16
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Wanted:
    """What is to be exported.

    Attributes:
        run: The run's name.
        series: The series' tag; for what is of all series of a kind, the kind.
        step: The one step that is wanted; None for all.
        thinning: Which of all steps.
    """

    run: str
    series: str
    step: int | None
    thinning: Thinning

    @property
    def steps(self) -> Thinning:
        """The steps that are wanted."""
        return self.thinning if self.step is None else Thinning(self.step, self.step)


@dataclass(frozen=True, eq=False)
class Table:
    """The same numbers in two forms.

    Attributes:
        header: The names of the columns.
        rows: A value a column; floats as Python's own, None for an empty cell.
        arrays: Arrays by name.
    """

    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    arrays: Mapping[str, npt.NDArray[Any]]


def export(request: Request, wanted: Wanted, what: str, form: str) -> bytes:
    """The content of a file of one run.

    Args:
        request: Whose data are asked for.
        wanted: Which of them.
        what: A name of `TABLES`.
        form: A name of `FORMS`.

    Raises:
        NotFoundError: If there are no such data.
        InvalidArgumentError: If they can't be read, or a heatmap's step is missing.
    """
    return FORMS[form](TABLES[what](request, wanted))


def name_of(wanted: Wanted, what: str) -> list[str]:
    """What a file is called by."""
    step = [] if wanted.step is None else [f"step-{wanted.step}"]
    return [wanted.run, wanted.series, what, *step]


def file_name(parts: Iterable[str], form: str) -> str:
    """A name that any file system takes, with nothing in it that could mean something to it."""
    whole = "_".join(parts)
    return f"{_UNSAFE.sub('_', whole).strip('._-')[-_LONGEST_NAME:].lstrip('._-')}.{form}"


def statistics_table(request: Request, wanted: Wanted) -> Table:
    """All statistics, measures, and what is derived of the histograms: a row a step and gate."""
    return _statistics(_gates(request, wanted), _snapshots(request, wanted), _first(request, wanted))


def kind_statistics_table(request: Request, wanted: Wanted) -> Table:
    """The statistics of all series of a kind: a row a series, step and gate.

    A series that can't be read has one row with its tag alone; in the arrays it is among the `unreadable`.
    One without such a step has none.
    """
    run = wanted.run
    listed = request.list_tensors(HISTOGRAMS_PLUGIN, run)
    known = series_of_kind(listed, wanted.series)
    if not known:
        raise errors.NotFoundError(f"run {run!r} has no series of the kind {wanted.series!r}")
    found = request.read_tensors(HISTOGRAMS_PLUGIN, {(run, tag): listed[run, tag] for tag in known})
    tables: dict[str, Table] = {}
    missing: list[str] = []
    for tag, series in known.items():
        try:
            data = decodable(found, run, tag)
            snapshots, (first,) = decoded(wanted.steps.of(data)), decoded(data[:1])
            check_gates([first], series.gates)
            check_gates(snapshots, series.gates)
        except payload.PayloadError:
            missing.append(tag)
            continue
        if snapshots:
            tables[tag] = _statistics(series.gates, snapshots, first)
    if not tables and not missing:
        raise errors.NotFoundError(f"run {run!r}, kind {wanted.series!r} has no step {_steps_text(wanted)}")
    # Not all series have the same measures.
    header = list(dict.fromkeys(name for table in tables.values() for name in table.header))
    rows: Iterable[Sequence[Any]] = (
        [_text(tag), *map(dict(zip(table.header, row, strict=True)).get, header)]
        for tag, table in tables.items()
        for row in table.rows
    )
    unreadable = ([_text(tag), *[None] * len(header)] for tag in missing)
    arrays = {
        f"{place}/{name}": array
        for place, table in enumerate(tables.values())
        for name, array in table.arrays.items()
    }
    names = {"tags": np.array([*tables], np.str_), "unreadable": np.array(missing, np.str_)}
    return Table(["tag", *header], itertools.chain(rows, unreadable), {**names, **arrays})


def changes_table(blocks: Sequence[Mapping[str, Any]]) -> Table:
    """What `changes` found: a row a block, in its order; empty, or NaN, where there is no distance."""
    header = [*BLOCK_FACTS, *DISTANCES]
    rows = [
        [*(_text(one[name]) if isinstance(one[name], str) else one[name] for name in header)]
        for one in blocks
    ]
    arrays = {
        **{name: np.array([one[name] for one in blocks]) for name in BLOCK_FACTS},
        **{name: np.array([one[name] for one in blocks], np.float64) for name in DISTANCES},
    }
    return Table(header, rows, arrays)


def histograms_table(request: Request, wanted: Wanted) -> Table:
    """All bins that hold something: a row a bin."""
    gates = _gates(request, wanted)
    snapshots = _snapshots(request, wanted)
    keys = np.concatenate([one.bins["keys"] for one in snapshots])
    counts = np.concatenate([one.bins["counts"] for one in snapshots])
    lower, upper = edges(keys)
    lengths = np.stack([np.diff(one.bins["offsets"]) for one in snapshots])
    steps, places = (axis.ravel() for axis in np.indices(lengths.shape))
    step_of_bin = np.repeat(np.array([one.step for one in snapshots])[steps], lengths.ravel())
    gate_of_bin = np.repeat(places, lengths.ravel())
    columns = step_of_bin, gate_of_bin, lower, upper, counts
    rows = (
        [step, _text(gates[gate]), *further]
        for start in range(0, len(keys), _ROWS_AT_ONCE)
        for step, gate, *further in zip(
            *(one[start : start + _ROWS_AT_ONCE].tolist() for one in columns), strict=True
        )
    )
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    arrays = {"offsets": offsets, "lower": lower, "upper": upper, "counts": counts}
    return Table(["step", "gate", "lower", "upper", "count"], rows, {**_axes(snapshots, gates), **arrays})


def profiles_table(request: Request, wanted: Wanted) -> Table:
    """All profiles: a row a point of a curve."""
    gates = _gates(request, wanted)
    by_name = profile_arrays(_snapshots(request, wanted), wanted.run, wanted.series)
    rows = (
        [name, step, _text(gate), place, value]
        for name, (steps, values) in by_name.items()
        for step, curves in zip(steps.tolist(), values, strict=True)
        for gate, curve in zip(gates, curves, strict=True)
        for place, value in enumerate(curve.tolist())
    )
    arrays = {"gates": np.array(gates), **as_arrays(by_name)}
    return Table(["profile", "step", "gate", "place", "value"], rows, arrays)


def heatmap_table(request: Request, wanted: Wanted) -> Table:
    """The matrix as it was stored: a row a row, and a column a gate and unit; empty where it is masked."""
    if wanted.step is None:
        raise errors.InvalidArgumentError("the argument 'step' is missing")
    series = heatmap_series(request, wanted.run, wanted.series)
    cells = read_cells(request, wanted.run, wanted.series, wanted.step, series)
    values, masked = cells.values, cells.masked
    planes = [[_text(name)] for name in series.planes] or [[]]
    shape = (len(planes), *values.shape[-2:])
    down, across = series.pool
    columns = shape[-1] // len(series.gates)
    header = [f"{_text(gate)}/{across * place}" for gate in series.gates for place in range(columns)]
    rows = (
        [*plane, down * place, *(None if hidden else value for value, hidden in zip(*row, strict=True))]
        for plane, by_row, hidden_by_row in zip(
            planes, values.reshape(shape), masked.reshape(shape), strict=True
        )
        for place, row in enumerate(zip(map(_numbers, by_row), map(_numbers, hidden_by_row), strict=True))
    )
    arrays = {
        "step": np.array(wanted.step),
        "gates": np.array(series.gates),
        "planes": np.array(series.planes, np.str_),
        "pool": np.array(series.pool),
        "cells": values,
        "mask": masked,
    }
    return Table([*(["plane"] if series.planes else []), "row", *header], rows, arrays)


OF_KINDS = frozenset({"kind_statistics"})
"""What is of all series of a kind, not of one."""

TABLES: Mapping[str, Callable[[Request, Wanted], Table]] = {
    "statistics": statistics_table,
    "kind_statistics": kind_statistics_table,
    "histograms": histograms_table,
    "profiles": profiles_table,
    "heatmap": heatmap_table,
}
"""What can be exported."""


def as_csv(table: Table) -> bytes:
    """Comma-separated values in UTF-8; numbers are exact when they are read back as 64-bit floats."""
    written = io.BytesIO()
    with io.TextIOWrapper(written, "utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(table.header)
        cells = 0
        for row in table.rows:
            cells += len(row)
            if cells > _MOST_CSV_CELLS:
                raise errors.InvalidArgumentError(
                    f"it has more than {_MOST_CSV_CELLS} cells, too many for CSV: ask for npz or fewer"
                )
            writer.writerow(row)
        text.flush()
        return written.getvalue()


def as_npz(table: Table) -> bytes:
    """What `numpy.load` reads: numbers and texts, of which nothing is pickled."""
    written = io.BytesIO()
    # Older versions of NumPy would store an `allow_pickle` that they are given here.
    arrays: dict[str, Any] = dict(table.arrays)
    np.savez(written, **arrays)
    return written.getvalue()


FORMS: Mapping[str, Callable[[Table], bytes]] = {"csv": as_csv, "npz": as_npz}
"""By the ending of a file's name: how its content is made."""


def _statistics(gates: Sequence[str], snapshots: Sequence[Snapshot], first: Snapshot) -> Table:
    """The statistics of some snapshots of a series, at least one, and of its very first one."""
    logged, numbers_logged = named_numbers(snapshots)
    derived = derive(DERIVED, snapshots, first)
    names = [*logged, *derived]
    values = np.concatenate([numbers_logged, np.stack([*derived.values()], axis=2)], axis=2)
    # Without the snapshots themselves, which take far more room than what is written of them.
    moments = [(one.step, one.wall_time) for one in snapshots]
    rows = (
        [*moment, _text(gate), *numbers.tolist()]
        for moment, by_gate in zip(moments, values, strict=True)
        for gate, numbers in zip(gates, by_gate, strict=True)
    )
    arrays = {**_axes(snapshots, gates), "names": np.array(names), "values": values}
    return Table(["step", "wall_time", "gate", *names], rows, arrays)


def _numbers(row: npt.NDArray[Any]) -> list[Any]:
    """A row's numbers, or truths, as Python's own."""
    return list(row.tolist())


def _gates(request: Request, wanted: Wanted) -> Sequence[str]:
    listed = request.list_tensors(HISTOGRAMS_PLUGIN, wanted.run).get((wanted.run, wanted.series))
    if listed is None:
        raise errors.NotFoundError(f"run {wanted.run!r} has no series {wanted.series!r}")
    return facts_of(listed, wanted.run, wanted.series).gates


def _snapshots(request: Request, wanted: Wanted) -> list[Snapshot]:
    found = read_snapshots(request, wanted.run, wanted.series, wanted.steps)
    if not found:
        raise errors.NotFoundError(
            f"run {wanted.run!r}, series {wanted.series!r} has no step {_steps_text(wanted)}"
        )
    return found


def _steps_text(wanted: Wanted) -> str:
    return "in that part" if wanted.step is None else str(wanted.step)


def _first(request: Request, wanted: Wanted) -> Snapshot:
    """The series' very first snapshot, whether or not it is wanted."""
    return read_snapshots(request, wanted.run, wanted.series, Thinning(most=2))[0]


def _axes(snapshots: Sequence[Snapshot], gates: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    return {
        "steps": np.array([one.step for one in snapshots], np.int64),
        "wall_times": np.array([one.wall_time for one in snapshots]),
        "gates": np.array(gates),
    }


def _text(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name
