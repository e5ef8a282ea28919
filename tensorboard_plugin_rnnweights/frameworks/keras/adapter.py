"""Finds the recurrent cells of models of Keras 3, on any backend, and of tf_keras (Keras 2)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.adapter import Loss
from tensorboard_plugin_rnnweights.frameworks.found import Found, LeftOut
from tensorboard_plugin_rnnweights.frameworks.keras.hints import hints_for
from tensorboard_plugin_rnnweights.frameworks.keras.plain_cells import plain_variables
from tensorboard_plugin_rnnweights.frameworks.keras.probe.runner import KerasProbeRunner
from tensorboard_plugin_rnnweights.frameworks.keras.recurrent_layer import RecurrentLayer
from tensorboard_plugin_rnnweights.rnn.cells import BACKWARD, FORWARD, Cell, UnbuiltError
from tensorboard_plugin_rnnweights.rnn.further import with_further_variables
from tensorboard_plugin_rnnweights.rnn.registry import layout_of

Layer = Any

# Classes that hold several cells, and where: those of Keras, and of TensorFlow 1.
_STACKS = {"StackedRNNCells": "cells", "MultiRNNCell": "_cells"}


class KerasAdapter:
    """What both Kerases have in common, which is nearly all.

    Args:
        keras: The module: `keras` or `tf_keras`.
    """

    def __init__(self, keras: ModuleType) -> None:
        self._keras = keras
        self._layers = keras.layers

    def find(self, model: Layer) -> Found:
        """Finds all that is recurrent in a layer or model, in the model's own order.

        A layer that stands in several places of the model is found once, at its first place; a cell that
        stands by itself and in a layer, too, is found in the layer. Cells of types that the table of gate
        layouts doesn't know are found with their matrices whole.

        Args:
            model: A built layer or model: Sequential, functional or subclassed, nested as you like.
        """
        read = list(self._read_layers(model))
        return Found(
            cells=tuple(cell for one in read if isinstance(one, RecurrentLayer) for cell in one.cells),
            left_out=tuple(one for one in read if isinstance(one, LeftOut)),
            hints=tuple(hints_for([(model.name, model), *_all_sublayers(model, "")], self._is_recurrent)),
        )

    def find_layers(self, model: Layer) -> list[RecurrentLayer]:
        """Finds the layers of those cells."""
        return [one for one in self._read_layers(model) if isinstance(one, RecurrentLayer)]

    def trainable_variables(self, model: Layer) -> list[Any]:
        """The model's variables in the order that gradients are expected in."""
        return list(model.trainable_variables)

    def identities(self, variable: Any) -> tuple[int, ...]:
        """What a variable may be known by: itself, or the backend's variable inside it."""
        inside = getattr(variable, "value", None)
        return (id(variable),) if inside is None or callable(inside) else (id(variable), id(inside))

    def gradient(self, variable: Any) -> Any:
        """What PyTorch keeps beside the variable, if that is the backend."""
        return getattr(getattr(variable, "value", None), "grad", None)

    def probe_runner(self, model: Layer, loss: Loss | None = None) -> KerasProbeRunner:
        """What runs the model on probes.

        Args:
            model: A built layer or model. One that is compiled anew, or gets further layers, needs
                another runner.
            loss: Called with targets and outputs, as Keras's losses are; by default the loss that the
                model was compiled with, with all that its layers add to it.
        """
        return KerasProbeRunner(self._keras, model, lambda: self.find_layers(model), loss)

    def _read_layers(self, model: Layer) -> Iterator[RecurrentLayer | LeftOut]:
        root = [("", model)] if self._is_recurrent(model) else _sublayers(model, "")
        layers = list(self._recurrent_layers(root, set()))
        stepped = {id(cell) for _, layer in layers for cell in _cells_of(layer) if cell is not layer}
        seen: set[int] = set()
        for path, layer in layers:
            # A cell that some layer steps through time has its place there, wherever else it stands.
            if id(layer) not in stepped:
                try:
                    yield from list(self._directions(path, layer, seen))
                except ValueError as error:
                    yield LeftOut(path, error)

    def _recurrent_layers(
        self, layers: Iterable[tuple[str, Layer]], seen: set[int]
    ) -> Iterator[tuple[str, Layer]]:
        for path, layer in layers:
            if id(layer) in seen:
                continue
            seen.add(id(layer))
            if self._is_recurrent(layer):
                yield path or layer.name, layer
            else:
                yield from self._recurrent_layers(_sublayers(layer, path), seen)

    def _is_recurrent(self, layer: Layer) -> bool:
        one = layer.forward_layer if self._is_bidirectional(layer) else layer
        return isinstance(one, self._layers.RNN) or _stacked(one) is not None or layout_of(one) is not None

    def _is_bidirectional(self, layer: Layer) -> bool:
        return isinstance(layer, self._layers.Bidirectional)

    def _directions(self, path: str, layer: Layer, seen: set[int]) -> Iterator[RecurrentLayer]:
        """The layer's directions, with those of their cells that no layer before had."""
        directions: dict[str | None, Layer] = {None: layer}
        if self._is_bidirectional(layer):
            directions = {FORWARD: layer.forward_layer, BACKWARD: layer.backward_layer}
        for direction, one in directions.items():
            cells = [(index, cell) for index, cell in enumerate(_cells_of(one)) if id(cell) not in seen]
            seen.update(id(cell) for _, cell in cells)
            if cells:
                read = tuple(_read((path, direction, index), cell) for index, cell in cells)
                yield RecurrentLayer(one, read)


def adapter(keras: ModuleType) -> KerasAdapter:
    """The adapter for `keras` or `tf_keras`."""
    return KerasAdapter(keras)


def _sublayers(layer: Layer, path: str) -> list[tuple[str, Layer]]:
    """The layers directly inside `layer`, each with a path that no sibling shares."""
    taken: set[str] = set()
    found = []
    for child in layer._flatten_layers(include_self=False, recursive=False):
        name = _unique(child.name, taken)
        found.append((f"{path}/{name}" if path else name, child))
    return found


def _all_sublayers(layer: Layer, path: str) -> Iterator[tuple[str, Layer]]:
    for name, child in _sublayers(layer, path):
        yield name, child
        yield from _all_sublayers(child, name)


def _unique(name: str, taken: set[str]) -> str:
    """The name, or the first of `name_1`, `name_2`, ... that isn't taken; it then is."""
    numbered = (f"{name}_{count}" for count in itertools.count(1))
    found = next(one for one in itertools.chain([name], numbered) if one not in taken)
    taken.add(found)
    return found


def _read(place: tuple[str, str | None, int], cell: Layer) -> Cell:
    if not getattr(cell, "built", True):
        raise UnbuiltError(
            f"the recurrent layer '{place[0]}' has no weights yet: "
            "call the model on a batch of data, or its build(), first"
        )
    is_trained = _training_of(cell)
    layout = layout_of(cell)
    if layout is None:
        return Cell.whole(place, type(cell), _weights(cell), is_trained)
    (read,) = with_further_variables(
        [Cell.read(place, layout, cell, is_trained)], _weights(cell), is_trained
    )
    return read


def _cells_of(layer: Layer) -> list[Layer]:
    """The cells of a recurrent layer: itself, if it keeps its weights by itself."""
    if layout_of(layer) is not None:
        return [layer]
    cell = getattr(layer, "cell", layer)
    return [_unwrapped(one) for one in _stacked(cell) or [cell]]


def _stacked(cell: Layer) -> list[Layer] | None:
    """The cells of a stack of them; None for any other cell."""
    kinds = {base.__name__ for base in type(cell).__mro__}
    return next((getattr(cell, name) for kind, name in _STACKS.items() if kind in kinds), None)


def _unwrapped(cell: Layer) -> Layer:
    """The cell inside wrappers that add dropout, residuals or devices."""
    while layout_of(cell) is None and hasattr(getattr(cell, "cell", None), "state_size"):
        cell = cell.cell
    return cell


def _training_of(cell: Layer) -> Callable[[Any], bool]:
    """What says whether a variable of the cell is trained."""
    trained = {id(variable) for variable in getattr(cell, "trainable_variables", ())}
    is_layer = hasattr(cell, "trainable_variables")
    return lambda variable: id(variable) in trained if is_layer else bool(variable.trainable)


def _weights(cell: Layer) -> dict[str, Any]:
    """Its variables by the last part of their names, numbered where that is not enough."""
    taken: set[str] = set()
    # A cell may be any object that has a `call`, of which Keras knows no variables.
    named = (
        [(_short_name(variable), variable) for variable in cell.weights]
        if hasattr(cell, "trainable_variables")
        else plain_variables(cell)
    )
    return {_unique(name, taken): variable for name, variable in named if "float" in str(variable.dtype)}


def _short_name(variable: Any) -> str:
    return str(variable.name).partition(":")[0].rpartition("/")[-1]
