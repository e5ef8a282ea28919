"""Calls of real layers, and the loss's gradients at what they return, by the framework itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
import torch

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.cells import Place
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall
from tensorboard_plugin_rnnweights.signals.layer_signals import signals_of

Array = npt.NDArray[Any]
Weights = dict[Place, list[GateTensor]]


def by_place(tensors: Sequence[GateTensor]) -> Weights:
    """Matrices by the cell that they are of."""
    found: Weights = {}
    for tensor in tensors:
        found.setdefault((tensor.layer, tensor.direction, tensor.index), []).append(tensor)
    return found


def random(shape: Sequence[int], seed: int = 0, dtype: Any = np.float64) -> Array:
    """Numbers as wide as what flows through networks."""
    return np.random.default_rng(seed).normal(size=tuple(shape)).astype(dtype)


def padding(batch: int, time: int) -> npt.NDArray[np.bool_]:
    """A mask with padding at the end, at the start and in between, and a sample that has all of it."""
    mask = np.ones((batch, time), np.bool_)
    mask[0, -2:] = False
    mask[1, :1] = False
    mask[1, 2] = False
    return mask


def loss_of(outputs: Any, seed: int = 5) -> Any:
    """A loss that depends on all of some outputs, and on each in a way of its own."""
    factors = random(outputs.shape, seed)
    if isinstance(outputs, torch.Tensor):
        return (torch.from_numpy(factors).to(outputs) * (outputs + outputs**2)).sum()
    return tf.reduce_sum(tf.cast(factors, outputs.dtype) * (outputs + outputs**2))


def keras_call(
    layer: Any,
    inputs: Array,
    mask: npt.NDArray[np.bool_] | None = None,
    initial: Sequence[Array] | None = None,
) -> tuple[LayerCall, list[Any]]:
    """A call of a Keras layer of one direction, and the gradients of `loss_of` at its variables."""
    options: dict[str, Any] = {} if mask is None else {"mask": tf.constant(mask)}
    if initial is not None:
        options["initial_state"] = [tf.constant(one) for one in initial]
    with tf.GradientTape() as tape:
        outputs = layer(tf.constant(inputs), **options)
        loss = loss_of(outputs)
    variables = [variable.value for variable in layer.trainable_variables]
    at_outputs, gradients = tape.gradient(loss, [outputs, variables])
    cells = find_cells(layer)
    turned = layer.go_backwards and layer.return_sequences
    call = LayerCall(
        cells=tuple((cell,) for cell in cells),
        reversed=(layer.go_backwards,),
        inputs=inputs,
        outputs=outputs[:, ::-1] if turned else outputs,
        returns_sequences=layer.return_sequences,
        mask=mask,
        initial_states=None if initial is None else ((tuple(initial),),),
        zeroes_masked=layer.zero_output_for_mask,
        output_gradients=at_outputs[:, ::-1] if turned else at_outputs,
    )
    return call, gradients


def torch_call(module: Any, inputs: Array, lengths: Sequence[int] | None = None) -> LayerCall:
    """A call of a PyTorch layer with `batch_first`; `loss_of`'s gradients stand beside its parameters."""
    given: Any = torch.from_numpy(inputs)
    if lengths is not None:
        given = torch.nn.utils.rnn.pack_padded_sequence(
            given, torch.tensor(lengths), batch_first=True, enforce_sorted=False
        )
    outputs, _ = module(given)
    if lengths is not None:
        outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(
            outputs, batch_first=True, total_length=inputs.shape[1]
        )
    outputs.retain_grad()
    loss_of(outputs).backward()
    count = 2 if module.bidirectional else 1
    cells = find_cells(module)
    levels = range(module.num_layers)
    mask = None if lengths is None else np.arange(inputs.shape[1])[None] < np.array(lengths)[:, None]
    return LayerCall(
        cells=tuple(tuple(cell for cell in cells if cell.index == level) for level in levels),
        reversed=(False, True)[:count],
        inputs=inputs,
        outputs=outputs.detach(),
        returns_sequences=True,
        mask=mask,
        zeroes_masked=True,
        output_gradients=outputs.grad,
    )


def signals(model: Any, call: LayerCall, with_reach: bool = False) -> list[CellSignals]:
    """The signals of a call that can be replayed."""
    found, faults = signals_of(call, by_place(decompose(model)), with_reach=with_reach)
    assert faults == []
    return found


def randomised(layer: Any, shape: Sequence[int | None], seed: int = 0, scale: float = 0.5) -> Any:
    """The Keras layer, built, with random weights, biases too."""
    layer.build(tuple(shape))
    for number, variable in enumerate(layer.trainable_variables):
        variable.assign(scale * random(variable.shape, seed + number))
    return layer


def randomised_module(module: Any, seed: int = 0, scale: float = 0.5) -> Any:
    """The PyTorch module with random weights."""
    with torch.no_grad():
        for number, parameter in enumerate(module.parameters()):
            parameter.copy_(torch.from_numpy(scale * random(parameter.shape, seed + number)))
    return module
