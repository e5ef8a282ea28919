"""Cuts the matrices of a model's recurrent layers into their gates' blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tensorboard_plugin_rnnweights.capture.held import HeldMatrix, hold_gradients, hold_weights
from tensorboard_plugin_rnnweights.frameworks.discovery import warn_once
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.notice import Notice, Report


def decompose(model: Any, gradients: Iterable[Any] | None = None) -> list[GateTensor]:
    """Decomposes the recurrent layers of a model by layer, direction, cell, matrix and gate.

    Args:
        model: A built model, layer or cell of Keras 3, of tf_keras or of TensorFlow 1, or a PyTorch
            module, or a list, tuple or dict of them; just trained, or just loaded from a checkpoint. What
            lives in a TensorFlow graph is read in the default session, or in that of tf_keras.
        gradients: Gradients to decompose in place of the weights: in the order of the model's trainable
            variables, or as (gradient, variable) pairs, as optimizers take them. A gradient may be None,
            where the loss doesn't depend on the variable.

    Returns:
        A tensor for each matrix, copied from the model, in the model's order of layers. With
        `gradients`, only those that have one. Cells whose gates we don't know have their matrices whole;
        `register_layout` says how they are divided.

    Raises:
        TypeError: If `model` is not a model of a framework that we know.
        ValueError: If it has no recurrent layer, or none that has weights yet and is as its layout says, if
            the gradients don't match its variables, or if there is no session to read them in. Layers and
            matrices that can't be read are left out, and a warning names them.

    Example:
        >>> for tensor in decompose(model):  # doctest: +SKIP
        ...     print(tensor.layer, tensor.matrix, tensor.blocks["forget"].mean())
    """
    held = hold_weights(model) if gradients is None else hold_gradients(model, gradients)
    return [replace(one, values=one.values.copy()) for one in tensors_of(held)]


def tensors_of(held: Iterable[HeldMatrix], report: Report = warn_once) -> list[GateTensor]:
    """The matrices that can be cut as their layouts say.

    Args:
        held: Matrices that are still in the framework's hands.
        report: Called with what is left out, and why.

    Raises:
        ValueError: If there are some, and none can be cut.
    """
    tensors = []
    faults = []
    for matrix in held:
        try:
            tensors.append(matrix.tensor())
        except ValueError as error:
            faults.append(error)
            report(Notice(str(error), layers=(matrix.cell.layer,)))
    if faults and not tensors:
        raise faults[0]
    return tensors
