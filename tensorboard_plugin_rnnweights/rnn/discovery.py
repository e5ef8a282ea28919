"""Finds the adapter for a user's model among the frameworks that the user has imported already."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Protocol

from tensorboard_plugin_rnnweights.rnn.cells import Cell


class Adapter(Protocol):
    """What a framework's module in this package offers."""

    def find_cells(self, model: Any) -> list[Cell]:
        """All recurrent cells of the model, in its own order."""

    def trainable_variables(self, model: Any) -> list[Any]:
        """The model's variables in the order that gradients are expected in."""

    def held(self, values: Any) -> Any:
        """What a variable, tensor or array is now, for `numpy.asarray` to read at any later time."""

    def identities(self, variable: Any) -> tuple[int, ...]:
        """The `id`s of the objects that stand for this variable."""


# Framework, the base class of its models, our adapter. A framework that is not in `sys.modules` can't
# have made the model, so nothing is imported that the user did not import.
_ADAPTERS = (("keras", "Layer", "tensorboard_plugin_rnnweights.rnn.keras_cells"),)


def adapter_for(model: object) -> Adapter:
    """The adapter for the framework that made `model`.

    Raises:
        TypeError: If it is not a model of a framework that we know.
    """
    for framework, base, adapter in _ADAPTERS:
        module = sys.modules.get(framework)
        if module is not None and isinstance(model, getattr(module, base)):
            found: Adapter = importlib.import_module(adapter)
            return found
    kind = type(model)
    raise TypeError(f"expected a Keras 3 model or layer, not {kind.__module__}.{kind.__qualname__}")


def find_cells(model: object) -> list[Cell]:
    """Finds all recurrent cells of a model, in the model's own order.

    Raises:
        TypeError: If it is not a model of a framework that we know.
        ValueError: If it has no recurrent layer; an `UnbuiltError` if one has no weights yet.
    """
    cells = adapter_for(model).find_cells(model)
    if not cells:
        name = getattr(model, "name", type(model).__name__)
        raise ValueError(f"the model '{name}' has no recurrent layer whose gate layout is known")
    return cells
