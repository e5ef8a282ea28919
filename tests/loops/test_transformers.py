"""Hugging Face's Trainer with our callback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from accelerate.state import AcceleratorState

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

ROWS = [{"inputs": inputs, "labels": targets} for inputs, targets in samples(4)]


class Returning(torch.nn.Module):
    """The model, which returns its loss as the Trainer has it; ended in a batch, if so wished."""

    def __init__(self, last: int | None = None) -> None:
        super().__init__()
        self.model = Model()
        self.left = last

    def forward(self, inputs: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
        if self.left == 0:
            raise ArithmeticError("for the test")
        self.left = None if self.left is None else self.left - 1
        return {"loss": loss_of(self.model, (inputs, labels))}


def fit(folder: Path, module: torch.nn.Module, *callbacks: Any, epochs: int = 1, **options: Any) -> None:
    # Accelerate keeps one state for a whole process.
    AcceleratorState._reset_state(reset_partial_state=True)
    settings: dict[str, Any] = {"max_grad_norm": 0.0, **options}
    arguments = transformers.TrainingArguments(
        output_dir=str(folder / "trainer"),
        num_train_epochs=epochs,
        per_device_train_batch_size=BATCH,
        use_cpu=True,
        report_to="none",
        save_strategy="no",
        disable_tqdm=True,
        lr_scheduler_type="constant",
        **settings,
    )

    class Ordered(transformers.Trainer):
        def _get_train_sampler(self, *given: Any) -> Any:
            return torch.utils.data.SequentialSampler(ROWS)

    optimizer = torch.optim.SGD(module.parameters(), RATE)
    Ordered(
        module, arguments, train_dataset=ROWS, optimizers=(optimizer, None), callbacks=list(callbacks)
    ).train()


def ours(log_dir: Path, update_freq: Any = "batch", **options: Any) -> Any:
    return rnnweights.TransformersRNNWeights(log_dir, update_freq, heatmap_dtype="float32", **options)


@pytest.mark.parametrize("bf16", [False, pytest.param(True, marks=NEEDS_BFLOAT16)])
@pytest.mark.parametrize(("accumulated", "steps"), [(1, [1, 2, 3, 4]), (2, [1, 2])])
def test_gradients_are_those_that_the_optimizer_stepped_by(
    tmp_path: Path, bf16: bool, accumulated: int, steps: list[int]
) -> None:
    module = Returning()
    fit(tmp_path, module, ours(tmp_path / "run"), bf16=bf16, gradient_accumulation_steps=accumulated)
    assert_gradients_are_steps(tmp_path / "run", steps)
    assert notices_of(str(tmp_path / "run")) == []
    assert_left_as_it_was(module)


def test_gradients_are_those_before_clipping(tmp_path: Path) -> None:
    fit(tmp_path, Returning(), ours(tmp_path / "clipped"), max_grad_norm=0.01)
    fit(tmp_path, Returning(), ours(tmp_path / "plain"))
    assert_same_gradients(tmp_path / "clipped", tmp_path / "plain", step=1)


@pytest.mark.parametrize(("update_freq", "steps"), [("epoch", [0, 1, 2]), (3, [0, 3, 6])])
def test_a_snapshot_is_logged_before_training_and_then_every_so_often(
    tmp_path: Path, update_freq: Any, steps: list[int]
) -> None:
    fit(tmp_path, Returning(), ours(tmp_path / "run", update_freq), epochs=2)
    assert list(logged_as(tmp_path / "run", "weights")["kernel"]) == steps
    assert list(logged_as(tmp_path / "run", "gradients")["kernel"]) == steps[1:]


def test_training_is_the_same_to_the_bit_with_and_without(tmp_path: Path) -> None:
    with_us, without = Returning(), Returning()
    fit(tmp_path, with_us, ours(tmp_path / "run"), epochs=2)
    fit(tmp_path, without, epochs=2)
    for one, other in zip(weights_of(with_us), weights_of(without), strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_interrupted_training_keeps_what_was_logged_and_another_one_goes_on(tmp_path: Path) -> None:
    callback = ours(tmp_path / "run")
    with pytest.raises(ArithmeticError, match="for the test"):
        fit(tmp_path, Returning(last=2), callback)
    module = Returning()
    fit(tmp_path, module, callback)
    assert_left_as_it_was(module)
    assert list(logged_as(tmp_path / "run", "gradients")["kernel"])[:2] == [1, 2]


def test_the_callback_of_keras_says_which_one_is_needed(tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match=r"it has to be rnnweights\.TransformersRNNWeights"):
        fit(tmp_path, Returning(), rnnweights.RNNWeights(tmp_path))
