"""The facts of a series, as somebody would write them who has never seen the series."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.rnn.kinds import BY_NAME
from tests.fuzz.damage import damaged
from tests.fuzz.values import json_values, names, sizes

_DEEP = 50_000

kinds = st.one_of(st.sampled_from(sorted(BY_NAME)), names)


@st.composite
def hostile_contents(draw: st.DrawFn, honest: dict[str, Any]) -> bytes:
    """What stands in a metadata's place: facts that lie, that are none, or no JSON at all."""
    how = draw(st.sampled_from((*[_lying] * 4, *[_odd] * 3, _damaged, _nested)))
    return how(draw, honest)


def _lying(draw: st.DrawFn, honest: dict[str, Any]) -> bytes:
    """Facts that could be those of a series, but not of what is logged beside them."""
    facts = dict(honest)
    gates = draw(st.one_of(st.just(facts["gates"]), st.lists(names, min_size=1, max_size=6)))
    rows, columns = draw(st.sampled_from((facts["rows"], 1, 2, 2**31, 2**62))), draw(sizes)
    planes = draw(st.one_of(st.just(facts["planes"]), st.lists(names, max_size=3)))
    lies = {
        "kind": draw(kinds),
        "layer": draw(names),
        "matrix": draw(names),
        "note": draw(names),
        "gates": gates,
        "rows": rows,
        "row_shape": [rows],
        "columns": columns if columns > 0 else facts["columns"],
        "planes": planes,
        "tokens": [],
        "pool": draw(st.sampled_from(([1, 1], [2, 3], [2**40, 1], [7, 10**30]))),
        "position": draw(st.sampled_from((0, 1, 2**63))),
        "added": [[gates[0], 1.0]],
        "is_reversed": draw(st.booleans()),
        "of": draw(st.sampled_from(("", "loss", "outputs"))),
    }
    told = draw(st.sets(st.sampled_from(sorted(lies)), min_size=1, max_size=5))
    # Rows have to be those of their shape, so that facts are not refused for that alone.
    told |= {"rows", "row_shape"} if told & {"rows", "row_shape"} else set()
    facts |= {name: lies[name] for name in told}
    if "gates" in told:
        facts["added"] = []
    return json.dumps(facts).encode()


def _odd(draw: st.DrawFn, honest: dict[str, Any]) -> bytes:
    """Facts of which some are missing, too many, or of another type."""
    facts = dict(honest)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.one_of(st.sampled_from(sorted(facts) or ["kind"]), names))
        if draw(st.booleans()):
            facts.pop(name, None)
        else:
            facts[name] = draw(json_values)
    return json.dumps(facts).encode()


def _damaged(draw: st.DrawFn, honest: dict[str, Any]) -> bytes:
    return draw(damaged(json.dumps(honest).encode()))


def _nested(draw: st.DrawFn, honest: dict[str, Any]) -> bytes:
    """What a parser that calls itself would not come back from, and what is no object."""
    del honest
    deep = b"[" * _DEEP, b'{"a":' * _DEEP, b'{"format_version": 2, "kind": ' + b"[" * _DEEP
    return draw(st.one_of(st.sampled_from(deep), json_values.map(lambda one: json.dumps(one).encode())))
