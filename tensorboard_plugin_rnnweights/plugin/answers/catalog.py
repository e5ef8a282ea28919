"""What there is to see: every run's series, their facts, and the steps at hand."""

from __future__ import annotations

import math
import secrets
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

from tensorboard_plugin_rnnweights.plugin.answers.json_text import as_json
from tensorboard_plugin_rnnweights.plugin.answers.run_facts import PLUGINS, Listed, RunFacts, facts_of_runs
from tensorboard_plugin_rnnweights.plugin.logged.records import Request, state_of
from tensorboard_plugin_rnnweights.rnn.kinds import KINDS, Kind
from tensorboard_plugin_rnnweights.summary.metadata import FORMAT_VERSION, HEATMAPS_PLUGIN
from tensorboard_plugin_rnnweights.summary.rules import RULES, Rule

# Beside their texts, what a run and each of its series take in memory, about.
_BYTES_OF_A_RUN = 1000
_BYTES_OF_A_SERIES = 500

_State = dict[tuple[str, str], tuple[int, float]]
"""By plugin name and tag, the step and time of the last datum that was listed."""


class _Run(NamedTuple):
    """A run as it was answered.

    Attributes:
        state: What was listed of it just before it was read.
        text: Its facts as JSON; empty where it has nothing to show.
        kinds: What it has, by the kinds' names.
        number: The catalog's number when its text last became another one.
    """

    state: _State
    text: bytes
    kinds: frozenset[str]
    number: int


class Answer(NamedTuple):
    """The catalog, or what of it a client doesn't have.

    Attributes:
        version: Another one as soon as the catalog is.
        text: JSON, as `http_api.md` describes it.
    """

    version: str
    text: bytes


class _Known(NamedTuple):
    """All runs as they were answered last.

    Attributes:
        origin: Whose numbers these are: they are counted anew when all was forgotten.
        number: How often the catalog has become another one.
        runs: By name.
    """

    origin: str
    number: int
    runs: dict[str, _Run]

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory."""
        return sum(
            _BYTES_OF_A_RUN + len(run.text) + _BYTES_OF_A_SERIES * len(run.state)
            for run in self.runs.values()
        )

    def since(self, version: str | None) -> Answer:
        """What has changed since a version; everything where that is None, or not of this origin."""
        first = self._number_of(version)
        shown = {name: self.runs[name] for name in sorted(self.runs) if self.runs[name].text}
        kinds = frozenset[str]().union(*(run.kinds for run in shown.values()))
        newest = f"{self.origin}.{self.number}"
        head = {
            "format_version": FORMAT_VERSION,
            "version": newest,
            "kinds": [_kind_facts(kind) for kind in KINDS if kind.name in kinds],
            "rules": [_rule_facts(rule) for rule in RULES],
            "run_names": list(shown),
        }
        changed = b",".join(run.text for run in shown.values() if run.number > first)
        return Answer(newest, as_json(head)[:-1] + b',"runs":[' + changed + b"]}")

    def _number_of(self, version: str | None) -> int:
        origin, _, number = (version or "").rpartition(".")
        try:
            return int(number) if origin == self.origin else 0
        except ValueError:
            return 0


class Catalog:
    """Answers what there is; reads only those runs again of which TensorBoard has read more."""

    def __init__(self) -> None:
        # Two requests at once would count two different catalogs as one version.
        self._lock = threading.Lock()

    def of(self, request: Request, since: str | None = None) -> Answer:
        """The catalog; of its runs, those that have changed since a version."""
        key = ("catalog", request.experiment)
        with self._lock:
            known = request.memory.get(key) or _Known(secrets.token_hex(4), 0, {})
            newer = _newer(known, request)
            if newer is not known:
                request.memory.put(key, newer, newer.size)
        return newer.since(since)


def _newer(known: _Known, request: Request) -> _Known:
    listed: dict[str, Mapping[tuple[str, str], Any]] = {
        name: request.list_blob_sequences(name) if name == HEATMAPS_PLUGIN else request.list_tensors(name)
        for name in PLUGINS
    }
    states = _states(listed)
    changed = {
        name for name, state in states.items() if name not in known.runs or known.runs[name].state != state
    }
    if not changed and states.keys() == known.runs.keys():
        return known
    facts = facts_of_runs(
        request,
        {
            plugin_name: {name: one for name, one in series.items() if name[0] in changed}
            for plugin_name, series in listed.items()
        },
    )
    number = known.number + 1
    runs = {
        name: _run(known.runs.get(name), state, facts.get(name), number)
        if name in changed
        else known.runs[name]
        for name, state in states.items()
    }
    is_another = runs.keys() != known.runs.keys() or any(run.number == number for run in runs.values())
    return _Known(known.origin, number if is_another else known.number, runs)


def _states(listed: Listed) -> dict[str, _State]:
    """By run, what is another one as soon as TensorBoard has read more of it."""
    states: dict[str, _State] = {}
    for plugin_name, series in listed.items():
        for (run, tag), one in series.items():
            states.setdefault(run, {})[plugin_name, tag] = state_of(one)
    return states


def _run(before: _Run | None, state: _State, facts: RunFacts | None, number: int) -> _Run:
    text = b"" if facts is None else as_json(facts.as_dict())
    kinds = frozenset() if facts is None else facts.kinds
    is_same = before is not None and before.text == text
    return _Run(state, text, kinds, before.number if before is not None and is_same else number)


def _kind_facts(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "rows": kind.rows,
        "columns": kind.columns,
        "has_gates": kind.has_gates,
        "spans_decades": kind.spans_decades,
        "views": list(kind.views),
        "help": kind.help,
    }


def _rule_facts(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "text": rule.text,
        "sentence": rule.sentence,
        "kinds": list(rule.kinds),
        "gates": list(rule.gates),
        "statistic": rule.statistic,
        "direction": rule.direction,
        "threshold": rule.threshold,
        "snapshots": rule.snapshots,
        "largest": rule.largest if math.isfinite(rule.largest) else None,
        "is_percent": rule.is_percent,
    }
