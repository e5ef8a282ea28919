"""Cells that are plain objects, of which Keras knows no variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def plain_variables(cell: Any) -> list[tuple[str, Any]]:
    """The variables in the attributes of an object, also in lists and dicts, and of layers, in there.

    Args:
        cell: Any object, such as a cell that has a `call` and a `state_size`, but is no layer.

    Returns:
        Each once, by the names of its attributes joined by underscores.
    """
    found: dict[int, tuple[str, Any]] = {}
    for name, variable in _within("", vars(cell) if hasattr(cell, "__dict__") else {}):
        found.setdefault(id(variable), (name, variable))
    return list(found.values())


def _within(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _within(_joined(name, key), one)
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from _within(_joined(name, place), one)
    elif hasattr(value, "trainable_variables"):
        for variable in value.weights:
            yield _joined(name, str(variable.name).partition(":")[0].rpartition("/")[-1]), variable
    elif hasattr(value, "trainable") and hasattr(value, "assign"):
        yield name, value


def _joined(name: str, part: object) -> str:
    return f"{name}_{part}" if name else str(part)
