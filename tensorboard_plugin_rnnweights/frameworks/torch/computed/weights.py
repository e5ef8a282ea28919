"""All computed weights of a module, whichever way they are computed."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from tensorboard_plugin_rnnweights.frameworks.computed import Computed
from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.noted import Noted
from tensorboard_plugin_rnnweights.frameworks.torch.computed.hooked import hooked_weights
from tensorboard_plugin_rnnweights.frameworks.torch.computed.parametrized import parametrized_weights
from tensorboard_plugin_rnnweights.frameworks.torch.computed.stand_in import dropped_weights


def computed_weights(module: nn.Module, parent: nn.Module | None = None) -> dict[str, Computed]:
    """The computed weights of a module and its submodules, by the paths of their attributes.

    Args:
        module: The module.
        parent: The module that it stands in directly.
    """
    found = {}
    for path, one in module.named_modules():
        prefix = f"{path}." if path else ""
        known = dict(_known(one, parent if one is module else None))
        # Of other ways, how a weight comes about is not known.
        others = {name: _unknown(one, name) for name in _tensors(one) if name not in known}
        found.update({prefix + name: weight for name, weight in (known | others).items()})
    return found


def _known(module: nn.Module, parent: nn.Module | None) -> Iterator[tuple[str, Computed]]:
    yield from parametrized_weights(module)
    yield from hooked_weights(module)
    yield from dropped_weights(module, parent)


def _tensors(module: nn.Module) -> Iterator[str]:
    """The tensors that the module keeps besides its parameters and buffers."""
    for name, value in [*vars(module).items(), *module._parameters.items()]:
        if isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter):
            yield name


def _unknown(module: nn.Module, name: str) -> Computed:
    def now() -> Noted | Missing:
        return Noted(getattr(module, name), "as the last forward pass computed it")

    return Computed(
        {},
        now=now,
        gradient=lambda gradients: Missing(
            f"the model computes it by code of its own: call retain_grad() on {name} after the forward pass"
        ),
        present=lambda: getattr(module, name, None),
    )
