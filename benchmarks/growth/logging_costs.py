"""How the cost of logging grows with an LSTM's units, and with the number of snapshots."""

from __future__ import annotations

import itertools
import math
import statistics
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks import table
from benchmarks.folders import bytes_in
from benchmarks.growth.chart import Chart, Panel
from benchmarks.growth.ways_to_log import EACH_GATE, FEATURES, OURS, TORCH, WAYS, Layers
from benchmarks.paired import Cost, in_turn

UNITS = (32, 64, 128, 256, 512, 1024)
ROUNDS = 15
SECONDS = 5

LONG_UNITS = 64
SNAPSHOTS = (100, 300, 1000)
LONG_WAYS = (OURS, EACH_GATE, TORCH)

HELD, PROCESSORS = "Training thread held", "Processor time, all threads"
ON_DISK, ON_DISK_IN_ALL = "On disk, a snapshot", "On disk, in all"
_UNIT_OF = {HELD: "s", PROCESSORS: "s", ON_DISK: "B", ON_DISK_IN_ALL: "B"}

Sweep = dict[str, dict[str, dict[int, float]]]
"""What was measured: by measure, way to log, and size."""


@dataclass(frozen=True)
class Logged:
    """What one way to log has taken until now.

    Attributes:
        costs: Of each snapshot, without the first, which finds everything cold.
        written: The bytes of all.
    """

    costs: list[Cost]
    written: int

    def times(self, average: Callable[[Iterable[float]], float]) -> dict[str, float]:
        """Of a snapshot, in seconds."""
        return {
            HELD: average(cost.held for cost in self.costs) / 1e3,
            PROCESSORS: average(cost.cpu for cost in self.costs) / 1e3,
        }


def found() -> Iterator[str | Chart]:
    """Measures, and gives what the page is to show."""
    yield from _by_units()
    yield from _by_snapshots()


def _by_units() -> Iterator[str | Chart]:
    logged = {}
    for units in UNITS:
        print(f"LSTM({units}), {ROUNDS} snapshots", file=sys.stderr)
        [logged[units]] = logging(tuple(WAYS), units, (ROUNDS,), SECONDS)
    sweep = _sweep(
        logged, lambda one: one.times(statistics.median) | {ON_DISK: one.written / (len(one.costs) + 1)}
    )
    yield _chart(
        "logging-by-units",
        "What one snapshot costs by the units of an LSTM, for six ways to log it",
        "units of the LSTM",
        sweep,
    )
    yield _table(sweep, [f"{units:,} units" for units in UNITS])
    yield (
        f"One snapshot of weights and gradients of LSTM(units) on {FEATURES} inputs; in parentheses, times "
        f"ours. {_rounds(logged.values())}"
    )


def _by_snapshots() -> Iterator[str | Chart]:
    print(f"LSTM({LONG_UNITS}), {SNAPSHOTS[-1]} snapshots", file=sys.stderr)
    logged = dict(zip(SNAPSHOTS, logging(LONG_WAYS, LONG_UNITS, SNAPSHOTS), strict=True))
    sweep = _sweep(logged, lambda one: one.times(statistics.fmean) | {ON_DISK_IN_ALL: one.written})
    yield _chart(
        "logging-by-snapshots",
        "What a snapshot costs on average, and what all take on disk, by their number, for three ways",
        "snapshots",
        sweep,
    )
    yield _table(sweep, [f"{snapshots:,} snapshots" for snapshots in SNAPSHOTS])
    yield (
        f"The mean time of a snapshot of weights and gradients of LSTM({LONG_UNITS}) on {FEATURES} inputs, "
        "and the bytes of all of them; heatmaps by the default schedule."
    )


def logging(
    names: Sequence[str], units: int, stops: Sequence[int], seconds: float = math.inf
) -> Iterator[dict[str, Logged]]:
    """Logs a drifting LSTM in some ways in turn; gives what each has taken until each of the stops.

    Args:
        names: The ways.
        units: The LSTM's.
        stops: Numbers of snapshots.
        seconds: For how long each way may log; those that have get no further snapshots.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        layers = Layers(units)
        folders = {name: Path(folder, name) for name in names}
        contenders = {name: opened.enter_context(WAYS[name](layers, folders[name])) for name in names}
        costs: dict[str, list[Cost]] = {name: [] for name in names}
        rounds = in_turn(contenders, seconds)
        for before, stop in itertools.pairwise((0, *stops)):
            for of_round in itertools.islice(rounds, stop - before):
                for name, cost in of_round.items():
                    costs[name].append(cost)
                layers.drift()
            yield {name: Logged([*costs[name]], bytes_in(folders[name])) for name in names}


def _sweep(
    logged: Mapping[int, Mapping[str, Logged]], numbers: Callable[[Logged], dict[str, float]]
) -> Sweep:
    sweep: Sweep = {}
    for size, ways in logged.items():
        for name, one in ways.items():
            for measure, number in numbers(one).items():
                sweep.setdefault(measure, {}).setdefault(name, {})[size] = number
    return sweep


def _rounds(logged: Collection[Mapping[str, Logged]]) -> str:
    """Of how many rounds the medians are."""
    fewest = {name: min(len(ways[name].costs) for ways in logged) for name in WAYS}
    fewer = ", ".join(f"{count} of {name}" for name, count in fewest.items() if count < ROUNDS)
    capped = f", or of as many as begin within {SECONDS} s: at the fewest {fewer}" if fewer else ""
    return f"Medians of {ROUNDS} rounds{capped}."


def _chart(name: str, description: str, x: str, sweep: Sweep) -> Chart:
    panels = [Panel(measure, x, _UNIT_OF[measure], lines) for measure, lines in sweep.items()]
    return Chart(name, description, [*WAYS], panels)


def _table(sweep: Sweep, headings: Sequence[str]) -> str:
    return table.of_groups(
        headings,
        {measure: table.beside_ours(OURS, lines, _UNIT_OF[measure]) for measure, lines in sweep.items()},
    )
