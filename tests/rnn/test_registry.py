"""Layouts that users register for cells of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import torch

from tensorboard_plugin_rnnweights import MatrixPart, decompose, register_layout
from tensorboard_plugin_rnnweights.rnn import registry

LSTM_GATES = ("input", "forget", "cell", "output")


class Packed(keras.layers.Layer):
    """A cell with three gates in one kernel, and variables with names of its own."""

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.units = self.state_size = units

    def build(self, shape: Any) -> None:
        self.w = self.add_weight(shape=(shape[-1], 3 * self.units), name="w")
        self.u = self.add_weight(shape=(self.units, 3 * self.units), name="u")
        self.b = self.add_weight(shape=(3 * self.units,), name="b")
        self.built = True

    def call(self, inputs: Any, states: Any) -> Any:
        mixed = inputs @ self.w + states[0] @ self.u + self.b
        one, two, three = keras.ops.split(mixed, 3, axis=-1)
        output = keras.ops.tanh(one) * keras.ops.sigmoid(two) + three
        return output, [output]


class Derived(Packed):
    """A subclass of a registered cell."""


class Mine(torch.nn.Module):
    """A PyTorch module that no framework knows to be recurrent."""

    def __init__(self) -> None:
        super().__init__()
        self.w = torch.nn.Parameter(torch.randn(6, 2))
        self.u = torch.nn.Parameter(torch.randn(6, 3))


class Wrapped(torch.nn.LSTM):
    """An LSTM that only checks its inputs."""

    def forward(self, *arguments: Any) -> Any:
        return super().forward(*arguments)


@pytest.fixture(autouse=True)
def _only_for_this_test() -> Iterator[None]:
    before = dict(registry._registered)
    yield
    registry._registered.clear()
    registry._registered.update(before)
    registry.layouts_of.cache_clear()


def built(cell: Any) -> Any:
    layer = keras.layers.RNN(cell, name="mine")
    layer.build((None, None, 2))
    return layer


MATRICES = {"kernel": "w", "recurrent_kernel": "u", "bias": "b"}


@pytest.mark.parametrize("kind", [Packed, Derived])
def test_a_registered_cell_is_cut_by_its_gates(kind: Any) -> None:
    register_layout(Packed, ("a", "b", "c"), MATRICES)
    layer = built(kind(4))
    tensors = decompose(layer)
    assert [(one.layer, one.cell, one.matrix, one.gates, one.rows, one.units) for one in tensors] == [
        ("mine", "Packed", "kernel", ("a", "b", "c"), 2, 4),
        ("mine", "Packed", "recurrent_kernel", ("a", "b", "c"), 4, 4),
        ("mine", "Packed", "bias", ("a", "b", "c"), 1, 4),
    ]
    np.testing.assert_array_equal(tensors[0].blocks["b"], np.asarray(layer.cell.w)[:, 4:8])


def test_gates_on_the_first_axis_are_turned_round() -> None:
    register_layout(Mine, ("a", "b"), {"recurrent_kernel": "u", "kernel": "w"}, axis=0)
    module = torch.nn.Sequential(Mine())
    kernel, recurrent = decompose(module)
    assert (kernel.layer, kernel.matrix, recurrent.matrix) == ("0", "kernel", "recurrent_kernel")
    np.testing.assert_array_equal(kernel.blocks["b"], module[0].w.detach().numpy()[3:].T)


def test_a_projection_is_not_divided_by_gates() -> None:
    register_layout(Packed, ("a", "b", "c"), {"kernel": "w", "projection": "u"})
    _, projection = decompose(built(Packed(4)))
    assert (projection.matrix, projection.gates, projection.units) == ("projection", ("whole",), 12)


def test_parts_say_what_a_mapping_cannot() -> None:
    parts = [MatrixPart("kernel", "w", ("c", "a", "b")), MatrixPart("bias", "b", half=1)]
    register_layout(Packed, ("a", "b", "c"), parts)
    layer = built(Packed(2))
    kernel, bias = decompose(layer)
    assert kernel.gates == ("a", "b", "c")
    np.testing.assert_array_equal(kernel.blocks["c"], np.asarray(layer.cell.w)[:, :2])
    assert bias.values.shape == (1, 3)


def test_a_cell_can_be_registered_like_a_known_one() -> None:
    assert decompose(Wrapped(2, 3))[0].gates == ("whole",)
    register_layout(Wrapped, like=torch.nn.LSTM)
    module = Wrapped(2, 3, num_layers=2, bidirectional=True)
    tensors = decompose(module)
    assert {(one.cell, one.gates) for one in tensors} == {("Wrapped", LSTM_GATES)}
    assert len(tensors) == 2 * 2 * 4


def test_what_is_registered_last_holds() -> None:
    register_layout(Packed, ("a", "b", "c"), MATRICES)
    register_layout(Packed, ("x", "y", "z"), MATRICES)
    assert decompose(built(Packed(2)))[0].gates == ("x", "y", "z")


def test_until_it_is_registered_a_cell_is_shown_whole() -> None:
    tensors = decompose(built(Packed(4)))
    assert [(one.matrix, one.gates, one.values.shape) for one in tensors] == [
        ("w", ("whole",), (2, 12)),
        ("u", ("whole",), (4, 12)),
        ("b", ("whole",), (1, 12)),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Packed, (), MATRICES), "it has no gates"),
        ((Packed, ("a", "b", "a"), MATRICES), "its 3 gates have only 2 names"),
        ((Packed, ("a",), {}), "it has no matrices"),
        ((Packed, ("a",), {"kernal": "w"}), "'kernal' is none of the matrices kernel, recurrent_kernel"),
        ((Packed, ("a",), [MatrixPart("kernel", "w", ("z",))]), "'kernel' packs 'z', which is none of"),
    ],
)
def test_a_layout_that_cannot_be_one_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"the gate layout of Packed can't be registered: {message}"):
        register_layout(*arguments)
    assert Packed not in registry._registered


def test_gates_on_another_axis_are_refused() -> None:
    with pytest.raises(ValueError, match="gates are packed on axis 0 or -1, not 1"):
        register_layout(Packed, ("a",), MATRICES, axis=1)  # type: ignore[arg-type]


def test_an_instance_in_place_of_its_class_is_refused() -> None:
    with pytest.raises(TypeError, match="register_layout expects a class, not "):
        register_layout(Packed(2), ("a",), MATRICES)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"like": Mine}, "its own layout is not known"),
        ({"like": torch.nn.LSTM, "gates": ("a",)}, "gates and matrices are given, too"),
    ],
)
def test_to_be_like_a_class_that_says_nothing_is_refused(options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"Packed can't be registered like .*: {message}"):
        register_layout(Packed, **options)


def test_sizes_that_do_not_divide_are_refused_with_the_numbers() -> None:
    register_layout(Packed, LSTM_GATES, MATRICES)
    with pytest.raises(
        ValueError,
        match=r"'kernel' of the recurrent layer 'mine' has 15 columns, which 4 gates can't share "
        r"\(input, forget, cell, output\)",
    ):
        decompose(built(Packed(5)))


def test_a_variable_that_is_not_there_is_refused_by_name() -> None:
    register_layout(Packed, ("a", "b", "c"), {"kernel": "weights_of_inputs"})
    with pytest.raises(ValueError, match=r"'kernel' in the attribute 'weights_of_inputs', .* has no such"):
        decompose(built(Packed(5)))


def test_halves_that_are_none_are_refused_with_the_numbers() -> None:
    register_layout(Packed, ("a", "b", "c"), [MatrixPart("bias", "b", half=0)])
    with pytest.raises(ValueError, match=r"'bias' .* has 9 values, which are no two halves"):
        decompose(built(Packed(3)))
