"""Finds the recurrent cells of Keras 3 models."""

from __future__ import annotations

import itertools
import logging
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np

from tensorboard_plugin_rnnweights.rnn.cells import BACKWARD, FORWARD, Cell, UnbuiltError
from tensorboard_plugin_rnnweights.rnn.layouts import LAYOUTS, CellLayout

_logger = logging.getLogger(__name__)
_warned_of: set[type] = set()

_DIRECTIONS = {FORWARD: "forward_layer", BACKWARD: "backward_layer"}


def find_cells(model: keras.Layer) -> list[Cell]:
    """Finds all recurrent cells of a Keras layer or model, in the model's own order.

    A layer that stands in several places of the model is found once, at its first place. Cells of
    types that the table of gate layouts doesn't know are left out, with one warning a type.

    Args:
        model: A built layer or model: Sequential, functional or subclassed, nested as you like.

    Raises:
        UnbuiltError: If a recurrent layer has no weights yet.
    """
    root = [("", model)] if _is_recurrent(model) else _sublayers(model, "")
    return [cell for path, layer in _recurrent_layers(root, set()) for cell in _cells(path, layer)]


def trainable_variables(model: keras.Layer) -> list[Any]:
    """The model's variables in the order that gradients are expected in."""
    return list(model.trainable_variables)


def identities(variable: Any) -> tuple[int, ...]:
    """What a Keras variable may be known by: itself, or the backend's variable inside it."""
    return (id(variable), id(getattr(variable, "value", variable)))


def held(values: Any) -> Any:
    """Something that keeps what a variable, tensor or array is now, whatever training does to it.

    TensorFlow's tensors never change: a variable that is read shares its memory with the tensor until
    the next update, which then goes to new memory. So holding one costs the training thread nothing,
    and it is copied (from the GPU, if it is there) only when it is turned into an array. Other
    backends write in place, or give memory away, so there it has to be a copy.
    """
    plain = getattr(values, "value", values) if isinstance(values, keras.Variable) else values
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and isinstance(plain, tensorflow.Variable | tensorflow.Tensor):
        return tensorflow.convert_to_tensor(plain)
    return np.array(keras.ops.convert_to_numpy(plain))


def _recurrent_layers(
    layers: Iterable[tuple[str, keras.Layer]], seen: set[int]
) -> Iterator[tuple[str, keras.Layer]]:
    for path, layer in layers:
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        if _is_recurrent(layer):
            yield path or layer.name, layer
        else:
            yield from _recurrent_layers(_sublayers(layer, path), seen)


def _is_recurrent(layer: keras.Layer) -> bool:
    return (
        isinstance(layer, keras.layers.RNN)
        or (isinstance(layer, keras.layers.Bidirectional) and hasattr(layer.forward_layer, "cell"))
        or _layout_of(layer) is not None
    )


def _sublayers(layer: keras.Layer, path: str) -> list[tuple[str, keras.Layer]]:
    """The layers directly inside `layer`, each with a path that no sibling shares."""
    taken: set[str] = set()
    found = []
    for child in layer._flatten_layers(include_self=False, recursive=False):
        numbered = (f"{child.name}_{count}" for count in itertools.count(1))
        name = next(name for name in itertools.chain([child.name], numbered) if name not in taken)
        taken.add(name)
        found.append((f"{path}/{name}" if path else name, child))
    return found


def _cells(path: str, layer: keras.Layer) -> Iterator[Cell]:
    if isinstance(layer, keras.layers.Bidirectional):
        for direction, attribute in _DIRECTIONS.items():
            yield from _stack(path, direction, getattr(layer, attribute))
    else:
        yield from _stack(path, None, layer)


def _stack(path: str, direction: str | None, layer: keras.Layer) -> Iterator[Cell]:
    cell = getattr(layer, "cell", layer)
    for index, one in enumerate(getattr(cell, "cells", [cell])):
        layout = _layout_of(one)
        if layout is None:
            _warn_of_unknown_type(path, type(one))
            continue
        if not one.built:
            raise UnbuiltError(
                f"the recurrent layer '{path}' has no weights yet: "
                "call the model on a batch of data, or its build(), first"
            )
        yield Cell(path, direction, index, layout, _variables(one, layout))


def _variables(cell: keras.Layer, layout: CellLayout) -> dict[str, Any]:
    names = {matrix.variable for matrix in layout.matrices}
    held = {name: getattr(cell, name) for name in names}
    return {name: variable for name, variable in held.items() if variable is not None}


def _layout_of(cell: keras.Layer) -> CellLayout | None:
    return next((layout for layout in LAYOUTS if _has_layout(cell, layout)), None)


def _has_layout(cell: keras.Layer, layout: CellLayout) -> bool:
    base = getattr(keras.layers, layout.cell_class, None)
    return (
        base is not None
        and isinstance(cell, base)
        and _computes_as(cell, base)
        and all(getattr(cell, name) == value for name, value in layout.when.items())
    )


def _computes_as(cell: keras.Layer, base: type[keras.Layer]) -> bool:
    """Whether a subclass has kept its base's weights and equations, so that its layout holds."""
    kind = type(cell)
    return kind.build is base.build and kind.call is base.call


def _warn_of_unknown_type(path: str, kind: type) -> None:
    if kind not in _warned_of:
        _warned_of.add(kind)
        _logger.warning(
            "the recurrent layer '%s' is left out: the gate layout of its cell type %s.%s is not known",
            path,
            kind.__module__,
            kind.__qualname__,
        )
