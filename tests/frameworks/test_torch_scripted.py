"""Modules that `torch.jit` has compiled are found by what is left of them: names and parameters."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.capture.held import hold_gradients
from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find, find_cells
from tests.frameworks.torch_models import normal, seeded

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::UserWarning", "ignore::torch.jit.TracerWarning"
)

INPUTS = normal(2, 5, 3)


class Model(nn.Module):
    """Layers of all kinds, and a cell that is stepped once."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2, batch_first=True)
        self.rnn = nn.RNN(4, 3, nonlinearity="relu", bias=False, batch_first=True)
        self.gru = nn.GRU(3, 3, batch_first=True)
        self.cell = nn.LSTMCell(3, 2)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        outputs = self.gru(self.rnn(self.lstm(inputs)[0])[0])[0]
        return self.cell(outputs[:, -1])[0]


class LSTM(nn.Module):
    """A user's own class of that name, which keeps its gates as it likes."""

    def __init__(self, **shapes: tuple[int, ...]) -> None:
        super().__init__()
        for name, shape in shapes.items():
            self.register_parameter(name, nn.Parameter(torch.ones(shape)))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return inputs


def loaded(model: Any) -> Any:
    file = io.BytesIO()
    torch.jit.save(torch.jit.script(model), file)
    return torch.jit.load(io.BytesIO(file.getvalue()))


WAYS: dict[str, Callable[[Any], Any]] = {
    "script": torch.jit.script,
    "load": loaded,
    "trace": lambda model: torch.jit.trace(model, INPUTS),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    return WAYS[request.param]


def named(tensors: Any) -> dict[Any, Any]:
    return {(one.layer, one.direction, one.index, one.matrix): one for one in tensors}


def test_weights_and_gradients_are_those_of_the_module_before(way: Callable[[Any], Any]) -> None:
    plain = seeded(Model())
    compiled = way(plain)
    expected, found = named(decompose(plain)), named(decompose(compiled))
    assert expected.keys() == found.keys()
    for place, tensor in expected.items():
        assert found[place].gates == tensor.gates
        np.testing.assert_array_equal(found[place].values, tensor.values)
    plain.zero_grad()
    (plain(INPUTS) ** 2).sum().backward()
    expected = named(one.tensor() for one in hold_gradients(plain, None))
    compiled.zero_grad()
    (compiled(INPUTS) ** 2).sum().backward()
    found = named(one.tensor() for one in hold_gradients(compiled, None))
    assert expected.keys() == found.keys()
    for place, tensor in expected.items():
        np.testing.assert_allclose(found[place].values, tensor.values, rtol=1e-9, atol=1e-12)


def test_one_inside_an_eager_module_is_found(way: Callable[[Any], Any]) -> None:
    module = nn.Sequential(way(seeded(Model())), nn.Linear(2, 2))
    assert {cell.layer for cell in find_cells(module)} == {"0/lstm", "0/rnn", "0/gru", "0/cell"}


@pytest.mark.parametrize(
    "shapes",
    [
        {"weight_ih_l0": (16, 3)},
        {"weight_ih_l0": (16, 3), "weight_hh_l0": (16, 4), "gain": (4,)},
        {"weight_ih_l0": (3, 14), "weight_hh_l0": (4, 16)},
    ],
    ids=["too few", "too many", "other rows"],
)
def test_what_is_no_layer_of_pytorchs_own_is_hinted_at_and_not_misread(shapes: Any) -> None:
    with pytest.raises(ValueError, match=r"log the module before torch\.jit compiles it"):
        find(torch.jit.script(LSTM(**shapes)))


def test_what_flows_is_refused_in_one_sentence() -> None:
    runner = adapter_for(compiled := torch.jit.script(seeded(Model()))).probe_runner(compiled)
    with pytest.raises(ProbeError, match=r"through 'lstm' can't be seen, since torch\.jit has compiled it"):
        runner.run(INPUTS)


def test_what_flows_through_the_others_is_seen_and_the_rest_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Both(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.compiled = torch.jit.script(Model())
            self.plain = nn.GRU(3, 3, batch_first=True)

        def forward(self, inputs: Any) -> Any:
            return self.plain(inputs)[0] + self.compiled(inputs).sum()

    model = seeded(Both())
    runner = adapter_for(model).probe_runner(model, lambda outputs, targets: outputs.sum())
    with caplog.at_level(logging.WARNING):
        (call,) = runner.run(INPUTS, INPUTS)
        runner.run(INPUTS, INPUTS)
    assert call.cells[0][0].layer == "plain"
    messages = [record.getMessage() for record in caplog.records]
    assert messages == [
        f"what flows through 'compiled/{name}' can't be seen, since torch.jit has compiled it"
        for name in ("lstm", "rnn", "gru", "cell")
    ]
