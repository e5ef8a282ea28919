"""Weights that a hook of `torch.nn.utils` computes before each forward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from tensorboard_plugin_rnnweights.frameworks.computed import Computed
from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.noted import Noted
from tensorboard_plugin_rnnweights.frameworks.torch.computed.plainly import plainly
from tensorboard_plugin_rnnweights.frameworks.torch.computed.stand_in import gradient_of_stand_in
from tensorboard_plugin_rnnweights.frameworks.torch.computed.weight_norm import gradient_of_weight


@dataclass(frozen=True)
class _Kind:
    """One of PyTorch's ways to compute a weight in a hook.

    Attributes:
        hook: The hook's class.
        words: What messages call it.
        attribute: The hook's attribute with the weight's name.
        suffixes: What the names of the sources have after the weight's name.
        weight: (hook, module) -> the weight, of the sources as they are now, without a step of what the
            hook iterates.
        gradient: (hook, names of the sources, sources, their gradients) -> the weight's.
    """

    hook: type
    words: str
    attribute: str
    suffixes: tuple[str, ...]
    weight: Callable[[Any, nn.Module], torch.Tensor]
    gradient: Callable[[Any, Sequence[str], Sequence[Any], Sequence[Any]], Noted | Missing]


def _of_original(
    hook: Any, names: Sequence[str], sources: Sequence[Any], gradients: Sequence[Any]
) -> Noted:
    return gradient_of_stand_in(names[0], gradients)


_KINDS = (
    _Kind(
        WeightNorm,
        "weight_norm",
        "name",
        ("_g", "_v"),
        lambda hook, module: hook.compute_weight(module),
        lambda hook, names, sources, gradients: gradient_of_weight(sources, hook.dim, gradients),
    ),
    _Kind(
        SpectralNorm,
        "spectral_norm",
        "name",
        ("_orig",),
        lambda hook, module: hook.compute_weight(module, do_power_iteration=False),
        _of_original,
    ),
    _Kind(
        BasePruningMethod,
        "pruning",
        "_tensor_name",
        ("_orig",),
        lambda hook, module: hook.apply_mask(module),
        _of_original,
    ),
)


def hooked_weights(module: nn.Module) -> Iterator[tuple[str, Computed]]:
    """The weights that hooks of the module compute, by their attributes' names."""
    for hook in module._forward_pre_hooks.values():
        kind = next((one for one in _KINDS if isinstance(hook, one.hook)), None)
        if kind is None:
            continue
        name = getattr(hook, kind.attribute)
        sources = {name + suffix: module._parameters.get(name + suffix) for suffix in kind.suffixes}
        # A source may be computed itself, by another hook.
        if all(isinstance(source, nn.Parameter) for source in sources.values()):
            yield name, _computed(kind, hook, module, name, sources)


def _computed(kind: _Kind, hook: Any, module: nn.Module, name: str, sources: dict[str, Any]) -> Computed:
    def now() -> Noted:
        with plainly(next(iter(sources.values())).device):
            return Noted(
                kind.weight(hook, module), f"computed by {kind.words} from {' and '.join(sources)}"
            )

    return Computed(
        sources,
        now,
        gradient=lambda gradients: kind.gradient(hook, [*sources], [*sources.values()], gradients),
        present=lambda: getattr(module, name, None),
    )
