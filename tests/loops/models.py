"""A small module, its batches, and what plain SGD does to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.summary.logged import Snapshot, series_by_tag

RATE = 0.5
BATCH, TIME, FEATURES, UNITS = 4, 5, 3, 6


class Model(nn.Module):
    """An LSTM and a linear layer; the same weights each time."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.lstm = nn.LSTM(FEATURES, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, 1)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        outputs: torch.Tensor = self.head(self.lstm(inputs)[0][:, -1])
        return outputs


def _runs_in_bfloat16() -> bool:
    try:
        with torch.autocast("cpu", torch.bfloat16):
            Model()(torch.zeros(BATCH, TIME, FEATURES))
    except RuntimeError:
        return False
    return True


NEEDS_BFLOAT16 = pytest.mark.skipif(
    not _runs_in_bfloat16(), reason="PyTorch has no LSTM in bfloat16 for this processor"
)


def loss_of(model: Callable[[torch.Tensor], torch.Tensor], batch: Any) -> torch.Tensor:
    """A loss whose gradients are large enough to be clipped."""
    inputs, targets = batch
    return 10 * nn.functional.mse_loss(model(inputs).float(), targets)


def samples(count: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Samples of so many batches, in their order."""
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(count * BATCH, TIME, FEATURES, generator=generator)
    targets = torch.randn(count * BATCH, 1, generator=generator)
    return list(zip(inputs, targets, strict=True))


def batches(count: int) -> Iterator[list[torch.Tensor]]:
    """The same samples, batch by batch."""
    yield from torch.utils.data.DataLoader(samples(count), batch_size=BATCH)


def weights_of(model: nn.Module) -> list[Any]:
    """All parameters as arrays."""
    return [one.detach().numpy().copy() for one in model.parameters()]


def logged_as(log_dir: Any, kind: str, layer: str = "") -> dict[str, dict[int, Snapshot]]:
    """The snapshots of a kind by matrix and step."""
    found = series_by_tag(str(log_dir))
    start = f"{kind}/{layer}"
    return {tag.rpartition("/")[2]: one for tag, one in found.items() if tag.startswith(start)}


def assert_gradients_are_steps(log_dir: Any, steps: list[int], layer: str = "") -> None:
    """Each logged gradient is what plain SGD has changed the weights by, over its rate."""
    weights, gradients = logged_as(log_dir, "weights", layer), logged_as(log_dir, "gradients", layer)
    assert list(gradients) == ["kernel", "recurrent_kernel", "bias", "recurrent_bias"]
    for matrix, found in gradients.items():
        assert list(found) == steps
        for step, snapshot in found.items():
            change = weights[matrix][step - 1].cells - weights[matrix][step].cells
            np.testing.assert_allclose(snapshot.cells, change / RATE, rtol=1e-3, atol=2e-6)


def assert_same_gradients(log_dir: Any, other: Any, step: int) -> None:
    """Two runs have logged the same gradients at a step."""
    one, two = logged_as(log_dir, "gradients"), logged_as(other, "gradients")
    assert one.keys() == two.keys()
    assert one
    for matrix, snapshots in one.items():
        np.testing.assert_allclose(snapshots[step].cells, two[matrix][step].cells, rtol=1e-5, atol=1e-7)


def assert_left_as_it_was(model: nn.Module) -> None:
    """No hook of ours is left on a parameter."""
    for parameter in model.parameters():
        assert not parameter._post_accumulate_grad_hooks
