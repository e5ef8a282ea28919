"""The processes that train one PyTorch module together."""

from __future__ import annotations

import torch


def are_joined() -> bool:
    """Whether this process has joined others, of which there may be none."""
    return torch.distributed.is_available() and torch.distributed.is_initialized()


def are_several() -> bool:
    """Whether this process has joined further ones: what all have to do, one alone waits in for ever."""
    return are_joined() and torch.distributed.get_world_size() > 1


def is_first() -> bool:
    """Whether this process is the one that logs, of those that have joined."""
    return not are_joined() or torch.distributed.get_rank() == 0
