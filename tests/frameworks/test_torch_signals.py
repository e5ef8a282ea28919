"""What flows through recurrent modules of PyTorch on a probe is what PyTorch itself computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.signals.layer_signals import signals_of
from tests.frameworks.torch_models import (
    Loop,
    Outputs,
    Translator,
    normal,
    packed_gates,
    probed,
    seeded,
    signals,
    trained_gradients,
    weighted,
)
from tests.signals.calls import by_place

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections")

KINDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "RNN": (nn.RNN, {}),
    "RNN of relu": (nn.RNN, {"nonlinearity": "relu"}),
    "LSTM": (nn.LSTM, {}),
    "LSTM with projection": (nn.LSTM, {"proj_size": 3}),
    "GRU": (nn.GRU, {}),
}


def assert_adds_up(module: Any, path: str, inputs: Any, targets: Any, loss: Any = weighted) -> None:
    """Gate gradients against what came in, summed over batch and time, are the weights' gradients."""
    own = trained_gradients(module, inputs, targets, loss)
    probe = tuple(inputs) if isinstance(inputs, tuple) else (inputs,)
    calls = {call.cells[0][0].layer: call for call in probed(module, probe, targets, loss)}
    found = signals(module, probe, targets, loss)
    came_in = np.asarray(calls[path].inputs)
    names = {name.rpartition(".")[2]: one for name, one in own.items() if name.startswith(f"{path}.")}
    for (layer, direction, index), one in found.items():
        if layer != path:
            continue
        assert one.gate_gradients is not None
        at_gates = packed_gates(one, one.gate_gradients)
        suffix = f"_l{index}{'_reverse' if direction == 'backward' else ''}"
        suffix = suffix if f"bias_ih{suffix}" in names else ""
        np.testing.assert_allclose(at_gates.sum((0, 1)), names[f"bias_ih{suffix}"], rtol=1e-8, atol=1e-10)
        assert np.abs(names[f"bias_ih{suffix}"]).max() > 1e-6
        if index == 0:
            kernel = np.einsum("btg,btf->gf", at_gates, came_in)
            np.testing.assert_allclose(kernel, names[f"weight_ih{suffix}"], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(
    levels=st.integers(1, 3),
    bidirectional=st.booleans(),
    batch_first=st.booleans(),
    has_states=st.booleans(),
)
def test_gate_gradients_sum_to_the_weights_gradients(
    kind: str, levels: int, bidirectional: bool, batch_first: bool, has_states: bool
) -> None:
    make, options = KINDS[kind]
    options = {**options, "dropout": 0.5 if levels > 1 else 0.0, "bidirectional": bidirectional}
    layer = make(3, 4, levels, batch_first=batch_first, **options)
    module = seeded(Outputs(layer))
    inputs: tuple[Any, ...] = (normal(2, 5, 3) if batch_first else normal(5, 2, 3),)
    if has_states:
        hidden = normal(levels * (1 + bidirectional), 2, options.get("proj_size", 4), seed=1)
        inner = normal(levels * (1 + bidirectional), 2, 4, seed=2)
        inputs = (*inputs, (hidden, inner) if make is nn.LSTM else hidden)
    module.eval()
    targets = torch.randn_like(module(*inputs)).detach()
    assert_adds_up(module, "layer", inputs, targets)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("has_states", [False, True])
def test_gate_gradients_of_a_cell_that_is_stepped_by_hand(kind: str, has_states: bool) -> None:
    module = seeded(Loop(getattr(nn, f"{kind}Cell")(3, 4)))
    inputs: tuple[Any, ...] = (normal(2, 5, 3),)
    if has_states:
        states = normal(2, 4, seed=1), normal(2, 4, seed=2)
        inputs = (*inputs, states if kind == "LSTM" else states[0])
    assert_adds_up(module, "cell", inputs, normal(2, 5, 4, seed=3))


class Feeding(nn.Module):
    """A cell whose input is its own last output: the loss sees a state through later inputs, too."""

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.cell = kind(4, 4)
        self.mix = nn.Linear(4, 4)

    def forward(self, word: Any) -> Any:
        state, outputs = None, []
        for _ in range(5):
            state = self.cell(torch.tanh(self.mix(word)), state)
            word = state[0] if isinstance(state, tuple) else state
            outputs.append(word)
        return torch.stack(outputs, 1)


@pytest.mark.parametrize("kind", [nn.RNNCell, nn.LSTMCell, nn.GRUCell])
def test_gate_gradients_of_a_cell_that_is_fed_with_its_own_outputs(kind: Any) -> None:
    assert_adds_up(seeded(Feeding(kind)), "cell", normal(2, 4), normal(2, 5, 4, seed=3))


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("path", ["encoder", "decoder"])
@pytest.mark.parametrize("levels", [1, 2])
def test_gate_gradients_of_an_encoder_and_of_a_decoder_that_is_stepped(
    kind: Any, path: str, levels: int
) -> None:
    module = seeded(Translator(kind, levels))
    assert_adds_up(module, path, normal(2, 6, 3), normal(2, 4, 3, seed=3))
    decoder = {call.cells[0][0].layer: call for call in probed(module, normal(2, 6, 3))}["decoder"]
    assert np.asarray(decoder.outputs).shape == (2, 4, 4)
    assert decoder.initial_states is not None


@pytest.mark.parametrize("is_layer", [True, False])
@pytest.mark.parametrize("is_last", [True, False])
def test_output_gradients_are_those_of_an_unrolled_loop(is_layer: bool, is_last: bool) -> None:
    module = seeded(Outputs(nn.LSTM(3, 4, batch_first=True)))
    cell = nn.LSTMCell(3, 4).double()
    cell.load_state_dict({name.removesuffix("_l0"): one for name, one in module.layer.state_dict().items()})
    inputs, targets = normal(2, 6, 3), normal(2, 6, 4, seed=2)

    def loss(outputs: Any, targets: Any) -> Any:
        return weighted(outputs[:, -1], targets[:, -1]) if is_last else weighted(outputs, targets)

    state, hidden = None, []
    for time in range(6):
        state = cell(inputs[:, time], state)
        hidden.append(state[0])
    expected = torch.autograd.grad(loss(torch.stack(hidden, 1), targets), hidden)
    (found,) = signals(module if is_layer else Loop(cell), inputs, targets, loss).values()
    assert found.output_gradients is not None
    np.testing.assert_allclose(found.output_gradients, np.stack(expected, axis=1), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(found.outputs, torch.stack(hidden, 1).detach(), rtol=1e-10)


class Ragged(nn.Module):
    """Sequences of several lengths, and the states at their ends."""

    def __init__(self, kind: Any, is_sorted: bool, **options: Any) -> None:
        super().__init__()
        self.layer = kind(3, 4, batch_first=True, **options)
        self.is_sorted = is_sorted

    def forward(self, inputs: Any, lengths: Any) -> Any:
        packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=self.is_sorted)
        outputs, states = self.layer(packed)
        padded, _ = pad_packed_sequence(outputs, batch_first=True)
        hidden = states[0] if isinstance(states, tuple) else states
        return torch.cat([padded.flatten(1), hidden.transpose(0, 1).flatten(1)], 1)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("lengths", [(5, 4, 1), (2, 5, 3)])
def test_packed_sequences_are_unpacked_with_a_mask(kind: Any, bidirectional: bool, lengths: Any) -> None:
    is_sorted = lengths[0] == 5
    module = seeded(Ragged(kind, is_sorted, num_layers=2, bidirectional=bidirectional))
    inputs = (normal(3, 5, 3), torch.tensor(lengths))
    (call,) = probed(module, inputs)
    mask = np.arange(5) < np.array(lengths)[:, None]
    np.testing.assert_array_equal(call.mask, mask)
    assert call.zeroes_masked
    np.testing.assert_array_equal(np.asarray(call.inputs)[mask], inputs[0].numpy()[mask])
    assert not np.asarray(call.inputs)[~mask].any()
    assert not np.asarray(call.outputs)[~mask].any()
    targets = torch.ones_like(module(*inputs)).detach() + 0.5
    assert_adds_up(module, "layer", inputs, targets)


def test_a_layer_as_users_have_it_at_its_widest() -> None:
    layer = nn.LSTM(3, 5, num_layers=2, bidirectional=True, proj_size=2, bias=False)
    found = signals(
        seeded(layer), normal(6, 2, 3), normal(6, 2, 4), lambda outputs, y: weighted(outputs[0], y)
    )
    assert [*found] == [
        ("lstm", direction, index) for index in (0, 1) for direction in ("forward", "backward")
    ]
    outputs = layer(normal(6, 2, 3))[0].detach().transpose(0, 1)
    np.testing.assert_allclose(found["lstm", "forward", 1].outputs, outputs[..., :2], rtol=1e-10)
    np.testing.assert_allclose(found["lstm", "backward", 1].outputs, outputs[..., 2:], rtol=1e-10)
    inner = found["lstm", "backward", 0].cell_states
    assert inner is not None
    assert inner.shape == (2, 6, 5)


def test_unbatched_inputs_are_a_batch_of_one() -> None:
    module = seeded(Outputs(nn.LSTM(3, 4, 2, bidirectional=True)))
    states = normal(4, 4, seed=1), normal(4, 4, seed=2)
    (call,) = probed(module, (normal(5, 3), states))
    assert np.asarray(call.inputs).shape == (1, 5, 3)
    np.testing.assert_array_equal(call.outputs, module(normal(5, 3), states).detach()[None])
    assert_adds_up(module, "layer", (normal(5, 3), states), normal(5, 8, seed=3))


def test_unbatched_inputs_of_a_cell_are_a_batch_of_one() -> None:
    class Steps(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.GRUCell(3, 4)

        def forward(self, inputs: Any) -> Any:
            state = torch.zeros(4).double()
            return torch.stack([state := self.cell(one, state) for one in inputs])

    assert_adds_up(seeded(Steps()), "cell", normal(5, 3), normal(5, 4, seed=3))


def test_gradients_are_those_of_one_layer_where_the_loss_has_no_part_in_another() -> None:
    class TwoHeads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.unused = nn.GRU(3, 4), nn.GRU(3, 4)

        def forward(self, inputs: Any) -> Any:
            return self.used(inputs)[0], self.unused(inputs)[0]

    found = signals(
        seeded(TwoHeads()), normal(5, 2, 3), normal(5, 2, 4), lambda out, y: weighted(out[0], y)
    )
    used, unused = (found[name, None, 0].output_gradients for name in ("used", "unused"))
    assert used is not None
    assert unused is not None
    assert np.abs(used).min() > 0
    assert not unused.any()


class Detached(nn.Module):
    """Follows gradients back through no more than two time steps."""

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.cell = kind(3, 4)

    def forward(self, inputs: Any) -> Any:
        state, outputs = None, []
        for time in range(inputs.shape[1]):
            if time % 2 == 0 and state is not None:
                state = (*map(torch.detach, state),) if isinstance(state, tuple) else state.detach()
            state = self.cell(inputs[:, time], state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(outputs, 1)


def test_truncated_backpropagation_is_seen_where_it_can_be(caplog: pytest.LogCaptureFixture) -> None:
    assert_adds_up(seeded(Detached(nn.GRUCell)), "cell", normal(2, 6, 3), normal(2, 6, 4, seed=3))
    assert not caplog.records
    module = seeded(Detached(nn.LSTMCell))
    runner_calls = probed(module, normal(2, 6, 3), normal(2, 6, 4, seed=3), weighted)
    assert runner_calls[0].output_gradients is None
    (record,) = caplog.records
    assert "no gradients are shown of the recurrent layer 'cell'" in record.getMessage()


def test_a_loop_that_changes_states_between_its_steps_is_not_replayed() -> None:
    class Masked(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.GRUCell(3, 4)

        def forward(self, inputs: Any) -> Any:
            state = torch.zeros(2, 4).double()
            for time in range(4):
                state = 0.5 * state + 0.5 * self.cell(inputs[:, time], state)
            return state

    module = seeded(Masked())
    (call,) = probed(module, normal(2, 4, 3))
    found, faults = signals_of(call, by_place(decompose(module)), with_reach=False)
    assert "other outputs than its own" in faults[0]
    assert found[0].outputs.shape == (2, 4, 4)
