"""Tuples, lists, dicts and packed sequences of tensors, as modules take and give them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from torch.nn.utils.rnn import PackedSequence


def mapped(structure: Any, convert: Callable[[Any], Any]) -> Any:
    """The same structure with each of its leaves converted; of a packed sequence, its data."""
    if isinstance(structure, PackedSequence):
        return structure._replace(data=convert(structure.data))
    if isinstance(structure, dict):
        # Not made anew: subclasses may want other arguments.
        converted = copy.copy(structure)
        for name, one in structure.items():
            converted[name] = mapped(one, convert)
        return converted
    if isinstance(structure, list | tuple):
        parts = [mapped(one, convert) for one in structure]
        return type(structure)(*parts) if hasattr(structure, "_fields") else type(structure)(parts)
    return convert(structure)


def leaves(structure: Any) -> Iterator[Any]:
    """The leaves of a structure, in its own order."""
    if isinstance(structure, PackedSequence):
        yield structure.data
    elif isinstance(structure, dict):
        for one in structure.values():
            yield from leaves(one)
    elif isinstance(structure, list | tuple):
        for one in structure:
            yield from leaves(one)
    else:
        yield structure
