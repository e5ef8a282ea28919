"""Finds the adapter for a user's model among the frameworks that the user has imported already."""

from __future__ import annotations

import functools
import importlib
import logging
import operator
import sys

from tensorboard_plugin_rnnweights.frameworks.adapter import Adapter
from tensorboard_plugin_rnnweights.frameworks.found import Found
from tensorboard_plugin_rnnweights.frameworks.several import SeveralAdapter
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.notice import Notice, Report

_logger = logging.getLogger(__name__)

# Framework, the base class of its models, the folder that knows it. A framework that is not in
# `sys.modules` can't have made the model, so nothing is imported that the user did not import. Layers of
# Keras 3 are PyTorch modules, too, where PyTorch is the backend; so Keras comes first.
_ADAPTERS = (
    ("keras", "layers.Layer", "keras"),
    ("tf_keras", "layers.Layer", "keras"),
    ("torch", "nn.Module", "torch"),
)


@functools.lru_cache(maxsize=1024)
def warn_once(notice: Notice) -> None:
    """Logs a notice as a warning, unless it was before."""
    _logger.warning("%s.", notice.text)


def adapter_for(model: object) -> Adapter:
    """The adapter for the framework that made `model`, or for several models in a list, tuple or dict.

    Raises:
        TypeError: If it is not a model of a framework that we know.
    """
    if isinstance(model, list | tuple | dict) and model:
        return SeveralAdapter(model, adapter_for)
    for framework, base, folder in _ADAPTERS:
        imported = sys.modules.get(framework)
        if imported is not None and isinstance(model, operator.attrgetter(base)(imported)):
            found: Adapter = importlib.import_module(f"{__package__}.{folder}.adapter").adapter(imported)
            return found
    kind = type(model)
    raise TypeError(
        "expected a model, layer or cell of Keras 3, tf_keras or PyTorch, or a list of them, "
        f"not {kind.__module__}.{kind.__qualname__}: of other libraries, make a GateTensor of each matrix "
        "and log them with SummaryWriter.add_tensors, as docs/other_frameworks.md shows"
    )


def find(model: object) -> Found:
    """Finds all that is recurrent in a model, in the model's own order.

    Raises:
        TypeError: If it is not a model of a framework that we know.
        ValueError: If it has no recurrent layer.
    """
    found = adapter_for(model).find(model)
    if not found.cells and not found.left_out:
        name = getattr(model, "name", type(model).__name__)
        hints = "".join(f": {hint.text}" for hint in found.hints[:1])
        raise ValueError(f"the model '{name}' has no recurrent layer that is known{hints}")
    return found


def find_cells(model: object, report: Report = warn_once) -> list[Cell]:
    """Finds all recurrent cells of a model that can be read, in the model's own order.

    Args:
        model: The model.
        report: Called with what is left out, and why; by default it is a warning.

    Raises:
        TypeError: If it is not a model of a framework that we know.
        ValueError: If it has no recurrent layer, or none that can be read; an `UnbuiltError` if one has no
            weights yet.
    """
    found = find(model)
    if not found.cells:
        raise next((one.error for one in found.left_out if one.is_unbuilt), found.left_out[0].error)
    for notice in found.notices():
        report(notice)
    return list(found.cells)
