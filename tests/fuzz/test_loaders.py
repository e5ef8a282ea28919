"""Hostile series over HTTP: in both of TensorBoard's loaders, of which one is a server of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, seed, settings

from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tests.fuzz.asked import about, about_all
from tests.fuzz.logged import honest_series
from tests.fuzz.oracle import check
from tests.fuzz.series import GOOD, OTHER_GOOD, Hostile, events_of, hostile_series
from tests.fuzz.served import Answer
from tests.plugin.client import Client
from tests.tensorboard_server import catalog_of, tensorboard, wait_for

_RUNS = 8
_SERIES = 8


def drawn(count: int) -> list[Hostile]:
    """So many hostile series, the same ones each time."""
    found: list[Hostile] = []

    @seed(1)
    @settings(
        max_examples=count, database=None, suppress_health_check=[*HealthCheck], phases=[Phase.generate]
    )
    @given(hostile_series())
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
            for route, query in about(run, one.tag, GOOD, one.facts.get("kind", "weights")):
                answer = client.get(route, **query)
                check(_as_answer(route, answer))
        for route, query in (*about_all(run), *about(run, GOOD, GOOD)):
            answer = client.get(route, **query)
            check(_as_answer(route, answer))
            assert answer.status_code == 200, (route, query, answer.text[:400])


def _as_answer(route: str, answer: requests.Response) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(route, answer.status_code, headers, answer.content)
