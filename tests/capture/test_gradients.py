"""Where a gradient is missing, the reason is true and helps; a frozen variable is not missing."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import torch
from torch import nn

from tensorboard_plugin_rnnweights.capture.held import hold_gradients
from tensorboard_plugin_rnnweights.rnn.notice import Notice


class Two(nn.Module):
    """Two layers, of which the loss needs one only."""

    def __init__(self) -> None:
        super().__init__()
        self.used = nn.LSTM(3, 4)
        self.unused = nn.GRU(3, 4)

    def forward(self, inputs: Any) -> Any:
        return self.used(inputs)[0]


def backward() -> Two:
    model = Two()
    model(torch.ones(5, 2, 3)).sum().backward()
    return model


def held_layers(model: Any, gradients: Any = None) -> tuple[set[str], list[Notice]]:
    notices: list[Notice] = []
    held = hold_gradients(model, gradients, notices.append)
    return {matrix.cell.layer for matrix in held}, notices


NOT_REACHED = (
    "no gradient is logged of 'kernel' of the recurrent layer 'unused' and 3 more: its .grad is None: the "
    "last backward pass didn't reach it, or optimizer.zero_grad() was called before this was logged"
)


def test_one_that_the_backward_pass_did_not_reach() -> None:
    found, notices = held_layers(backward())
    assert found == {"used"}
    assert notices == [Notice(NOT_REACHED, kind="gradients", layers=("unused",))]


def test_one_whose_optimizer_has_cleared_it_already() -> None:
    model = backward()
    torch.optim.SGD(model.used.parameters(), 1.0).zero_grad()
    model.unused(torch.ones(5, 2, 3))[0].sum().backward()
    found, (notice,) = held_layers(model)
    assert found == {"unused"}
    assert notice.layers == ("used",)
    assert "or optimizer.zero_grad() was called before this was logged" in notice.text


def test_one_that_was_set_to_zero_has_a_gradient_of_zeros() -> None:
    model = backward()
    torch.optim.SGD(model.used.parameters(), 1.0).zero_grad(set_to_none=False)
    held = [one.tensor() for one in hold_gradients(model, None)]
    assert [float(np.abs(one.values).max()) for one in held] == [0.0] * 4


def test_a_frozen_one_is_not_missing() -> None:
    model = Two()
    model.unused.requires_grad_(False)
    model(torch.ones(5, 2, 3)).sum().backward()
    assert held_layers(model) == ({"used"}, [])


def test_one_that_none_was_given_for() -> None:
    model = Two()
    loss = model(torch.ones(5, 2, 3)).sum()
    parameters = [*model.parameters()]
    given = torch.autograd.grad(loss, parameters, allow_unused=True)
    for gradients in (given, [*zip(given, parameters, strict=True)]):
        found, (notice,) = held_layers(model, gradients)
        assert (found, notice.layers) == ({"used"}, ("unused",))
        assert notice.text.endswith(
            "None was given as its gradient: the loss doesn't depend on it, or by no way that can be "
            "differentiated"
        )


def test_one_that_no_pair_is_of() -> None:
    model = Two()
    pairs = [(torch.ones_like(one), one) for one in model.used.parameters()]
    found, (notice,) = held_layers(model, pairs)
    assert (found, notice.layers) == ({"used"}, ("unused",))
    assert notice.text.endswith(": none of the (gradient, variable) pairs that were given is of it")


def test_a_computed_weight_whose_source_has_none_says_which() -> None:
    model = nn.utils.parametrizations.weight_norm(nn.LSTM(3, 4), "weight_hh_l0")
    model(torch.ones(5, 2, 3))[0].sum().backward()
    model.parametrizations.weight_hh_l0.original1.grad = None
    _, (notice,) = held_layers(model)
    assert (
        "it is computed from 'parametrizations.weight_hh_l0.original1', of which there is none: "
        in notice.text
    )


def test_gradients_in_another_order_are_refused_also_of_computed_weights() -> None:
    model = nn.utils.parametrizations.weight_norm(nn.LSTM(3, 4), "weight_hh_l0")
    gradients = [torch.ones_like(one) for one in model.parameters()]
    gradients[-2], gradients[-1] = gradients[-1], gradients[-2]
    with pytest.raises(ValueError, match=r"'parametrizations.weight_hh_l0.original0' has shape \(16, 4\)"):
        hold_gradients(model, gradients)


def test_no_gradients_at_all_are_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"between loss.backward\(\) and optimizer.zero_grad\(\)"):
        hold_gradients(Two(), None)
    model = keras.Sequential([keras.layers.Input((4, 3)), keras.layers.LSTM(2)])
    with pytest.raises(ValueError, match="with other frameworks, pass the gradients"):
        hold_gradients(model, None)
