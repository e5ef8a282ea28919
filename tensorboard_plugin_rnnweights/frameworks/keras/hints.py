"""Layers of one's own that look recurrent, and what to write for them to be logged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tensorboard_plugin_rnnweights.rnn.hints import hint, sounds_recurrent, unknown_layers
from tensorboard_plugin_rnnweights.rnn.notice import Notice


def hints_for(layers: Iterable[tuple[str, Any]], is_recurrent: Callable[[Any], bool]) -> list[Notice]:
    """A notice for each class of layers that look recurrent, but aren't known to be.

    Args:
        layers: All layers of a model, by their paths; one may stand in several places.
        is_recurrent: Whether a layer is known to be recurrent.
    """
    placed = [*{id(layer): (path, layer) for path, layer in layers}.values()]
    known = [layer for _, layer in placed if is_recurrent(layer)]
    return [
        hint(
            type(those[0][1]).__name__,
            paths=[path for path, _ in those],
            weights={one.name: tuple(one.shape) for one in those[0][1].weights},
        )
        for those in unknown_layers(placed, known, _looks_recurrent, _parts, type)
    ]


def _parts(layer: Any) -> list[Any]:
    return list(layer._flatten_layers(include_self=False))


def _looks_recurrent(layer: Any) -> bool:
    return sounds_recurrent(type(layer).__name__) and bool(layer.weights)
