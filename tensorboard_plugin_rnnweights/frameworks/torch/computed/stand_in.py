"""Weights in whose place a parameter of the same shape is trained, such as one before dropout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from torch import nn

from tensorboard_plugin_rnnweights.frameworks.computed import Computed
from tensorboard_plugin_rnnweights.frameworks.noted import Noted

_SUFFIX = "_raw"


def gradient_of_stand_in(name: str, gradients: Sequence[Any]) -> Noted:
    """The one gradient, of the parameter that is trained in a weight's place."""
    (gradient,) = gradients
    return Noted(gradient, f"gradient of {name}")


def dropped_weights(module: nn.Module, parent: nn.Module | None) -> Iterator[tuple[str, Computed]]:
    """The weights that are dropped out, as AWD-LSTM and fastai do, by their attributes' names.

    They are computed in the forward pass from a parameter with `_raw` after its name, in the module itself
    or in the one that wraps it. What is shown is that parameter.

    Args:
        module: The module.
        parent: The module that it stands in directly.
    """
    for holder in (module, parent):
        for raw_name, raw in [*holder._parameters.items()] if holder is not None else []:
            name = raw_name.removesuffix(_SUFFIX)
            if name != raw_name and raw is not None and _stands_for(raw, module, name):
                yield name, _computed(module, name, raw_name, raw)


def _stands_for(raw: nn.Parameter, module: nn.Module, name: str) -> bool:
    """Whether the module has a weight of that name, or will have one, that is no parameter of its own."""
    weight = getattr(module, name, None)
    if weight is None:
        return isinstance(module, nn.RNNBase | nn.RNNCellBase)
    return not isinstance(weight, nn.Parameter) and weight.shape == raw.shape


def _computed(module: nn.Module, name: str, raw_name: str, raw: nn.Parameter) -> Computed:
    return Computed(
        {raw_name: raw},
        now=lambda: Noted(raw.detach(), f"{raw_name}, from which {name} is computed"),
        gradient=lambda gradients: gradient_of_stand_in(raw_name, gradients),
        present=lambda: getattr(module, name, None),
    )
