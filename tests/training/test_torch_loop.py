"""A training loop of PyTorch's own is logged, without TensorFlow."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tensorboard_plugin_rnnweights import SummaryWriter
from tests.summary.logged import series_by_tag

TRAINING = """
import sys
import torch
import tensorboard_plugin_rnnweights as rnnweights

module = torch.nn.GRU(3, 4)
with rnnweights.SummaryWriter(sys.argv[1]) as writer:
    for step in range(3):
        module.zero_grad()
        module(torch.ones(5, 2, 3))[0].sum().backward()
        writer.add_weights(module, step)
        writer.add_gradients(module, step)
print([name for name in ("tensorflow", "keras", "tf_keras", "jax") if name in sys.modules])
"""


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(3, 4, num_layers=2, batch_first=True)
        self.head = nn.Linear(4, 1)

    def forward(self, inputs: Any) -> Any:
        return self.head(self.encoder(inputs)[0][:, -1])


def test_no_other_framework_is_needed(log_dir: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRAINING, log_dir], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    logged = series_by_tag(log_dir)
    assert {tag: sorted(found) for tag, found in logged.items()} == {
        f"{kind}/gru/{matrix}": steps
        for kind, steps in (("weights", [0, 1, 2]), ("gradients", [0, 1, 2]), ("updates", [1, 2]))
        for matrix in ("kernel", "recurrent_kernel", "bias", "recurrent_bias")
    }


def test_gradients_are_those_that_the_optimizer_steps_by(log_dir: str) -> None:
    torch.manual_seed(0)
    model, inputs = Model(), torch.randn(8, 5, 3)
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    with SummaryWriter(log_dir, heatmap_dtype="float32") as writer:
        writer.add_weights(model, 0)
        for step in (1, 2, 3):
            optimizer.zero_grad()
            model(inputs).pow(2).mean().backward()
            writer.add_gradients(model, step)
            optimizer.step()
            writer.add_weights(model, step)
    logged = series_by_tag(log_dir)
    gradients = {tag: found for tag, found in logged.items() if tag.startswith("gradients/")}
    assert len(gradients) == 2 * 4
    assert "gradients/encoder/cell_1/recurrent_bias" in gradients
    for tag, found in gradients.items():
        weights = logged[tag.replace("gradients/", "weights/")]
        for step in (1, 2, 3):
            change = (weights[step - 1].cells - weights[step].cells) / 0.5
            np.testing.assert_allclose(found[step].cells, change, rtol=1e-3, atol=1e-6)
            assert np.abs(found[step].cells).max() > 1e-6


def test_frozen_parameters_are_told_in_the_facts_of_their_weights(log_dir: str) -> None:
    model = Model()
    model.encoder.weight_hh_l1.requires_grad_(False)
    model(torch.ones(2, 5, 3)).sum().backward()
    with SummaryWriter(log_dir) as writer:
        writer.add_weights(model, 0)
        writer.add_gradients(model, 0)
    logged = series_by_tag(log_dir)
    frozen = {tag for tag, found in logged.items() if not found[0].series.is_trained}
    assert frozen == {"weights/encoder/cell_1/recurrent_kernel"}
    assert "gradients/encoder/cell_1/recurrent_kernel" not in logged
    assert "gradients/encoder/cell_1/kernel" in logged


def test_steps_are_told_by_name_too(log_dir: str) -> None:
    model = Model()
    model(torch.ones(2, 5, 3)).sum().backward()
    with SummaryWriter(log_dir) as writer:
        writer.add_gradients(model, step=4)
        writer.add_gradients(model, None, 5)
        writer.add_gradients(model, gradients=[one.grad for one in model.parameters()], step=6)
    assert {tuple(sorted(found)) for found in series_by_tag(log_dir).values()} == {(4, 5, 6)}


def test_a_call_without_step_is_refused(log_dir: str) -> None:
    model = Model()
    model(torch.ones(2, 5, 3)).sum().backward()
    with SummaryWriter(log_dir) as writer, pytest.raises(TypeError, match="step has to be a whole number"):
        writer.add_gradients(model)
