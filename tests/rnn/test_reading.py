"""Reading a cell's variables by paths, and refusing what its layout can't be."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tf_keras
import torch
from torch import nn

from tensorboard_plugin_rnnweights import MatrixPart, decompose, register_layout
from tensorboard_plugin_rnnweights.frameworks.discovery import find
from tensorboard_plugin_rnnweights.rnn import fitting
from tensorboard_plugin_rnnweights.rnn.attributes import NoAttributeError, attribute
from tensorboard_plugin_rnnweights.rnn.cells import UnbuiltError
from tests.rnn.registering import registered_for_a_while

GATES = ("input", "forget", "cell", "output")


@pytest.fixture(autouse=True)
def _only_for_this_test() -> Iterator[None]:
    with registered_for_a_while():
        yield


class Kept:
    """An object that keeps all sorts of things."""

    class_value = 1

    def __init__(self) -> None:
        self.kernel = "kernel"
        self.inner = {"a": ["first", {"values": "second"}], "b": None}
        self.layers = nn.ModuleList([nn.Linear(2, 3), nn.Linear(2, 3)])
        self.named = nn.ModuleDict({"forget": nn.Linear(2, 3)})
        self.parameters = nn.ParameterList([nn.Parameter(torch.ones(2))])

    @property
    def unready(self) -> str:
        raise AttributeError("build it first")

    @property
    def broken(self) -> str:
        raise RuntimeError("no session")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("kernel", lambda kept: kept.kernel),
        ("class_value", lambda kept: 1),
        ("inner.a.0", lambda kept: "first"),
        ("inner.a.1.values", lambda kept: "second"),
        ("inner.b", lambda kept: None),
        ("inner.b.weight", lambda kept: None),
        ("layers.1.weight", lambda kept: kept.layers[1].weight),
        ("named.forget.bias", lambda kept: kept.named["forget"].bias),
        ("parameters.0", lambda kept: kept.parameters[0]),
    ],
)
def test_paths_lead_through_attributes_places_and_keys(path: str, expected: Any) -> None:
    kept = Kept()
    assert attribute(kept, path) is expected(kept)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("kernal", "Kept has no attribute 'kernal' (perhaps 'kernel' is meant)"),
        ("xyz", "Kept has no attribute 'xyz'"),
        ("layers.1.wieght", "Linear has no attribute 'wieght' (perhaps 'weight' is meant)"),
        ("inner.c", "its dict has no key 'c'"),
        ("inner.a.2", "its list has no place 2, but 2 of them, from 0 on"),
        ("named.forgot", "ModuleDict has no attribute 'forgot' (perhaps 'forget' is meant)"),
        ("unready", "'unready' of Kept can't be read: build it first"),
        ("broken", "'broken' of Kept can't be read: RuntimeError: no session"),
    ],
)
def test_a_path_that_leads_nowhere_says_where_it_ends(path: str, message: str) -> None:
    with pytest.raises(NoAttributeError) as caught:
        attribute(Kept(), path)
    assert str(caught.value) == message


@pytest.mark.parametrize("framework", [keras, tf_keras], ids=["keras", "tf_keras"])
def test_layers_in_lists_and_dicts_of_a_keras_cell_are_read_by_their_paths(framework: Any) -> None:
    class Cell(framework.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.state_size = 3
            self.gates = [framework.layers.Dense(3) for _ in range(2)]
            self.of_states = {"both": framework.layers.Dense(6, use_bias=False)}

        def build(self, shape: Any) -> None:
            for gate in self.gates:
                gate.build((None, shape[-1]))
            self.of_states["both"].build((None, 3))
            self.built = True

        def call(self, inputs: Any, states: Any) -> Any:
            one, two = (gate(inputs) for gate in self.gates)
            return one * two + self.of_states["both"](states[0])[:, :3], states

    matrices = {
        "kernel": ["gates.0.kernel", "gates.1.kernel"],
        "bias": ["gates.0.bias", "gates.1.bias"],
        "recurrent_kernel": "of_states.both.kernel",
        # A layer without a bias has None there.
        "recurrent_bias": "of_states.both.bias",
    }
    register_layout(Cell, ("a", "b"), matrices)
    layer = framework.layers.RNN(Cell())
    layer(np.zeros((1, 2, 2), np.float32))
    kernel, recurrent, bias = decompose(layer)
    assert [one.matrix for one in (kernel, recurrent, bias)] == ["kernel", "recurrent_kernel", "bias"]
    np.testing.assert_array_equal(kernel.blocks["b"], np.asarray(layer.cell.gates[1].kernel))
    np.testing.assert_array_equal(
        recurrent.blocks["b"], np.asarray(layer.cell.of_states["both"].kernel)[:, 3:]
    )


class Module(nn.Module):
    """Four gates of eight units, which come in eights."""

    def __init__(self) -> None:
        super().__init__()
        self.of_inputs = nn.Linear(8, 32)
        self.conv = nn.Conv2d(8, 32, 3)
        self.lazy = nn.LazyLinear(32)
        self.w = nn.Parameter(torch.ones(32, 8))
        self.b = nn.Parameter(torch.ones(32))
        self.joined = nn.Parameter(torch.ones(32, 8 + 5))
        self.projected = 5
        self.rate = 0.5


START = "the recurrent layer 'module' should keep its 'kernel' in the attribute"
MISFITS = {
    "mistyped": (
        {"kernel": "of_input.weight"},
        f"{START} 'of_input.weight' of Module, by its gate layout, but Module has no attribute 'of_input' "
        "(perhaps 'of_inputs' is meant)",
    ),
    "a layer": (
        {"kernel": "of_inputs"},
        f"{START} 'of_inputs' of Module, by its gate layout, but that is no variable but of type Linear: "
        "perhaps 'of_inputs.weight' is meant",
    ),
    "a number": (
        {"kernel": "rate"},
        f"{START} 'rate' of Module, by its gate layout, but that is no variable but of type float",
    ),
    "a Linear on the other axis": (
        {"kernel": "of_inputs.weight"},
        f"{START} 'of_inputs.weight' of Module, by its gate layout, but Linear packs what comes out on "
        "axis 0, not on axis -1: axis=0 says so",
    ),
    "a convolution on the other axis": (
        {"kernel": "conv.weight"},
        f"{START} 'conv.weight' of Module, by its gate layout, but Conv2d packs what comes out on axis 0, "
        "not on axis -1: axis=0 says so",
    ),
    "a recurrent kernel on the other axis": (
        {"recurrent_kernel": "w"},
        "the recurrent layer 'module' doesn't fit the gate layout of Module: 'w' (recurrent_kernel) of "
        "shape (32, 8) packs its gates on axis 0, not on axis -1: axis=0 says so",
    ),
    "other units": (
        {"kernel": "w", "bias": "b"},
        "the recurrent layer 'module' doesn't fit the gate layout of Module: a gate has as many columns as "
        "2 in 'w' (kernel) but 8 in 'b' (bias): one of them packs other gates, or on another axis",
    ),
}


@pytest.mark.parametrize("case", MISFITS)
def test_a_layer_that_cannot_be_what_its_layout_says_is_left_out_and_the_others_are_not(case: str) -> None:
    matrices, message = MISFITS[case]
    register_layout(Module, GATES, matrices)
    with pytest.raises(ValueError, match="the recurrent layer 'module'") as caught:
        decompose(Module())
    assert str(caught.value) == message
    found = find(nn.ModuleDict({"module": Module(), "lstm": nn.LSTM(2, 3)}))
    assert [str(one.error) for one in found.left_out] == [message]
    assert [one.layer for one in found.cells] == ["lstm"]


def test_a_layer_whose_variables_are_not_initialized_has_no_weights_yet() -> None:
    register_layout(Module, GATES, {"kernel": "lazy.weight"}, axis=0)
    (left_out,) = find(Module()).left_out
    assert isinstance(left_out.error, UnbuiltError)
    assert "since 'lazy.weight' is not initialized" in str(left_out.error)


def test_a_layer_of_which_all_variables_are_none_has_no_weights_yet() -> None:
    register_layout(Module, GATES, {"kernel": "later", "bias": "of_inputs.later"}, axis=0)
    module = Module()
    module.later = module.of_inputs.later = None
    (left_out,) = find(module).left_out
    assert isinstance(left_out.error, UnbuiltError)
    assert "'later', 'of_inputs.later' of Module are all None" in str(left_out.error)


JOINED = [
    MatrixPart("kernel", "joined", axis=0, rows="inputs"),
    MatrixPart("recurrent_kernel", "joined", axis=0, rows="states"),
]


def test_an_attribute_says_how_many_rows_are_the_states_where_units_do_not() -> None:
    register_layout(Module, GATES, JOINED, state_size="projected")
    module = Module()
    del module.lazy
    kernel, recurrent, *_ = decompose(module)
    assert (kernel.rows, recurrent.rows) == (8, 5)


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ("rate", "in the attribute 'rate' of Module, by its gate layout, but that is no whole number: 0.5"),
        ("project", "but Module has no attribute 'project' (perhaps 'projected' is meant)"),
    ],
)
def test_a_size_of_states_that_is_none_is_refused(size: str, message: str) -> None:
    register_layout(Module, GATES, JOINED, state_size=size)
    with pytest.raises(ValueError, match="should keep the size of its states") as caught:
        decompose(Module())
    assert str(caught.value).endswith(message)


def test_a_name_that_a_framework_leaves_open_is_refused() -> None:
    register_layout(
        keras_cell := type("Cell", (keras.layers.LSTMCell,), {}), GATES, {"kernel": "w_{index}"}
    )
    layer = keras.layers.RNN(keras_cell(2))
    layer.build((None, None, 3))
    with pytest.raises(ValueError, match=r"'w_\{index\}' of Cell, .* nothing says what \{index\} is"):
        decompose(layer)


@pytest.mark.parametrize("path", fitting._AXES)
def test_the_layers_of_which_the_axis_is_known_are_real(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert isinstance(getattr(importlib.import_module(module), name), type)
