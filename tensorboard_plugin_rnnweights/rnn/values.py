"""Keeps what a framework's variables, tensors and arrays are now, whatever training does to them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

# Framework, and our module that knows its values: each has a `hold`, which gives None for those of others.
# A framework that is not in `sys.modules` can't have made a value.
_HOLDERS = (
    ("tensorflow", "tensorflow_values"),
    ("torch", "torch_values"),
    ("jax", "jax_values"),
)


def hold_values(values: Sequence[Any]) -> list[Any]:
    """Something for each value that keeps what it is now, has its shape, and can be made an array later.

    The caller is held for as short as the framework allows; `numpy.asarray` of what is returned copies
    from an accelerator, and may be called in any thread.

    Raises:
        ValueError: If a value can't be had now, such as a symbolic tensor's.
    """
    plain = [_without_keras(value) for value in values]
    held: list[Any] = [None] * len(plain)
    for framework, module in _HOLDERS:
        if framework in sys.modules:
            holder = importlib.import_module(f"{__package__}.{module}")
            found = holder.hold(plain)
            held = [new if old is None else old for old, new in zip(held, found, strict=True)]
    return [np.array(value) if kept is None else kept for value, kept in zip(plain, held, strict=True)]


def _without_keras(value: Any) -> Any:
    """The backend's own variable inside a Keras 3 variable."""
    keras = sys.modules.get("keras")
    is_keras_variable = keras is not None and isinstance(value, getattr(keras, "Variable", ()))
    return value.value if is_keras_variable else value
