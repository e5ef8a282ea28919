"""Looks into a `DataLoader` without changing what a training will get from it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.torch.probe.traceless import same_random_numbers


def first_batch(loader: Any) -> Any:
    """The first batch of a `torch.utils.data.DataLoader`, or None; of several parts it is a tuple.

    The order in which it shuffles later on is as if it had not been asked.
    """
    own = {getattr(one, "generator", None) for one in (loader, loader.sampler)}
    with same_random_numbers(), _unchanged(own - {None}):
        batch = next(iter(loader), None)
    # What loaders call a batch of several parts is a list.
    return tuple(batch) if isinstance(batch, list) else batch


@contextlib.contextmanager
def _unchanged(generators: set[torch.Generator]) -> Iterator[None]:
    states = [(one, one.get_state()) for one in generators]
    try:
        yield
    finally:
        for generator, state in states:
            generator.set_state(state)
