"""What a module is run by is no part of its path, wherever it stands."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn
from torch.distributed.algorithms._checkpoint.checkpoint_wrapper import checkpoint_wrapper
from torch.optim.swa_utils import AveragedModel

from tensorboard_plugin_rnnweights.capture.held import hold_gradients
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find_cells
from tests.frameworks.torch_models import Outputs, normal

WRAPPERS: dict[str, Callable[[Any], Any]] = {
    "DataParallel": nn.DataParallel,
    "DistributedDataParallel": nn.parallel.DistributedDataParallel,
    "AveragedModel": AveragedModel,
    "torch.compile": torch.compile,
    "checkpoint_wrapper": checkpoint_wrapper,
}


pytestmark = pytest.mark.usefixtures("one_process")


def paths(model: Any) -> list[str]:
    return [cell.layer for cell in find_cells(model)]


class Holder(nn.Module):
    """Keeps a module under a name that wrappers use, too."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, inputs: Any) -> Any:
        return self.module(inputs)


def model(wrap: Callable[[Any], Any] = lambda module: module) -> nn.Module:
    """Recurrent modules at several depths, each of which may be wrapped."""
    return nn.Sequential(wrap(Outputs(wrap(nn.LSTM(3, 4)))), Holder(wrap(Outputs(wrap(nn.GRU(4, 2))))))


EXPECTED = ["0/layer", "1/module/layer"]


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapper_is_no_part_of_a_path_also_inside(wrap: Callable[[Any], Any]) -> None:
    assert paths(model()) == EXPECTED
    assert paths(wrap(model())) == EXPECTED
    assert paths(model(wrap)) == EXPECTED
    assert paths(wrap(nn.LSTM(2, 3))) == ["lstm"]


@pytest.mark.parametrize(("outer", "inner"), [*itertools.permutations(WRAPPERS, 2)])
def test_wrappers_stand_in_any_order(outer: str, inner: str) -> None:
    assert paths(WRAPPERS[outer](WRAPPERS[inner](model()))) == EXPECTED


def test_a_module_of_ones_own_that_is_called_module_keeps_its_name() -> None:
    assert paths(Holder(Holder(nn.LSTM(2, 3)))) == ["module/module"]
    assert paths(nn.DataParallel(Holder(nn.LSTM(2, 3)))) == ["module"]


@pytest.mark.parametrize("name", ["DataParallel", "AveragedModel", "checkpoint_wrapper"])
def test_gradients_and_what_flows_are_found_through_wrappers(name: str) -> None:
    wrapped = WRAPPERS[name](model(WRAPPERS[name]))
    inputs = normal(2, 5, 3).float()
    (wrapped(inputs) ** 2).sum().backward()
    assert {matrix.cell.layer for matrix in hold_gradients(wrapped, None)} == {*EXPECTED}
    calls = adapter_for(wrapped).probe_runner(wrapped).run(inputs)
    assert [call.cells[0][0].layer for call in calls] == EXPECTED
