"""Modules of one's own that look recurrent, and what to write for them to be logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from torch import nn

from tensorboard_plugin_rnnweights.frameworks.torch.paths import Placed, class_name
from tensorboard_plugin_rnnweights.frameworks.torch.scripted import is_scripted
from tensorboard_plugin_rnnweights.rnn.hints import hint, sounds_recurrent
from tensorboard_plugin_rnnweights.rnn.notice import Notice


def hints_for(all_placed: Sequence[Placed], recurrent: Iterable[nn.Module]) -> list[Notice]:
    """A notice for each class of modules that look recurrent, but aren't known to be.

    Of modules inside one another it is the innermost; none that has a known one inside, or is inside one.

    Args:
        all_placed: All modules.
        recurrent: Those that are known to be recurrent.
    """
    known = {id(one) for one in recurrent}
    inside = {id(part) for one in recurrent for part in one.modules()}
    candidates = [
        one for one in all_placed if id(one.module) not in inside and _looks_recurrent(one.module)
    ]
    stops = known | {id(one.module) for one in candidates}
    by_class: dict[str, list[Placed]] = {}
    for one in candidates:
        if not any(id(part) in stops for part in one.module.modules() if part is not one.module):
            by_class.setdefault(class_name(one.module), []).append(one)
    return [_hint(name, those) for name, those in by_class.items()]


def _looks_recurrent(module: nn.Module) -> bool:
    return sounds_recurrent(class_name(module)) and next(module.parameters(), None) is not None


def _hint(kind: str, those: Sequence[Placed]) -> Notice:
    module = those[0].module
    return hint(
        kind,
        paths=[one.path for one in those],
        weights={name: tuple(one.shape) for name, one in module.named_parameters()},
        todo="log the module before torch.jit compiles it" if is_scripted(module) else "",
    )
