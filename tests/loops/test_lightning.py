"""Lightning's Trainer with our callback."""

from __future__ import annotations

import copy
import logging
import pickle
from pathlib import Path
from typing import Any

import lightning
import numpy as np
import pytest
import torch

import tensorboard_plugin_rnnweights as rnnweights
from tests.loops.models import (
    BATCH,
    NEEDS_BFLOAT16,
    RATE,
    Model,
    assert_gradients_are_steps,
    assert_left_as_it_was,
    assert_same_gradients,
    logged_as,
    loss_of,
    samples,
    weights_of,
)
from tests.summary.logged import notices_of

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Module(lightning.LightningModule):
    """The model, trained as Lightning has it."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()

    def training_step(self, batch: Any, number: int) -> Any:
        return loss_of(self.model, batch)

    def validation_step(self, batch: Any, number: int) -> Any:
        return loss_of(self.model, batch)

    def configure_optimizers(self) -> Any:
        return torch.optim.SGD(self.parameters(), RATE)


class Interrupted(Module):
    """A training that is ended in its third batch."""

    def training_step(self, batch: Any, number: int) -> Any:
        if number == 2:
            raise ArithmeticError("for the test")
        return super().training_step(batch, number)


class Adversaries(lightning.LightningModule):
    """Two networks with optimizers of their own, stepped by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.automatic_optimization = False
        torch.manual_seed(1)
        self.d, self.g = torch.nn.GRU(3, 3), torch.nn.GRU(3, 3)

    def training_step(self, batch: Any, number: int) -> None:
        for optimizer, sign in zip(self.optimizers(), (1, -1), strict=True):
            optimizer.zero_grad()
            self.manual_backward(sign * self.d(self.g(batch[0])[0])[0].square().mean())
            optimizer.step()

    def configure_optimizers(self) -> Any:
        return [torch.optim.SGD(one.parameters(), RATE) for one in (self.d, self.g)]


def fit(module: Any, *callbacks: Any, epochs: int = 1, **options: Any) -> None:
    data = torch.utils.data.DataLoader(samples(4), batch_size=BATCH)
    trainer = lightning.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=list(callbacks),
        **options,
    )
    trainer.fit(module, data, data)


def ours(log_dir: Path, update_freq: Any = "batch", **options: Any) -> Any:
    return rnnweights.LightningRNNWeights(log_dir, update_freq, heatmap_dtype="float32", **options)


@pytest.mark.parametrize("precision", ["32-true", pytest.param("bf16-mixed", marks=NEEDS_BFLOAT16)])
@pytest.mark.parametrize(("accumulated", "steps"), [(1, [1, 2, 3, 4]), (2, [1, 2])])
def test_gradients_are_those_that_the_optimizer_stepped_by(
    tmp_path: Path, precision: Any, accumulated: int, steps: list[int]
) -> None:
    module = Module()
    fit(module, ours(tmp_path), precision=precision, accumulate_grad_batches=accumulated)
    assert_gradients_are_steps(tmp_path, steps)
    assert notices_of(str(tmp_path)) == []
    assert_left_as_it_was(module)


def test_gradients_are_those_before_clipping(tmp_path: Path) -> None:
    fit(Module(), ours(tmp_path / "clipped"), gradient_clip_val=0.01)
    fit(Module(), ours(tmp_path / "plain"))
    assert_same_gradients(tmp_path / "clipped", tmp_path / "plain", step=1)


def test_each_optimizer_of_a_gan_is_observed(tmp_path: Path) -> None:
    fit(Adversaries(), ours(tmp_path))
    for layer in ("d", "g"):
        assert_gradients_are_steps(tmp_path, [1, 2, 3, 4], layer)


@pytest.mark.parametrize(
    ("update_freq", "steps"), [("epoch", [0, 1, 2]), (3, [0, 3, 6]), ("batch", list(range(9)))]
)
def test_a_snapshot_is_logged_before_training_and_then_every_so_often(
    tmp_path: Path, update_freq: Any, steps: list[int]
) -> None:
    fit(Module(), ours(tmp_path, update_freq), epochs=2)
    assert list(logged_as(tmp_path, "weights")["kernel"]) == steps
    assert list(logged_as(tmp_path, "gradients")["kernel"]) == steps[1:]


def test_training_is_the_same_to_the_bit_with_and_without(tmp_path: Path) -> None:
    with_us, without = Module(), Module()
    fit(with_us, ours(tmp_path, probe=torch.zeros(2, 5, 3)), epochs=2)
    fit(without, epochs=2)
    for one, other in zip(weights_of(with_us), weights_of(without), strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_interrupted_training_leaves_nothing_behind(tmp_path: Path) -> None:
    module = Interrupted()
    with pytest.raises(ArithmeticError, match="for the test"):
        fit(module, ours(tmp_path))
    assert_left_as_it_was(module)
    assert list(logged_as(tmp_path, "gradients")["kernel"]) == [1, 2]


def test_the_callback_can_be_copied_and_pickled(tmp_path: Path) -> None:
    for callback in (copy.deepcopy(ours(tmp_path / "a")), pickle.loads(pickle.dumps(ours(tmp_path / "a")))):
        assert isinstance(callback, rnnweights.LightningRNNWeights)


def test_the_callback_of_keras_says_which_one_is_needed(tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match=r"it has to be rnnweights\.LightningRNNWeights"):
        fit(Module(), rnnweights.RNNWeights(tmp_path))
