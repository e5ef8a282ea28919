"""The gradient of a weight from those of its magnitude and direction, as weight normalisation has them.

Salimans and Kingma, Weight Normalization (2016): of w = g v / |v|, the gradients at g and v are

    dL/dg = dL/dw . v / |v|                              (eq. 3)
    dL/dv = g / |v| dL/dw - g dL/dg / |v|^2 v            (eq. 3)

so that dL/dw = |v| / g dL/dv + dL/dg v / |v|.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.noted import Noted

_IS_ZERO = Missing(
    "its magnitude (g of weight_norm) is 0 in places, and there the gradients of g and v don't tell its own"
)
_ARE_OTHERS = Missing(
    "g and v of weight_norm, or their gradients, have been changed since the backward pass: log them "
    "before optimizer.step(), and before they are clipped by value"
)


def gradient_of_weight(
    sources: Sequence[torch.Tensor], dim: int, gradients: Sequence[Any]
) -> Noted | Missing:
    """The gradient at w.

    Args:
        sources: g, of size 1 on all axes but one, and v.
        dim: The axis on which each slice has a norm of its own; -1 for one norm of all.
        gradients: Those at g and at v, for g and v as they are now.
    """
    _, direction = sources
    g, v, at_g, at_v = (_precise(one, direction) for one in (*sources, *gradients))
    if bool((g == 0).any()):
        return _IS_ZERO
    norm = torch.norm_except_dim(v, 2, dim)
    axes = [axis for axis in range(v.dim()) if axis != dim]
    # A backward pass leaves nothing at v along v, but for rounding; NaN and infinity don't deny it.
    along = (at_v * v / norm).sum(dim=axes, keepdim=True).abs()
    size = torch.linalg.vector_norm(at_v, dim=axes, keepdim=True) + (g / norm * at_g).abs()
    if bool((along > torch.finfo(direction.dtype).eps ** 0.5 * size).any()):
        return _ARE_OTHERS
    gradient = norm / g * at_v + at_g * v / norm
    return Noted(gradient.to(direction.dtype), "computed from the gradients of g and v")


def _precise(value: Any, like: torch.Tensor) -> torch.Tensor:
    tensor = torch.as_tensor(value, device=like.device).detach()
    return tensor.to(torch.promote_types(like.dtype, torch.float32))
