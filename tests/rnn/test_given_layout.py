"""What is refused when a layout is registered, and the order in which its matrices are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tensorboard_plugin_rnnweights import MatrixPart, register_layout
from tensorboard_plugin_rnnweights.rnn import registry
from tensorboard_plugin_rnnweights.rnn.registry import layouts_of
from tests.rnn.registering import registered_for_a_while


class Cell:
    """Any class: nothing of it is looked at before a model has one."""


GATES = ("a", "b", "c")


@pytest.fixture(autouse=True)
def _only_for_this_test() -> Iterator[None]:
    with registered_for_a_while():
        yield


SHARED = MatrixPart("kernel", "w", rows="inputs")

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no gates": ({"gates": ()}, "it has no gates"),
    "numbers for gates": ({"gates": (1, 2)}, "its gates are names, unlike (1, 2)"),
    "a gate twice": ({"gates": ("a", "b", "a")}, "its 3 gates have only 2 names"),
    "no matrices": ({"matrices": {}}, "it has no matrices"),
    "a matrix without a name": (
        {"matrices": {"": "w"}},
        "a matrix is not empty and has no slash, unlike ''",
    ),
    "a number for a matrix": ({"matrices": {5: "w"}}, "a matrix is not empty and has no slash, unlike '5'"),
    "a third half": (
        {"matrices": [MatrixPart("bias", "b", half=2)]},  # type: ignore[arg-type]
        "the halves of 'b' are 0 and 1, unlike 2",
    ),
    "a slash": ({"matrices": {"a/b": "w"}}, "a matrix is not empty and has no slash, unlike 'a/b'"),
    "a gate that is none": (
        {"matrices": [MatrixPart("kernel", "w", ("z",))]},
        "'kernel' packs 'z', which is none of",
    ),
    "a number for an attribute": (
        {"matrices": {"kernel": 5}},
        "'kernel' is the name of an attribute or a list of one name a gate, not 5",
    ),
    "numbers for attributes": (
        {"matrices": {"kernel": ["w", "v", 5]}},
        "'kernel' is the name of an attribute or a list of one name a gate, not ['w', 'v', 5]",
    ),
    "too few attributes": (
        {"matrices": {"kernel": ["w", "v"]}},
        "'kernel' lists 2 attributes for 3 gates (a, b, c): it takes one for each, or MatrixParts",
    ),
    "names without matrices": (
        {"matrices": ["kernel", "bias"]},
        "its matrices are a mapping of names to attributes, or MatrixParts, not ['kernel', 'bias']",
    ),
    "one name": (
        {"matrices": "kernel"},
        "its matrices are a mapping of names to attributes, or MatrixParts",
    ),
    "another axis": ({"axis": 1}, "gates are packed on axis 0 or -1, not 1"),
    "another axis of a part": (
        {"matrices": [MatrixPart("kernel", "w", axis=1)]},  # type: ignore[arg-type]
        "gates are packed on axis 0 or -1, not 1",
    ),
    "an axis of no use": ({"matrices": [SHARED], "axis": 0}, "axis=0 says nothing of MatrixParts"),
    "rows that are none": (
        {"matrices": [MatrixPart("kernel", "w", rows="first")]},  # type: ignore[arg-type]
        "the rows of 'kernel' are 'all', 'inputs' or 'states', not 'first'",
    ),
    "an empty step": (
        {"matrices": {"kernel": "a..b"}},
        "'kernel' is kept in an attribute, or .* not in 'a..b'",
    ),
    "no attribute": ({"matrices": {"kernel": ""}}, "'kernel' is kept in an attribute, or .* not in ''"),
    "a name left open": ({"matrices": {"kernel": "w_{gate}"}}, "'kernel' is kept in .* not in 'w_{gate}'"),
    "half a brace": ({"matrices": {"kernel": "w_{"}}, "'kernel' is kept in .* not in 'w_{'"),
    "a gate in two parts": (
        {"matrices": [MatrixPart("kernel", "w"), SHARED, MatrixPart("kernel", "v", ("b",))]},
        "'kernel' has several parts that pack 'a'",
    ),
    "two wholes": (
        {"matrices": [MatrixPart("gain", "w"), MatrixPart("gain", "v")]},
        "'gain' has several parts that pack its whole",
    ),
    "a size of no use": ({"state_size": "units"}, "state_size is given, but no MatrixPart has rows="),
    "a size that is no name": (
        {"matrices": [SHARED], "state_size": 5},
        "state_size is the name of an attribute that holds a whole number, not 5",
    ),
    "states of a whole": (
        {"matrices": [MatrixPart("mixing", "w", rows="states")]},
        "'mixing' has rows='states' and isn't divided by gates: state_size has to say how many",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_layout_that_cannot_be_one_is_refused_in_one_sentence(case: str) -> None:
    given, message = REFUSED[case]
    pattern = ".*".join(map(re.escape, message.split(".*")))
    with pytest.raises(
        ValueError, match=f"^the gate layout of Cell can't be registered: .*{pattern}"
    ) as caught:
        register_layout(Cell, **{"gates": GATES, "matrices": {"kernel": "w"}} | given)
    assert ". " not in str(caught.value)
    assert Cell not in registry._registered


def parts_of(matrices: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    register_layout(Cell, GATES, matrices)
    (layout,) = layouts_of(Cell)
    return [(part.matrix, part.variable, part.gates) for part in layout.parts]


def test_a_list_is_one_attribute_a_gate_also_of_a_further_matrix() -> None:
    assert parts_of({"bias": "b", "gain": ("x", "y", "z"), "kernel": ["u", "v", "w"]}) == [
        ("kernel", "u", ("a",)),
        ("kernel", "v", ("b",)),
        ("kernel", "w", ("c",)),
        ("bias", "b", ()),
        ("gain", "x", ("a",)),
        ("gain", "y", ("b",)),
        ("gain", "z", ("c",)),
    ]


def test_parts_of_one_matrix_follow_each_other() -> None:
    gate_by_gate = [
        MatrixPart(matrix, f"{matrix}_{gate}", (gate,)) for gate in "ab" for matrix in ("kernel", "bias")
    ]
    assert [matrix for matrix, *_ in parts_of(gate_by_gate)] == ["kernel", "kernel", "bias", "bias"]


def test_one_gate_may_be_given_as_its_name() -> None:
    register_layout(Cell, "hidden", [MatrixPart("kernel", "w", "hidden")])  # type: ignore[arg-type]
    (layout,) = layouts_of(Cell)
    assert layout.gates == layout.parts[0].gates == ("hidden",)
