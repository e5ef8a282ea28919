"""Which cells are found in a model, and what they are called."""

from __future__ import annotations

import logging
from typing import Any

import keras
import keras.layers as layers
import numpy as np
import pytest

import tensorboard_plugin_rnnweights as rnnweights
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.summary.metadata import Series
from tests.rnn.layers import CELLS, sequences

Place = tuple[str, str | None, int, str]


class Subclassed(keras.Model):
    """A model with its layers in attributes and lists."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = layers.LSTM(3, return_sequences=True, name="encoder")
        self.decoders = [layers.GRU(2, name="decoder_a"), layers.GRU(2, name="decoder_b")]

    def call(self, inputs: Any) -> Any:
        encoded = self.encoder(inputs)
        return self.decoders[0](encoded) + self.decoders[1](encoded)


class EqualNames(keras.Model):
    """A model whose layers have names that Keras would only allow where it doesn't look."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.parts = [layers.SimpleRNN(2, return_sequences=True, name=name) for name in names]

    def call(self, inputs: Any) -> Any:
        for part in self.parts:
            inputs = part(inputs)
        return inputs


class AroundCell(layers.Layer):
    """A layer that steps through time by itself."""

    def __init__(self, cell: Any, **options: Any) -> None:
        super().__init__(**options)
        self.cell_of_mine = cell

    def build(self, shape: Any) -> None:
        self.cell_of_mine.build((shape[0], shape[2]))

    def call(self, inputs: Any) -> Any:
        states = self.cell_of_mine.get_initial_state(batch_size=inputs.shape[0])
        for time in range(inputs.shape[1]):
            output, states = self.cell_of_mine(inputs[:, time], states)
        return output


class OtherEquations(layers.LSTMCell):
    """A cell whose gates may mean anything."""

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        return super().call(-inputs, states, training)


class OtherWeights(layers.GRUCell):
    """A cell that packs its weights in its own way."""

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)


class OnlyRenamed(layers.LSTMCell):
    """A cell with its base's weights and equations."""


def places(model: Any) -> list[Place]:
    return [(cell.layer, cell.direction, cell.index, cell.layout.cell) for cell in find_cells(model)]


def built(model: Any) -> Any:
    model(sequences(2, 3, 4))
    return model


def test_layers_of_a_sequential_model_are_found_in_order() -> None:
    model = keras.Sequential(
        [
            layers.Input((5, 4)),
            layers.SimpleRNN(3, return_sequences=True, name="a"),
            layers.Dense(3),
            layers.LSTM(3, return_sequences=True, name="b"),
            layers.GRU(3, name="c"),
        ]
    )
    assert places(model) == [
        ("a", None, 0, "SimpleRNN"),
        ("b", None, 0, "LSTM"),
        ("c", None, 0, "GRU"),
    ]


def test_layers_of_a_functional_model_are_found() -> None:
    inputs = layers.Input((5, 4))
    branches = [layers.LSTM(2, name="left")(inputs), layers.GRU(2, name="right")(inputs)]
    model = keras.Model(inputs, layers.Dense(1)(layers.Concatenate()(branches)))
    assert places(model) == [("left", None, 0, "LSTM"), ("right", None, 0, "GRU")]


def test_layers_of_a_subclassed_model_are_found_once_it_is_built() -> None:
    assert places(built(Subclassed())) == [
        ("encoder", None, 0, "LSTM"),
        ("decoder_a", None, 0, "GRU"),
        ("decoder_b", None, 0, "GRU"),
    ]


@pytest.mark.parametrize(
    "model",
    [Subclassed(), keras.Sequential([layers.LSTM(3, name="encoder")]), layers.LSTM(3, name="encoder")],
    ids=["subclassed", "sequential", "layer"],
)
def test_a_model_without_weights_yet_says_what_to_do(model: Any) -> None:
    with pytest.raises(ValueError, match=r"'encoder' has no weights yet: call the model on a batch"):
        find_cells(model)


def test_layers_of_nested_models_are_called_by_their_path() -> None:
    innermost = keras.Sequential([layers.GRU(2, name="g")], name="innermost")
    inner = keras.Sequential([layers.LSTM(2, return_sequences=True, name="l"), innermost], name="inner")
    model = keras.Sequential([layers.SimpleRNN(2, return_sequences=True, name="s"), inner])
    assert places(built(model)) == [
        ("s", None, 0, "SimpleRNN"),
        ("inner/l", None, 0, "LSTM"),
        ("inner/innermost/g", None, 0, "GRU"),
    ]


@pytest.mark.parametrize(
    "names",
    [["a", "a", "a"], ["a", "a", "a_1"], ["a_1", "a", "a"], ["a", "a", "a_1", "a_1", "a_2"]],
    ids=lambda names: " ".join(names),
)
def test_layers_of_equal_names_get_paths_of_their_own(names: list[str]) -> None:
    paths = [place[0] for place in places(built(EqualNames(names)))]
    assert len({*paths}) == len(names)
    assert paths[0] == names[0]


def test_a_layer_in_two_places_is_found_at_the_first_one() -> None:
    shared = layers.LSTM(4, return_sequences=True, name="shared")
    first = keras.Sequential([shared], name="first")
    second = keras.Sequential([layers.Dense(4), shared], name="second")
    model = keras.Sequential([layers.Input((5, 4)), first, second])
    assert places(model) == [("first/shared", None, 0, "LSTM")]


@pytest.mark.parametrize("name", CELLS)
def test_a_bidirectional_layer_has_two_directions(name: str) -> None:
    rnn = layers.RNN(CELLS[name](3)) if name != "LSTM" else layers.LSTM(3)
    model = keras.Sequential([layers.Input((5, 4)), layers.Bidirectional(rnn, name="both")])
    cell = name.split()[0]
    assert places(model) == [("both", "forward", 0, cell), ("both", "backward", 0, cell)]


def test_directions_may_be_of_different_types() -> None:
    model = layers.Bidirectional(
        layers.LSTM(3), backward_layer=layers.GRU(3, go_backwards=True), name="both"
    )
    assert places(built(model)) == [("both", "forward", 0, "LSTM"), ("both", "backward", 0, "GRU")]


def test_stacked_cells_are_counted_in_each_direction() -> None:
    stack = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)])
    assert places(built(layers.Bidirectional(stack, name="both"))) == [
        ("both", "forward", 0, "LSTM"),
        ("both", "forward", 1, "GRU"),
        ("both", "backward", 0, "LSTM"),
        ("both", "backward", 1, "GRU"),
    ]


def test_a_layer_inside_a_wrapper_is_found() -> None:
    model = keras.Sequential([layers.TimeDistributed(layers.LSTM(2, name="l"), name="each")])
    model(np.zeros((2, 3, 4, 5), np.float32))
    assert places(model) == [("each/l", None, 0, "LSTM")]


def test_both_directions_of_a_convolution_inside_a_wrapper_are_found() -> None:
    both = layers.Bidirectional(layers.ConvLSTM1D(2, 2), name="both")
    model = keras.Sequential([layers.TimeDistributed(both, name="each")])
    model(np.zeros((2, 3, 4, 5, 2), np.float32))
    assert places(model) == [
        ("each/both", "forward", 0, "ConvLSTM1D"),
        ("each/both", "backward", 0, "ConvLSTM1D"),
    ]


def test_a_bare_cell_in_a_layer_of_the_users_own_is_found() -> None:
    model = keras.Sequential([AroundCell(layers.GRUCell(2, name="cell"), name="mine")])
    assert places(built(model)) == [("mine/cell", None, 0, "GRU")]


@pytest.mark.parametrize(
    "model",
    [layers.LSTM(2, name="alone"), layers.RNN(layers.LSTMCell(2), name="alone")],
    ids=["LSTM", "RNN(LSTMCell)"],
)
def test_a_recurrent_layer_is_a_model_too(model: Any) -> None:
    assert places(built(model)) == [("alone", None, 0, "LSTM")]


def test_a_bidirectional_layer_is_a_model_too() -> None:
    found = places(built(layers.Bidirectional(layers.LSTM(2), name="alone")))
    assert found == [("alone", "forward", 0, "LSTM"), ("alone", "backward", 0, "LSTM")]


def test_a_layer_that_only_has_cells_of_some_other_kind_is_not_recurrent() -> None:
    class Grid(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.cells = [layers.Dense(3), layers.Dense(3)]

        def call(self, inputs: Any) -> Any:
            return self.cells[0](inputs) + self.cells[1](inputs)

    model = keras.Sequential([Grid(), layers.LSTM(2, name="known")])
    assert places(built(model)) == [("known", None, 0, "LSTM")]


def test_layers_behind_a_mask_are_found() -> None:
    model = keras.Sequential([layers.Embedding(7, 3, mask_zero=True), layers.GRU(2, name="masked")])
    model(np.ones((2, 3), np.int32))
    assert places(model) == [("masked", None, 0, "GRU")]


def test_what_keras_quantizes_and_adapts_leaves_recurrent_layers_as_they_are() -> None:
    # Keras has neither for recurrent layers; their neighbours must not confuse us.
    model = built(
        keras.Sequential(
            [layers.Dense(4, name="adapted"), layers.LSTM(2, name="l"), layers.Dense(1, name="quantized")]
        )
    )
    before = [tensor.values for tensor in rnnweights.decompose(model)]
    model.get_layer("adapted").enable_lora(2)
    model.quantize("int8", filters=["quantized"])
    assert not hasattr(layers.LSTM, "enable_lora")
    assert places(model) == [("l", None, 0, "LSTM")]
    for tensor, expected in zip(rnnweights.decompose(model), before, strict=True):
        np.testing.assert_array_equal(tensor.values, expected)


def test_the_state_of_recurrent_dropout_is_no_weight() -> None:
    model = built(layers.LSTM(2, dropout=0.5, recurrent_dropout=0.5))
    (cell,) = find_cells(model)
    assert {*cell.variables} == {"kernel", "recurrent_kernel", "bias"}
    assert len(model.variables) > 3


@pytest.mark.parametrize("kind", [OtherEquations, OtherWeights])
def test_cells_that_may_compute_something_else_are_shown_whole_with_one_hint(
    kind: type, caplog: pytest.LogCaptureFixture
) -> None:
    unknown = [layers.RNN(kind(2), return_sequences=True, name=f"unknown_{i}") for i in range(2)]
    model = built(keras.Sequential([*unknown, layers.LSTM(2, name="known")]))
    with caplog.at_level(logging.WARNING):
        assert places(model) == places(model)
    assert places(model) == [
        ("unknown_0", None, 0, kind.__name__),
        ("unknown_1", None, 0, kind.__name__),
        ("known", None, 0, "LSTM"),
    ]
    (record,) = caplog.records
    assert "'unknown_0' is shown with its matrices whole" in record.getMessage()
    assert f"register_layout({kind.__name__}, " in record.getMessage()
    assert {tensor.gates for tensor in rnnweights.decompose(model)[:3]} == {("whole",)}


def test_a_subclass_with_the_same_equations_is_known() -> None:
    assert places(built(layers.RNN(OnlyRenamed(2), name="renamed"))) == [("renamed", None, 0, "LSTM")]


def test_a_model_without_recurrent_layers_is_refused_by_name() -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(2)], name="dense_only")
    with pytest.raises(ValueError, match="'dense_only' has no recurrent layer that is known"):
        find_cells(model)


@pytest.mark.parametrize("model", [None, "model", object(), keras.layers.LSTM])
def test_what_is_no_model_is_refused_by_type(model: object) -> None:
    with pytest.raises(TypeError, match=r"expected a model, layer or cell of .*, not builtins"):
        find_cells(model)


def test_tags_of_a_model_are_never_shared() -> None:
    # Names that read like the parts of a tag.
    stack = layers.RNN([layers.LSTMCell(2), layers.LSTMCell(2)], return_sequences=True, name="kernel")
    inner = EqualNames(["forward", "kernel", "forward", "cell_1"])
    inner.name = "both"
    model = keras.Sequential(
        [
            layers.Bidirectional(layers.GRU(2, return_sequences=True), name="forward"),
            stack,
            inner,
            layers.Bidirectional(layers.RNN([layers.GRUCell(2), layers.GRUCell(2)]), name="cell_1"),
        ]
    )
    tensors = rnnweights.decompose(built(model))
    tags = {Series.of_tensor(tensor, "weights", (1, 1), 0).tag for tensor in tensors}
    assert len(tags) == len(tensors)
