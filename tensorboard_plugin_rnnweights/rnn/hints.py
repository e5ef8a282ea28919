"""Classes of one's own whose name says that they are recurrent, and what to write for them to be logged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tensorboard_plugin_rnnweights.rnn.notice import Notice

# The words of a name in CamelCase or with underscores: acronyms, and other words.
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Acronyms have parts of their own, such as QRNN and BiLSTM.
_RECURRENT = re.compile(r".*(LSTM|GRU|RNN)|RECURRENT|RECURRENCE")
_MAX_WEIGHTS = 4


def sounds_recurrent(name: str) -> bool:
    """Whether a class's name says that it is recurrent: `ConvLSTMCell` does, and `Learner` doesn't."""
    return any(_RECURRENT.fullmatch(word.upper()) for word in _WORDS.findall(name))


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
