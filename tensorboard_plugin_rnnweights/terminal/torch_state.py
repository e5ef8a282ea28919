"""Rebuilds the recurrent modules of a PyTorch state dict, which has only names and tensors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from tensorboard_plugin_rnnweights.terminal.computed_state import as_used
from tensorboard_plugin_rnnweights.terminal.matrices import SummaryError
from tensorboard_plugin_rnnweights.terminal.wrapped_state import without_wrappers

# How many times the units stand in the rows of its kernel tells the module's type.
_LAYERS: dict[int, type[nn.RNNBase]] = {1: nn.RNN, 3: nn.GRU, 4: nn.LSTM}
_CELLS: dict[int, type[nn.RNNCellBase]] = {1: nn.RNNCell, 3: nn.GRUCell, 4: nn.LSTMCell}

_PARAMETER = re.compile(r"(?P<path>.*?\.?)(?P<name>(weight|bias)_(ih|hh|hr)(_l\d+(_reverse)?)?)")


def modules_of(saved: Any) -> tuple[nn.Module, list[str]]:
    """A module that has the recurrent modules of a checkpoint at their own paths, and what is left out.

    Args:
        saved: What `torch.load` gave: a state dict, or a checkpoint that has one, or several, in a dict. Of
            several, such as a GAN's, each path begins with the name of its own.

    Raises:
        SummaryError: If there is no state dict, or none whose tensors are those of a recurrent module.
    """
    root = nn.Module()
    notes: list[str] = []
    for path, parameters in _by_module(_state_of(saved), notes).items():
        try:
            module = _rebuilt(path, parameters)
            module.load_state_dict(parameters)
        except (SummaryError, RuntimeError) as error:
            notes.append(str(error).splitlines()[0])
            continue
        *parents, name = path.split(".") if path else [type(module).__name__.lower()]
        parent = root
        for part in parents:
            if not hasattr(parent, part):
                parent.add_module(part, nn.Module())
            parent = getattr(parent, part)
        parent.add_module(name, module)
    if notes and not list(root.children()):
        raise SummaryError(notes[0])
    return root, notes


def _state_of(saved: Any) -> dict[str, torch.Tensor]:
    """The tensors of all state dicts in a checkpoint that have recurrent modules, by their paths."""
    states = _state_dicts(saved)
    recurrent = {name: one for name, one in states.items() if any(map(_PARAMETER.search, one))} or states
    if not recurrent:
        raise SummaryError("it holds no state dict: save module.state_dict()")
    if len(recurrent) == 1:
        return without_wrappers(*recurrent.values())
    return {
        f"{name}.{key}": tensor
        for name, state in recurrent.items()
        for key, tensor in without_wrappers(state).items()
    }


def _state_dicts(saved: Any) -> dict[str, dict[str, torch.Tensor]]:
    if not isinstance(saved, Mapping):
        return {}
    own = {key: one for key, one in saved.items() if isinstance(key, str) and isinstance(one, torch.Tensor)}
    if own:
        return {"": own}
    return {
        ".".join(filter(None, (str(name), inner))): state
        for name, one in saved.items()
        for inner, state in _state_dicts(one).items()
    }


def _by_module(state: Mapping[str, torch.Tensor], notes: list[str]) -> dict[str, dict[str, torch.Tensor]]:
    found: dict[str, dict[str, torch.Tensor]] = {}
    for key, tensor in as_used(state, notes).items():
        if match := _PARAMETER.fullmatch(key):
            found.setdefault(match["path"].rstrip("."), {})[match["name"]] = tensor
    return found


def _rebuilt(path: str, parameters: Mapping[str, torch.Tensor]) -> nn.Module:
    is_layer = "weight_ih_l0" in parameters
    suffix = "_l0" if is_layer else ""
    try:
        kernel, recurrent = parameters[f"weight_ih{suffix}"], parameters[f"weight_hh{suffix}"]
    except KeyError as error:
        reason = f"the tensors of '{path}' are of no recurrent module: {error} is missing"
        raise SummaryError(reason) from None
    projection = parameters.get(f"weight_hr{suffix}")
    units = recurrent.shape[1] if projection is None else projection.shape[1]
    gates, rest = divmod(kernel.shape[0], units)
    if rest or gates not in _LAYERS:
        raise SummaryError(
            f"the tensors of '{path}' are of no module of PyTorch: {kernel.shape[0]} rows for {units} units"
        )
    options: dict[str, Any] = {"bias": f"bias_ih{suffix}" in parameters, "dtype": kernel.dtype}
    if not is_layer:
        return _CELLS[gates](kernel.shape[1], units, **options)
    if projection is not None:
        options["proj_size"] = projection.shape[0]
    layers = sum(1 for name in parameters if re.fullmatch(r"weight_ih_l\d+", name))
    bidirectional = "weight_ih_l0_reverse" in parameters
    return _LAYERS[gates](kernel.shape[1], units, layers, bidirectional=bidirectional, **options)
