"""Tensors and modules that are spread over several processes, which one process can't read by itself."""

from __future__ import annotations

import sys
from typing import Any

import torch
from torch import nn

from tensorboard_plugin_rnnweights.frameworks.torch.processes import are_several

SHARDED = (
    "it is sharded over several processes, and to put it together all of them would have to wait for each "
    "other: keep recurrent layers out of the sharding (ignored_params of fully_shard, ignored_modules of "
    "FullyShardedDataParallel), or gather a full state dict, load it into a plain copy of the module, and "
    "log that with SummaryWriter.add_weights"
)
_AT_ONCE = (
    "what flows is not logged, as {name} runs in all processes at once, and one that ran it by itself "
    "would wait for the others: leave probe= out"
)
# What modules become by it, and where that is, if it was imported: otherwise there is no such module.
_WRAPPERS = {
    "DistributedDataParallel": ("torch.nn.parallel", "DistributedDataParallel"),
    "FullyShardedDataParallel": ("torch.distributed.fsdp", "FullyShardedDataParallel"),
    "a module that fully_shard has sharded": ("torch.distributed.fsdp", "FSDPModule"),
    "a module of DTensors": ("torch.distributed.tensor", "DTensor"),
}


def is_sharded(tensor: torch.Tensor) -> bool:
    """Whether this process has not all of a tensor's values."""
    if (distributed := _as_distributed(tensor)) is not None:
        mesh, places = distributed.device_mesh, enumerate(distributed.placements)
        return any(mesh.size(axis) > 1 and not place.is_replicate() for axis, place in places)
    # FullyShardedDataParallel frees the memory of what it had put together, and leaves the tensor.
    return (
        tensor.layout == torch.strided
        and tensor.numel() > 0
        and tensor.device.type != "meta"
        and tensor.untyped_storage().nbytes() == 0
    )


def local(tensor: torch.Tensor) -> torch.Tensor:
    """A plain tensor with all values of one that isn't sharded."""
    distributed = _as_distributed(tensor)
    whole: torch.Tensor = tensor if distributed is None else distributed.to_local()
    return whole


def is_flattened(tensor: torch.Tensor) -> bool:
    """Whether a parameter is a piece of the flat one of FullyShardedDataParallel."""
    return bool(getattr(tensor, "_fsdp_flattened", False)) and not is_flat(tensor)


def is_flat(tensor: torch.Tensor) -> bool:
    """Whether it is the one in which FullyShardedDataParallel keeps all parameters of a module."""
    return bool(getattr(tensor, "_is_flat_param", False))


def is_in_pieces(module: nn.Module) -> bool:
    """Whether FullyShardedDataParallel has left only pieces of a module's matrices to this process.

    They are rows of numbers in place of parameters, or, where it keeps none, tensors without memory.
    """
    rows = [one for one in module.parameters() if is_flattened(one)]
    views = [one for one in vars(module).values() if isinstance(one, torch.Tensor)]
    return any(map(is_sharded, views)) or (bool(rows) and all(one.dim() < 2 for one in rows))


def why_not_alone(model: nn.Module) -> str:
    """Why one process can't run a module by itself; empty where it can."""
    if not are_several():
        return ""
    parts = [*model.modules(), *model.parameters()]
    found = (name for name, kind in _WRAPPERS.items() if any(_is_a(one, *kind) for one in parts))
    name = next(found, None)
    return "" if name is None else _AT_ONCE.format(name=name)


def _as_distributed(tensor: torch.Tensor) -> Any | None:
    return tensor if _is_a(tensor, "torch.distributed.tensor", "DTensor") else None


def _is_a(value: Any, module: str, kind: str) -> bool:
    known = getattr(sys.modules.get(module), kind, None)
    return known is not None and isinstance(value, known)
