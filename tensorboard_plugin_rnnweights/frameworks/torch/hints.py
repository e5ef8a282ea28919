"""Modules of one's own that look recurrent, and what to write for them to be logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from torch import nn

from tensorboard_plugin_rnnweights.frameworks.torch.paths import Placed, class_name
from tensorboard_plugin_rnnweights.frameworks.torch.scripted import is_scripted
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tensorboard_plugin_rnnweights.rnn.recurrent_name import sounds_recurrent

_MAX_PARAMETERS = 4


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
    first, *others = those
    more = f" (and {len(others)} more {kind})" if others else ""
    todo = (
        "log the module before torch.jit compiles it"
        if is_scripted(first.module)
        else f"tensorboard_plugin_rnnweights.register_layout({kind}, gates=..., matrices=...) says so, as "
        "docs/own_cells.md shows"
    )
    return Notice(
        f"'{first.path}'{more} is not logged, as it is not known how {kind} keeps its gates in its "
        f"parameters ({_parameters(first.module)}): {todo}",
        layers=tuple(one.path for one in those),
    )


def _parameters(module: nn.Module) -> str:
    """The first of them, with their shapes."""
    named = [f"{name} {tuple(one.shape)}" for name, one in module.named_parameters()]
    return ", ".join([*named[:_MAX_PARAMETERS], *(["..."] if len(named) > _MAX_PARAMETERS else [])])
