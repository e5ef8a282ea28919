"""Rebuilds the recurrent modules of a PyTorch state dict, which has only names and tensors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from tensorboard_plugin_rnnweights.terminal.matrices import SummaryError

# How many times the units stand in the rows of its kernel tells the module's type.
_LAYERS: dict[int, type[nn.RNNBase]] = {1: nn.RNN, 3: nn.GRU, 4: nn.LSTM}
_CELLS: dict[int, type[nn.RNNCellBase]] = {1: nn.RNNCell, 3: nn.GRUCell, 4: nn.LSTMCell}

_PARAMETER = re.compile(r"(?P<path>.*?\.?)(?P<name>(weight|bias)_(ih|hh|hr)(_l\d+(_reverse)?)?)")


def modules_of(state: Any) -> nn.Module:
    """A module that has the recurrent modules of a state dict at their own paths.

    Args:
        state: What `torch.load` gave: a state dict, or a checkpoint that has one under `"state_dict"` or
            `"model_state_dict"`.

    Raises:
        SummaryError: If it is no state dict, or its tensors are those of no recurrent module.
    """
    root = nn.Module()
    for path, parameters in _by_module(_state_dict(state)).items():
        module = _rebuilt(path, parameters)
        module.load_state_dict(parameters)
        *parents, name = path.split(".") if path else [type(module).__name__.lower()]
        parent = root
        for part in parents:
            if not hasattr(parent, part):
                parent.add_module(part, nn.Module())
            parent = getattr(parent, part)
        parent.add_module(name, module)
    return root


def _state_dict(state: Any) -> Mapping[str, torch.Tensor]:
    for name in ("state_dict", "model_state_dict"):
        if isinstance(state, Mapping) and isinstance(state.get(name), Mapping):
            state = state[name]
    if not isinstance(state, Mapping) or not any(isinstance(one, torch.Tensor) for one in state.values()):
        raise SummaryError("it holds no state dict: save module.state_dict()")
    return state


def _by_module(state: Mapping[str, torch.Tensor]) -> dict[str, dict[str, torch.Tensor]]:
    found: dict[str, dict[str, torch.Tensor]] = {}
    for key, tensor in state.items():
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
