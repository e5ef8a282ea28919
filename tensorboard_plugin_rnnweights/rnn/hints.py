"""Classes of one's own whose name says that they are recurrent, and what to write for them to be logged."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from tensorboard_plugin_rnnweights.rnn.notice import Notice

Layer = TypeVar("Layer")

# The words of a name in CamelCase or with underscores: acronyms, and other words.
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Acronyms have parts of their own, such as QRNN and BiLSTM.
_RECURRENT = re.compile(r".*(LSTM|GRU|RNN)|RECURRENT|RECURRENCE")
_MAX_WEIGHTS = 4


@functools.lru_cache(maxsize=1024)
def sounds_recurrent(name: str) -> bool:
    """Whether a class's name says that it is recurrent: `ConvLSTMCell` does, and `Learner` doesn't."""
    return any(_RECURRENT.fullmatch(word.upper()) for word in _WORDS.findall(name))


def unknown_layers(
    placed: Iterable[tuple[str, Layer]],
    known: Iterable[Layer],
    looks_recurrent: Callable[[Layer], bool],
    parts_of: Callable[[Layer], Iterable[Layer]],
    class_of: Callable[[Layer], Hashable],
) -> list[list[tuple[str, Layer]]]:
    """The layers that look recurrent, but aren't known to be, with their paths: a list for each class.

    Of layers inside one another it is the innermost; none that has a known one inside, or is inside one.

    Args:
        placed: All layers of a model, with their paths.
        known: Those that are known to be recurrent.
        looks_recurrent: Whether a layer looks like one.
        parts_of: All layers inside a layer, at any depth.
        class_of: What the layers of one class have in common.
    """
    recurrent = list(known)
    inside = {id(part) for one in recurrent for part in (one, *parts_of(one))}
    candidates = [one for one in placed if id(one[1]) not in inside and looks_recurrent(one[1])]
    stops = {id(one) for one in recurrent} | {id(layer) for _, layer in candidates}
    by_class: dict[Hashable, list[tuple[str, Layer]]] = {}
    for path, layer in candidates:
        if not any(id(part) in stops for part in parts_of(layer)):
            by_class.setdefault(class_of(layer), []).append((path, layer))
    return list(by_class.values())


def hint(kind: str, paths: Sequence[str], weights: Mapping[str, Sequence[int]], todo: str = "") -> Notice:
    """Says that layers of a class aren't logged, since it isn't known to be recurrent.

    Args:
        kind: The class's name.
        paths: Where such layers stand.
        weights: The shapes of the first one's weights, by name.
        todo: What to do, in place of registering the class.
    """
    more = f" (and {len(paths) - 1} more {kind})" if len(paths) > 1 else ""
    named = [f"{name} {tuple(shape)}" for name, shape in weights.items()]
    shown = ", ".join([*named[:_MAX_WEIGHTS], *(["..."] if len(named) > _MAX_WEIGHTS else [])])
    register = (
        f"tensorboard_plugin_rnnweights.register_layout({kind}, gates=..., matrices=...) says so, as "
        "docs/own_cells.md shows"
    )
    return Notice(
        f"'{paths[0]}'{more} is not logged, as it is not known how {kind} keeps its gates in its weights "
        f"({shown}): {todo or register}",
        layers=tuple(paths),
    )
