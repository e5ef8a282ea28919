"""Modules of one's own that look recurrent, and what to write for them to be logged."""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn

from tensorboard_plugin_rnnweights.frameworks.torch.paths import Placed, class_name
from tensorboard_plugin_rnnweights.frameworks.torch.scripted import is_scripted
from tensorboard_plugin_rnnweights.rnn.hints import hint, sounds_recurrent, unknown_layers
from tensorboard_plugin_rnnweights.rnn.notice import Notice


def hints_for(all_placed: Iterable[Placed], recurrent: Iterable[nn.Module]) -> list[Notice]:
    """A notice for each class of modules that look recurrent, but aren't known to be.

    Args:
        all_placed: All modules.
        recurrent: Those that are known to be recurrent.
    """
    placed = [(one.path, one.module) for one in all_placed]
    return [
        _hint([path for path, _ in those], those[0][1])
        for those in unknown_layers(placed, recurrent, _looks_recurrent, _parts, class_name)
    ]


def _parts(module: nn.Module) -> list[nn.Module]:
    return [part for part in module.modules() if part is not module]


def _looks_recurrent(module: nn.Module) -> bool:
    return sounds_recurrent(class_name(module)) and next(module.parameters(), None) is not None


def _hint(paths: list[str], module: nn.Module) -> Notice:
    return hint(
        class_name(module),
        paths=paths,
        weights={name: tuple(one.shape) for name, one in module.named_parameters()},
        todo="log the module before torch.jit compiles it" if is_scripted(module) else "",
    )
