"""`openapi.json` describes the routes as they are, and they answer as it says to all of Schemathesis."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib import resources
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS
from tensorboard.plugins.base_plugin import TBContext
from werkzeug import wrappers
from werkzeug.datastructures import ImmutableMultiDict

from tensorboard_plugin_rnnweights.plugin.answers.export import FORMS, TABLES
from tensorboard_plugin_rnnweights.plugin.plugin import RNNWeightsPlugin
from tests.fuzz.oracle import STATUSES
from tests.fuzz.served import Served
from tests.fuzz.targets import everything
from tests.plugin import logs
from tests.plugin.client import Client

FOLDER = resources.files("tensorboard_plugin_rnnweights") / "plugin"
DESCRIPTION: dict[str, Any] = json.loads((FOLDER / "openapi.json").read_text())
# Requests of each route; `RNNWEIGHTS_SCHEMATHESIS` is another number.
EXAMPLES = int(os.environ.get("RNNWEIGHTS_SCHEMATHESIS", "25"))

# What makes each route answer with 200, beside what all need.
RUN = "run"
VALUES: Mapping[str, str] = {
    "run": RUN,
    "other_run": RUN,
    "tag": logs.KERNEL,
    "other_tag": logs.KERNEL,
    "kind": "weights",
    "step": "5",
    "other_step": "5",
    "from": "0",
    "to": "10",
    "most": "2",
    "names": "mean",
    "rule": "dead_units",
    "threshold": "0.5",
    "gate": "forget",
    "bins": "8",
    "since": "a.1",
    "format": "csv",
    "what": "statistics",
}

schema = schemathesis.openapi.from_dict(DESCRIPTION)


def parameters(route: str) -> list[dict[str, Any]]:
    """What a route's query may hold."""
    found = DESCRIPTION["components"]["parameters"]
    listed = DESCRIPTION["paths"][route]["get"]["parameters"]
    resolved = [found[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in listed]
    return [one for one in resolved if one["in"] == "query"]


ROUTES = [route for route in DESCRIPTION["paths"] if parameters(route)]


class _Noting(ImmutableMultiDict[str, str]):
    """A query that notes what is looked for in it."""

    noted: set[str] = set()  # noqa: RUF012

    def __getitem__(self, key: str) -> str:
        self.noted.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.noted.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, *further: Any) -> Any:
        self.noted.add(key)
        return super().getlist(key, *further)


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of all arguments that the routes look for."""
    monkeypatch.setattr(wrappers.Request, "parameter_storage_class", _Noting)
    _Noting.noted.clear()
    return _Noting.noted


@pytest.fixture(scope="module")
def server() -> Served:
    return everything()


def test_it_describes_every_route_and_no_other() -> None:
    routes = RNNWeightsPlugin(TBContext()).get_plugin_apps()
    assert {*routes} == {route.replace("{file}", "*") for route in DESCRIPTION["paths"]}


@pytest.mark.parametrize("route", ROUTES)
def test_it_names_every_argument_that_a_route_looks_for_and_no_other(
    route: str, server: Served, noted: set[str]
) -> None:
    named = {one["name"] for one in parameters(route)}
    query = {name: VALUES[name] for name in named & VALUES.keys()}
    for what in TABLES:
        asked = {**query, **({"what": what} if "what" in named else {})}
        assert server.get(route[1:], asked).status == 200, asked
    # TensorBoard itself looks for this one.
    assert noted - {"tensorBoardFeatureFlags"} == named


@pytest.mark.parametrize("route", ROUTES)
def test_what_it_calls_needed_is_needed_and_nothing_else_is(route: str, server: Served) -> None:
    for one in parameters(route):
        query = {each["name"]: VALUES[each["name"]] for each in parameters(route) if each["name"] in VALUES}
        query.pop(one["name"], None)
        is_alternative = route == "/export" and one["name"] == "tag"
        expected = 400 if one["required"] or is_alternative else 200
        assert server.get(route[1:], query).status == expected, (route, one["name"])


def test_it_names_all_choices_and_statuses() -> None:
    named = DESCRIPTION["components"]["parameters"]
    assert named["what"]["schema"]["enum"] == [*TABLES]
    assert named["format"]["schema"]["enum"] == named["optional_format"]["schema"]["enum"] == [*FORMS]
    statuses = {
        int(status) for route in DESCRIPTION["paths"].values() for status in route["get"]["responses"]
    }
    assert statuses == STATUSES


def test_it_is_a_valid_description_of_openapi() -> None:
    assert DESCRIPTION["openapi"].startswith("3.1")
    assert sum(1 for _ in schema.get_all_operations()) == len(DESCRIPTION["paths"])


def test_the_documentation_links_it() -> None:
    assert "(openapi.json)" in (FOLDER / "http_api.md").read_text()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[*HealthCheck],
)
def test_every_route_answers_as_described(case: Any, client: Client) -> None:
    # Two lists of one length, and a run that is there, are more than a description can ask for.
    excluded = CHECKS.get_by_names(["positive_data_acceptance"])
    case.call_and_validate(base_url=f"{client.url}/data/plugin/rnnweights", excluded_checks=excluded)
