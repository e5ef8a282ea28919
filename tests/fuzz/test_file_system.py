"""Nothing in a request reaches the file system: Python tells of each file that is opened or made."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import given, settings

from tests.fuzz.neighbours import Around
from tests.fuzz.requests import hostile_requests
from tests.fuzz.served import Served
from tests.fuzz.targets import everything

_EVENTS = (
    "open",
    "os.",
    "shutil.",
    "subprocess.",
    "pathlib.",
    "glob.",
    "socket.",
    "import",
    "exec",
    "compile",
)
_PATHS = (
    "static/index.js",
    "static/../../../../../../etc/passwd",
    "static/%2e%2e/%2e%2e/etc/passwd",
    "static//etc/passwd",
    "static/..\\..\\windows",
    "static/\x00",
    "static/" + "a/" * 2000,
)

_noted: list[tuple[str, Any]] = []
_is_noting = False


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    # A hook can't be taken out again.
    if _is_noting and event.startswith(_EVENTS):
        _noted.append((event, arguments[:2]))


sys.addaudithook(_note)


@contextmanager
def _watched() -> Iterator[list[tuple[str, Any]]]:
    global _is_noting
    _noted.clear()
    _is_noting = True
    try:
        yield _noted
    finally:
        _is_noting = False


@contextmanager
def _untouched() -> Iterator[None]:
    with _watched() as noted:
        yield
        found = list(noted)
    assert found == []


def test_the_watch_sees_what_it_should() -> None:
    with _watched() as noted:
        open(__file__).close()  # noqa: PTH123
        found = [event for event, _ in noted]
    assert "open" in found


def test_paths_are_names_in_a_fixed_table(everything: Served) -> None:
    # TensorBoard imports the rest of itself once it is needed.
    everything.get("nothing")
    everything.get("histograms")
    with _untouched():
        statuses = [everything.ask(path, "").status for path in _PATHS]
    assert statuses == [200, *[404] * (len(_PATHS) - 1)]


def test_no_request_touches_a_file() -> None:
    server = everything()
    # What is imported, or made, at the first request of all.
    for _ in range(2):
        server.get("catalog", HTTP_ACCEPT_ENCODING="gzip")
        server.get(
            "export", {"format": "csv", "what": "statistics", "run": "run", "tag": "weights/lstm/kernel"}
        )
        server.get(
            "export", {"format": "npz", "what": "statistics", "run": "run", "tag": "weights/lstm/kernel"}
        )

    @settings(max_examples=150)
    @given(hostile_requests())
    def untouched(asked: Any) -> None:
        for one in Around(asked, 0).one.around(0, 7):
            with _untouched():
                server.ask(one.route, one.raw_query, **one.headers)

    untouched()
