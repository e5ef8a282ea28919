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


class Normalized(keras.layers.LSTMCell):
    """An LSTM cell that normalizes its inputs, and has a gain and an offset for each gate's columns."""

    def build(self, shape: Any) -> None:
        super().build(shape)
        self.gain = self.add_weight(shape=(4 * self.units,), initializer="ones", name="gain")
        self.offset = self.add_weight(shape=(4 * self.units,), name="offset", trainable=False)
        self.norm = keras.layers.LayerNormalization()
        self.norm.build(shape)

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        return super().call(self.norm(inputs), states, training)


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


def shown(layer: Any) -> list[tuple[str, tuple[str, ...], tuple[int, ...]]]:
    return [(one.matrix, one.gates, one.values.shape) for one in decompose(layer)]


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
    register_layout(Packed, ("a", "b", "c"), {"kernel": "w", "bias": "b", "projection": "u"})
    projection = decompose(built(Packed(4)))[-1]
    assert (projection.matrix, projection.gates) == ("projection", ("whole",))
    assert projection.values.shape == (4, 12)


@pytest.mark.parametrize("given", [{"gain": "b"}, [MatrixPart("gain", "b")]], ids=["mapping", "parts"])
def test_a_matrix_of_any_other_name_is_whole(given: Any) -> None:
    register_layout(Packed, ("a", "b", "c"), given)
    gain = decompose(built(Packed(4)))[0]
    assert (gain.matrix, gain.gates, gain.values.shape) == ("gain", ("whole",), (1, 12))


def test_a_matrix_of_any_other_name_is_divided_by_gates_where_its_part_says_so() -> None:
    register_layout(Packed, ("a", "b", "c"), [MatrixPart("gain", "b", ("c", "a", "b"))])
    layer = built(Packed(4))
    layer.cell.b.assign(np.arange(12))
    gain = decompose(layer)[0]
    assert (gain.matrix, gain.gates) == ("gain", ("a", "b", "c"))
    np.testing.assert_array_equal(gain.blocks["c"], [[0, 1, 2, 3]])


def test_gates_that_cannot_share_a_further_matrix_are_refused_with_the_numbers() -> None:
    register_layout(Packed, LSTM_GATES, [MatrixPart("gain", "b", LSTM_GATES)])
    with pytest.raises(ValueError, match=r"'gain' .* has 15 columns, which 4 gates can't share"):
        decompose(built(Packed(5)))


def test_what_a_layout_does_not_mention_is_shown_whole_under_its_own_name() -> None:
    register_layout(Packed, ("a", "b", "c"), {"kernel": "w"})
    layer = built(Packed(4))
    assert shown(layer) == [
        ("kernel", ("a", "b", "c"), (2, 12)),
        ("u", ("whole",), (4, 12)),
        ("b", ("whole",), (1, 12)),
    ]
    np.testing.assert_array_equal(decompose(layer)[1].values, layer.cell.u)


def test_what_a_cell_has_beyond_the_one_it_is_like_is_not_hidden() -> None:
    register_layout(Normalized, like=keras.layers.LSTMCell)
    layer = built(Normalized(3))
    assert shown(layer) == [
        ("kernel", LSTM_GATES, (2, 12)),
        ("recurrent_kernel", LSTM_GATES, (3, 12)),
        ("bias", LSTM_GATES, (1, 12)),
        ("gain", ("whole",), (1, 12)),
        ("offset", ("whole",), (1, 12)),
        ("gamma", ("whole",), (1, 2)),
        ("beta", ("whole",), (1, 2)),
    ]
    assert {one.matrix for one in decompose(layer) if not one.is_trained} == {"offset"}


def test_gradients_of_further_matrices_are_their_own() -> None:
    register_layout(Packed, ("a", "b", "c"), {"kernel": "w"})
    layer = built(Packed(2))
    gradients = [np.full(one.shape, number) for number, one in enumerate(layer.trainable_variables)]
    found = {one.matrix: np.unique(one.values).tolist() for one in decompose(layer, gradients)}
    assert found == {"kernel": [0], "u": [1], "b": [2]}


def test_a_further_variable_of_a_name_that_is_taken_is_numbered() -> None:
    register_layout(Packed, ("a", "b", "c"), {"u": "w"})
    assert [name for name, *_ in shown(built(Packed(4)))] == ["u", "u_1", "b"]


def test_a_parameter_beside_the_cells_of_a_pytorch_layer_is_shown_once() -> None:
    class Scaled(Wrapped):
        def __init__(self) -> None:
            super().__init__(2, 3, num_layers=2, bidirectional=True)
            self.scale = torch.nn.Parameter(torch.ones(6), requires_grad=False)

    register_layout(Scaled, like=torch.nn.LSTM)
    tensors = decompose(Scaled())
    (scale,) = (one for one in tensors if one.matrix == "scale")
    assert len(tensors) == 2 * 2 * 4 + 1
    assert (scale.direction, scale.index, scale.gates, scale.is_trained) == (
        "forward",
        0,
        ("whole",),
        False,
    )


def test_a_recurrent_module_inside_a_registered_one_is_shown_once() -> None:
    class Outer(Mine):
        def __init__(self) -> None:
            super().__init__()
            self.inner = torch.nn.GRUCell(2, 3)

    register_layout(Outer, ("a", "b"), {"kernel": "w"}, axis=0)
    tensors = decompose(torch.nn.Sequential(Outer()))
    assert [(one.layer, one.matrix) for one in tensors] == [
        ("0", "kernel"),
        ("0", "u"),
        ("0/inner", "kernel"),
        ("0/inner", "recurrent_kernel"),
        ("0/inner", "bias"),
        ("0/inner", "recurrent_bias"),
    ]


def test_parts_say_what_a_mapping_cannot() -> None:
    parts = [
        MatrixPart("kernel", "w", ("c", "a", "b")),
        MatrixPart("recurrent_kernel", "u"),
        MatrixPart("bias", "b", half=1),
    ]
    register_layout(Packed, ("a", "b", "c"), parts)
    layer = built(Packed(2))
    kernel, _, bias = decompose(layer)
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
        ((Packed, ("a",), {"": "w"}), "the name of a matrix is not empty and has no slash, unlike ''"),
        ((Packed, ("a",), {"a/b": "w"}), "the name of a matrix .* unlike 'a/b'"),
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
