"""Values inside lists, tuples and dictionaries, as Keras takes and gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any


def leaves(nest: Any) -> list[Any]:
    """The values in a nest, from left to right; None is none."""
    if isinstance(nest, dict):
        return [leaf for one in nest.values() for leaf in leaves(one)]
    if isinstance(nest, list | tuple):
        return [leaf for one in nest for leaf in leaves(one)]
    return [] if nest is None else [nest]


def mapped(convert: Callable[[Any], Any], nest: Any) -> Any:
    """The nest with each of its values converted."""
    if isinstance(nest, dict):
        return {key: mapped(convert, one) for key, one in nest.items()}
    if isinstance(nest, list | tuple):
        parts = [mapped(convert, one) for one in nest]
        if hasattr(nest, "_fields"):
            return type(nest)(*parts)
        return tuple(parts) if isinstance(nest, tuple) else parts
    return None if nest is None else convert(nest)


def filled(nest: Any, values: Iterable[Any]) -> Any:
    """The nest with these values in place of its own, from left to right."""
    rest: Iterator[Any] = iter(values)
    return mapped(lambda _: next(rest), nest)
