"""Whether gradients were changed by what is known to change them before an optimizer's step."""

from __future__ import annotations

import torch


def is_only_clipped(before: torch.Tensor, after: torch.Tensor) -> bool:
    """Whether a gradient became another one by one factor, or by an interval for each of its values.

    Clipping by norm and a scale that is divided out are factors. Where values aren't finite, nothing can be
    said against it.
    """
    one, other = (tensor.detach().to_dense().float().flatten() for tensor in (before, after))
    if not other.numel() or not (one.isfinite().all() and other.isfinite().all()):
        return True
    limit = float(other.abs().max())
    precision = max(64 * torch.finfo(torch.float32).eps, 8 * torch.finfo(after.dtype).eps)
    guesses = (one * _factor(one, other), one.clamp(-limit, limit))
    return any(float((other - guess).abs().max()) <= precision * limit for guess in guesses)


def _factor(one: torch.Tensor, other: torch.Tensor) -> float:
    # Of the largest value, so that squares of small ones don't vanish.
    place = int(one.abs().argmax())
    return float(other[place] / one[place]) if float(one[place]) else 0.0
