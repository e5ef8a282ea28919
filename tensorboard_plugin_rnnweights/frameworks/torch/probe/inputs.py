"""Makes what a user hands in as a probe what a PyTorch module takes, and refuses what it can't take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError
from tensorboard_plugin_rnnweights.frameworks.torch.probe.structures import leaves, mapped


def arguments(model: nn.Module, inputs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The positional and the keyword arguments that a module is called with.

    Args:
        model: The module.
        inputs: A tuple of positional arguments, a dict of keyword arguments, or the one argument itself.

    Raises:
        ProbeError: If the probe is empty, holds NaN, or something that no tensor can be made of.
    """
    converted = tensors(model, inputs)
    named = dict(_named(converted))
    if not named:
        raise ProbeError("the probe is empty: it has no inputs")
    for name, argument in named.items():
        for one in leaves(argument):
            _check(name, one)
    if isinstance(converted, dict):
        return (), dict(converted)
    return tuple(named.values()), {}


def tensors(model: nn.Module, structure: Any) -> Any:
    """A structure with tensors of its own in place of its arrays and tensors.

    Arrays go to the module's device, and those of floats get the type of its parameters. Tensors stay where
    they are: lengths have to be on the CPU, wherever the module is.

    Raises:
        ProbeError: If no tensor can be made of an array.
    """
    kept = next(iter([*model.parameters(), *model.buffers()]), torch.empty(0))
    dtype = next(
        (one.dtype for one in model.parameters() if one.is_floating_point()), torch.get_default_dtype()
    )

    def tensor(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return value.detach().clone()
        if not isinstance(value, np.ndarray | np.generic):
            return value
        try:
            made = torch.tensor(np.ascontiguousarray(value))
        except TypeError as error:
            raise ProbeError(f"the probe holds an array of {value.dtype}: {first_line(error)}") from error
        return made.to(kept.device, dtype if made.is_floating_point() else None)

    return mapped(structure, tensor)


def described(structure: Any) -> str:
    """The types and shapes of all tensors of a structure, for messages: `"float32 (8, 5, 3)"`."""
    found = [one for one in leaves(structure) if isinstance(one, torch.Tensor)]
    return ", ".join(f"{str(one.dtype).removeprefix('torch.')} {tuple(one.shape)}" for one in found)


def first_line(error: Exception) -> str:
    """What an error says first, or its type where it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")


def _named(inputs: Any) -> Iterator[tuple[str, Any]]:
    """The arguments, by how messages call them."""
    if inputs is None:
        return
    if isinstance(inputs, dict):
        yield from ((f"its input '{name}'", one) for name, one in inputs.items())
    elif type(inputs) is tuple:
        yield from ((f"its input {place}", one) for place, one in enumerate(inputs))
    else:
        yield "it", inputs


def _check(name: str, value: Any) -> None:
    if not isinstance(value, torch.Tensor):
        return
    if value.numel() == 0:
        raise ProbeError(f"the probe is empty: {name} has shape {tuple(value.shape)}")
    if value.isnan().any():
        raise ProbeError(f"the probe holds NaN: {name} has {int(value.isnan().sum())} of them")
