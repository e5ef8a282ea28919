"""Requests that no tab makes: of every route and of none, with arguments that mean nothing or too much."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.plugin.answers.export import FORMS, TABLES
from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME
from tensorboard_plugin_rnnweights.summary.rules import RULES
from tests.fuzz.logged import honest_series
from tests.fuzz.neighbours import around
from tests.fuzz.series import RUN
from tests.fuzz.values import encodable_names, sizes

ROUTES = (
    "catalog",
    "statistics",
    "histograms",
    "profiles",
    "findings",
    "changes",
    "distances",
    "differences",
    "joint",
    "export",
    "heatmap",
)
_STATIC = (
    "static/index.js",
    "static/",
    "static/../plugin.py",
    "static/..%2f..%2fetc/passwd",
    "static//etc/passwd",
    "static/\x00",
    "static/index.js/",
)
_ENCODINGS = (
    "identity",
    "gzip",
    "zstd",
    "gzip, br;q=0.5, zstd;q=0.1",
    "*",
    "zstd;q=nan",
    "zstd;q=0",
    "gzip;q=1e400",
    ",;,=",
    "zstd" * 2000,
    "\xff",
)
_ETAGS = ("*", '"x"', 'W/"x"', ",,,", '"' * 99, "\xff")
_WORDS = ("mean", "minimum", "robust_magnitude", "distribution_change", "norm", "", "statistics", "\u4e2d")


@dataclass(frozen=True)
class Asked:
    """A request.

    Attributes:
        route: The route, below ours.
        raw_query: The query as it is sent.
        headers: As WSGI names them.
    """

    route: str
    raw_query: str
    headers: dict[str, str] = field(default_factory=dict)

    def around(self, number: int, count: int) -> Iterator[Asked]:
        """The request, and so many others like it: of another route, or with a query that is damaged."""
        yield self
        generator = random.Random(number)
        queries = around(self.raw_query.encode("latin-1"), number, count)
        for query in itertools.islice(queries, 1, None):
            headers = generator.choice((self.headers, {}))
            if generator.randrange(2):
                yield Asked(generator.choice(ROUTES), self.raw_query, headers)
            else:
                yield Asked(self.route, query.decode("latin-1"), headers)


def _tags() -> st.SearchStrategy[str]:
    return st.sampled_from([one.tag for one in honest_series()])


_whole = sizes.map(str)
_steps = st.one_of(st.sampled_from(("0", "5", "10")), _whole)
_often_right: dict[str, st.SearchStrategy[str]] = {
    "run": st.just(RUN),
    "other_run": st.just(RUN),
    "tag": st.deferred(_tags),
    "other_tag": st.deferred(_tags),
    "kind": st.sampled_from(sorted(BY_NAME)),
    "step": _steps,
    "other_step": _steps,
    "from": _steps,
    "to": _steps,
    "most": st.one_of(st.sampled_from(("2", "3")), _whole),
    "bins": st.one_of(st.sampled_from(("8", "128")), _whole),
    "gate": st.sampled_from(("input", "forget", "whole", "outputs")),
    "wall_time": st.floats().map(repr),
    "since": st.one_of(st.sampled_from(("", ".", "a.1", "a.-1", "." + "9" * 5000)), encodable_names),
    "names": st.lists(st.sampled_from(_WORDS), max_size=30).map(",".join),
    "rule": st.sampled_from([one.name for one in RULES]),
    "threshold": st.one_of(st.sampled_from(("0", "0.5", "1")), st.floats().map(repr)),
    "format": st.sampled_from(sorted(FORMS)),
    "what": st.sampled_from(sorted(TABLES)),
}
_ALWAYS = {
    "statistics": ("run", "kind"),
    "histograms": ("run", "tag"),
    "profiles": ("run", "tag"),
    "findings": ("run", "rule", "threshold"),
    "changes": ("run", "step", "other_run", "other_step", "tag", "other_tag"),
    "distances": ("run", "other_run", "tag", "other_tag"),
    "differences": ("run", "other_run", "tag", "other_tag"),
    "joint": ("run", "tag", "other_tag", "step", "gate"),
    "export": ("format", "what", "run", "tag", "kind"),
    "heatmap": ("run", "tag", "step"),
}

_headers = st.fixed_dictionaries(
    {},
    optional={
        "HTTP_ACCEPT_ENCODING": st.sampled_from(_ENCODINGS),
        "HTTP_IF_NONE_MATCH": st.sampled_from(_ETAGS),
        "HTTP_RANGE": st.sampled_from(("bytes=0-0", "bytes=-1", "x")),
        "HTTP_ACCEPT": st.sampled_from(("text/html", "*/*;q=x", "\xff")),
        "HTTP_IF_MODIFIED_SINCE": st.just("yesterday"),
        "HTTP_X_FORWARDED_HOST": encodable_names.filter(str.isascii),
        "REQUEST_METHOD": st.sampled_from(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "X")),
    },
)


@st.composite
def hostile_requests(draw: st.DrawFn) -> Asked:
    """A request of which most is right as a rule, so that it comes far; or of which nothing is."""
    route = draw(st.sampled_from((*ROUTES, *ROUTES[1:], draw(st.sampled_from(_STATIC)))))
    arguments: list[tuple[str, str]] = []
    for name in _ALWAYS.get(route, ()):
        # One in eight is missing, one in eight is anything.
        how = draw(st.integers(0, 7))
        if how:
            arguments.append((name, draw(encodable_names if how == 1 else _often_right[name])))
    for name in draw(st.lists(st.sampled_from(sorted(_often_right)), max_size=3)):
        arguments.append((name, draw(_often_right[name])))
    if not draw(st.integers(0, 7)):
        arguments.append((draw(encodable_names), draw(encodable_names)))
    query = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in arguments)
    if not draw(st.integers(0, 9)):
        query += draw(
            st.sampled_from(("&\xff", "&%ff=%c0%80", "&" * 2000, "&=&=", "?#", "&run[]=x", ";tag=x"))
        )
    return Asked(route, query, draw(_headers))
