"""Layers of Keras inside a PyTorch module: found on Keras's PyTorch backend, and reported on others."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.capture.held import hold_gradients
from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find, find_cells
from tests.kerases.models import BACKEND, IS_GRAPH, keras

torch = pytest.importorskip("torch")

on_torch = pytest.mark.skipif(BACKEND != "torch", reason="these layers are modules on this backend only")
on_others = pytest.mark.skipif(BACKEND == "torch" or IS_GRAPH, reason="layers are modules on this backend")


class Tagger(torch.nn.Module):  # type: ignore[name-defined]
    """Layers of both frameworks."""

    def __init__(self) -> None:
        super().__init__()
        layers = keras.layers
        self.encoder = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both")
        self.stack = keras.Sequential(
            [layers.Input((5, 8)), layers.GRU(3, return_sequences=True, name="gru")]
        )
        self.own = torch.nn.LSTM(3, 2, batch_first=True)
        self.again = self.encoder
        if not IS_GRAPH:
            self.encoder.build((None, 5, 3))

    def forward(self, inputs: Any) -> Any:
        return self.own(self.stack(self.encoder(inputs)))[0]


INPUTS = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
PLACES = [("encoder", "forward", 0), ("encoder", "backward", 0), ("stack/gru", None, 0), ("own", None, 0)]


@on_torch
def test_they_are_found_by_their_paths_in_the_module() -> None:
    assert [cell.place for cell in find_cells(Tagger())] == PLACES
    assert find(Tagger()).hints == ()


@on_torch
def test_their_blocks_are_those_of_the_layer_by_itself() -> None:
    model = Tagger()
    inside = [one for one in decompose(model) if one.layer == "encoder"]
    for one, alone in zip(inside, decompose(model.encoder), strict=True):
        assert (one.matrix, one.gates) == (alone.matrix, alone.gates)
        np.testing.assert_array_equal(one.values, alone.values)


@on_torch
def test_gradients_are_those_that_the_backward_pass_left_or_that_are_given() -> None:
    model = Tagger()
    loss = (model(torch.from_numpy(INPUTS)) ** 2).sum()
    trained = [one for one in model.parameters() if one.requires_grad]
    given = torch.autograd.grad(loss, trained, retain_graph=True)
    loss.backward()
    found = [one.tensor() for one in hold_gradients(model, None)]
    assert len(found) == len(decompose(model))
    expected = model.encoder.forward_layer.cell.kernel.value.grad.cpu().numpy()
    assert np.abs(expected).max() > 0
    np.testing.assert_array_equal(found[0].values, expected)
    for one, other in zip(decompose(model, given), found, strict=True):
        np.testing.assert_allclose(one.values, other.values, rtol=1e-5, atol=1e-6)


@on_torch
def test_what_flows_is_seen_of_pytorchs_layers_and_reported_of_keras(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = Tagger()
    with caplog.at_level(logging.WARNING):
        (call,) = adapter_for(model).probe_runner(model).run(INPUTS)
    assert call.cells[0][0].layer == "own"
    assert "'encoder' can't be seen, since it is a layer of Keras in a PyTorch module" in caplog.text
    del model.own
    with pytest.raises(ProbeError, match="it is a layer of Keras in a PyTorch module"):
        adapter_for(model).probe_runner(model).run(INPUTS)


@on_torch
def test_one_that_has_no_weights_yet_is_reported_by_name() -> None:
    model = torch.nn.ModuleDict({"new": keras.layers.LSTM(2), "own": torch.nn.GRU(2, 3)})
    found = find(model)
    assert [cell.layer for cell in found.cells] == ["own"]
    assert [(one.layer, one.is_unbuilt) for one in found.left_out] == [("new", True)]


@on_others
def test_on_another_backend_they_are_reported_and_the_rest_is_found() -> None:
    found = find(Tagger())
    assert [cell.place for cell in found.cells] == PLACES[-1:]
    assert [hint.layers for hint in found.hints] == [("encoder",), ("stack",)]
    assert all(
        "since it runs on another backend than PyTorch: log it by itself" in hint.text
        for hint in found.hints
    )
