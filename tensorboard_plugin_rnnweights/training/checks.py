"""Checks what a person hands to a writer, before anything of it is logged."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import KINDS
from tensorboard_plugin_rnnweights.summary.metadata import Series

_MAX_STEP = 2**63 - 1


def checked_step(step: Any) -> int:
    """The step as a plain number.

    Raises:
        TypeError: If it is no whole number.
        ValueError: If it is out of the range that TensorBoard takes.
    """
    plain = step.numpy() if hasattr(step, "numpy") else step
    try:
        if isinstance(plain, bool | np.bool_):
            raise TypeError
        checked = operator.index(plain)
    except TypeError:
        raise TypeError(f"the step has to be a whole number, not {step!r}") from None
    if not 0 <= checked <= _MAX_STEP:
        raise ValueError(f"the step has to be from 0 to 2**63 - 1, not {checked}")
    return checked


def check_tensors(tensors: Sequence[Any], kind: str) -> None:
    """Checks what a person has made.

    Raises:
        TypeError: If one is no `GateTensor`.
        ValueError: If they are of no kind that we know, or two are of the same matrix.
    """
    known = [one.name for one in KINDS if one.is_of_matrix]
    if kind not in known:
        raise ValueError(f"tensors are logged as one of the kinds {', '.join(known)}, not as {kind!r}")
    tags = set()
    for tensor in tensors:
        if not isinstance(tensor, GateTensor):
            raise TypeError(f"add_tensors expects GateTensors, not {type(tensor).__qualname__}")
        tag = Series.of_tensor(tensor, kind, (1, 1), 0).tag
        if tag in tags:
            raise ValueError(f"two tensors are of the same matrix '{tag}': a step has one value of each")
        tags.add(tag)
