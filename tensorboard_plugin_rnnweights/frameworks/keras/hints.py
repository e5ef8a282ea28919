"""Layers of one's own that look recurrent, and what to write for them to be logged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tensorboard_plugin_rnnweights.rnn.hints import hint, sounds_recurrent
from tensorboard_plugin_rnnweights.rnn.notice import Notice


def hints_for(layers: Iterable[tuple[str, Any]], is_recurrent: Callable[[Any], bool]) -> list[Notice]:
    """A notice for each class of layers that look recurrent, but aren't known to be.

    Of layers inside one another it is the innermost; none that has a known one inside, or is inside one.

    Args:
        layers: All layers of a model, by their paths.
        is_recurrent: Whether a layer is known to be recurrent.
    """
    by_id = {id(layer): (path, layer) for path, layer in layers}
    known = {name: one for name, one in by_id.items() if is_recurrent(one[1])}
    inside = {id(part) for _, layer in known.values() for part in _parts(layer)}
    candidates = {
        name: one
        for name, one in by_id.items()
        if name not in known and name not in inside and _looks_recurrent(one[1])
    }
    stops = known.keys() | candidates.keys()
    by_class: dict[type, list[tuple[str, Any]]] = {}
    for path, layer in candidates.values():
        if not any(id(part) in stops for part in _parts(layer)):
            by_class.setdefault(type(layer), []).append((path, layer))
    return [
        hint(
            kind.__name__,
            paths=[path for path, _ in those],
            weights={one.name: tuple(one.shape) for one in those[0][1].weights},
        )
        for kind, those in by_class.items()
    ]


def _parts(layer: Any) -> list[Any]:
    return list(layer._flatten_layers(include_self=False))


def _looks_recurrent(layer: Any) -> bool:
    return sounds_recurrent(type(layer).__name__) and bool(layer.weights)
