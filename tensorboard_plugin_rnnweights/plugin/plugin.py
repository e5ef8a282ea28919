"""The plugin as TensorBoard sees it: its tab, and its routes.

Each route is a pure function of its own file, which raises TensorBoard's public errors, and a method
here that speaks HTTP for it. See `http_api.md`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tensorboard import errors, plugin_util
from tensorboard.backend import http_util
from tensorboard.data.grpc_provider import GrpcDataProvider
from tensorboard.plugins import base_plugin
from werkzeug import wrappers

from tensorboard_plugin_rnnweights.plugin import arguments
from tensorboard_plugin_rnnweights.plugin.answers.catalog import Catalog
from tensorboard_plugin_rnnweights.plugin.answers.changes import changes
from tensorboard_plugin_rnnweights.plugin.answers.differences import differences
from tensorboard_plugin_rnnweights.plugin.answers.distances_over_steps import distances_over_steps
from tensorboard_plugin_rnnweights.plugin.answers.export import (
    FORMS,
    OF_KINDS,
    TABLES,
    Wanted,
    changes_table,
    export,
    file_name,
    name_of,
)
from tensorboard_plugin_rnnweights.plugin.answers.findings import findings
from tensorboard_plugin_rnnweights.plugin.answers.histograms import histograms
from tensorboard_plugin_rnnweights.plugin.answers.joint import joint
from tensorboard_plugin_rnnweights.plugin.answers.json_text import as_json
from tensorboard_plugin_rnnweights.plugin.answers.profiles import profiles
from tensorboard_plugin_rnnweights.plugin.answers.statistics import statistics
from tensorboard_plugin_rnnweights.plugin.computed.pairs import Compared
from tensorboard_plugin_rnnweights.plugin.logged.cells import MOST_BYTES
from tensorboard_plugin_rnnweights.plugin.logged.heatmap import heatmap
from tensorboard_plugin_rnnweights.plugin.logged.memory import Memory
from tensorboard_plugin_rnnweights.plugin.logged.nudges import Nudges
from tensorboard_plugin_rnnweights.plugin.logged.records import Request
from tensorboard_plugin_rnnweights.plugin.static_files import static_files
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN, NOTICES_PLUGIN

_BINARY = "application/octet-stream"
_JSON = "application/json"
_CONTENT_TYPES = {"csv": "text/csv", "npz": _BINARY}
_YEAR = 365 * 24 * 60 * 60
# What a client may be sent to decompress by itself.
_MAX_HEATMAP_BYTES = 2**31
# Room for 60 series of 1000 steps of LSTM(64), as they were logged.
_BYTES_REMEMBERED = 2**28
# As many as a wide screen has room for, twice.
_STEPS_OF_STATISTICS = 500
# At least, at most, and if nothing is said.
_BINS = 8, 128, 48

Answer = Callable[[wrappers.Request], wrappers.Response]


class RNNWeightsPlugin(base_plugin.TBPlugin):
    """Serves what `SummaryWriter` wrote to the tab."""

    plugin_name = "rnnweights"

    def __init__(self, context: base_plugin.TBContext) -> None:
        self._provider = context.data_provider
        self._nudges = Nudges() if isinstance(self._provider, GrpcDataProvider) else None
        self._memory = Memory(_BYTES_REMEMBERED)
        self._catalog = Catalog()
        self._static_files = static_files()

    def get_plugin_apps(self) -> Mapping[str, Any]:
        """Our routes."""
        return {
            "/catalog": _route(self._serve_catalog),
            "/statistics": _route(self._serve_statistics),
            "/histograms": _route(self._serve_histograms),
            "/profiles": _route(self._serve_profiles),
            "/findings": _route(self._serve_findings),
            "/changes": _route(self._serve_changes),
            "/distances": _route(self._serve_distances),
            "/differences": _route(self._serve_differences),
            "/joint": _route(self._serve_joint),
            "/export": _route(self._serve_export),
            "/heatmap": _route(self._serve_heatmap),
            "/static/*": _route(self._serve_static),
        }

    def is_active(self) -> bool:
        """Left to TensorBoard, which knows which plugin names have data: see `data_plugin_names`."""
        return False

    def data_plugin_names(self) -> tuple[str, ...]:
        """The plugin names whose data make the tab active."""
        return HISTOGRAMS_PLUGIN, NOTICES_PLUGIN

    def frontend_metadata(self) -> base_plugin.FrontendMetadata:
        """The tab's name and its module."""
        return base_plugin.FrontendMetadata(es_module_path="/static/index.js", tab_name="RNN Weights")

    def _serve_catalog(self, request: wrappers.Request) -> wrappers.Response:
        version, plain = self._catalog.of(self._whose(request), request.args.get("since"))
        return _conditional(request, _compressed(request, plain, _JSON), version)

    def _serve_statistics(self, request: wrappers.Request) -> wrappers.Response:
        run, kind = arguments.text(request, "run"), arguments.text(request, "kind")
        tags, names = request.args.getlist("tag"), arguments.words(request, "names")
        thinning = arguments.thinning(request, _STEPS_OF_STATISTICS)
        plain = statistics(self._whose(request), run, kind, tags, names, thinning)
        return _compressed(request, plain, _BINARY)

    def _serve_histograms(self, request: wrappers.Request) -> wrappers.Response:
        run, tag = arguments.text(request, "run"), arguments.text(request, "tag")
        plain = histograms(self._whose(request), run, tag, arguments.thinning(request))
        return _compressed(request, plain, _BINARY)

    def _serve_profiles(self, request: wrappers.Request) -> wrappers.Response:
        run, tag = arguments.text(request, "run"), arguments.text(request, "tag")
        return _compressed(request, profiles(self._whose(request), run, tag), _BINARY)

    def _serve_findings(self, request: wrappers.Request) -> wrappers.Response:
        run = arguments.text(request, "run")
        thresholds = arguments.numbers_by_name(request, "rule", "threshold")
        return _compressed(request, as_json(findings(self._whose(request), run, thresholds)), _JSON)

    def _serve_changes(self, request: wrappers.Request) -> wrappers.Response:
        run, other_run = arguments.text(request, "run"), arguments.text(request, "other_run")
        step, other_step = arguments.whole(request, "step"), arguments.whole(request, "other_step")
        pairs = arguments.pairs(request, "tag", "other_tag")
        found = changes(self._whose(request), run, step, other_run, other_step, pairs)
        if "format" not in request.args:
            return _compressed(request, as_json(found), _JSON)
        form = arguments.one_of(request, "format", FORMS)
        parts = [run, f"step-{step}", "against", other_run, f"step-{other_step}"]
        return _saved(request, FORMS[form](changes_table(found["blocks"])), parts, form)

    def _serve_distances(self, request: wrappers.Request) -> wrappers.Response:
        plain = distances_over_steps(self._whose(request), _comparison(request))
        return _compressed(request, plain, _BINARY)

    def _serve_differences(self, request: wrappers.Request) -> wrappers.Response:
        return _compressed(request, differences(self._whose(request), _comparison(request)), _BINARY)

    def _serve_joint(self, request: wrappers.Request) -> wrappers.Response:
        run, gate = arguments.text(request, "run"), arguments.text(request, "gate")
        tag, other_tag = arguments.text(request, "tag"), arguments.text(request, "other_tag")
        step, bins = arguments.whole(request, "step"), arguments.whole_between(request, "bins", *_BINS)
        plain = joint(self._whose(request), run, tag, other_tag, step, gate, bins)
        return _compressed(request, plain, _BINARY)

    def _serve_export(self, request: wrappers.Request) -> wrappers.Response:
        form, what = arguments.one_of(request, "format", FORMS), arguments.one_of(request, "what", TABLES)
        wanted = Wanted(
            run=arguments.text(request, "run"),
            series=arguments.text(request, "kind" if what in OF_KINDS else "tag"),
            step=arguments.whole_or_none(request, "step"),
            thinning=arguments.thinning(request),
        )
        plain = export(self._whose(request), wanted, what, form)
        return _saved(request, plain, name_of(wanted, what), form)

    def _serve_heatmap(self, request: wrappers.Request) -> wrappers.Response:
        run, tag = arguments.text(request, "run"), arguments.text(request, "tag")
        step, wall_time = arguments.whole(request, "step"), arguments.number_or_none(request, "wall_time")
        try:
            stored = heatmap(self._whose(request), run, tag, step, wall_time)
            return _cacheable(request, stored, is_immutable=wall_time is not None)
        except payload.PayloadError as error:
            reason = f"the heatmap of run {run!r}, series {tag!r}, step {step} can't be read: {error}"
            raise errors.InvalidArgumentError(reason) from error

    def _serve_static(self, request: wrappers.Request) -> wrappers.Response:
        name = request.path.rpartition("/static/")[2]
        file = self._static_files.get(name)
        if file is None:
            raise errors.NotFoundError(f"there is no static file {name!r}")
        response = http_util.Respond(request, file.content, file.content_type)
        return _conditional(request, response, file.etag)

    def _whose(self, request: wrappers.Request) -> Request:
        return Request(
            provider=self._provider,
            context=plugin_util.context(request.environ),
            experiment=plugin_util.experiment_id(request.environ),
            nudges=self._nudges,
            memory=self._memory,
        )


def _route(answer: Answer) -> Any:
    """A WSGI application that answers, or tells in one line why it can't."""

    @wrappers.Request.application
    def application(request: wrappers.Request) -> wrappers.Response:
        if request.method not in ("GET", "HEAD"):
            headers = [("Allow", "GET, HEAD")]
            return http_util.Respond(request, "only GET", "text/plain", 405, headers=headers)
        try:
            arguments.check_encoding(request)
            return answer(request)
        except errors.PublicError as error:
            reason = " ".join(str(error).split())
            # What was logged may have half characters, which are no text.
            text = reason.encode(errors="backslashreplace")
            return http_util.Respond(request, text, "text/plain", error.http_code)

    return application


def _comparison(request: wrappers.Request) -> Compared:
    """What is to be compared over the steps."""
    return Compared(
        run=arguments.text(request, "run"),
        other_run=arguments.text(request, "other_run"),
        other_step=arguments.whole_or_none(request, "other_step"),
        pairs=arguments.pairs(request, "tag", "other_tag"),
        thinning=arguments.thinning(request, _STEPS_OF_STATISTICS),
    )


def _saved(request: wrappers.Request, plain: bytes, parts: Iterable[str], form: str) -> wrappers.Response:
    """An answer that the browser saves as a file."""
    response = _compressed(request, plain, _CONTENT_TYPES[form])
    response.headers.set("Content-Disposition", "attachment", filename=file_name(parts, form))
    return response


def _compressed(request: wrappers.Request, plain: bytes, content_type: str) -> wrappers.Response:
    """An answer, compressed where the client takes it."""
    takes_zstd = _takes_zstd(request)
    content = payload.compress(plain) if takes_zstd else plain
    return _varying(request, content, content_type, "zstd" if takes_zstd else None)


def _varying(
    request: wrappers.Request, content: bytes, content_type: str, content_encoding: str | None
) -> wrappers.Response:
    response = http_util.Respond(request, content, content_type, content_encoding=content_encoding)
    response.vary.add("Accept-Encoding")
    return response


def _cacheable(request: wrappers.Request, stored: bytes, is_immutable: bool) -> wrappers.Response:
    takes_zstd = _takes_zstd(request)
    if takes_zstd:
        # The bytes go out untouched, so that they are bytes to be decompressed is all we look at.
        payload.promised_size(stored, _MAX_HEATMAP_BYTES)
        response = _varying(request, stored, _BINARY, "zstd")
    else:
        plain = payload.decompress(stored, MOST_BYTES)
        response = _varying(request, plain, _BINARY, None)
    if is_immutable:
        del response.headers["Expires"]
        response.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return _conditional(request, response, hashlib.sha256(stored).hexdigest())


def _conditional(request: wrappers.Request, response: wrappers.Response, etag: str) -> wrappers.Response:
    """The response, or a 304 where the client has it already.

    Args:
        request: The request.
        response: The response.
        etag: What is another one as soon as the content is.
    """
    encoding = response.headers.get("Content-Encoding")
    # A strong ETag names bytes as they are sent.
    response.set_etag(f"{etag}-{encoding}" if encoding else etag)
    response.make_conditional(request)
    # Both Werkzeug's response and TensorBoard's server would write one.
    response.headers.pop("Date", None)
    return _NotModified(headers=response.headers, status=304) if response.status_code == 304 else response


class _NotModified(wrappers.Response):
    """A 304 that tells its type, as TensorBoard's validator wants it of all; Werkzeug would drop it."""

    def get_wsgi_headers(self, environ: Any) -> Any:
        """The headers as they are sent."""
        headers = super().get_wsgi_headers(environ)
        headers["Content-Type"] = self.headers["Content-Type"]
        return headers


def _takes_zstd(request: wrappers.Request) -> bool:
    return request.accept_encodings.quality("zstd") > 0
