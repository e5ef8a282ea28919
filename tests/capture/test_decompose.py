"""What `decompose` gives of a model and of its gradients."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.rnn.cell_layout import MatrixPart
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.registry import register_layout
from tests.rnn.layers import built, randomise, sequences

layers = keras.layers


def new_model() -> Any:
    """Both directions of an LSTM, a GRU and a layer that isn't recurrent."""
    stacked = [
        layers.Input((5, 3)),
        layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both"),
        layers.GRU(2, name="gru"),
        layers.Dense(1),
    ]
    return randomise(keras.Sequential(stacked))


@pytest.fixture(scope="module")
def model() -> Any:
    return new_model()


@pytest.fixture(scope="module")
def gradients(model: Any) -> list[Any]:
    """Gradients in the order of the model's trainable variables."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(sequences(2, 5, 3)) ** 2)
    found: list[Any] = tape.gradient(loss, [variable.value for variable in model.trainable_variables])
    return found


def names(tensors: list[GateTensor]) -> list[tuple[str, str | None, str]]:
    return [(tensor.layer, tensor.direction, tensor.matrix) for tensor in tensors]


LSTM_MATRICES = ("kernel", "recurrent_kernel", "bias")
ALL_MATRICES = [
    *(("both", "forward", matrix) for matrix in LSTM_MATRICES),
    *(("both", "backward", matrix) for matrix in LSTM_MATRICES),
    *(("gru", None, matrix) for matrix in (*LSTM_MATRICES, "recurrent_bias")),
]


def test_every_matrix_is_given_in_the_models_order(model: Any) -> None:
    assert names(decompose(model)) == ALL_MATRICES


@pytest.mark.parametrize(
    ("layer", "gates", "shapes"),
    [
        (
            layers.LSTM(4),
            ("input", "forget", "cell", "output"),
            {"kernel": (3, 4), "recurrent_kernel": (4, 4), "bias": (1, 4)},
        ),
        (
            layers.GRU(5),
            ("update", "reset", "candidate"),
            {"kernel": (3, 5), "recurrent_kernel": (5, 5), "bias": (1, 5), "recurrent_bias": (1, 5)},
        ),
        (
            layers.GRU(5, reset_after=False),
            ("update", "reset", "candidate"),
            {"kernel": (3, 5), "recurrent_kernel": (5, 5), "bias": (1, 5)},
        ),
        (
            layers.SimpleRNN(2),
            ("hidden",),
            {"kernel": (3, 2), "recurrent_kernel": (2, 2), "bias": (1, 2)},
        ),
        (
            layers.GRU(1, use_bias=False),
            ("update", "reset", "candidate"),
            {"kernel": (3, 1), "recurrent_kernel": (1, 1)},
        ),
    ],
    ids=["LSTM", "GRU", "GRU reset_before", "SimpleRNN", "no bias"],
)
def test_blocks_have_a_row_for_each_input_and_a_column_for_each_unit(
    layer: Any, gates: tuple[str, ...], shapes: dict[str, tuple[int, int]]
) -> None:
    tensors = decompose(built(layer))
    assert [tensor.matrix for tensor in tensors] == list(shapes)
    for tensor in tensors:
        shape = shapes[tensor.matrix]
        assert tensor.gates == tuple(tensor.blocks) == gates
        assert {block.shape for block in tensor.blocks.values()} == {shape}
        assert (tensor.rows, tensor.units) == shape
        assert tensor.values.shape == (shape[0], shape[1] * len(gates))


def test_blocks_are_the_parts_of_the_weights(model: Any) -> None:
    kernel = np.asarray(model.layers[0].backward_layer.cell.kernel)
    (tensor,) = (one for one in decompose(model) if (one.direction, one.matrix) == ("backward", "kernel"))
    assert tensor.cell == "LSTM"
    for position, gate in enumerate(("input", "forget", "cell", "output")):
        np.testing.assert_array_equal(tensor.blocks[gate], kernel[:, 4 * position : 4 * position + 4])


def test_the_rows_of_a_grus_bias_are_two_matrices(model: Any) -> None:
    both = np.asarray(model.layers[1].cell.bias)
    bias, recurrent_bias = decompose(model)[-2:]
    np.testing.assert_array_equal(bias.values, both[:1])
    np.testing.assert_array_equal(recurrent_bias.values, both[1:])


def test_stacked_cells_are_told_apart_by_their_index() -> None:
    layer = built(layers.RNN([layers.LSTMCell(2), layers.GRUCell(3)]))
    assert [(one.index, one.cell, one.matrix) for one in decompose(layer)] == [
        *((0, "LSTM", matrix) for matrix in LSTM_MATRICES),
        *((1, "GRU", matrix) for matrix in (*LSTM_MATRICES, "recurrent_bias")),
    ]


def test_what_is_given_stays_as_it_is_when_the_model_is_trained_on() -> None:
    layer = built(layers.LSTM(2))
    before = decompose(layer)
    copies = [tensor.values.copy() for tensor in before]
    for variable in layer.trainable_variables:
        variable.assign_add(variable * 0 + 1)
    for tensor, copy, after in zip(before, copies, decompose(layer), strict=True):
        np.testing.assert_array_equal(tensor.values, copy)
        np.testing.assert_allclose(after.values, copy + 1, rtol=1e-6)


def test_what_is_given_can_be_written_into_without_changing_the_model() -> None:
    layer = built(layers.LSTM(2))
    before = layer.get_weights()
    for tensor in decompose(layer):
        tensor.blocks["forget"][:] = 7
        assert (tensor.values == 7).sum() == tensor.rows * tensor.units
    for old, new in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_weights_keep_their_type_of_number(dtype: str) -> None:
    layer = built(layers.GRU(2, dtype=dtype, recurrent_initializer="zeros"))
    assert {tensor.values.dtype.name for tensor in decompose(layer)} == {dtype}


def as_pairs(model: Any, gradients: list[Any]) -> list[Any]:
    return list(zip(gradients, model.trainable_variables, strict=True))


def as_backwards_pairs(model: Any, gradients: list[Any]) -> list[Any]:
    return as_pairs(model, gradients)[::-1]


def as_pairs_of_tensorflows_variables(model: Any, gradients: list[Any]) -> list[Any]:
    return [(gradient, variable.value) for gradient, variable in as_pairs(model, gradients)]


def as_arrays(model: Any, gradients: list[Any]) -> list[Any]:
    return [gradient.numpy() for gradient in gradients]


def as_pairs_of_recurrent_layers(model: Any, gradients: list[Any]) -> list[Any]:
    return as_pairs(model, gradients)[:-2]


@pytest.mark.parametrize(
    "given",
    [
        lambda model, gradients: gradients,
        lambda model, gradients: tuple(gradients),
        lambda model, gradients: iter(gradients),
        as_arrays,
        as_pairs,
        as_backwards_pairs,
        as_pairs_of_tensorflows_variables,
        as_pairs_of_recurrent_layers,
        lambda model, gradients: zip(gradients, model.trainable_variables, strict=True),
    ],
    ids=[
        "in order",
        "tuple",
        "iterator",
        "arrays",
        "pairs",
        "pairs in another order",
        "pairs with tf.Variable",
        "pairs of some layers",
        "zip",
    ],
)
def test_gradients_are_cut_like_the_weights(model: Any, gradients: list[Any], given: Any) -> None:
    tensors = decompose(model, given(model, gradients))
    assert names(tensors) == ALL_MATRICES
    expected = [np.asarray(one) for one in gradients]
    whole = [*expected[:8], expected[8][:1], expected[8][1:]]
    for tensor, gradient in zip(tensors, whole, strict=True):
        np.testing.assert_array_equal(tensor.values, np.atleast_2d(gradient))
        for position, block in enumerate(tensor.blocks.values()):
            columns = slice(tensor.units * position, tensor.units * (position + 1))
            np.testing.assert_array_equal(block, np.atleast_2d(gradient)[:, columns])


def test_a_variable_without_gradient_has_no_tensor(model: Any, gradients: list[Any]) -> None:
    some = [None if position in (1, 8) else one for position, one in enumerate(gradients)]
    without = {
        ("both", "forward", "recurrent_kernel"),
        ("gru", None, "bias"),
        ("gru", None, "recurrent_bias"),
    }
    for given in (some, as_pairs(model, some)):
        assert names(decompose(model, given)) == [name for name in ALL_MATRICES if name not in without]


def test_no_gradient_at_all_is_no_error(model: Any, gradients: list[Any]) -> None:
    assert decompose(model, [None] * len(gradients)) == []


@pytest.mark.parametrize("given", [lambda all_: all_[:-1], lambda all_: [*all_, all_[0]], lambda all_: []])
def test_a_wrong_number_of_gradients_is_refused(model: Any, gradients: list[Any], given: Any) -> None:
    with pytest.raises(ValueError, match=r"got \d+ gradients for a model with 11 trainable variables"):
        decompose(model, given(gradients))


def test_gradients_in_another_order_are_refused_where_shapes_tell(model: Any, gradients: list[Any]) -> None:
    with pytest.raises(ValueError, match="the recurrent layer 'both, forward' have shape"):
        decompose(model, gradients[::-1])


def test_pairs_of_another_model_are_refused(model: Any, gradients: list[Any]) -> None:
    with pytest.raises(ValueError, match="pairs is of a variable of this model"):
        decompose(model, as_pairs(new_model(), gradients))


def test_a_frozen_layer_has_weights_but_no_gradients() -> None:
    layer = built(layers.LSTM(2))
    layer.trainable = False
    assert len(decompose(layer)) == 3
    with pytest.raises(ValueError, match="got 3 gradients for a model with 0 trainable variables"):
        decompose(layer, [np.zeros(variable.shape) for variable in layer.variables[:3]])


class Odd(layers.LSTMCell):  # type: ignore[name-defined]
    """Has a further kernel that three gates can't share."""

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.odd = self.add_weight(shape=(2, 5), name="odd")


def test_a_matrix_that_can_not_be_cut_leaves_only_itself_out(caplog: pytest.LogCaptureFixture) -> None:
    gates = ("input", "forget", "cell", "output")
    parts = [
        MatrixPart("kernel", "kernel"),
        MatrixPart("recurrent_kernel", "recurrent_kernel"),
        MatrixPart("odd", "odd", gates),
    ]
    register_layout(Odd, gates, parts)
    mixed = built(
        keras.Sequential(
            [layers.RNN(Odd(2), return_sequences=True, name="odd"), layers.GRU(3, name="good")]
        )
    )
    found = {(one.layer, one.matrix) for one in decompose(mixed)}
    assert {("odd", "kernel"), ("odd", "recurrent_kernel"), ("good", "kernel")} <= found
    assert ("odd", "odd") not in found
    decompose(mixed)
    (record,) = caplog.records
    assert (
        "'odd' of the recurrent layer 'odd' has 5 columns, which 4 gates can't share" in record.getMessage()
    )
