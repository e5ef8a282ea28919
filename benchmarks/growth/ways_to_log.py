"""The ways in which people log weights and gradients of an LSTM today, and ours."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorboardX
import tensorflow as tf
import torch
import torch.utils.tensorboard
from matplotlib.figure import Figure

import tensorboard_plugin_rnnweights as rnnweights
from benchmarks.folders import bytes_in
from benchmarks.paired import Contender

FEATURES = 64
GATES = ("input", "forget", "cell", "output")
"""In the order in which both Keras and PyTorch pack them."""

_STEP_SCALE = 1e-4
_GRADIENT_SCALE = 1e-3
_BINS = 50
_UNTIL_LOOKED_AGAIN = 0.02


class Layers:
    """An LSTM in Keras and one in PyTorch, whose weights drift as if they were trained.

    Args:
        units: Of each.

    Attributes:
        model: Keras's.
        gradients: In the order of its trainable variables.
        module: PyTorch's, with its gradients.
    """

    def __init__(self, units: int) -> None:
        self.model = keras.Sequential([keras.layers.Input((None, FEATURES)), keras.layers.LSTM(units)])
        self.module = torch.nn.LSTM(FEATURES, units)
        self._random = np.random.default_rng(0)
        self.drift()

    def drift(self) -> None:
        """Changes all weights a little, and all gradients."""
        variables = self.model.trainable_variables
        self.gradients = [tf.constant(self._normal(v.shape, _GRADIENT_SCALE)) for v in variables]
        for variable in variables:
            variable.assign_add(self._normal(variable.shape, _STEP_SCALE))
        for parameter in self.module.parameters():
            parameter.grad = torch.from_numpy(self._normal(parameter.shape, _GRADIENT_SCALE))
            parameter.data += torch.from_numpy(self._normal(parameter.shape, _STEP_SCALE))

    @property
    def tensors(self) -> Iterator[tuple[str, Any]]:
        """Keras's weights and gradients by name."""
        for variable, gradient in zip(self.model.trainable_variables, self.gradients, strict=True):
            yield f"weights/{variable.name}", variable.value
            yield f"gradients/{variable.name}", gradient

    @property
    def torch_tensors(self) -> Iterator[tuple[str, Any]]:
        """PyTorch's."""
        for name, parameter in self.module.named_parameters():
            yield f"weights/{name}", parameter
            yield f"gradients/{name}", parameter.grad

    def _normal(self, shape: tuple[int, ...], scale: float) -> npt.NDArray[np.float32]:
        return self._random.standard_normal(shape, np.float32) * np.float32(scale)


Way = Callable[[Layers, Path], AbstractContextManager[Contender]]
"""Logs such layers into a folder, one snapshot at each call."""


@contextmanager
def _rnnweights(layers: Layers, folder: Path) -> Iterator[Contender]:
    steps = itertools.count()
    with rnnweights.SummaryWriter(folder) as writer:

        def log() -> None:
            step = next(steps)
            writer.add_weights(layers.model, step)
            writer.add_gradients(layers.model, layers.gradients, step)

        yield Contender(log, writer.flush)


@contextmanager
def _tensorflow(layers: Layers, folder: Path, *, each_gate: bool) -> Iterator[Contender]:
    steps = itertools.count()
    writer = tf.summary.create_file_writer(str(folder))

    def blocks() -> Iterator[tuple[str, tf.Tensor]]:
        for name, tensor in layers.tensors:
            if each_gate:
                parts = tf.split(tensor, len(GATES), axis=-1)
                yield from zip((f"{name}/{gate}" for gate in GATES), parts, strict=True)
            else:
                yield name, tensor

    def log() -> None:
        step = next(steps)
        with writer.as_default():
            for name, block in blocks():
                tf.summary.histogram(name, block, step)

    yield Contender(log, writer.flush)
    writer.close()


@contextmanager
def _torch(layers: Layers, folder: Path) -> Iterator[Contender]:
    with torch.utils.tensorboard.SummaryWriter(folder) as writer:
        yield Contender(_torch_histograms(layers, writer), writer.flush)


@contextmanager
def _tensorboardx(layers: Layers, folder: Path) -> Iterator[Contender]:
    def finish() -> None:
        # Its own flush does not wait for what is queued.
        size = -1
        while size != (now := bytes_in(folder)):
            size = now
            time.sleep(_UNTIL_LOOKED_AGAIN)
            writer.flush()

    with tensorboardX.SummaryWriter(str(folder)) as writer:
        yield Contender(_torch_histograms(layers, writer), finish)


def _torch_histograms(layers: Layers, writer: Any) -> Callable[[], None]:
    steps = itertools.count()

    def log() -> None:
        step = next(steps)
        for name, tensor in layers.torch_tensors:
            for gate, block in zip(GATES, tensor.chunk(len(GATES)), strict=True):
                writer.add_histogram(f"{name}/{gate}", block, step)

    return log


@contextmanager
def _figures(layers: Layers, folder: Path) -> Iterator[Contender]:
    steps = itertools.count()
    folder.mkdir()

    def log() -> None:
        step = next(steps)
        for name, tensor in layers.tensors:
            figure = _figure(np.atleast_2d(tensor.numpy()))
            figure.savefig(folder / f"{name.replace('/', '-')}-{step:04}.png")

    yield Contender(log)


def _figure(matrix: npt.NDArray[np.float32]) -> Figure:
    """A heatmap with its colours' bar, above a histogram for each gate."""
    figure = Figure(figsize=(12, 8))
    axes = figure.subplot_mosaic([["heatmap"] * len(GATES), [*GATES]])
    image = axes["heatmap"].imshow(matrix, aspect="auto", cmap="coolwarm")
    figure.colorbar(image, ax=axes["heatmap"])
    for gate, block in zip(GATES, np.split(matrix, len(GATES), axis=-1), strict=True):
        axes[gate].hist(block.ravel(), bins=_BINS)
        axes[gate].set_title(gate)
    return figure


OURS = "rnnweights"
EACH_GATE = "tf.summary.histogram, each gate"
TORCH = "torch.utils.tensorboard, each gate"

WAYS: dict[str, Way] = {
    OURS: _rnnweights,
    EACH_GATE: partial(_tensorflow, each_gate=True),
    "tf.summary.histogram, gates mixed": partial(_tensorflow, each_gate=False),
    TORCH: _torch,
    "tensorboardX, each gate": _tensorboardx,
    "Matplotlib, a PNG a matrix": _figures,
}
"""By the names that charts and tables have for them."""
