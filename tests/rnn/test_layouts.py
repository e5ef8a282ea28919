"""The proof of the table: from blocks cut by its rows, equations compute the real layers' outputs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tf_keras
from hypothesis import given, settings
from hypothesis import strategies as st
from tf_keras.src.layers.rnn.cudnn_gru import CuDNNGRU
from tf_keras.src.layers.rnn.cudnn_lstm import CuDNNLSTM
from tf_keras.src.saving.legacy.hdf5_format import _convert_rnn_weights

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.frameworks.values import hold_values
from tensorboard_plugin_rnnweights.rnn.cell_layout import MATRICES, CellLayout, MatrixPart
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.equations import EQUATIONS
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.layouts import LAYOUTS
from tests.rnn.forward import forward
from tests.rnn.layers import CELLS, LAYERS, built, outputs_of, sequences
from tests.rnn.real_cells import (
    CUDNN,
    RUNNABLE,
    RealLayer,
    Sizes,
    has_bias_option,
    inputs_for,
    random_values,
    real_layer,
)


def name_of(row: CellLayout, path: str) -> str:
    when = ", ".join(f"{name}={value}" for name, value in row.when.items())
    return f"{path} {when}".rstrip()


REAL = [pytest.param(row, path, id=name_of(row, path)) for row, path in RUNNABLE]
ROWS = [pytest.param(row, id=name_of(row, row.classes[-1])) for row in LAYOUTS]


def assert_equal(actual: npt.NDArray[Any], expected: npt.NDArray[Any]) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=2e-6)


def computed(layer: RealLayer, layout: CellLayout, inputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What the equations give for a real layer whose variables are cut up by `layout`."""
    return forward(layer.cell(), layer.tensors(layout), inputs)


@pytest.mark.parametrize(("row", "path"), REAL)
@settings(max_examples=12)
@given(
    sizes=st.builds(
        Sizes,
        units=st.integers(1, 6),
        features=st.integers(1, 5),
        use_bias=st.booleans(),
        seed=st.integers(0, 2**32 - 2),
    ),
    batch=st.integers(1, 3),
    time=st.integers(1, 5),
)
def test_blocks_give_the_layers_outputs(
    row: CellLayout, path: str, sizes: Sizes, batch: int, time: int
) -> None:
    with real_layer(row, path, sizes) as layer:
        inputs = inputs_for(row, batch, time, sizes)
        assert layer.cell().layout is row
        assert_equal(computed(layer, row, inputs), layer.outputs(inputs))


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize(("row", "path"), REAL)
def test_every_weight_is_in_one_block(row: CellLayout, path: str, use_bias: bool) -> None:
    with real_layer(row, path, Sizes(use_bias=use_bias)) as layer:
        tensors = decompose(layer.model)
        weights = all_weights(layer.model)
    if has_bias_option(path):
        assert ("bias" in {tensor.matrix for tensor in tensors}) == use_bias
    found = [block.ravel() for tensor in tensors for block in tensor.blocks.values()]
    np.testing.assert_array_equal(np.sort(np.concatenate(found)), np.sort(weights))


def all_weights(model: Any) -> npt.NDArray[Any]:
    """The values of all variables."""
    variables = model.parameters() if hasattr(model, "parameters") else model.trainable_variables
    return np.concatenate([np.ravel(np.asarray(one)) for one in hold_values(list(variables))])


def swapped(row: CellLayout, swap: Sequence[str]) -> CellLayout:
    """The row with two gates' places exchanged in every matrix that has both."""
    there_and_back = dict(zip(swap, reversed(swap), strict=True))

    def exchanged(part: MatrixPart) -> MatrixPart:
        packed = row.packed(part)
        if {*swap} <= {*row.shown(one for one in row.parts if one.matrix == part.matrix)}:
            packed = tuple(there_and_back.get(gate, gate) for gate in packed)
        return replace(part, gates=packed)

    return replace(row, parts=tuple(exchanged(part) for part in row.parts))


SWAPS = [
    pytest.param(row, path, swap, id=f"{name_of(row, path)}: {' <-> '.join(swap)}")
    for row, path in RUNNABLE
    for swap in itertools.combinations(row.gates, 2)
]


@pytest.mark.parametrize(("row", "path", "swap"), SWAPS)
def test_no_two_gates_of_a_row_can_be_swapped_unnoticed(
    row: CellLayout, path: str, swap: Sequence[str]
) -> None:
    inputs = inputs_for(row, 2, 5, Sizes())
    with real_layer(row, path) as layer:
        outputs = layer.outputs(inputs)
        assert_equal(computed(layer, row, inputs), outputs)
        assert np.abs(computed(layer, swapped(row, swap), inputs) - outputs).max() > 1e-2


@pytest.mark.parametrize(
    ("row", "path"), [(row, path) for row, path in RUNNABLE if row.equations == "gru_reset_after"]
)
def test_the_two_biases_of_a_gru_cannot_be_swapped_unnoticed(row: CellLayout, path: str) -> None:
    with real_layer(row, path) as layer:
        inputs = inputs_for(row, 2, 5, Sizes())
        other = {"bias": "recurrent_bias", "recurrent_bias": "bias"}
        tensors = [replace(one, matrix=other.get(one.matrix, one.matrix)) for one in layer.tensors(row)]
        found = forward(layer.cell(), tensors, inputs)
        assert np.abs(found - layer.outputs(inputs)).max() > 1e-2


CUDNN_LAYERS = {
    CuDNNLSTM: lambda units: tf_keras.layers.LSTM(units),
    CuDNNGRU: lambda units: tf_keras.layers.GRU(units, reset_after=True),
}


def cudnn_and_converted(kind: type, sizes: Sizes) -> tuple[Any, list[GateTensor]]:
    """A CuDNN layer, and the blocks of the plain layer with its weights as Keras itself converts them."""
    layer, plain = kind(sizes.units), CUDNN_LAYERS[kind](sizes.units)
    for one in (layer, plain):
        one.build((None, None, sizes.features))
    layer.set_weights(random_values(layer, sizes))
    plain.set_weights(_convert_rnn_weights(plain, layer.get_weights()))
    return layer, decompose(plain)


@pytest.mark.parametrize("kind", CUDNN_LAYERS)
@settings(max_examples=20)
@given(sizes=st.builds(Sizes, units=st.integers(1, 6), features=st.integers(1, 5), seed=st.integers(0, 99)))
def test_blocks_of_cudnn_layers_are_those_of_the_plain_layer_with_their_weights(
    kind: type, sizes: Sizes
) -> None:
    layer, expected = cudnn_and_converted(kind, sizes)
    found = {tensor.matrix: tensor.blocks for tensor in decompose(layer)}
    if kind is CuDNNLSTM:
        # The plain LSTM has one bias: the sum of both.
        recurrent = found.pop("recurrent_bias")
        found["bias"] = {gate: block + recurrent[gate] for gate, block in found["bias"].items()}
    assert list(found) == [tensor.matrix for tensor in expected]
    for tensor in expected:
        for gate, block in tensor.blocks.items():
            np.testing.assert_array_equal(found[tensor.matrix][gate], block)


@pytest.mark.parametrize("kind", CUDNN_LAYERS)
def test_no_two_gates_of_a_cudnn_row_can_be_swapped_unnoticed(kind: type) -> None:
    layer, expected = cudnn_and_converted(kind, Sizes())
    (cell,) = find_cells(layer)
    for swap in itertools.combinations(cell.layout.gates, 2):
        for tensor in RealLayer(layer, np.asarray).tensors(swapped(cell.layout, swap))[:2]:
            (right,) = (one for one in expected if one.matrix == tensor.matrix)
            assert np.abs(tensor.blocks[swap[0]] - right.blocks[swap[0]]).max() > 1e-2


def test_the_forget_gate_of_a_new_cudnn_layer_starts_at_one_in_the_recurrent_bias() -> None:
    layer = CuDNNLSTM(3)
    layer.build((None, None, 2))
    biases = {tensor.matrix: tensor.blocks["forget"] for tensor in decompose(layer)[2:]}
    np.testing.assert_array_equal(biases["bias"], np.zeros((1, 3)))
    np.testing.assert_array_equal(biases["recurrent_bias"], np.ones((1, 3)))


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_proved(row: CellLayout) -> None:
    proved = {path for _, path in RUNNABLE}
    assert row.classes
    assert all(path in proved or path.startswith(CUDNN) for path in row.classes)
    assert row.equations in EQUATIONS


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_gates_and_matrices_with_names_that_are_known(row: CellLayout) -> None:
    assert len({*row.gates}) == len(row.gates)
    assert {part.matrix for part in row.parts} <= {*MATRICES}
    # Parts of one matrix follow each other, and none packs a gate twice.
    groups = [list(group) for _, group in itertools.groupby(row.parts, key=lambda part: part.matrix)]
    assert len(groups) == len({part.matrix for part in row.parts})
    for group in groups:
        gates = row.shown(group)
        assert len({*gates}) == len(gates)


def only_cell(layer: Any) -> Cell:
    (cell,) = find_cells(layer)
    return cell


@pytest.mark.parametrize("merge_mode", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("name", CELLS)
def test_blocks_give_both_directions_outputs(name: str, merge_mode: str | None) -> None:
    make = LAYERS[name]
    one, other = (make(4, return_sequences=True, go_backwards=back) for back in (False, True))
    layer = built(keras.layers.Bidirectional(one, merge_mode, backward_layer=other))
    inputs, tensors = sequences(2, 5, 3), decompose(layer)
    ahead, behind = find_cells(layer)
    assert (ahead.direction, behind.direction) == ("forward", "backward")
    # Keras turns the backward layer's outputs round again, so that they stand beside the forward ones.
    found = (forward(ahead, tensors, inputs), forward(behind, tensors, inputs[:, ::-1])[:, ::-1])
    merge: dict[str | None, Any] = {
        "concat": lambda a, b: np.concatenate([a, b], axis=-1),
        "sum": lambda a, b: a + b,
        "mul": lambda a, b: a * b,
        "ave": lambda a, b: (a + b) / 2,
        None: lambda a, b: np.stack([a, b]),
    }
    assert_equal(merge[merge_mode](*found), np.asarray(layer(inputs)))


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("name", CELLS)
def test_blocks_of_a_cell_in_an_rnn_layer_give_its_outputs(name: str, use_bias: bool) -> None:
    layer = built(keras.layers.RNN(CELLS[name](4, use_bias=use_bias), return_sequences=True))
    inputs = sequences(2, 5, 3)
    assert_equal(forward(only_cell(layer), decompose(layer), inputs), outputs_of(layer, inputs))


def test_blocks_of_stacked_cells_give_their_outputs_one_after_the_other() -> None:
    stack = keras.layers.StackedRNNCells([make(3) for make in CELLS.values()])
    layer = built(keras.layers.RNN(stack, return_sequences=True))
    outputs = inputs = sequences(2, 5, 3)
    tensors = decompose(layer)
    for cell in find_cells(layer):
        outputs = forward(cell, tensors, outputs)
    assert_equal(outputs, outputs_of(layer, inputs))


@pytest.mark.parametrize(
    "options",
    [
        {"stateful": True},
        {"unroll": True},
        {"go_backwards": True},
        {"dropout": 0.3, "recurrent_dropout": 0.3},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", LAYERS)
def test_options_of_a_layer_leave_its_blocks_where_they_are(name: str, options: dict[str, Any]) -> None:
    layer = LAYERS[name](4, return_sequences=True, **options)
    layer.build((2, 5, 3))
    for variable, values in zip(layer.trainable_variables, random_values(layer, Sizes()), strict=True):
        variable.assign(values)
    inputs = sequences(2, 5, 3)
    seen = inputs[:, ::-1] if "go_backwards" in options else inputs
    assert_equal(forward(only_cell(layer), decompose(layer), seen), outputs_of(layer, inputs))


def test_the_forget_gate_is_the_one_whose_bias_keras_starts_at_one() -> None:
    layer = keras.layers.LSTM(4)
    layer.build((None, None, 3))
    (bias,) = (tensor for tensor in decompose(layer) if tensor.matrix == "bias")
    assert {gate: block.tolist() for gate, block in bias.blocks.items()} == {
        "input": [[0.0] * 4],
        "forget": [[1.0] * 4],
        "cell": [[0.0] * 4],
        "output": [[0.0] * 4],
    }
