"""Layouts that users register for cells of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras
import torch

from tensorboard_plugin_rnnweights import MatrixPart, decompose, register_layout
from tensorboard_plugin_rnnweights.capture.held import hold_weights
from tensorboard_plugin_rnnweights.frameworks.discovery import find
from tests.rnn.registering import registered_for_a_while

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
    with registered_for_a_while():
        yield


def built(cell: Any) -> Any:
    layer = keras.layers.RNN(cell, name="mine")
    layer.build((None, None, 2))
    return layer


def refusals(layer: Any) -> list[str]:
    """Why matrices of a layer can't be cut."""
    found = []
    for matrix in hold_weights(layer):
        try:
            matrix.tensor()
        except ValueError as error:
            found.append(str(error))
    return found


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
    (refusal,) = refusals(built(Packed(5)))
    assert "'gain' of the recurrent layer 'mine' has 15 columns, which 4 gates can't share" in refusal


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


class TwoBiases(Packed):
    """A cell that keeps two biases in one variable."""

    def build(self, shape: Any) -> None:
        super().build(shape)
        self.both = self.add_weight(shape=(2, 3 * self.units), name="both")


def test_parts_say_what_a_mapping_cannot() -> None:
    parts = [
        MatrixPart("kernel", "w", ("c", "a", "b")),
        MatrixPart("recurrent_kernel", "u"),
        MatrixPart("bias", "both", half=1),
    ]
    register_layout(TwoBiases, ("a", "b", "c"), parts)
    layer = built(TwoBiases(2))
    kernel, _, bias, _ = decompose(layer)
    assert kernel.gates == ("a", "b", "c")
    np.testing.assert_array_equal(kernel.blocks["c"], np.asarray(layer.cell.w)[:, :2])
    np.testing.assert_array_equal(bias.values, np.asarray(layer.cell.both)[1:])


def test_a_cell_can_be_registered_like_a_known_one() -> None:
    assert decompose(Wrapped(2, 3))[0].gates == ("whole",)
    register_layout(Wrapped, like=torch.nn.LSTM)
    module = Wrapped(2, 3, num_layers=2, bidirectional=True)
    tensors = decompose(module)
    assert {(one.cell, one.gates) for one in tensors} == {("Wrapped", LSTM_GATES)}
    assert len(tensors) == 2 * 2 * 4


def test_cells_that_are_shown_whole_are_one_notice_a_class_until_they_are_registered() -> None:
    stack = [keras.layers.RNN(Packed(2), return_sequences=True, name=name) for name in "ab"]
    model = keras.Sequential([keras.layers.Input((None, 2)), *stack])
    (notice,) = find(model).notices()
    assert notice.layers == ("a", "b")
    assert f"'a' is shown with its matrices whole, as it is not known how {__name__}.Packed" in notice.text
    register_layout(Packed, ("a", "b", "c"), MATRICES)
    assert find(model).notices() == []


class Plain:
    """What `keras.layers.RNN` takes for a cell, and is no layer."""

    state_size = output_size = 3

    def __init__(self) -> None:
        self.matrices = {"kernel": keras.Variable(np.arange(12.0).reshape(2, 6))}

    def call(self, inputs: Any, states: Any) -> Any:
        one, two = keras.ops.split(inputs @ self.matrices["kernel"], 2, axis=-1)
        return one + two, states

    __call__ = call


def test_a_cell_that_is_a_plain_object_is_cut_by_its_gates() -> None:
    register_layout(Plain, ("a", "b"), {"kernel": "matrices.kernel"})
    (kernel,) = decompose(keras.layers.RNN(Plain(), name="mine"))
    assert (kernel.layer, kernel.gates) == ("mine", ("a", "b"))
    np.testing.assert_array_equal(kernel.blocks["b"], [[3, 4, 5], [9, 10, 11]])


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


def test_halves_that_are_none_are_refused_with_the_numbers() -> None:
    register_layout(Packed, ("a", "b", "c"), [MatrixPart("bias", "b", half=0)])
    (refusal,) = refusals(built(Packed(3)))
    assert "'bias' of the recurrent layer 'mine' has 9 values, which are no two halves" in refusal


def gates_of(layer: Any) -> set[tuple[str, ...]]:
    return {one.gates for one in decompose(layer)}


FRAMEWORKS_OWN = [
    keras.layers.RNN,
    keras.layers.Layer,
    keras.layers.LSTMCell,
    tf_keras.layers.RNN,
    torch.nn.Module,
    torch.nn.RNNBase,
    tf.Module,
]


@pytest.mark.parametrize("kind", FRAMEWORKS_OWN, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_class_of_the_framework_itself_is_refused(kind: type) -> None:
    with pytest.raises(
        ValueError, match=f"{kind.__name__} can't be registered, as it belongs to the framework"
    ):
        register_layout(kind, ("a", "b", "c"), MATRICES)
    layer = keras.layers.LSTM(2)
    layer.build((None, None, 2))
    assert gates_of(layer) == {LSTM_GATES}


def test_the_nearest_of_its_base_classes_says_how_a_cell_packs_its_gates() -> None:
    class Far(Packed):
        pass

    class Near(Far):
        pass

    register_layout(Near, ("x", "y", "z"), MATRICES)
    register_layout(Packed, ("a", "b", "c"), MATRICES)
    assert gates_of(built(type("Nearest", (Near,), {})(2))) == {("x", "y", "z")}
    assert gates_of(built(Far(2))) == {("a", "b", "c")}


def test_what_a_framework_says_of_a_nearer_class_holds_before_what_is_registered() -> None:
    class Mixin:
        """What all cells of a project derive from."""

    class Mixed(keras.layers.LSTMCell, Mixin):
        pass

    class Over(Mixin, keras.layers.LSTMCell):
        pass

    register_layout(Mixin, ("a",), {"kernel": "kernel"})
    assert gates_of(built(Mixed(2))) == {LSTM_GATES}
    assert gates_of(built(Over(2))) == {("a",), ("whole",)}


def test_what_a_layer_norm_lstm_of_pytorch_has_beyond_its_lstm_cell_is_not_hidden() -> None:
    class LayerNormLSTMCell(torch.nn.LSTMCell):
        def __init__(self) -> None:
            super().__init__(2, 3)
            self.norms = torch.nn.ModuleList([torch.nn.LayerNorm(12), torch.nn.LayerNorm(3, bias=False)])

        def forward(self, *arguments: Any) -> Any:
            raise NotImplementedError

    register_layout(LayerNormLSTMCell, like=torch.nn.LSTMCell)
    model = torch.nn.Sequential(LayerNormLSTMCell())
    assert shown(model) == [
        ("kernel", LSTM_GATES, (2, 12)),
        ("recurrent_kernel", LSTM_GATES, (3, 12)),
        ("bias", LSTM_GATES, (1, 12)),
        ("recurrent_bias", LSTM_GATES, (1, 12)),
        ("norms_0_weight", ("whole",), (1, 12)),
        ("norms_0_bias", ("whole",), (1, 12)),
        ("norms_1_weight", ("whole",), (1, 3)),
    ]
    assert sum(one.values.size for one in decompose(model)) == sum(
        one.numel() for one in model.parameters()
    )


def test_gradients_of_a_joined_convolution_are_cut_as_its_weights_are() -> None:
    class Joined(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(2 + 3, 4 * 3, (2, 1), bias=False)

    parts = [
        MatrixPart("kernel", "conv.weight", axis=0, rows="inputs"),
        MatrixPart("recurrent_kernel", "conv.weight", axis=0, rows="states"),
    ]
    register_layout(Joined, LSTM_GATES, parts)
    module = Joined()
    weight = module.conv.weight
    factors = torch.arange(weight.numel(), dtype=torch.float32).reshape(weight.shape)
    (weight * factors).sum().backward()
    kernel, recurrent = decompose(module, [weight.grad])
    assert (kernel.row_shape, recurrent.row_shape) == ((2, 1, 2), (2, 1, 3))
    forget = factors[3:6, 2:].permute(2, 3, 1, 0).numpy()
    np.testing.assert_array_equal(recurrent.blocks["forget"].reshape(2, 1, 3, 3), forget)


class Composed(torch.nn.Module):
    """A module of an LSTM cell and a layer norm."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = torch.nn.LSTMCell(2, 3)
        self.norm = torch.nn.LayerNorm(3)
        # What a stack of them would call this.
        self.num_layers = 2


COMPOSED = {"kernel": "cell.weight_ih", "recurrent_kernel": "cell.weight_hh", "bias": "cell.bias_ih"}


def test_a_cell_inside_a_module_whose_layout_names_its_parameters_is_shown_once() -> None:
    register_layout(Composed, LSTM_GATES, COMPOSED, axis=0)
    model = torch.nn.Sequential(Composed(), torch.nn.LSTMCell(2, 3))
    assert [(one.layer, one.matrix, one.gates) for one in decompose(model)] == [
        ("0", "kernel", LSTM_GATES),
        ("0", "recurrent_kernel", LSTM_GATES),
        ("0", "bias", LSTM_GATES),
        ("0", "cell_bias_hh", ("whole",)),
        ("0", "norm_weight", ("whole",)),
        ("0", "norm_bias", ("whole",)),
        *(("1", name, LSTM_GATES) for name in ("kernel", "recurrent_kernel", "bias", "recurrent_bias")),
    ]


def test_a_computed_weight_inside_a_module_is_read_by_its_path() -> None:
    register_layout(Composed, LSTM_GATES, COMPOSED, axis=0)
    module = Composed()
    torch.nn.utils.parametrizations.weight_norm(module.cell, "weight_ih")
    kernel, *others = decompose(module)
    np.testing.assert_allclose(kernel.values, module.cell.weight_ih.detach().numpy().T, rtol=1e-6)
    assert {one.layer for one in others} == {"composed"}
    assert [one.matrix for one in others] == [
        "recurrent_kernel",
        "bias",
        "cell_bias_hh",
        "norm_weight",
        "norm_bias",
    ]
