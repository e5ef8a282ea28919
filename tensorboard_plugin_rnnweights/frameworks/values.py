"""Keeps what a framework's variables, tensors and arrays are now, whatever training does to them."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

# The package that a value's class comes from, and the folder that knows how to hold it.
_HOLDERS = {
    "tensorflow": "tensorflow",
    "torch": "torch",
    "jax": "jax",
    "jaxlib": "jax",
}


def hold_values(values: Sequence[Any]) -> list[Any]:
    """Something for each value that keeps what it is now, has its shape, and can be made an array later.

    The caller is held for as short as the framework allows; `numpy.asarray` of what is returned copies
    from an accelerator, and may be called in any thread.

    Raises:
        ValueError: If a value can't be retrieved now, such as a symbolic tensor's.
    """
    plain = [without_keras(value) for value in values]
    places: dict[str | None, list[int]] = {}
    for place, value in enumerate(plain):
        kind: Any = type(value)
        places.setdefault(_holder_of(kind), []).append(place)
    held: list[Any] = [None] * len(plain)
    for holder, those in places.items():
        found = _hold(holder, [plain[place] for place in those])
        for place, kept in zip(those, found, strict=True):
            held[place] = kept
    return held


def why_unreadable(value: Any) -> str:
    """Why this process can't read a value by itself, as the end of a sentence; empty where it can."""
    plain = without_keras(value)
    kind: Any = type(plain)
    holder = _holder_of(kind)
    ask = None if holder is None else getattr(_module_of(holder), "why_unreadable", None)
    return "" if ask is None else str(ask(plain))


def without_keras(value: Any) -> Any:
    """The backend's own variable inside a Keras 3 variable; anything else as it is."""
    keras = sys.modules.get("keras")
    is_keras_variable = keras is not None and isinstance(value, getattr(keras, "Variable", ()))
    return value.value if is_keras_variable else value


@functools.lru_cache(maxsize=256)
def _holder_of(kind: type) -> str | None:
    packages = [base.__module__.partition(".")[0] for base in kind.__mro__]
    return next((_HOLDERS[package] for package in packages if package in _HOLDERS), None)


def _hold(holder: str | None, values: list[Any]) -> list[Any]:
    if holder is None:
        return [np.array(value) for value in values]
    found: list[Any] = _module_of(holder).hold(values)
    return found


@functools.lru_cache(maxsize=8)
def _module_of(holder: str) -> ModuleType:
    return importlib.import_module(f"{__package__}.{holder}.values")
