"""The plugin as TensorBoard sees it: its tab, and its routes.

Each route is a pure function of its own file, which raises TensorBoard's public errors, and a method
here that speaks HTTP for it. See `http_api.md`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from typing import Any

from tensorboard import errors, plugin_util
from tensorboard.backend import http_util
from tensorboard.data.grpc_provider import GrpcDataProvider
from tensorboard.plugins import base_plugin
from werkzeug import wrappers

from tensorboard_plugin_rnnweights.plugin.catalog import Catalog
from tensorboard_plugin_rnnweights.plugin.changes import changes
from tensorboard_plugin_rnnweights.plugin.heatmap import heatmap
from tensorboard_plugin_rnnweights.plugin.histograms import histograms
from tensorboard_plugin_rnnweights.plugin.nudges import Nudges
from tensorboard_plugin_rnnweights.plugin.profiles import profiles
from tensorboard_plugin_rnnweights.plugin.records import Request
from tensorboard_plugin_rnnweights.plugin.static_files import static_files
from tensorboard_plugin_rnnweights.plugin.statistics import statistics
from tensorboard_plugin_rnnweights.plugin.thinning import Thinning
from tensorboard_plugin_rnnweights.summary import payload
from tensorboard_plugin_rnnweights.summary.metadata import HISTOGRAMS_PLUGIN, NOTICES_PLUGIN

_BINARY = "application/octet-stream"
_YEAR = 365 * 24 * 60 * 60
_MAX_HEATMAP_BYTES = 2**31
# The first and the last one.
_LEAST_STEPS = 2

Answer = Callable[[wrappers.Request], wrappers.Response]


class RNNWeightsPlugin(base_plugin.TBPlugin):
    """Serves what `SummaryWriter` wrote to the tab."""

    plugin_name = "rnnweights"

    def __init__(self, context: base_plugin.TBContext) -> None:
        self._provider = context.data_provider
        self._nudges = Nudges() if isinstance(self._provider, GrpcDataProvider) else None
        self._catalog = Catalog()
        self._static_files = static_files()

    def get_plugin_apps(self) -> Mapping[str, Any]:
        """Our routes."""
        return {
            "/catalog": _route(self._serve_catalog),
            "/statistics": _route(self._serve_statistics),
            "/histograms": _route(self._serve_histograms),
            "/profiles": _route(self._serve_profiles),
            "/changes": _route(self._serve_changes),
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
        found = self._catalog.of(self._whose(request))
        return http_util.Respond(request, found, "application/json")

    def _serve_statistics(self, request: wrappers.Request) -> wrappers.Response:
        run, kind = _argument(request, "run"), _argument(request, "kind")
        names = [name for name in request.args.get("names", "").split(",") if name]
        tags = request.args.getlist("tag")
        plain = statistics(self._whose(request), run, kind, tags, names, _thinning(request))
        return _numbers(request, plain)

    def _serve_histograms(self, request: wrappers.Request) -> wrappers.Response:
        run, tag = _argument(request, "run"), _argument(request, "tag")
        return _numbers(request, histograms(self._whose(request), run, tag, _thinning(request)))

    def _serve_profiles(self, request: wrappers.Request) -> wrappers.Response:
        run, tag = _argument(request, "run"), _argument(request, "tag")
        return _numbers(request, profiles(self._whose(request), run, tag))

    def _serve_changes(self, request: wrappers.Request) -> wrappers.Response:
        run, other_run = _argument(request, "run"), _argument(request, "other_run")
        step, other_step = (_whole(_argument(request, name), name) for name in ("step", "other_step"))
        tags, other_tags = request.args.getlist("tag"), request.args.getlist("other_tag")
        if len(tags) != len(other_tags):
            raise errors.InvalidArgumentError("'tag' and 'other_tag' have to be given equally often")
        pairs = list(zip(tags, other_tags, strict=True))
        found = changes(self._whose(request), run, step, other_run, other_step, pairs)
        return http_util.Respond(request, found, "application/json")

    def _serve_heatmap(self, request: wrappers.Request) -> wrappers.Response:
        run, tag = _argument(request, "run"), _argument(request, "tag")
        step, wall_time = _step(request), _wall_time(request)
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
        )


def _route(answer: Answer) -> Any:
    """A WSGI application that answers, or tells in one line why it can't."""

    @wrappers.Request.application
    def application(request: wrappers.Request) -> wrappers.Response:
        if request.method not in ("GET", "HEAD"):
            headers = [("Allow", "GET, HEAD")]
            return http_util.Respond(request, "only GET", "text/plain", 405, headers=headers)
        try:
            return answer(request)
        except errors.PublicError as error:
            reason = " ".join(str(error).split())
            return http_util.Respond(request, reason, "text/plain", error.http_code)

    return application


def _numbers(request: wrappers.Request, plain: bytes) -> wrappers.Response:
    """An answer that changes as more is logged, compressed where the client takes it."""
    if _takes_zstd(request):
        return _binary(request, payload.compress(plain), "zstd")
    return _binary(request, plain, None)


def _binary(request: wrappers.Request, content: bytes, content_encoding: str | None) -> wrappers.Response:
    response = http_util.Respond(request, content, _BINARY, content_encoding=content_encoding)
    response.vary.add("Accept-Encoding")
    return response


def _cacheable(request: wrappers.Request, stored: bytes, is_immutable: bool) -> wrappers.Response:
    takes_zstd = _takes_zstd(request)
    if takes_zstd:
        # The bytes go out untouched, so that they are bytes to be decompressed is all we look at.
        payload.check_size(stored, _MAX_HEATMAP_BYTES)
        response = _binary(request, stored, "zstd")
    else:
        response = _binary(request, payload.decompress(stored, _MAX_HEATMAP_BYTES), None)
    if is_immutable:
        del response.headers["Expires"]
        response.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    # A strong ETag names bytes as they are sent.
    etag = hashlib.sha256(stored).hexdigest() + ("-zstd" if takes_zstd else "")
    return _conditional(request, response, etag)


def _conditional(request: wrappers.Request, response: wrappers.Response, etag: str) -> wrappers.Response:
    """The response, or a 304 where the client has it already."""
    response.set_etag(etag)
    response.make_conditional(request)
    # Both Werkzeug's response and TensorBoard's server would write one.
    response.headers.pop("Date", None)
    return response


def _takes_zstd(request: wrappers.Request) -> bool:
    return request.accept_encodings.quality("zstd") > 0


def _argument(request: wrappers.Request, name: str) -> str:
    value = request.args.get(name)
    if value is None:
        raise errors.InvalidArgumentError(f"the argument '{name}' is missing")
    return str(value)


def _step(request: wrappers.Request) -> int:
    return _whole(_argument(request, "step"), "step")


def _thinning(request: wrappers.Request) -> Thinning:
    first, last, most = (
        None if (text := request.args.get(name)) is None else _whole(text, name)
        for name in ("from", "to", "most")
    )
    if most is not None and most < _LEAST_STEPS:
        raise errors.InvalidArgumentError(f"'most' has to be {_LEAST_STEPS} or more, not {most}")
    return Thinning(first, last, most)


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise errors.InvalidArgumentError(f"'{name}' has to be a whole number, not {text!r}") from None


def _wall_time(request: wrappers.Request) -> float | None:
    text = request.args.get("wall_time")
    try:
        found = None if text is None else float(text)
    except ValueError:
        found = math.nan
    if found is not None and not math.isfinite(found):
        raise errors.InvalidArgumentError(f"the wall_time has to be a number, not {text!r}")
    return found
