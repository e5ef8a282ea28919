"""Recurrent modules that `torch.jit` has compiled: all that is left of them are names and parameters."""

from __future__ import annotations

import itertools
import re

import torch
from torch import nn

from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout
from tensorboard_plugin_rnnweights.rnn.registry import layouts_of

_LAYERS = ("RNN", "LSTM", "GRU")
_CELLS = ("RNNCell", "LSTMCell", "GRUCell")
_REVERSE = "_reverse"


def is_scripted(module: nn.Module) -> bool:
    """Whether `torch.jit.script` or `trace` made it, or `load` read it."""
    return isinstance(module, torch.jit.ScriptModule)


def scripted_layout(module: nn.Module) -> CellLayout | None:
    """The layout of a scripted module that was one of PyTorch's own, by its name and its parameters."""
    name = getattr(module, "original_name", "")
    if name not in (*_LAYERS, *_CELLS):
        return None
    (layout,) = layouts_of(getattr(nn, name))
    shapes = {name: tuple(one.shape) for name, one in module.named_parameters(recurse=False)}
    return layout if shapes and _fits(layout, shapes, stacked_in(module)) else None


def stacked_in(module: nn.Module) -> tuple[int, bool]:
    """How many levels a scripted module has, and whether it is bidirectional."""
    names = [name for name, _ in module.named_parameters(recurse=False)]
    levels = {match[1] for name in names if (match := re.fullmatch(r"weight_ih_l(\d+)", name))}
    return max(len(levels), 1), f"weight_ih_l0{_REVERSE}" in names


def _fits(layout: CellLayout, shapes: dict[str, tuple[int, ...]], stacked: tuple[int, bool]) -> bool:
    """Whether the parameters are exactly those of the layout, with rows that its gates share."""
    levels, is_bidirectional = stacked
    suffixes = ("", _REVERSE) if is_bidirectional else ("",)
    expected = set()
    for part, index, reverse in itertools.product(layout.parts, range(levels), suffixes):
        name = part.variable.format(index=index, reverse=reverse)
        if name not in shapes and not part.optional:
            return False
        if name in shapes and sum(shapes[name][:1]) % len(layout.packed(part)):
            return False
        expected.add(name)
    return shapes.keys() <= expected
