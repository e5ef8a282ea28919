"""A real layer for every class in the table of gate layouts, and what it computes."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
import tf_keras
import torch

from tensorboard_plugin_rnnweights.capture.held import hold
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.layouts import LAYOUTS

Array = npt.NDArray[Any]

# For each axis of a convolution: the kernel's size and the input's. All differ, so that none is mixed up.
_KERNEL_SIZES = (2, 3, 1)
_IMAGE_SIZES = (4, 5, 3)


@dataclass(frozen=True)
class Sizes:
    """What a layer is made for."""

    units: int = 4
    features: int = 3
    use_bias: bool = True
    seed: int = 0


@dataclass(frozen=True)
class RealLayer:
    """A built layer with random weights.

    Attributes:
        model: What a user would hand to `decompose`.
        outputs: What the framework computes of inputs of shape (batch, time, ..., features).
    """

    model: Any
    outputs: Callable[[Array], Array]

    def cell(self) -> Cell:
        """Its only cell."""
        (cell,) = find_cells(self.model)
        return cell

    def tensors(self, layout: CellLayout) -> list[GateTensor]:
        """Its matrices, cut up by `layout`, whatever its own is."""
        cell = self.cell()
        variables = {part.variable: cell.variables.get(part.variable) for part in layout.parts}
        found = {name: variable for name, variable in variables.items() if variable is not None}
        other = replace(cell, layout=layout, variables=found)
        return [matrix.tensor() for matrix in hold([other], lambda variable: variable)]


Making = Callable[[CellLayout, str, Sizes], contextlib.AbstractContextManager[RealLayer]]


def inputs_for(row: CellLayout, batch: int, time: int, sizes: Sizes) -> Array:
    """Random inputs of the right shape for a row's layers."""
    axes = _IMAGE_SIZES[: rank_of(row)]
    shape = (batch, time, *axes, sizes.features)
    return np.random.default_rng(sizes.seed + 1).normal(size=shape).astype(np.float32)


def rank_of(row: CellLayout) -> int:
    """How many axes a row's convolutions have; 0 where it has none."""
    rank = row.when.get("rank", 0)
    assert isinstance(rank, int)
    return rank


@contextlib.contextmanager
def _keras_layer(row: CellLayout, path: str, sizes: Sizes) -> Iterator[RealLayer]:
    module = keras if path.startswith("keras.") else tf_keras
    options: dict[str, Any] = {"use_bias": sizes.use_bias, "return_sequences": True}
    if rank := rank_of(row):
        kind = getattr(module.layers, f"ConvLSTM{rank}D")
        options |= {"kernel_size": _KERNEL_SIZES[:rank], "recurrent_activation": "sigmoid"}
        shape = (None, None, *_IMAGE_SIZES[:rank], sizes.features)
    else:
        kind = getattr(module.layers, path.rpartition(".")[-1].removesuffix("Cell"))
        options |= row.when
        shape = (None, None, sizes.features)
    layer = kind(sizes.units, **options)
    layer.build(shape)
    for variable, values in zip(layer.trainable_variables, random_values(layer, sizes), strict=True):
        variable.assign(values)
    to_array = keras.ops.convert_to_numpy if module is keras else np.asarray
    yield RealLayer(layer, lambda inputs: np.asarray(to_array(layer(inputs))))


def random_values(layer: Any, sizes: Sizes) -> list[Array]:
    """Values for all trainable variables: biases too, where zeros would hide a wrong place."""
    random = np.random.default_rng(sizes.seed)
    shapes = [tuple(variable.shape) for variable in layer.trainable_variables]
    return [random.normal(0, 0.7, shape).astype(np.float32) for shape in shapes]


@contextlib.contextmanager
def _v1_cell(row: CellLayout, path: str, sizes: Sizes) -> Iterator[RealLayer]:
    """A cell of TensorFlow 1 in a graph of its own, with the session that reads it."""
    module, _, name = path.rpartition(".")
    options = {"use_peepholes": True, "num_proj": sizes.units + 1} if name == "LSTMCell" else {}
    with tf.Graph().as_default(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cell = getattr(importlib.import_module(module), name)(sizes.units, **options)
        cell.build(tf.TensorShape((None, sizes.features)))
        with tf.compat.v1.Session().as_default() as session:
            for variable, values in zip(cell.variables, random_values(cell, sizes), strict=True):
                variable.load(values, session)
            yield RealLayer(cell, lambda inputs: _run_v1(cell, session, inputs))


def _run_v1(cell: Any, session: Any, inputs: Array) -> Array:
    state, outputs = cell.zero_state(len(inputs), tf.float32), []
    for time in range(inputs.shape[1]):
        output, state = cell(tf.constant(inputs[:, time]), state)
        outputs.append(output)
    found: Array = np.stack(session.run(outputs), axis=1)
    return found


@contextlib.contextmanager
def _torch_module(row: CellLayout, path: str, sizes: Sizes) -> Iterator[RealLayer]:
    kind = getattr(torch.nn, path.rpartition(".")[-1])
    is_layer = issubclass(kind, torch.nn.RNNBase)
    options = {"batch_first": True} if is_layer else {}
    module = kind(sizes.features, sizes.units, bias=sizes.use_bias, **options)
    random = np.random.default_rng(sizes.seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.from_numpy(random.normal(0, 0.7, tuple(parameter.shape))))
    yield RealLayer(module, lambda inputs: _run_torch(module, is_layer, torch.from_numpy(inputs)))


def _run_torch(module: Any, is_layer: bool, inputs: Any) -> Array:
    with torch.no_grad():
        if is_layer:
            found: Array = module(inputs)[0].numpy()
            return found
        state, outputs = None, []
        for time in range(inputs.shape[1]):
            state = module(inputs[:, time], state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return np.stack([output.numpy() for output in outputs], axis=1)


_MAKERS: dict[str, Making] = {
    "keras.layers.": _keras_layer,
    "keras.src.": _keras_layer,
    "tf_keras.layers.": _keras_layer,
    "tf_keras.src.layers.rnn.base_conv_lstm.": _keras_layer,
    "tf_keras.src.layers.rnn.legacy_cells.": _v1_cell,
    "torch.nn.": _torch_module,
}

# CPUs can build these, but not run them; they are proved by Keras's own conversion of their weights.
CUDNN = "tf_keras.src.layers.rnn.cudnn_"

RUNNABLE = [(row, path) for row in LAYOUTS for path in row.classes if not path.startswith(CUDNN)]


def real_layer(
    row: CellLayout, path: str, sizes: Sizes | None = None
) -> contextlib.AbstractContextManager[RealLayer]:
    """Makes a layer of a class in the table; v1 cells live as long as the context."""
    (maker,) = (maker for start, maker in _MAKERS.items() if path.startswith(start))
    return maker(row, path, sizes or Sizes())


def has_bias_option(path: str) -> bool:
    """Whether the layer can be made without bias."""
    return "legacy_cells" not in path
