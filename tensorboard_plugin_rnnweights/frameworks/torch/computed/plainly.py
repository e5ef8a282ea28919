"""Computes without what a training may have switched on around the call."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch


@contextlib.contextmanager
def plainly(device: torch.device) -> Iterator[None]:
    """Follows no gradients, and computes in the numbers' own precision, also inside `torch.autocast`."""
    with torch.no_grad(), torch.autocast(device.type, enabled=False):
        yield
