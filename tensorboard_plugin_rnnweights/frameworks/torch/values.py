"""Keeps what PyTorch's tensors are now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import torch

from tensorboard_plugin_rnnweights.frameworks.torch.sharded import SHARDED, is_sharded, local


def hold(values: Sequence[Any]) -> list[Any]:
    """What `values.hold_values` wants of PyTorch's tensors.

    Optimizers write in place, so this is a copy, on the tensor's own device.
    """
    return [HeldTensor(local(value.detach()).to_dense().clone()) for value in values]


def why_unreadable(value: torch.Tensor) -> str:
    """What `values.why_unreadable` wants of a tensor of PyTorch's."""
    return SHARDED if is_sharded(value) else ""


class HeldTensor:
    """A tensor on its own device until it is made an array.

    Args:
        tensor: Strided, and written into by nobody any more.
    """

    def __init__(self, tensor: torch.Tensor) -> None:
        self._tensor = tensor.detach()
        self.shape = tuple(tensor.shape)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        here = self._tensor.cpu()
        if here.dtype == torch.bfloat16:
            # NumPy has no such type; the bits are the same in ml_dtypes' one.
            array = here.view(torch.int16).numpy().view(ml_dtypes.bfloat16)
        else:
            array = here.numpy()
        return np.asarray(array, dtype)
