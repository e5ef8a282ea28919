"""Recurrent modules of PyTorch: what is found, how it is cut, and which gradients it has."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.capture.held import hold_gradients, hold_weights
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.registry import register_layout
from tests.rnn.forward import forward
from tests.rnn.registering import registered_for_a_while

Array = npt.NDArray[Any]

MODES = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}


class Tagger(nn.Module):
    """A usual model: an embedding, a bidirectional encoder, a cell that is stepped by hand, a head."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 3)
        self.encoder = nn.ModuleDict({"lstm": nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True)})
        self.step = nn.GRUCell(8, 5)
        self.head = nn.Linear(5, 2)

    def forward(self, tokens: Any) -> Any:
        encoded, _ = self.encoder["lstm"](self.embedding(tokens))
        state = None
        for time in range(encoded.shape[1]):
            state = self.step(encoded[:, time], state)
        return self.head(state)


class Same(nn.LSTM):
    """A subclass with its base's equations."""


class Other(nn.GRU):
    """A subclass that may compute anything."""

    def forward(self, *arguments: Any) -> Any:
        return super().forward(*arguments)


def seeded(module: nn.Module) -> Any:
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.7, generator=generator)
    return module


def places(module: nn.Module) -> list[tuple[str, str | None, int, str]]:
    return [(one.layer, one.direction, one.index, one.layout.cell) for one in find_cells(module)]


def run_by_blocks(module: Any, inputs: Array) -> Array:
    """A whole stack of layers, in one direction or both, from its blocks alone."""
    tensors = decompose(module)
    cells = {(cell.direction, cell.index): cell for cell in find_cells(module)}
    outputs = inputs
    for index in range(module.num_layers):
        if not module.bidirectional:
            outputs = forward(cells[None, index], tensors, outputs)
            continue
        ahead = forward(cells["forward", index], tensors, outputs)
        behind = forward(cells["backward", index], tensors, outputs[:, ::-1])[:, ::-1]
        outputs = np.concatenate([ahead, behind], axis=-1)
    return outputs


@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=25)
@given(
    features=st.integers(1, 5),
    units=st.integers(2, 6),
    layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    bias=st.booleans(),
    projected=st.booleans(),
)
def test_blocks_of_a_stack_give_its_outputs(
    mode: str, features: int, units: int, layers: int, bidirectional: bool, bias: bool, projected: bool
) -> None:
    options: dict[str, Any] = {"bidirectional": bidirectional, "bias": bias, "batch_first": True}
    if mode == "LSTM" and projected:
        options["proj_size"] = units - 1
    module = seeded(MODES[mode](features, units, layers, **options))
    inputs = np.random.default_rng(0).normal(size=(2, 4, features)).astype(np.float32)
    with torch.no_grad():
        expected = module(torch.from_numpy(inputs))[0].numpy()
    np.testing.assert_allclose(run_by_blocks(module, inputs), expected, rtol=1e-5, atol=2e-6)
    cells = find_cells(module)
    assert len(cells) == layers * (1 + bidirectional)
    assert {cell.index for cell in cells} == {*range(layers)}


def test_modules_are_found_by_their_path_with_their_layers_and_directions() -> None:
    assert places(Tagger()) == [
        *(
            ("encoder/lstm", direction, index, "LSTM")
            for direction in ("forward", "backward")
            for index in (0, 1)
        ),
        ("step", None, 0, "GRU"),
    ]


@pytest.mark.parametrize("wrap", [nn.DataParallel, torch.compile], ids=["DataParallel", "torch.compile"])
def test_what_a_module_is_run_by_is_no_part_of_its_path(wrap: Any) -> None:
    assert places(wrap(Tagger())) == places(Tagger())


@pytest.mark.usefixtures("one_process")
def test_a_module_that_is_trained_by_several_processes_is_found_by_its_own_path() -> None:
    model = nn.parallel.DistributedDataParallel(Tagger())
    assert places(model) == places(Tagger())
    assert len(hold_gradients(trained_once(model), None)) == 4 * 4 + 4


@pytest.mark.parametrize(("module", "name"), [(nn.LSTM(2, 3), "lstm"), (nn.GRUCell(2, 3), "grucell")])
def test_a_recurrent_module_is_a_model_too(module: nn.Module, name: str) -> None:
    assert [place[0] for place in places(module)] == [name]


def test_a_module_in_two_places_is_found_once() -> None:
    shared = nn.LSTM(3, 3)
    assert places(nn.ModuleList([shared, nn.Linear(3, 3), shared])) == [("0", None, 0, "LSTM")]


def test_kernels_have_a_row_for_each_input_and_gates_stand_in_keras_order() -> None:
    module = seeded(nn.GRU(2, 3))
    kernel, _, bias, _ = decompose(module)
    reset, update, candidate = module.weight_ih_l0.detach().numpy().reshape(3, 3, 2)
    assert kernel.gates == bias.gates == ("update", "reset", "candidate")
    np.testing.assert_array_equal(kernel.blocks["update"], update.T)
    np.testing.assert_array_equal(kernel.blocks["reset"], reset.T)
    np.testing.assert_array_equal(kernel.blocks["candidate"], candidate.T)
    np.testing.assert_array_equal(bias.blocks["reset"], module.bias_ih_l0.detach().numpy()[None, :3])


def test_a_subclass_with_the_same_equations_is_known_and_another_one_shown_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert places(Same(2, 3)) == [("same", None, 0, "LSTM")]
        assert places(Other(2, 3)) == [("other", None, 0, "Other")]
    assert {tensor.gates for tensor in decompose(Other(2, 3))} == {("whole",)}
    assert [tensor.matrix for tensor in decompose(Other(2, 3))] == [
        "weight_ih_l0",
        "weight_hh_l0",
        "bias_ih_l0",
        "bias_hh_l0",
    ]
    (record,) = caplog.records
    assert "register_layout(Other, " in record.getMessage()


def test_a_parametrized_weight_is_shown_as_it_is_used() -> None:
    module = nn.utils.parametrizations.weight_norm(nn.LSTM(2, 3), "weight_hh_l0")
    (recurrent,) = (one for one in decompose(module) if one.matrix == "recurrent_kernel")
    np.testing.assert_array_equal(recurrent.values, module.weight_hh_l0.detach().numpy().T)
    assert recurrent.is_trained
    module(torch.ones(3, 1, 2))[0].sum().backward()
    gradients = {matrix.matrix for matrix in hold_gradients(module, None)}
    assert gradients == {"kernel", "recurrent_kernel", "bias", "recurrent_bias"}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_weights_keep_their_type_of_number(dtype: str) -> None:
    module = seeded(nn.LSTM(2, 3)).to(getattr(torch, dtype))
    tensors = decompose(module)
    assert {tensor.values.dtype.name for tensor in tensors} == {dtype}
    expected = module.weight_ih_l0.detach().double().numpy().T
    np.testing.assert_array_equal(tensors[0].values.astype(np.float64), expected)


def trained_once(model: Any) -> Any:
    tokens = torch.arange(12).reshape(2, 6) % 11
    model(tokens).pow(2).sum().backward()
    return model


def test_gradients_are_those_that_the_backward_pass_left() -> None:
    model = trained_once(Tagger())
    tensors = [matrix.tensor() for matrix in hold_gradients(model, None)]
    assert len(tensors) == 4 * 4 + 4
    kernel = tensors[0]
    expected = model.encoder["lstm"].weight_ih_l0.grad.numpy()
    assert np.abs(expected).max() > 0
    np.testing.assert_array_equal(kernel.values, expected.T)
    given = torch.autograd.grad(
        model(torch.arange(12).reshape(2, 6) % 11).pow(2).sum(), list(model.parameters())
    )
    for one, other in zip(decompose(model, given), tensors, strict=True):
        np.testing.assert_allclose(one.values, other.values, rtol=1e-5, atol=1e-6)


def test_gradients_before_the_backward_pass_are_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"between loss.backward\(\) and optimizer.zero_grad\(\)"):
        hold_gradients(Tagger(), None)


def test_a_frozen_parameter_has_no_gradient_and_says_so() -> None:
    model = Tagger()
    model.step.requires_grad_(False)
    trained_once(model)
    weights = {(one.layer, one.is_trained) for one in decompose(model)}
    assert weights == {("encoder/lstm", True), ("step", False)}
    assert {matrix.cell.layer for matrix in hold_gradients(model, None)} == {"encoder/lstm"}


def test_what_is_held_stays_while_the_optimizer_writes() -> None:
    model = trained_once(Tagger())
    weights, gradients = hold_weights(model), hold_gradients(model, None)
    before = [one.tensor().values.copy() for one in (*weights, *gradients)]
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)
    after = [one.tensor().values for one in (*weights, *gradients)]
    for one, other in zip(after, before, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(decompose(model)[0].values, before[0])


class Stack(nn.Module):
    """Has attributes of PyTorch's names, but keeps one cell."""

    def __init__(self) -> None:
        super().__init__()
        self.num_layers, self.bidirectional = 3, True
        self.w = nn.Parameter(torch.ones(6, 2))


def test_attributes_of_pytorchs_names_count_only_where_the_layout_has_places_for_them() -> None:
    with registered_for_a_while():
        register_layout(Stack, ("update", "candidate"), {"kernel": "w"}, axis=0)
        assert places(Stack()) == [("stack", None, 0, "Stack")]
