"""Finds the adapter for a user's model among the frameworks that the user has imported already."""

from __future__ import annotations

import importlib
import operator
import sys

from tensorboard_plugin_rnnweights.frameworks.adapter import Adapter
from tensorboard_plugin_rnnweights.rnn.cells import Cell

# Framework, the base class of its models, the folder that knows it. A framework that is not in
# `sys.modules` can't have made the model, so nothing is imported that the user did not import. Layers of
# Keras 3 are PyTorch modules, too, where PyTorch is the backend; so Keras comes first.
_ADAPTERS = (
    ("keras", "layers.Layer", "keras"),
    ("tf_keras", "layers.Layer", "keras"),
    ("torch", "nn.Module", "torch"),
)


def adapter_for(model: object) -> Adapter:
    """The adapter for the framework that made `model`.

    Raises:
        TypeError: If it is not a model of a framework that we know.
    """
    for framework, base, folder in _ADAPTERS:
        imported = sys.modules.get(framework)
        if imported is not None and isinstance(model, operator.attrgetter(base)(imported)):
            found: Adapter = importlib.import_module(f"{__package__}.{folder}.adapter").adapter(imported)
            return found
    kind = type(model)
    raise TypeError(
        "expected a model, layer or cell of Keras 3, tf_keras or PyTorch, "
        f"not {kind.__module__}.{kind.__qualname__}"
    )


def find_cells(model: object) -> list[Cell]:
    """Finds all recurrent cells of a model, in the model's own order.

    Raises:
        TypeError: If it is not a model of a framework that we know.
        ValueError: If it has no recurrent layer, or one that is not as its layout says; an `UnbuiltError`
            if one has no weights yet.
    """
    cells = adapter_for(model).find_cells(model)
    if not cells:
        name = getattr(model, "name", type(model).__name__)
        raise ValueError(f"the model '{name}' has no recurrent layer that is known")
    return cells
