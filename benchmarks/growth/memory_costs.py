"""What a real TensorBoard takes in memory: with our series, with histograms, with neither."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import logs, table
from benchmarks.amounts import amount
from benchmarks.browser import chromium
from benchmarks.folders import bytes_in
from benchmarks.growth import openings
from benchmarks.growth.chart import Chart
from benchmarks.logs import SCALARS, Log
from benchmarks.tensorboard_process import (
    IsThere,
    has_histograms,
    has_rnnweights,
    has_scalars,
    tensorboard,
    wait_until_loaded,
)

LOG = Log(runs=20, layers=1, units=64, steps=1000, own_runs=1)
LOADERS = {"true": "default loader", "false": "`--load_fast=false`"}
SECONDS_LOOKED_AT = 10
ON_DISK, LOADED, LOOKED_AT = "on disk", "loaded", f"its tab open for {SECONDS_LOOKED_AT} s"


@dataclass(frozen=True)
class Case:
    """What is logged, and who serves it.

    Attributes:
        ways: What writes a run, and whether it is loaded.
        tab: What is opened, if anything.
        module: What serves.
    """

    ways: dict[logs.WriteRun, IsThere]
    tab: openings.Tab | None = None
    module: str = "tensorboard.main"


_SCALARS: dict[logs.WriteRun, IsThere] = {logs.scalars: has_scalars}

CASES = {
    "scalars, without this plugin": Case(_SCALARS, module="benchmarks.without_plugin"),
    "scalars": Case(_SCALARS),
    "scalars, and what rnnweights logs": Case({**_SCALARS, logs.rnnweights: has_rnnweights}, openings.OURS),
    "scalars, and `tf.summary.histogram`": Case(
        {**_SCALARS, logs.histograms: has_histograms}, openings.HISTOGRAMS
    ),
}


def found() -> Iterator[str | Chart]:
    """Measures, and gives what the page is to show."""
    rows = {}
    for name, case in CASES.items():
        print(f"{LOG.runs} runs x {LOG.steps:,} steps: {name}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            logs.write(LOG, Path(folder), [*case.ways])
            cells = [amount(bytes_in(Path(folder)), "B")]
            for loader in LOADERS:
                cells += _memory(folder, loader, case)
        rows[name] = cells
    headings = [f"{loader}, {when}" for loader in LOADERS.values() for when in (LOADED, LOOKED_AT)]
    yield table.of_rows([ON_DISK, *headings], rows)
    yield (
        f"Memory that TensorBoard's processes have for themselves. {LOG.runs} runs x {LOG.steps:,} steps "
        f"of {len(SCALARS)} scalars, and of {LOG.series} matrices of LSTM({LOG.units}), weights and "
        "gradients."
    )


def _memory(folder: str, loader: str, case: Case) -> list[str]:
    with tensorboard(folder, loader, module=case.module) as board:
        wait_until_loaded(board, LOG, [*case.ways.values()])
        loaded = amount(board.memory, "B")
        if case.tab is None:
            return [loaded, ""]
        with chromium() as browser, openings.opened(browser, board.url, case.tab):
            time.sleep(SECONDS_LOOKED_AT)
            return [loaded, amount(board.memory, "B")]
