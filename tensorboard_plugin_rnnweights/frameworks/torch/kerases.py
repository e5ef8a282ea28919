"""Layers of Keras inside a PyTorch module."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from torch import nn

from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for
from tensorboard_plugin_rnnweights.frameworks.found import Found
from tensorboard_plugin_rnnweights.frameworks.torch.paths import Placed
from tensorboard_plugin_rnnweights.rnn.notice import Notice

_KERASES = ("keras", "tf_keras")


def is_keras_layer(value: Any) -> bool:
    """Whether it is a layer of Keras, which on its PyTorch backend is a module, too."""
    return isinstance(value, _layer_classes())


def _layer_classes() -> tuple[type, ...]:
    imported = (sys.modules.get(name) for name in _KERASES)
    # While a Keras is being imported, it has no layers yet.
    classes = (getattr(getattr(keras, "layers", None), "Layer", None) for keras in imported)
    return tuple(one for one in classes if one is not None)


def found_in_keras(placed: Placed) -> Found:
    """All that is recurrent in a layer or model of Keras that runs on PyTorch."""
    layer: Any = placed.module
    return adapter_for(layer).find(layer).within(placed.path, layer.name)


def keras_notices(all_placed: Iterable[Placed]) -> Iterator[Notice]:
    """Says which recurrent layers of Keras the modules keep that run on another backend.

    Args:
        all_placed: The modules. The first one is the whole module.
    """
    if not (classes := _layer_classes()):
        return
    seen: set[int] = set()
    for place, placed in enumerate(all_placed):
        for name, value in vars(placed.module).items():
            if id(value) in seen or isinstance(value, nn.Module) or not isinstance(value, classes):
                continue
            seen.add(id(value))
            found = adapter_for(value).find(value)
            if found.cells or found.left_out:
                path = f"{placed.path}/{name}" if place else name
                yield Notice(
                    f"the Keras layer '{path}' is not logged, since it runs on another backend than "
                    "PyTorch: log it by itself, or set KERAS_BACKEND=torch before Keras is imported",
                    layers=(path,),
                )
