"""A module of PyTorch is run on a probe, unchanged, and what it can't take is refused."""

from __future__ import annotations

import copy
import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find_cells
from tensorboard_plugin_rnnweights.rnn import registry
from tests.frameworks.torch_models import Loop, Outputs, Translator, normal, probed, seeded, squared_error


class Classifier(nn.Module):
    """All that behaves in another way while it is trained, and a layer that draws even while it is not."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.encoder = nn.LSTM(3, 8, 2, batch_first=True, bidirectional=True, dropout=0.3)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(16, 2)

    def forward(self, inputs: Any) -> Any:
        encoded, _ = self.encoder(self.norm(inputs.transpose(1, 2)).transpose(1, 2))
        noise = torch.rand(()) + random.random() + np.random.rand()
        return self.head(self.dropout(encoded[:, -1])) + 1e-3 * noise


BATCHES = [(torch.randn(4, 5, 3), torch.tensor([0, 1, 1, 0])) for _ in range(2)]


def trained(look: Any) -> dict[str, Any]:
    """All that a training leaves, with a look at the model at every place of its loop."""
    torch.manual_seed(0), random.seed(0), np.random.seed(0)
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    losses = []
    for inputs, targets in BATCHES:
        look(model)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        look(model)
        loss.backward()
        look(model)
        optimizer.step()
        losses.append(loss.detach())
    drawn = (torch.rand(2), torch.tensor(random.random()), torch.tensor(np.random.rand()))
    gradients = {f"{name}.grad": one.grad for name, one in model.named_parameters()}
    kept = copy.deepcopy(model.state_dict())
    return {
        **kept,
        **gradients,
        "losses": torch.stack(losses),
        **{f"drawn {i}": x for i, x in enumerate(drawn)},
    }


@pytest.mark.parametrize("has_loss", [True, False])
def test_training_with_and_without_a_probe_is_the_same_bit_by_bit(has_loss: bool) -> None:
    inputs, targets = BATCHES[0]

    def look(model: Any) -> None:
        runner = adapter_for(model).probe_runner(model, nn.CrossEntropyLoss())
        runner.run(inputs, targets if has_loss else None)

    plain, looked_at = trained(lambda model: None), trained(look)
    assert plain.keys() == looked_at.keys()
    for name, expected in plain.items():
        assert torch.equal(looked_at[name], expected), name


@pytest.mark.parametrize("has_loss", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_flags_hooks_and_gradients_are_as_they_were(has_loss: bool, fails: bool) -> None:
    model = Classifier()
    model.norm.eval()
    own = model.encoder.register_forward_hook(lambda *_: None)
    runner = adapter_for(model).probe_runner(model, nn.CrossEntropyLoss())
    targets = BATCHES[0][1] if has_loss else None
    if fails:
        with pytest.raises(ProbeError):
            runner.run(torch.ones(4, 5, 7), targets)
    else:
        runner.run(BATCHES[0][0], targets)
    assert {name: one.training for name, one in model.named_modules()} == {
        **dict.fromkeys(("", "encoder", "dropout", "head"), True),
        "norm": False,
    }
    assert {one.grad for one in model.parameters()} == {None}
    assert [*model.encoder._forward_hooks] == [own.id]
    for module in model.modules():
        assert not module._forward_pre_hooks
        assert not module._forward_hooks_with_kwargs
        assert not module._forward_pre_hooks_with_kwargs
    assert torch.is_grad_enabled()
    assert torch.backends.cudnn.enabled


def test_a_probe_is_run_as_in_evaluation() -> None:
    model = Classifier()
    (call,) = probed(model, BATCHES[0][0])
    model.eval()
    inputs = model.norm(BATCHES[0][0].transpose(1, 2)).transpose(1, 2)
    torch.testing.assert_close(torch.from_numpy(np.asarray(call.inputs)), inputs.detach())
    torch.testing.assert_close(
        torch.from_numpy(np.asarray(call.outputs)), model.encoder(inputs)[0].detach()
    )


class Remembering(nn.Module):
    """Goes on from the states of its last call, counts its calls and keeps the last outputs in a buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.LSTM(3, 4, batch_first=True)
        self.states: Any = None
        self.history: list[Any] = []
        self.last: Any
        self.calls: Any
        self.register_buffer("last", torch.zeros(2, 4))
        self.register_buffer("calls", torch.tensor(0))

    def forward(self, inputs: Any) -> Any:
        outputs, self.states = self.layer(inputs, self.states)
        self.history.append(outputs)
        self.last[:] = outputs[:, -1].detach() if self.training else outputs[:, -1]
        self.calls = self.calls + 1
        return outputs


@pytest.mark.parametrize("has_loss", [True, False])
def test_what_a_module_keeps_from_call_to_call_is_as_it_was(has_loss: bool) -> None:
    model, inputs = Remembering(), torch.randn(2, 5, 3)
    with torch.no_grad():
        model(inputs)
    kept = dict(vars(model)), dict(model._buffers), [*model.history]
    values = [one.clone() for one in (*model.states, model.last, model.calls)]
    before = model.last
    probed(model, inputs, torch.ones(2, 5, 4) if has_loss else None, squared_error)
    assert (dict(vars(model)), model._buffers, model.history) == kept
    assert model.last is before
    assert not before.requires_grad
    for one, value in zip((*model.states, model.last, model.calls), values, strict=True):
        assert torch.equal(one, value)


def test_a_parameter_that_a_module_writes_is_as_it_was() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.GRU(3, 4)
            self.scale = nn.Parameter(torch.tensor([2.0, torch.nan]))

        def forward(self, inputs: Any) -> Any:
            self.scale.data[:] = 7.0
            return self.layer(inputs * self.scale[0])[0]

    model = Scaled()
    version = model.layer.weight_ih_l0._version
    probed(model, torch.ones(5, 2, 3), torch.ones(5, 2, 4), squared_error)
    np.testing.assert_array_equal(model.scale.detach(), [2.0, np.nan])
    # What wasn't written isn't written back either, which would spoil a backward pass that is under way.
    assert model.layer.weight_ih_l0._version == version


def test_a_probe_is_not_written_into() -> None:
    class InPlace(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.GRU(3, 4)

        def forward(self, inputs: Any) -> Any:
            inputs += 1
            outputs, _ = self.layer(inputs)
            inputs.zero_()
            return outputs.relu_()

    model, inputs = seeded(InPlace(), dtype=torch.float32), torch.randn(5, 2, 3)
    before = inputs.clone()
    array = inputs.numpy().copy()
    (call,) = probed(model, inputs, torch.ones(5, 2, 4), squared_error)
    probed(model, array)
    assert torch.equal(inputs, before)
    np.testing.assert_array_equal(array, before)
    # Nor is what was recorded.
    np.testing.assert_array_equal(call.inputs, (before + 1).transpose(0, 1))
    outputs = model.layer(before + 1)[0].detach().transpose(0, 1)
    np.testing.assert_array_equal(call.outputs, outputs)
    expected = torch.where(outputs > 0, 2 * (outputs - 1), 0.0)
    np.testing.assert_allclose(call.output_gradients, expected, rtol=1e-6)


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode])
def test_gradients_are_followed_where_all_is_frozen_and_none_are_followed_outside(context: Any) -> None:
    model = seeded(Translator()).requires_grad_(False)
    expected = probed(model, normal(2, 6, 3), normal(2, 4, 3), squared_error)
    with context():
        found = probed(model, normal(2, 6, 3), normal(2, 4, 3), squared_error)
    for one, other in zip(found, expected, strict=True):
        assert np.abs(np.asarray(one.output_gradients)).max() > 0
        np.testing.assert_array_equal(one.output_gradients, other.output_gradients)
    assert found[0].state_gradients is not None


def test_gradients_are_followed_from_a_layer_that_the_module_runs_without(caplog: Any) -> None:
    class Frozen(nn.Module):
        def __init__(self, context: Any) -> None:
            super().__init__()
            self.layer, self.head, self.context = nn.GRU(3, 4), nn.Linear(4, 4), context

        def forward(self, inputs: Any) -> Any:
            with self.context():
                outputs, _ = self.layer(inputs)
            return self.head(outputs)

    found = [
        probed(seeded(Frozen(context)), normal(5, 2, 3), normal(5, 2, 4), squared_error)[0]
        for context in (torch.enable_grad, torch.no_grad, torch.inference_mode)
    ]
    for call in found:
        np.testing.assert_array_equal(call.output_gradients, np.asarray(found[0].output_gradients))
    assert not caplog.records


def test_gradients_that_nobody_follows_are_left_out_rather_than_zero(caplog: Any) -> None:
    class Fixed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fixed, self.layer = nn.GRU(3, 4), nn.GRU(4, 4)

        def forward(self, inputs: Any) -> Any:
            with torch.no_grad():
                fixed = self.fixed(inputs)[0] * 2
            return self.layer(fixed)[0]

    fixed, layer = probed(Fixed(), torch.ones(5, 2, 3), torch.ones(5, 2, 4), squared_error)
    assert fixed.output_gradients is None
    assert layer.output_gradients is not None
    assert "no gradients are shown of the recurrent layer 'fixed'" in caplog.text


@pytest.mark.parametrize("use_reentrant", [True, False])
def test_gradients_with_checkpoints_are_the_same_or_left_out(use_reentrant: bool) -> None:
    class Checkpointed(Outputs):
        def forward(self, inputs: Any, states: Any = None) -> Any:
            outputs: Any = torch.utils.checkpoint.checkpoint(
                super().forward, inputs.requires_grad_(), use_reentrant=use_reentrant
            )
            return outputs

    layer = seeded(nn.GRU(3, 4))
    (plain,) = probed(Outputs(layer), normal(5, 2, 3), normal(5, 2, 4), squared_error)
    (found,) = probed(Checkpointed(layer), normal(5, 2, 3), normal(5, 2, 4), squared_error)
    if found.output_gradients is None:
        assert use_reentrant
    else:
        np.testing.assert_allclose(found.output_gradients, plain.output_gradients, rtol=1e-12)


@pytest.mark.parametrize(
    "wrap",
    [
        nn.DataParallel,
        lambda model: torch.compile(model, backend="eager"),
        lambda model: nn.DataParallel(torch.compile(model, backend="eager")),
    ],
    ids=["DataParallel", "torch.compile", "both"],
)
def test_what_a_module_is_run_by_makes_no_difference(wrap: Any) -> None:
    model = seeded(Translator())
    expected = probed(model, normal(2, 6, 3), normal(2, 4, 3), squared_error)
    found = probed(wrap(model), normal(2, 6, 3), normal(2, 4, 3), squared_error)
    assert [call.cells[0][0].place for call in found] == [call.cells[0][0].place for call in expected]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.output_gradients, other.output_gradients)


def test_a_compiled_part_is_looked_into_and_not_compiled_anew() -> None:
    compiled = 0

    def counting(graph: Any, _: Any) -> Any:
        nonlocal compiled
        compiled += 1
        return graph.forward

    model = nn.Sequential(torch.compile(Outputs(nn.RNN(3, 4)), backend=counting))
    inputs = torch.ones(5, 2, 3)
    before = model(inputs)
    count = compiled
    (call,) = probed(model, inputs, torch.zeros(5, 2, 4), squared_error)
    assert call.cells[0][0].layer == "0/layer"
    np.testing.assert_allclose(call.outputs, before.detach().transpose(0, 1), rtol=1e-5)
    model(inputs)
    assert compiled == count


@pytest.mark.usefixtures("one_process")
def test_a_module_that_is_trained_by_several_processes_is_run_by_itself() -> None:
    model = nn.parallel.DistributedDataParallel(Translator())
    calls = probed(model, torch.ones(2, 6, 3), torch.ones(2, 4, 3), squared_error)
    assert [call.cells[0][0].layer for call in calls] == ["encoder", "decoder"]
    assert {one.grad for one in model.parameters()} == {None}


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
def test_arrays_become_tensors_of_the_modules_type(dtype: str) -> None:
    model = Outputs(nn.GRU(3, 4)).to(getattr(torch, dtype))
    (call,) = probed(model, np.ones((5, 2, 3)), np.zeros((5, 2, 4)), squared_error)
    for values in (call.inputs, call.outputs, call.output_gradients):
        assert np.asarray(values).dtype.name == dtype


def test_inputs_are_positional_or_keyword_arguments_or_the_one_argument_itself() -> None:
    class Tagged(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding, self.layer = nn.Embedding(5, 3), nn.GRU(3, 4, batch_first=True)

        def forward(self, tokens: Any, scale: Any = 1.0) -> Any:
            return self.layer(input=self.embedding(tokens) * scale, hx=None)[0]

    model = Tagged()
    tokens, scale = np.array([[1, 2, 3]]), np.float64(2)
    expected = model(torch.from_numpy(tokens), 2.0).detach()
    for inputs in ((tokens, scale), {"tokens": tokens, "scale": 2.0}, {"tokens": tokens, "scale": scale}):
        np.testing.assert_allclose(probed(model, inputs)[0].outputs, expected, rtol=1e-6)
    np.testing.assert_allclose(
        probed(model, tokens)[0].outputs, model(torch.from_numpy(tokens)).detach(), rtol=1e-6
    )


def test_a_packed_sequence_is_a_probe() -> None:
    packed = nn.utils.rnn.pack_sequence([torch.ones(5, 3), torch.ones(2, 3)])
    (call,) = probed(nn.GRU(3, 4), packed)
    np.testing.assert_array_equal(np.asarray(call.mask).sum(1), [5, 2])


def test_of_a_module_that_is_called_twice_it_is_the_first_call() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.loop = nn.GRU(3, 4, batch_first=True), Loop(nn.GRUCell(3, 4))
            self.never = nn.GRU(3, 4)

        def forward(self, one: Any, other: Any) -> Any:
            return (
                self.layer(one)[0]
                + self.layer(other)[0]
                + self.loop(one)
                + self.loop(other, other[:, 0] @ zeros)
            )

    zeros = torch.zeros(3, 4)
    layer, loop = probed(Twice(), (torch.ones(2, 5, 3), torch.zeros(2, 5, 3)))
    for call in (layer, loop):
        assert np.asarray(call.inputs).shape == (2, 5, 3)
        assert np.asarray(call.inputs).all()
        assert call.returns_sequences


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("goes_on", [True, False])
def test_calls_of_a_layer_are_one_where_each_goes_on_from_the_last(
    bidirectional: bool, goes_on: bool
) -> None:
    class Chunks(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.LSTM(3, 4, batch_first=True, bidirectional=bidirectional)

        def forward(self, inputs: Any) -> Any:
            _, states = self.layer(inputs[:, :2])
            return self.layer(inputs[:, 2:], states if goes_on else (*map(torch.tanh, states),))[0]

    (call,) = probed(Chunks(), torch.ones(2, 5, 3))
    # A backward direction would have to begin at the end of the last one.
    assert np.asarray(call.outputs).shape[1] == (5 if goes_on and not bidirectional else 2)


class Other(nn.GRU):
    """A subclass that may compute anything."""

    def forward(self, *arguments: Any) -> Any:
        return super().forward(*arguments)


class OtherCell(nn.RNNCellBase):
    """A cell that is not known."""

    def __init__(self) -> None:
        super().__init__(3, 4, bias=True, num_chunks=1)

    def forward(self, inputs: Any, state: Any) -> Any:
        return torch.cos(inputs @ self.weight_ih.T + (0 if state is None else state @ self.weight_hh.T))


@pytest.mark.parametrize("has_loss", [True, False])
def test_of_modules_that_are_not_known_the_outputs_are_given(has_loss: bool) -> None:
    inputs = normal(2, 5, 3)
    for model in (Outputs(Other(3, 4, batch_first=True)), Loop(OtherCell())):
        expected = seeded(model)(inputs).detach()
        (call,) = probed(model, inputs, torch.ones(2, 5, 4) if has_loss else None, squared_error)
        np.testing.assert_array_equal(call.inputs, inputs)
        np.testing.assert_array_equal(call.outputs, expected)
        assert call.returns_sequences
        assert call.output_gradients is None
        assert [cell.place for level in call.cells for cell in level] == [
            cell.place for cell in find_cells(model)
        ]


class Own(nn.Module):
    """A layer of one's own, of which only its weights are known."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.ones(3, 4))

    def forward(self, inputs: Any) -> Any:
        return torch.cumsum(inputs @ self.w, dim=1)


def test_where_time_is_in_a_layer_of_ones_own_is_never_guessed(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_registered", {})
    registry.register_layout(Own, gates=("hidden",), matrices={"kernel": "w"})
    model = Own()
    runner = adapter_for(model).probe_runner(model)
    assert runner.run(torch.ones(2, 5, 3)) == runner.run(torch.ones(2, 5, 3)) == []
    (record,) = caplog.records
    assert "give Own an attribute `batch_first`" in record.getMessage()
    model.batch_first = True
    (call,) = runner.run(torch.ones(2, 5, 3))
    np.testing.assert_array_equal(call.outputs, model(torch.ones(2, 5, 3)).detach())


BAD_PROBES: dict[str, tuple[Any, Any, str]] = {
    "shape": (
        torch.ones(4, 5, 7),
        None,
        r"can't be run on the probe of float32 \(4, 5, 7\): running_mean should",
    ),
    "dtype": (torch.ones(4, 5, 3, dtype=torch.int64), None, r"on the probe of int64 \(4, 5, 3\): "),
    "too many inputs": ((torch.ones(4, 5, 3),) * 2, None, "positional arguments? but 3 were given"),
    "unknown input": ({"words": torch.ones(4, 5, 3)}, None, "unexpected keyword argument 'words'"),
    "text": (np.array(["a", "b"]), None, "the probe holds an array of <U1: can't convert"),
    "NaN": (torch.full((4, 5, 3), torch.nan), None, "the probe holds NaN: it has 60 of them"),
    "NaN of a name": ({"inputs": np.full(3, np.nan)}, None, "NaN: its input 'inputs' has 3 of them"),
    "no samples": (torch.ones(0, 5, 3), None, r"the probe is empty: it has shape \(0, 5, 3\)"),
    "no time": ((torch.ones(4, 0, 3),), None, r"is empty: its input 0 has shape \(4, 0, 3\)"),
    "nothing": ((), None, "the probe is empty: it has no inputs"),
    "None": (None, None, "the probe is empty: it has no inputs"),
    "targets": (
        torch.ones(4, 5, 3),
        torch.ones(7, dtype=torch.int64),
        r"can't compare outputs of float32 \(4, 2\) with targets of int64 \(7,\): Expected",
    ),
}


@pytest.mark.parametrize("name", BAD_PROBES)
def test_a_bad_probe_is_refused_in_one_sentence(name: str) -> None:
    inputs, targets, message = BAD_PROBES[name]
    model = Classifier()
    with pytest.raises(ProbeError, match=message) as caught:
        probed(model, inputs, targets, nn.CrossEntropyLoss())
    assert "\n" not in str(caught.value)
    assert model.training


BAD_LOSSES: dict[str, tuple[Any, str]] = {
    "none": (None, "the probe has targets, but no loss function was given: pass loss=..."),
    "no scalar": (
        nn.CrossEntropyLoss(reduction="none"),
        r"the loss has shape \(4,\), and has to be a scalar",
    ),
    "no tensor": (lambda *_: 3.0, "the loss function gives a float, and not a tensor"),
    "detached": (
        lambda outputs, _: outputs.detach().sum(),
        "the loss has no gradient at what the recurrent",
    ),
    "complex": (lambda outputs, _: outputs.sum() * 1j, "the loss can't be differentiated: "),
}


@pytest.mark.parametrize("name", BAD_LOSSES)
def test_a_bad_loss_is_refused_in_one_sentence(name: str) -> None:
    loss, message = BAD_LOSSES[name]
    with pytest.raises(ProbeError, match=message):
        probed(Classifier(), *BATCHES[0], loss)


def test_sample_weights_are_refused() -> None:
    model = Classifier()
    with pytest.raises(ProbeError, match="PyTorch's loss functions take no sample weights"):
        adapter_for(model).probe_runner(model, nn.CrossEntropyLoss()).run(*BATCHES[0], torch.ones(4))


def test_a_module_that_is_not_made_yet_is_not_made_by_a_probe() -> None:
    model = nn.Sequential(Outputs(nn.GRU(3, 4)), nn.LazyLinear(2))
    with pytest.raises(ProbeError, match="parameters that are made by its first call"):
        probed(model, torch.ones(5, 2, 3))


def test_a_module_that_calls_no_recurrent_layer_says_so() -> None:
    class Idle(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.GRU(3, 4)

        def forward(self, inputs: Any) -> Any:
            return inputs

    with pytest.raises(ProbeError, match="the module Idle calls none of its recurrent layers on the probe"):
        probed(Idle(), torch.ones(5, 2, 3))
