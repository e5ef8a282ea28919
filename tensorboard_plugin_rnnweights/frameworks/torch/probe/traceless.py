"""Runs modules for the sake of a look, and leaves everything as it was."""

from __future__ import annotations

import contextlib
import random
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

_COLLECTIONS = (dict, list, set, deque)


@contextlib.contextmanager
def traceless(models: Iterable[nn.Module]) -> Iterator[None]:
    """Gives modules back the state that they have now, and all generators of random numbers theirs.

    A module's state is its attributes, the contents of those that are collections, and the values of all
    tensors among them: parameters, buffers, and what else it keeps from call to call.
    """
    modules = {id(one): one for model in models for one in model.modules()}.values()
    collections, tensors = _state(modules)
    contents = [(one, _contents(one)) for one in collections]
    values = [(one, one.grad_fn, one.detach().clone()) for one in tensors]
    try:
        with same_random_numbers():
            yield
    finally:
        for collection, before in contents:
            _refill(collection, before)
        for tensor, graph, value in values:
            _rewrite(tensor, graph, value)


@contextlib.contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Runs a module as in evaluation: without dropout, with the running statistics of its normalisations.

    Flags are set one by one: what a module does at `eval()` is none of a look's business.
    """
    training = [one for one in model.modules() if one.training]
    try:
        for one in training:
            one.training = False
        yield
    finally:
        for one in training:
            one.training = True


@contextlib.contextmanager
def same_random_numbers() -> Iterator[None]:
    """Gives the random numbers of Python, NumPy and PyTorch the state back that they have now."""
    of_python, of_numpy = random.getstate(), np.random.get_state()
    # Where a device was never used, to ask for the state of its generator would start it.
    cuda = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()
    try:
        with torch.random.fork_rng(devices=cuda, device_type="cuda"):
            yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)


def _state(modules: Iterable[nn.Module]) -> tuple[list[Any], list[torch.Tensor]]:
    """Collections and strided tensors among the attributes, such as `_parameters` and those in it."""
    collections: dict[int, Any] = {}
    tensors: dict[int, torch.Tensor] = {}
    for module in modules:
        collections[id(vars(module))] = vars(module)
        for value in vars(module).values():
            if isinstance(value, _COLLECTIONS):
                collections[id(value)] = value
            tensors |= {id(one): one for one in _tensors(value, depth=2)}
    return [*collections.values()], [*tensors.values()]


def _tensors(value: Any, depth: int) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        if value.layout == torch.strided:
            yield value
    elif depth and isinstance(value, (*_COLLECTIONS, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _tensors(one, depth - 1)


def _contents(collection: Any) -> list[Any]:
    return [*collection.items()] if isinstance(collection, dict) else [*collection]


def _refill(collection: Any, before: list[Any]) -> None:
    if _is_same(_contents(collection), before):
        return
    collection.clear()
    fill = collection.update if isinstance(collection, dict | set) else collection.extend
    fill(before)


def _is_same(now: list[Any], before: list[Any]) -> bool:
    def parts(items: list[Any]) -> list[int]:
        return [id(part) for item in items for part in (item if type(item) is tuple else (item,))]

    return parts(now) == parts(before)


def _rewrite(tensor: torch.Tensor, graph: Any, value: torch.Tensor) -> None:
    if graph is None and tensor.grad_fn is not None:
        # Something of a graph was written into it.
        tensor.detach_()
    if not torch.equal(_bits(tensor), _bits(value)):
        with torch.no_grad():
            tensor.copy_(value)


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    """What can be compared even where numbers are NaN."""
    return tensor.detach().reshape(-1).contiguous().view(torch.uint8)
