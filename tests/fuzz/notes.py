"""Notes of findings and of notices that the writer never wrote."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.summary.rules import RULES
from tests.fuzz.damage import damaged
from tests.fuzz.values import json_values, names, numbers, sizes

_rules = st.one_of(st.sampled_from([rule.name for rule in RULES]), names)
_texts_or_any = st.one_of(names, json_values)

_findings = st.fixed_dictionaries(
    {
        "rule": _rules,
        "gate": st.one_of(st.sampled_from(("forget", "whole", "update")), names),
        "value": numbers,
    }
)
_notes = st.fixed_dictionaries(
    {"findings": st.lists(_findings, max_size=3), "previous_step": st.one_of(st.none(), sizes, json_values)}
)
_notices = st.fixed_dictionaries(
    {
        "notices": st.lists(
            st.fixed_dictionaries(
                {
                    "text": _texts_or_any,
                    "kind": _texts_or_any,
                    "layers": st.one_of(st.lists(names, max_size=3), json_values),
                    "step": st.one_of(st.none(), sizes, json_values),
                }
            ),
            max_size=25,
        )
    }
)


@st.composite
def hostile_notes(draw: st.DrawFn, honest: bytes) -> bytes:
    """A note of either sort that is wrong somewhere; often only in what it says."""
    facts: Any = draw(st.one_of(_notes, _notices, json_values))
    return draw(st.one_of(st.just(json.dumps(facts).encode()), damaged(honest)))
