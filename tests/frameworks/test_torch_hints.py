"""Modules of one's own that look recurrent are named, with what to write for them."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from tensorboard_plugin_rnnweights.frameworks.discovery import find, find_cells
from tensorboard_plugin_rnnweights.rnn.hints import sounds_recurrent
from tensorboard_plugin_rnnweights.rnn.notice import Notice


class ConvLSTMCell(nn.Module):
    """As public code writes it: one convolution of inputs and states."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(5, 16, 3)


class ConvLSTM(nn.Module):
    """A stack of such cells."""

    def __init__(self) -> None:
        super().__init__()
        self.cell_list = nn.ModuleList([ConvLSTMCell(), ConvLSTMCell()])


class minLSTM(nn.Module):  # noqa: N801 (It is called so.)
    """Three linear layers."""

    def __init__(self) -> None:
        super().__init__()
        self.linear_f, self.linear_i, self.linear_h = (nn.Linear(3, 4) for _ in range(3))


class LSTMTagger(nn.Module):
    """A model that is named after the layer that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4)
        self.head = nn.Linear(4, 2)


class LSTMState(nn.Module):
    """Has no parameters."""


class Recurrence(nn.LSTM):
    """Has a forward of its own, and a part that sounds recurrent itself."""

    def __init__(self) -> None:
        super().__init__(2, 3)
        self.rnn_head = minLSTM()

    def forward(self, *arguments: Any) -> Any:
        return super().forward(*arguments)


SOUNDING = (
    "ConvLSTMCell minLSTM sLSTMBlock MinGRU mLSTM QRNN BiLSTM ConvLSTM2d Lstm lstm_layer RecurrentBlock "
    "IndRNN PeepholeLSTMCell RNN"
)
OTHERS = "Learner Turn Linear Internal Grumble Transformer Current"


@pytest.mark.parametrize("name", SOUNDING.split())
def test_names_that_say_recurrent(name: str) -> None:
    assert sounds_recurrent(name)


@pytest.mark.parametrize("name", OTHERS.split())
def test_names_that_do_not(name: str) -> None:
    assert not sounds_recurrent(name)


def test_the_innermost_are_hinted_at_once_a_class() -> None:
    model = nn.ModuleDict(
        {"video": ConvLSTM(), "text": minLSTM(), "tagger": LSTMTagger(), "no": LSTMState()}
    )
    cell, minimal = find(model).hints
    assert cell.layers == ("video/cell_list/0", "video/cell_list/1")
    assert cell.text == (
        "'video/cell_list/0' (and 1 more ConvLSTMCell) is not logged, as it is not known how ConvLSTMCell "
        "keeps its gates in its weights (conv.weight (16, 5, 3, 3), conv.bias (16,)): "
        "tensorboard_plugin_rnnweights.register_layout(ConvLSTMCell, gates=..., matrices=...) says so, as "
        "docs/own_cells.md shows"
    )
    assert minimal.layers == ("text",)
    assert "linear_f.weight (4, 3), linear_f.bias (4,), linear_i.weight (4, 3)" in minimal.text
    assert "linear_h" not in minimal.text


def test_they_are_reported_beside_what_is_found() -> None:
    notices: list[Notice] = []
    cells = find_cells(nn.ModuleList([ConvLSTMCell(), nn.GRU(2, 3)]), notices.append)
    assert [cell.layer for cell in cells] == ["1"]
    assert [notice.layers for notice in notices] == [("0",)]


@pytest.mark.parametrize("model", [LSTMTagger(), nn.Sequential(LSTMTagger()), Recurrence()], ids=type)
def test_there_is_no_hint_where_the_layer_is_known(model: nn.Module) -> None:
    assert find(model).hints == ()


def test_where_nothing_else_is_recurrent_the_error_says_what_to_do() -> None:
    with pytest.raises(
        ValueError, match=r"no recurrent layer that is known: 'cell_list/0'.*register_layout"
    ):
        find_cells(ConvLSTM())


def test_a_compiled_module_is_hinted_at_by_its_own_name() -> None:
    (hint,) = find(nn.ModuleList([nn.LSTM(1, 1), torch.compile(minLSTM())])).hints
    assert "register_layout(minLSTM, " in hint.text
