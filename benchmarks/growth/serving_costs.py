"""How long TensorBoard's tabs, and ours, take to open, by the number of runs and of steps."""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser

from benchmarks import logs, table
from benchmarks.amounts import amount
from benchmarks.browser import chromium
from benchmarks.growth import openings
from benchmarks.growth.chart import Chart, Panel
from benchmarks.logs import GATES, Log
from benchmarks.tensorboard_process import (
    PLUGIN,
    IsThere,
    TensorBoard,
    has_histograms,
    has_rnnweights,
    tensorboard,
    wait_until_loaded,
)
from tensorboard_plugin_rnnweights import SummaryWriter
from tensorboard_plugin_rnnweights.summary import payload

SHAPE = Log(runs=3, layers=2, units=4, steps=1000, matrices=("kernel", "recurrent_kernel"), own_runs=1)
RUNS = (10, 40, 200)
STEPS = (100, 1000, 3000)
OPENINGS = 5
REQUESTS = 10
CHANGES = 3
_MOST_BYTES = 2**28
# 200 runs would be 5 GB of them.
MOST_HISTOGRAM_RUNS = 40

OURS, HISTOGRAMS_TAB = "rnnweights", "TensorBoard's Histograms tab"
OPENED, RECEIVED = "Tab opened until first picture", "Received until then"
SERIES, SERIES_RECEIVED = "Histograms of a matrix, all steps", "Received for them"
FIRST, UNCHANGED, CHANGED = "Catalog, first", "Catalog, nothing has changed", "Catalog, one run has changed"
_UNIT_OF = {OPENED: "s", RECEIVED: "B", SERIES: "s", SERIES_RECEIVED: "B"}

Measured = dict[str, float]
"""By measure, in seconds and bytes."""


@dataclass(frozen=True)
class Way:
    """A way to log histograms, and to look at them.

    Attributes:
        write: Writes a run.
        is_there: Whether a run is loaded.
        tab: Where people look at it.
        urls: What a tab asks for all histograms of one matrix of a run.
    """

    write: logs.WriteRun
    is_there: IsThere
    tab: openings.Tab
    urls: Callable[[str, str], list[tuple[str, dict[str, str]]]]


WAYS = {
    OURS: Way(
        logs.rnnweights,
        has_rnnweights,
        openings.OURS,
        lambda run, tag: [(f"{PLUGIN}/histograms", {"run": run, "tag": tag})],
    ),
    HISTOGRAMS_TAB: Way(
        logs.histograms,
        has_histograms,
        openings.HISTOGRAMS,
        lambda run, tag: [
            ("data/plugin/histograms/histograms", {"run": run, "tag": f"{tag}/{gate}"}) for gate in GATES
        ],
    ),
}


def found() -> Iterator[str | Chart]:
    """Measures, and gives what the page is to show."""
    by_runs = {runs: dataclasses.replace(SHAPE, runs=runs) for runs in RUNS}
    by_steps = {steps: dataclasses.replace(SHAPE, steps=steps) for steps in STEPS}
    yield from _sweep("runs", by_runs, f"Runs of {SHAPE.steps:,} steps")
    yield from _sweep("steps", by_steps, f"{SHAPE.runs} runs")


def _sweep(x: str, sizes: Mapping[int, Log], all_have: str) -> Iterator[str | Chart]:
    measured: dict[str, dict[int, Measured]] = {}
    catalogs: dict[int, Measured] = {}
    for size, log in sizes.items():
        for name, way in WAYS.items():
            if name == OURS or log.runs <= MOST_HISTOGRAM_RUNS:
                print(f"{log.runs} runs x {log.steps:,} steps: {name}", file=sys.stderr)
                measured.setdefault(name, {})[size] = _measured(way, log, catalogs.setdefault(size, {}))
    yield Chart(
        f"opening-by-{x}",
        f"How long our tab and TensorBoard's Histograms tab take to open, and what they receive, by {x}",
        [*WAYS],
        [Panel(title, x, _UNIT_OF[title], _lines(title, measured)) for title in (OPENED, RECEIVED)],
    )
    yield table.of_groups(
        [f"{size:,} {x}" for size in sizes],
        {title: table.beside_ours(OURS, _lines(title, measured), unit) for title, unit in _UNIT_OF.items()}
        | {"Our catalog": _catalog_rows(catalogs)},
    )
    yield (
        f"{all_have} with {SHAPE.series} series of {len(GATES)} gates, in TensorBoard's default "
        f"loader once it has loaded all; medians of {OPENINGS} openings, each by a browser that has never "
        f"opened that tab, with TensorBoard's own page there already, and of {REQUESTS} requests."
    )


def _measured(way: Way, log: Log, catalog: Measured) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        logs.write(log, Path(folder), [way.write])
        with tensorboard(folder, "true", "--reload_interval=1") as board, chromium() as browser:
            wait_until_loaded(board, log, [way.is_there])
            if way.tab is openings.OURS:
                catalog[FIRST], body = _asked(board, f"{PLUGIN}/catalog", {})
                catalog[f"{FIRST}, bytes"] = len(body)
            measured = _opened(browser, board, way.tab) | _series(board, log, way)
            if way.tab is openings.OURS:
                catalog |= _catalog_again(board, log, Path(folder))
    return measured


def _opened(browser: Browser, board: TensorBoard, tab: openings.Tab) -> Measured:
    all_openings = []
    for _ in range(OPENINGS):
        with openings.opened(browser, board.url, tab) as opening:
            all_openings.append(opening)
    return {
        OPENED: statistics.median(one.seconds for one in all_openings),
        RECEIVED: statistics.median(one.received for one in all_openings),
    }


def _series(board: TensorBoard, log: Log, way: Way) -> Measured:
    urls = way.urls(log.run_names[-1], log.last_tag)
    taken = [[_asked(board, *url) for url in urls] for _ in range(REQUESTS)]
    return {
        SERIES: statistics.median(sum(seconds for seconds, _ in answers) for answers in taken),
        SERIES_RECEIVED: sum(len(body) for _, body in taken[0]),
    }


def _catalog_again(board: TensorBoard, log: Log, folder: Path) -> Measured:
    """What the catalog costs a client that has it."""
    version = board.get(f"{PLUGIN}/catalog").json()["version"]
    again = [_asked(board, f"{PLUGIN}/catalog", {"since": version}) for _ in range(REQUESTS)]
    changed = []
    with SummaryWriter(folder / log.run_names[0], updates=False) as writer:
        for further in range(log.steps, log.steps + CHANGES):
            for step, kind, tensors in log.tensors(0, [further]):
                writer.add_tensors(tensors, kind, step)
            writer.flush()
            changed.append(_until_changed(board, version))
            version = _version(changed[-1][1])
    return {
        UNCHANGED: statistics.median(seconds for seconds, _ in again),
        f"{UNCHANGED}, bytes": len(again[0][1]),
        CHANGED: statistics.median(seconds for seconds, _ in changed),
        f"{CHANGED}, bytes": statistics.median(len(body) for _, body in changed),
    }


def _until_changed(board: TensorBoard, version: str) -> tuple[float, bytes]:
    """Asks what has changed until something has; gives what that answer took, and its body."""
    while True:
        seconds, body = _asked(board, f"{PLUGIN}/catalog", {"since": version})
        if _version(body) != version:
            return seconds, body
        time.sleep(0.2)


def _version(body: bytes) -> str:
    return str(json.loads(payload.decompress(body, _MOST_BYTES))["version"])


def _asked(board: TensorBoard, route: str, arguments: Mapping[str, Any]) -> tuple[float, bytes]:
    """The seconds that an answer takes, and its body as it is sent to a browser."""
    start = time.perf_counter()
    with requests.get(
        f"{board.url}/{route}",
        params=arguments,
        headers={"Accept-Encoding": "gzip, deflate, br, zstd"},
        stream=True,
        timeout=60,
    ) as answer:
        answer.raise_for_status()
        body = answer.raw.read(decode_content=False)
    return time.perf_counter() - start, body


def _lines(title: str, measured: Mapping[str, Mapping[int, Measured]]) -> dict[str, dict[int, float]]:
    return {name: {size: one[title] for size, one in of_way.items()} for name, of_way in measured.items()}


def _catalog_rows(catalogs: Mapping[int, Measured]) -> table.Rows:
    return {
        title: [
            f"{amount(one[title], 's')}, {amount(one[f'{title}, bytes'], 'B')}" for one in catalogs.values()
        ]
        for title in (FIRST, UNCHANGED, CHANGED)
    }
