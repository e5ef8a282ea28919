"""What one answer takes in memory, at most, however little the data look: what `SECURITY.md` states."""

from __future__ import annotations

import json
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from tensorboard_plugin_rnnweights.plugin.logged.cells import MOST_BYTES
from tensorboard_plugin_rnnweights.rnn.kinds import WEIGHTS
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.metadata import (
    FORMAT_VERSION,
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
)
from tests.fuzz.oracle import check
from tests.fuzz.series import GOOD, RUN, Hostile, events_of
from tests.fuzz.served import Served
from tests.fuzz.test_found import bad
from tests.plugin import logs

LIMIT = 3 * 2**29
"""Bytes: 1.5 GiB."""

STEPS = 200


@contextmanager
def served(*series: Hostile) -> Iterator[Served]:
    with tempfile.TemporaryDirectory() as folder:
        file = EventFile(str(Path(folder) / RUN))
        for event in events_of([], series):
            file.write(event)
        file.close()
        # What is on disk is little.
        size = sum(one.stat().st_size for one in Path(folder).rglob("*") if one.is_file())
        assert size < 2**23
        yield Served(Path(folder))


def peak(ask: Callable[[], Any]) -> int:
    """The bytes that were taken while something was asked, at most."""
    tracemalloc.start()
    try:
        ask()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def bomb_of_snapshots(keys: int) -> Hostile:
    """Snapshots of very many bins: zeros, of which zstandard makes next to nothing."""
    made = bad(GOOD)
    arrays = {
        "statistics": np.ones((4, 10)),
        "offsets": np.array([0, keys, keys, keys, keys]),
        "keys": np.zeros(keys, np.uint16),
        "counts": np.ones(keys, np.uint32),
    }
    frame = logs.texts(payload.compress(payload.encode(arrays)), is_sequence=False)
    made.parts = {HISTOGRAMS_PLUGIN: dict.fromkeys(range(STEPS), frame)}
    return made


def bomb_of_cells(rows: int, columns: int) -> Hostile:
    """One heatmap of very many zeros, which its metadata say are there."""
    made = bad(GOOD)
    facts = {**made.facts, "rows": rows, "row_shape": [rows], "columns": columns // 4}
    made.told = json.dumps({"format_version": FORMAT_VERSION, **facts}).encode()
    cells = np.zeros((rows, columns), ml_dtypes.bfloat16)
    frame = logs.texts(payload.compress(payload.encode({"cells": cells})), is_sequence=True)
    made.parts = {HEATMAPS_PLUGIN: {5: frame}}
    return made


def names_without_end() -> Hostile:
    """Snapshots of a hundred thousand empty arrays."""
    made = bad(GOOD)
    header = {
        f"measure/a{place}": {"dtype": "U16", "shape": [0], "data_offsets": [0, 0]}
        for place in range(10**5)
    }
    text = json.dumps(header).encode()
    frame = logs.texts(payload.compress(len(text).to_bytes(8, "little") + text), is_sequence=False)
    made.parts = {HISTOGRAMS_PLUGIN: {0: frame}}
    return made


@pytest.mark.parametrize("keys", [2**17, 2**21])
def test_snapshots_that_are_far_larger_than_they_look(keys: int) -> None:
    one = {"run": RUN, "tag": GOOD}
    with served(bomb_of_snapshots(keys)) as server:
        for route, query in (
            ("histograms", one),
            ("statistics", {"run": RUN, "kind": WEIGHTS, "names": "robust_magnitude"}),
            ("export", {"run": RUN, "kind": WEIGHTS, "format": "csv", "what": "kind_statistics"}),
            ("distances", {**one, "other_run": RUN, "other_tag": GOOD}),
        ):
            taken = peak(lambda route=route, query=query: check(server.get(route, query)))  # type: ignore[misc]
            assert taken < LIMIT, (route, taken)


def test_heatmaps_that_are_far_larger_than_they_look() -> None:
    one: dict[str, str | int] = {"run": RUN, "tag": GOOD, "step": 5}
    rows = (MOST_BYTES // 2 - 64) // 2**13
    with served(bomb_of_cells(rows, 2**13)) as server:
        for route, query in (
            ("export", {**one, "what": "heatmap", "format": "npz"}),
            ("joint", {**one, "other_tag": GOOD, "gate": "forget"}),
            ("differences", {**one, "other_run": RUN, "other_tag": GOOD}),
        ):
            taken = peak(lambda route=route, query=query: check(server.get(route, query)))  # type: ignore[misc]
            assert taken < LIMIT, (route, query, taken)
    with served(bomb_of_cells(2 * rows, 2**13)) as server:
        answer = check(server.get("heatmap", one))
        assert (answer.status, b"are allowed" in answer.body) == (400, True)
        untouched = check(server.get("heatmap", one, HTTP_ACCEPT_ENCODING="zstd"))
        assert (untouched.status, len(untouched.body) < 2**20) == (200, True)


def test_names_without_end() -> None:
    with served(names_without_end()) as server:
        assert peak(lambda: check(server.get("histograms", {"run": RUN, "tag": GOOD}))) < 2**26
