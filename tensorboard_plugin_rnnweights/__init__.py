"""See what happens inside recurrent layers: gate by gate, step by step, in TensorBoard.

Example:
    >>> import tensorboard_plugin_rnnweights as rnnweights
    >>> model.fit(x, y, callbacks=[rnnweights.RNNWeights("logs/run1")])  # doctest: +SKIP

The names below are imported on first use, so that TensorBoard, which loads this package to show
the tab, never imports a framework for its sake.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tensorboard_plugin_rnnweights.capture.decompose import decompose
    from tensorboard_plugin_rnnweights.rnn.cell_layout import MatrixPart
    from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
    from tensorboard_plugin_rnnweights.rnn.registry import register_layout
    from tensorboard_plugin_rnnweights.training.callback import RNNWeights
    from tensorboard_plugin_rnnweights.training.lightning_callback import LightningRNNWeights
    from tensorboard_plugin_rnnweights.training.transformers_callback import TransformersRNNWeights
    from tensorboard_plugin_rnnweights.training.watch import watch
    from tensorboard_plugin_rnnweights.training.writer import SummaryWriter

__all__ = [
    "GateTensor",
    "LightningRNNWeights",
    "MatrixPart",
    "RNNWeights",
    "SummaryWriter",
    "TransformersRNNWeights",
    "decompose",
    "register_layout",
    "watch",
]

_MODULE_OF = {
    "GateTensor": "rnn.gate_tensor",
    "MatrixPart": "rnn.cell_layout",
    "LightningRNNWeights": "training.lightning_callback",
    "RNNWeights": "training.callback",
    "SummaryWriter": "training.writer",
    "TransformersRNNWeights": "training.transformers_callback",
    "decompose": "capture.decompose",
    "register_layout": "rnn.registry",
    "watch": "training.watch",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
