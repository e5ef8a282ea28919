"""Models that several processes share in other ways than by each having all of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FullyShardedDataParallel, fully_shard
from torch.distributed.tensor import distribute_module

import tensorboard_plugin_rnnweights as rnnweights
from tests.loops.processes import COUNT

PROBE = {
    "probe": (torch.zeros(2, 5, 3), torch.zeros(2, 5, 1)),
    "loss": nn.functional.mse_loss,
}


class Model(nn.Module):
    """Two recurrent layers, of which one may be sharded."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.gru = nn.GRU(4, 4, batch_first=True)
        self.norm = nn.BatchNorm1d(5)
        self.head = nn.Linear(4, 1)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        outputs: torch.Tensor = self.head(self.norm(self.gru(self.lstm(inputs)[0])[0]))
        return outputs


def by_fully_shard() -> nn.Module:
    model, mesh = Model(), init_device_mesh("cpu", (COUNT,))
    fully_shard(model.lstm, mesh=mesh)
    fully_shard(model, mesh=mesh, ignored_params=set(model.gru.parameters()))
    return model


def by_wrapper(is_original: bool) -> nn.Module:
    model, device = Model(), torch.device("cpu")
    options: dict[str, Any] = {"device_id": device, "use_orig_params": is_original}
    model.lstm = FullyShardedDataParallel(model.lstm, **options)
    return FullyShardedDataParallel(model, ignored_modules=[model.gru], **options)


def averaged_inside() -> nn.Module:
    model = Model()
    model.lstm = nn.parallel.DistributedDataParallel(model.lstm)
    return model


def averaged() -> nn.Module:
    return nn.parallel.DistributedDataParallel(Model())


def replicated() -> nn.Module:
    model = Model()
    distribute_module(model.lstm, init_device_mesh("cpu", (COUNT,)))
    return model


MODELS: dict[str, Callable[[], nn.Module]] = {
    "fully_shard": by_fully_shard,
    "fsdp": lambda: by_wrapper(is_original=False),
    "fsdp_original": lambda: by_wrapper(is_original=True),
    "ddp_inside": averaged_inside,
    "ddp": averaged,
    "replicated": replicated,
}
# PyTorch's LSTM isn't run on DTensors everywhere, but they are read.
UNTRAINED = ("replicated",)


def train_sharded(process: int, folder: Path) -> None:
    """Trains each, watched, and on a probe."""
    warnings.simplefilter("ignore")
    for name, make in MODELS.items():
        model = make()
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        with rnnweights.watch(model, optimizer, folder / name / str(process), 1, **PROBE):
            for _ in range(0 if name in UNTRAINED else 2):
                model(torch.ones(4, 5, 3)).square().mean().backward()
                optimizer.step()
                optimizer.zero_grad()
        # Who waits for somebody who isn't there doesn't get here.
        torch.distributed.barrier()
