"""Weights of a state dict that are computed from others, as they are used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class _Way:
    """How one weight is kept in several tensors.

    Attributes:
        parts: The names of the tensors, with `{}` for the weight's own.
        used: Makes of them the weight that is used; None where that can't be known from the file.
    """

    parts: tuple[str, ...]
    used: Callable[[Sequence[torch.Tensor]], torch.Tensor] | None


def _normalized(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """Salimans, Kingma, 'Weight normalization' (2016), as `torch.nn.utils.weight_norm` has it by rows."""
    size, direction = parts
    norms = torch.linalg.vector_norm(direction.reshape(len(direction), -1), dim=1)
    return size * direction / norms.reshape(size.shape)


_WAYS = (
    _Way(("{}_g", "{}_v"), _normalized),
    _Way(("parametrizations.{}.original0", "parametrizations.{}.original1"), _normalized),
    _Way(("{}_orig", "{}_mask"), lambda parts: parts[0] * parts[1]),
    # fastai and AWD-LSTM drop it out while they train.
    _Way(("{}_raw",), lambda parts: parts[0]),
    _Way(("parametrizations.{}.original",), None),
    _Way(("{}_orig",), None),
)

_WEIGHT = r"(?P<weight>(?:weight|bias)_(?:ih|hh|hr)(?:_l\d+(?:_reverse)?)?)"


def as_used(state: Mapping[str, torch.Tensor], notes: list[str]) -> dict[str, torch.Tensor]:
    """A state dict with the weights that are used in place of those that they are computed from.

    Args:
        state: The state dict.
        notes: Gets a sentence for each weight that can't be computed from the file alone.
    """
    found = dict(state)
    for way in _WAYS:
        for path, weight in _kept(found, way.parts[0]):
            keys = [f"{path}{part.format(weight)}" for part in way.parts]
            if not all(key in found for key in keys):
                continue
            parts = [found.pop(key) for key in keys]
            if way.used is not None and _fit(parts):
                # fastai keeps the weight one module further out than the others.
                inside = f"{path}module." if _has(found, f"{path}module.") else path
                found[f"{inside}{weight}"] = way.used(parts)
            else:
                kept = ", ".join(f"'{key}'" for key in keys)
                notes.append(f"'{path}{weight}' is computed from {kept}, which the file alone can't do")
    return found


def _kept(state: Mapping[str, torch.Tensor], part: str) -> list[tuple[str, str]]:
    """The paths and names of weights that are kept in such a tensor, among others."""
    pattern = re.compile(r"(?P<path>(?:.*\.)?)" + re.escape(part).replace(r"\{\}", _WEIGHT))
    matches = [pattern.fullmatch(key) for key in state]
    return [(one["path"], one["weight"]) for one in matches if one is not None]


def _has(state: Mapping[str, torch.Tensor], start: str) -> bool:
    return any(re.fullmatch(re.escape(start) + _WEIGHT, key) for key in state)


def _fit(parts: Sequence[torch.Tensor]) -> bool:
    """Whether they are of one shape, or a number a row is beside a matrix."""
    last = parts[-1].shape
    return all(one.shape in (last, (*last[:1], 1)) for one in parts)
