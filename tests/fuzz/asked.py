"""What is asked about series: every route, with what it needs."""

from __future__ import annotations

from collections.abc import Iterator

from tensorboard_plugin_rnnweights.plugin.answers.export import FORMS, OF_KINDS, TABLES
from tensorboard_plugin_rnnweights.rnn.kinds import WEIGHTS
from tensorboard_plugin_rnnweights.summary.rules import RULES
from tests.fuzz.served import Query

Asked = tuple[str, Query]
"""A route and its query."""


def about(run: str, tag: str, other_tag: str, kind: str = WEIGHTS) -> Iterator[Asked]:
    """Every route about one series, and about it next to another one."""
    one: dict[str, str | int] = {"run": run, "tag": tag}
    pair = {**one, "other_run": run, "other_tag": other_tag}
    yield "histograms", one
    yield "profiles", one
    yield "statistics", {**one, "kind": kind}
    yield "statistics", {**one, "kind": kind, "names": "robust_magnitude,distribution_change,mean"}
    yield "heatmap", {**one, "step": 5}
    yield "changes", {**pair, "step": 5, "other_step": 10}
    yield "changes", {**pair, "step": 5, "other_step": 10, "format": "csv"}
    yield "distances", pair
    yield "differences", pair
    yield "joint", {"run": run, "tag": tag, "other_tag": other_tag, "gate": "forget", "step": 5}
    for form in FORMS:
        for what in TABLES:
            # A heatmap is of one step.
            step = {"step": 5} if what == "heatmap" else {}
            if what not in OF_KINDS:
                yield "export", {**one, "format": form, "what": what, **step}


def about_all(run: str, kind: str = WEIGHTS) -> Iterator[Asked]:
    """Every route about all series of a run."""
    yield "catalog", {}
    yield "statistics", {"run": run, "kind": kind}
    yield "findings", {"run": run, "rule": [one.name for one in RULES], "threshold": ["0.3"] * len(RULES)}
    for form in FORMS:
        yield "export", {"run": run, "kind": kind, "format": form, "what": "kind_statistics"}
