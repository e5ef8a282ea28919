"""Keeps what JAX's arrays are now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp


def hold(values: Sequence[Any]) -> list[Any]:
    """What `values.hold_values` wants of JAX's arrays.

    Arrays never change, but a compiled step may be given their memory, so this is a copy, on the array's
    own device, which nobody waits for.
    """
    return [jnp.copy(value) for value in values]
