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
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.rnn import keras_cells, reference
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.decompose import decompose
from tensorboard_plugin_rnnweights.rnn.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.held import hold
from tensorboard_plugin_rnnweights.rnn.layouts import LAYOUTS, CellLayout
from tests.rnn.layers import CELLS, LAYERS, built, outputs_of, sequences

SIZES = {
    "units": st.integers(1, 6),
    "features": st.integers(1, 5),
    "batch": st.integers(1, 3),
    "time": st.integers(1, 6),
    "seed": st.integers(0, 2**32 - 1),
}
ROWS = [pytest.param(row, id=row.equations) for row in LAYOUTS]


def assert_equal(actual: npt.NDArray[Any], expected: npt.NDArray[Any]) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=2e-6)


def computed(cell: Cell, layout: CellLayout, inputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What the equations give for a real cell whose variables are cut up by `layout`."""
    held = hold(keras_cells, [replace(cell, layout=layout)], lambda variable: variable)
    return reference.forward([matrix.tensor() for matrix in held], layout.equations, inputs)


def only_cell(layer: Any) -> Cell:
    (cell,) = find_cells(layer)
    return cell


def layer_for(row: CellLayout) -> Any:
    kind = getattr(keras.layers, row.cell_class.removesuffix("Cell"))
    return built(kind(4, return_sequences=True, **row.when))


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("name", LAYERS)
@settings(max_examples=12)
@given(**SIZES)
def test_blocks_give_the_layers_outputs(
    name: str, use_bias: bool, units: int, features: int, batch: int, time: int, seed: int
) -> None:
    layer = built(LAYERS[name](units, use_bias=use_bias, return_sequences=True), features, seed)
    inputs = sequences(batch, time, features, seed)
    cell = only_cell(layer)
    assert_equal(computed(cell, cell.layout, inputs), outputs_of(layer, inputs))


@pytest.mark.parametrize("name", CELLS)
@settings(max_examples=6)
@given(**SIZES)
def test_blocks_give_both_directions_outputs(
    name: str, units: int, features: int, batch: int, time: int, seed: int
) -> None:
    layer = keras.layers.Bidirectional(LAYERS[name](units, return_sequences=True), merge_mode=None)
    built(layer, features, seed)
    inputs = sequences(batch, time, features, seed)
    forward, backward = find_cells(layer)
    ahead, behind = (np.asarray(output) for output in layer(inputs))
    assert (forward.direction, backward.direction) == ("forward", "backward")
    assert_equal(computed(forward, forward.layout, inputs), ahead)
    # Keras turns the backward layer's outputs round again, so that they stand beside the forward ones.
    assert_equal(computed(backward, backward.layout, inputs[:, ::-1])[:, ::-1], behind)


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("name", CELLS)
def test_blocks_of_a_cell_in_an_rnn_layer_give_its_outputs(name: str, use_bias: bool) -> None:
    layer = built(keras.layers.RNN(CELLS[name](4, use_bias=use_bias), return_sequences=True))
    inputs = sequences(2, 5, 3)
    cell = only_cell(layer)
    assert_equal(computed(cell, cell.layout, inputs), outputs_of(layer, inputs))


def test_blocks_of_stacked_cells_give_their_outputs_one_after_the_other() -> None:
    stack = keras.layers.StackedRNNCells([make(3) for make in CELLS.values()])
    layer = built(keras.layers.RNN(stack, return_sequences=True))
    inputs = sequences(2, 5, 3)
    outputs = inputs
    for cell in find_cells(layer):
        outputs = computed(cell, cell.layout, outputs)
    assert_equal(outputs, outputs_of(layer, inputs))


SWAPS = [
    pytest.param(row, swap, id=f"{row.equations}: {' <-> '.join(swap)}")
    for row in LAYOUTS
    for swap in itertools.combinations(row.gates, 2)
]


@pytest.mark.parametrize(("row", "swap"), SWAPS)
def test_no_two_gates_of_a_row_can_be_swapped_unnoticed(row: CellLayout, swap: Sequence[str]) -> None:
    layer, inputs = layer_for(row), sequences(2, 5, 3)
    there_and_back = dict(zip(swap, reversed(swap), strict=True))
    swapped = replace(row, gates=tuple(there_and_back.get(gate, gate) for gate in row.gates))
    cell, outputs = only_cell(layer), outputs_of(layer, inputs)
    assert_equal(computed(cell, row, inputs), outputs)
    assert np.abs(computed(cell, swapped, inputs) - outputs).max() > 1e-2


def test_the_two_biases_of_a_gru_cannot_be_swapped_unnoticed() -> None:
    (row,) = (row for row in LAYOUTS if row.equations == "gru_reset_after")
    layer, inputs = layer_for(row), sequences(2, 5, 3)
    turned = tuple(one if one.row is None else replace(one, row=1 - one.row) for one in row.matrices)
    swapped = computed(only_cell(layer), replace(row, matrices=turned), inputs)
    assert np.abs(swapped - outputs_of(layer, inputs)).max() > 1e-2


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_found_by_its_own_layer(row: CellLayout) -> None:
    assert only_cell(layer_for(row)).layout is row


@pytest.mark.parametrize("row", ROWS)
def test_every_weight_is_in_one_block(row: CellLayout) -> None:
    layer = layer_for(row)
    blocks = [block for tensor in decompose(layer) for block in tensor.blocks.values()]
    found = np.sort(np.concatenate([block.ravel() for block in blocks]))
    weights = np.concatenate([np.ravel(weight) for weight in layer.get_weights()])
    np.testing.assert_array_equal(found, np.sort(weights))


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_equations_and_gates_with_names_of_their_own(row: CellLayout) -> None:
    assert row.equations in reference.EQUATIONS
    assert len({*row.gates}) == len(row.gates)
    assert len({matrix.matrix for matrix in row.matrices}) == len(row.matrices)


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
