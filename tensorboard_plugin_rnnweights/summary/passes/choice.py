"""Which way the passes go on this machine."""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

SWITCH = "RNNWEIGHTS_COMPILED"
"""The environment variable that turns the compiled passes off, with the value 0."""


def _compiled() -> ModuleType | None:
    if os.environ.get(SWITCH) == "0":
        return None
    try:
        from tensorboard_plugin_rnnweights.summary.passes import compiled
    except ImportError:  # it was installed where there was no compiler
        return None
    return compiled


compiled: Any = _compiled()
"""The compiled passes; None where there are none, so that NumPy's take their place."""


def suits(values: npt.NDArray[Any]) -> bool:
    """Whether the compiled passes are here, and can read an array of rows as it lies in memory."""
    is_row_by_row = values.flags.aligned and values.strides[-1] == values.itemsize
    return compiled is not None and values.dtype == np.float32 and is_row_by_row


def address(values: npt.NDArray[Any]) -> int:
    """Where an array begins in memory, as compiled code takes it."""
    return int(values.__array_interface__["data"][0])
