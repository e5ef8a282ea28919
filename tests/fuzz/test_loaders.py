"""Hostile series over HTTP: in both of TensorBoard's loaders, of which one is a server of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tests.fuzz.asked import Asked, about, about_all
from tests.fuzz.logged import honest_series
from tests.fuzz.oracle import check
from tests.fuzz.series import GOOD, OTHER_GOOD, Hostile, events_of, hostile_series
from tests.fuzz.served import Answer
from tests.plugin.client import Client
from tests.tensorboard_server import catalog_of, tensorboard, wait_for

_RUNS = 6
_SERIES = 6


def drawn(count: int) -> list[Hostile]:
    """So many hostile series, the same ones each time."""
    found: list[Hostile] = []
    # One of TensorBoard's loaders reads no file further than to an event without a time.
    with_times = hostile_series().filter(lambda one: not math.isnan(one.wall_time))

    @seed(1)
    @settings(
        max_examples=count, database=None, suppress_health_check=[*HealthCheck], phases=[Phase.generate]
    )
    @given(with_times)
    def collect(one: Hostile) -> None:
        found.append(one)

    collect()
    return found[:count]


@pytest.fixture(scope="module", params=["true", "false"])
def hostile_client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Client, dict[str, list[Hostile]]]]:
    """Runs of good series among bad ones, by one of TensorBoard's loaders."""
    logdir: Path = tmp_path_factory.mktemp("hostile")
    good = [one for one in honest_series() if one.tag in (GOOD, OTHER_GOOD)]
    bad = drawn(_RUNS * _SERIES)
    runs = {f"run-{place}": bad[place::_RUNS] for place in range(_RUNS)}
    for run, series in runs.items():
        file = EventFile(str(logdir / run))
        for event in events_of(good, series):
            file.write(event)
        file.close()
    with tensorboard(logdir, f"--load_fast={request.param}") as url:

        def is_there() -> bool:
            tags = [{one["tag"] for one in run["series"]} for run in catalog_of(url).values()]
            return len(tags) == _RUNS and all({GOOD, OTHER_GOOD} <= one for one in tags)

        wait_for(is_there, "all good series")
        yield Client(url), runs


def test_a_bad_series_hides_no_good_one_over_http(
    hostile_client: tuple[Client, dict[str, list[Hostile]]],
) -> None:
    client, runs = hostile_client
    for run, series in runs.items():
        for one in series:
            for asked in about(run, one.tag, GOOD, one.facts.get("kind", "weights")):
                _ask(client, asked)
        for asked in (*about_all(run), *about(run, GOOD, GOOD)):
            assert _ask(client, asked).status == 200, asked


def _ask(client: Client, asked: Asked) -> Answer:
    route, query = asked
    arguments: dict[str, Any] = {**query}
    answer = client.get(route, **arguments)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return check(Answer(str(asked), answer.status_code, headers, answer.content))
