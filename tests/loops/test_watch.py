"""A loop of one's own, watched: plain PyTorch and Accelerate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

import tensorboard_plugin_rnnweights as rnnweights
from tests.loops.models import (
    NEEDS_BFLOAT16,
    RATE,
    Model,
    assert_gradients_are_steps,
    assert_left_as_it_was,
    assert_same_gradients,
    batches,
    logged_as,
    loss_of,
    weights_of,
)
from tests.summary.logged import notices_of


def sgd(model: torch.nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(model.parameters(), RATE)


def train(
    log_dir: Any = None, every: int = 1, accumulated: int = 1, clip: float | None = None, **options: Any
) -> Model:
    model = Model()
    optimizer = sgd(model)
    watched = rnnweights.watch(model, optimizer, log_dir, every, heatmap_dtype="float32", **options)
    with watched:
        for number, batch in enumerate(batches(4), 1):
            loss_of(model, batch).backward()
            if number % accumulated == 0:
                if clip is not None:
                    torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
                optimizer.step()
                optimizer.zero_grad()
    assert_left_as_it_was(model)
    assert not optimizer._optimizer_step_pre_hooks
    assert not optimizer._optimizer_step_post_hooks
    return model


@pytest.mark.parametrize(("accumulated", "steps"), [(1, [1, 2, 3, 4]), (2, [1, 2])])
def test_gradients_are_those_that_the_optimizer_stepped_by(
    tmp_path: Path, accumulated: int, steps: list[int]
) -> None:
    train(tmp_path, accumulated=accumulated)
    assert_gradients_are_steps(tmp_path, steps)
    assert notices_of(str(tmp_path)) == []


def test_gradients_are_those_before_clipping(tmp_path: Path) -> None:
    train(tmp_path / "clipped", clip=0.01)
    train(tmp_path / "plain")
    assert_same_gradients(tmp_path / "clipped", tmp_path / "plain", step=1)


def test_weights_that_are_computed_have_their_gradients(tmp_path: Path) -> None:
    model = Model()
    torch.nn.utils.parametrizations.weight_norm(model.lstm, "weight_hh_l0")
    optimizer = sgd(model)
    with rnnweights.watch(model, optimizer, tmp_path, 1, heatmap_dtype="float32"):
        with torch.nn.utils.parametrize.cached():
            loss = loss_of(model, next(batches(1)))
            model.lstm.weight_hh_l0.retain_grad()
            loss.backward()
            expected = model.lstm.weight_hh_l0.grad.T
        optimizer.step()
    # PyTorch packs input, forget, cell, output, as we do.
    found = logged_as(tmp_path, "gradients")["recurrent_kernel"][1].cells
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    assert notices_of(str(tmp_path)) == []


def test_what_the_loss_does_not_depend_on_is_reported(tmp_path: Path) -> None:
    model = Model()
    model.spare = torch.nn.GRU(2, 2)
    optimizer = sgd(model)
    with rnnweights.watch(model, optimizer, tmp_path, 1):
        loss_of(model, next(batches(1))).backward()
        optimizer.step()
    (notice,) = notices_of(str(tmp_path))
    assert notice.notice.layers == ("spare",)
    assert "the loss doesn't depend on it" in notice.notice.text


def test_a_snapshot_is_logged_every_so_many_steps(tmp_path: Path) -> None:
    train(tmp_path, every=2)
    assert list(logged_as(tmp_path, "weights")["kernel"]) == [0, 2, 4]
    assert list(logged_as(tmp_path, "gradients")["kernel"]) == [2, 4]


def test_training_is_the_same_to_the_bit_with_and_without(tmp_path: Path) -> None:
    ours, theirs = train(tmp_path, 2, probe=next(batches(1))[0]), Model()
    optimizer = sgd(theirs)
    for batch in batches(4):
        loss_of(theirs, batch).backward()
        optimizer.step()
        optimizer.zero_grad()
    for one, other in zip(weights_of(ours), weights_of(theirs), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_probe_is_followed_back_by_the_loss_that_is_given(tmp_path: Path) -> None:
    inputs, targets = next(batches(1))
    train(tmp_path, 4, probe=(inputs, targets), loss=torch.nn.functional.mse_loss)
    assert notices_of(str(tmp_path)) == []
    assert list(logged_as(tmp_path, "output_gradients")["lstm"]) == [0, 4]


def scaled(log_dir: Path, is_told: bool) -> None:
    model = Model()
    optimizer, scaler = sgd(model), torch.amp.GradScaler("cpu", init_scale=2.0**10)
    with rnnweights.watch(
        model, optimizer, log_dir, 1, scaler=scaler if is_told else None, heatmap_dtype="float32"
    ):
        for batch in batches(2):
            scaler.scale(loss_of(model, batch)).backward()
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()


def test_the_scale_of_mixed_precision_is_divided_out(tmp_path: Path) -> None:
    scaled(tmp_path, is_told=True)
    assert_gradients_are_steps(tmp_path, [1, 2])


def test_scaled_gradients_are_refused_where_the_scale_is_not_known(tmp_path: Path) -> None:
    scaled(tmp_path, is_told=False)
    assert logged_as(tmp_path, "gradients") == {}
    (notice,) = notices_of(str(tmp_path))
    assert "hand the GradScaler in" in notice.notice.text
    assert notice.notice.kind == "gradients"


def test_tokens_without_a_probe_are_refused_before_anything_is_logged(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="probe_tokens and probe_samples are of a probe"):
        train(tmp_path / "run", probe_tokens=["abc"])
    assert not (tmp_path / "run").exists()


def test_each_network_of_a_gan_has_the_gradients_of_its_own_step(tmp_path: Path) -> None:
    torch.manual_seed(1)
    networks = torch.nn.ModuleDict({"d": torch.nn.GRU(2, 3), "g": torch.nn.GRU(2, 2)})
    d_optimizer, g_optimizer = sgd(networks["d"]), sgd(networks["g"])
    noise = torch.randn(4, 5, 2, generator=torch.Generator().manual_seed(0))
    with rnnweights.watch(networks, [d_optimizer, g_optimizer], tmp_path, 1, heatmap_dtype="float32"):
        for _ in range(2):
            for optimizer, sign in ((d_optimizer, 1), (g_optimizer, -1)):
                optimizer.zero_grad()
                (sign * networks["d"](networks["g"](noise)[0])[0].square().mean()).backward()
                optimizer.step()
    for layer in ("d", "g"):
        assert_gradients_are_steps(tmp_path, [1, 2], layer)


def test_an_optimizer_that_runs_backward_passes_by_itself_is_watched_too(tmp_path: Path) -> None:
    model = Model()
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=2)
    batch = next(batches(1))

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(model, batch)
        loss.backward()
        return loss

    with rnnweights.watch(model, optimizer, tmp_path, 1):
        optimizer.step(closure)
    assert list(logged_as(tmp_path, "gradients")["kernel"]) == [1]


@pytest.mark.parametrize("update_freq", ["epoch", 0, True, 1.5])
def test_only_a_number_of_steps_says_how_often(tmp_path: Path, update_freq: Any) -> None:
    model = Model()
    with pytest.raises(ValueError, match="has to be a number of steps, not"):
        rnnweights.watch(model, sgd(model), tmp_path, update_freq)


@pytest.mark.parametrize("precision", ["no", pytest.param("bf16", marks=NEEDS_BFLOAT16)])
@pytest.mark.parametrize(("accumulated", "steps"), [(1, [1, 2, 3, 4]), (2, [1, 2])])
def test_a_loop_of_accelerate_is_watched(
    tmp_path: Path, precision: str, accumulated: int, steps: list[int]
) -> None:
    # Accelerate keeps one state for a whole process.
    AcceleratorState._reset_state(reset_partial_state=True)
    accelerator = Accelerator(cpu=True, mixed_precision=precision, gradient_accumulation_steps=accumulated)
    plain = Model()
    model, optimizer = accelerator.prepare(plain, sgd(plain))
    with rnnweights.watch(model, optimizer, tmp_path, 1, heatmap_dtype="float32"):
        for batch in batches(4):
            with accelerator.accumulate(model):
                accelerator.backward(loss_of(model, batch))
                optimizer.step()
                optimizer.zero_grad()
    assert_gradients_are_steps(tmp_path, steps)
    assert notices_of(str(tmp_path)) == []
