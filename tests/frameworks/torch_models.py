"""Modules of PyTorch as people write them, and what flows through them on a probe."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for
from tensorboard_plugin_rnnweights.rnn.cells import Place
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall
from tensorboard_plugin_rnnweights.signals.layer_signals import signals_of
from tests.signals.calls import by_place

Array = npt.NDArray[Any]


class Outputs(nn.Module):
    """A layer whose outputs are the model's."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, inputs: Any, states: Any = None) -> Any:
        return self.layer(inputs, states)[0]


class Loop(nn.Module):
    """A cell that is stepped by hand over (batch, time, features); gives all hidden states."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, inputs: Any, state: Any = None) -> Any:
        outputs = []
        for time in range(inputs.shape[1]):
            state = self.cell(inputs[:, time], state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(outputs, dim=1)


class Translator(nn.Module):
    """An encoder, and a decoder that begins with its states and is stepped with its own hidden state."""

    def __init__(self, kind: Any = nn.LSTM, levels: int = 1) -> None:
        super().__init__()
        self.encoder = kind(3, 4, levels, batch_first=True)
        self.decoder = kind(4, 4, levels, batch_first=True)
        self.query = nn.Linear(4, 4)
        self.head = nn.Linear(8, 3)

    def forward(self, source: Any, length: int = 4) -> Any:
        encoded, states = self.encoder(source)
        word, outputs = torch.zeros_like(encoded[:, :1]), []
        for _ in range(length):
            hidden = states[0] if isinstance(states, tuple) else states
            scores = encoded @ self.query(hidden[-1]).unsqueeze(2)
            context = (encoded * scores.softmax(1)).sum(1, keepdim=True)
            word, states = self.decoder(torch.tanh(word + context), states)
            outputs.append(self.head(torch.cat([word, context], dim=2)))
        return torch.cat(outputs, dim=1)


def seeded(module: Any, seed: int = 1, dtype: Any = torch.float64) -> Any:
    """The module with weights that let its gates work."""
    generator = torch.Generator().manual_seed(seed)
    module.to(dtype)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.5, generator=generator)
    return module


def normal(*shape: int, seed: int = 0) -> Any:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


def squared_error(outputs: Any, targets: Any) -> Any:
    return ((outputs - targets) ** 2).sum()


def weighted(outputs: Any, targets: Any) -> Any:
    """A loss that depends on all outputs, each in a way of its own; the targets are the weights."""
    return (targets * (outputs + outputs**2)).sum()


def probed(module: Any, inputs: Any, targets: Any = None, loss: Any = None) -> list[LayerCall]:
    return adapter_for(module).probe_runner(module, loss).run(inputs, targets)


def signals(module: Any, inputs: Any, targets: Any = None, loss: Any = None) -> dict[Place, CellSignals]:
    """What flows through each cell, all of which can be replayed."""
    weights = by_place(decompose(module))
    found = {}
    for call in probed(module, inputs, targets, loss):
        of_layer, faults = signals_of(call, weights, with_reach=False)
        assert faults == []
        found.update({one.cell.place: one for one in of_layer})
    return found


def trained_gradients(module: Any, inputs: Any, targets: Any, loss: Any) -> dict[str, Array]:
    """The loss's gradient at each parameter by PyTorch itself, in eval mode."""
    module.eval()
    names, parameters = zip(*module.named_parameters(), strict=True)
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    gradients = torch.autograd.grad(loss(module(*arguments), targets), parameters)
    return {name: one.numpy() for name, one in zip(names, gradients, strict=True)}


def packed_gates(signal: CellSignals, by_gate: Any) -> Array:
    """Gates side by side in PyTorch's order."""
    gates = ("reset", "update", "candidate") if "reset" in by_gate else tuple(by_gate)
    return np.concatenate([by_gate[gate] for gate in gates], axis=-1)
