"""A real TensorBoard in this very process, so that a request takes a tenth of a millisecond, not ten."""

from __future__ import annotations

import argparse
import io
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tensorboard.backend import application
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer

from tensorboard_plugin_rnnweights.plugin.loader import SAMPLES_PER_PLUGIN, RNNWeightsLoader

PREFIX = "/data/plugin/rnnweights/"

Query = Mapping[str, str | int | Sequence[str]]


class _Warnings(logging.Handler):
    """Keeps what TensorBoard's validator of headers warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        # TensorBoard says that of every path that is no route.
        if "not found, sending 404" not in text:
            self.texts.append(text)


_warnings = _Warnings()
logging.getLogger("tensorboard").addHandler(_warnings)


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        asked: The route and the query, as they stand in a URL.
        status: The HTTP status.
        headers: The headers, their names in lower case.
        body: The body as it was sent.
        warnings: What TensorBoard's own validator said of the headers.
    """

    asked: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    warnings: Sequence[str] = ()

    @property
    def metadata(self) -> dict[str, Any]:
        """What stands in the `__metadata__` of a body that is safetensors."""
        found: dict[str, Any] = self._header["__metadata__"]
        return found

    @property
    def said(self) -> tuple[Any, ...]:
        """What is the same for all answers that say the same: safetensors have metadata in any order."""
        if self.status != 200 or self.body[8:9] != b"{":
            return self.status, self.body
        return self.status, self._header, self.body[8 + self._size :]

    @property
    def _size(self) -> int:
        return int.from_bytes(self.body[:8], "little")

    @property
    def _header(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body[8 : 8 + self._size])
        return found


class Served:
    """A logdir with our routes, behind all of TensorBoard's own middleware.

    Args:
        logdir: The logdir, which is read once.
    """

    def __init__(self, logdir: Path) -> None:
        runs = EventMultiplexer(tensor_size_guidance=SAMPLES_PER_PLUGIN)
        runs.AddRunsFromDirectory(str(logdir))
        runs.Reload()
        flags = argparse.Namespace(
            logdir=str(logdir), samples_per_plugin={}, path_prefix="", window_title="", generic_data="true"
        )
        self._application = application.TensorBoardWSGIApp(
            flags, [RNNWeightsLoader()], MultiplexerDataProvider(runs, str(logdir))
        )

    def get(self, route: str, query: Query | None = None, **headers: str) -> Answer:
        """Asks one of our routes; headers are named as WSGI does, such as `HTTP_ACCEPT_ENCODING`."""
        return self.ask(route, urlencode(query or {}, doseq=True), **headers)

    def ask(self, route: str, raw_query: str, **headers: str) -> Answer:
        """Asks with a query as it stands in a URL, or would never stand in one."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, sent: list[tuple[str, str]], _: Any = None) -> None:
            started.append((status, sent))

        _warnings.texts.clear()
        body = b"".join(self._application(_environ(route, raw_query, headers), start))
        (status, sent), *_ = started
        found = {name.lower(): value for name, value in sent}
        return Answer(f"{route}?{raw_query}", int(status.split()[0]), found, body, tuple(_warnings.texts))


def _environ(route: str, raw_query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": PREFIX + route,
        "QUERY_STRING": raw_query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **headers,
    }
