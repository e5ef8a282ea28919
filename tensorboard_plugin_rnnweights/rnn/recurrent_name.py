"""Whether the name of a class says that it is recurrent."""

from __future__ import annotations

import re

# The words of a name in CamelCase or with underscores: acronyms, and other words.
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Acronyms have parts of their own, such as QRNN and BiLSTM.
_RECURRENT = re.compile(r".*(LSTM|GRU|RNN)|RECURRENT|RECURRENCE")


def sounds_recurrent(name: str) -> bool:
    """Whether a class's name says that it is recurrent: `ConvLSTMCell` does, and `Learner` doesn't."""
    return any(_RECURRENT.fullmatch(word.upper()) for word in _WORDS.findall(name))
