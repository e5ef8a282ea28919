"""Training gradients of tf_keras in graph mode, where a session runs the training."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Iterable
from typing import Any

import tensorflow as tf
import tf_keras

from tensorboard_plugin_rnnweights.frameworks.keras.gradients.held_optimizers import (
    HeldOptimizer,
    nothing_seen,
)

# What each optimizer was given when its training step was built: tensors of the graph, by variable.
_given: weakref.WeakKeyDictionary[Any, dict[int, Any]] = weakref.WeakKeyDictionary()

_OPTIMIZERS = (tf_keras.optimizers.legacy.Optimizer, tf.compat.v1.train.Optimizer)


def remember_gradients() -> None:
    """Remembers, from now on, which tensors of the graph optimizers are given as gradients.

    A training step is built, once, before any callback hears of the training. Gradients can't be built
    again by then: TensorFlow lets nobody change a loop that a session knows already.
    """
    for kind in _OPTIMIZERS:
        if not hasattr(kind.apply_gradients, "__wrapped__"):
            kind.apply_gradients = _remembering(kind.apply_gradients)


def _remembering(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def apply_gradients(self: Any, grads_and_vars: Any, *arguments: Any, **options: Any) -> Any:
        pairs = list(grads_and_vars)
        _given[self] = {id(variable): gradient for gradient, variable in pairs if gradient is not None}
        return method(self, pairs, *arguments, **options)

    return apply_gradients


class GraphGradients:
    """Fetches the optimizer's gradients in the very run that trains on a batch, where that is wanted.

    Arguments and methods as for `training_gradients`.
    """

    def __init__(
        self,
        model: Any,
        variables: Callable[[], Iterable[Any]],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._model = model
        self._variables = variables
        self._gradients: dict[int, Any] = {}
        self._kept: dict[int, Any] = {}

    def attach(self) -> None:
        self._gradients = self._built()
        function = self._model.train_function
        for name, gradient in self._gradients.items():
            function.fetch_callbacks[gradient] = functools.partial(self._kept.__setitem__, name)

    def detach(self) -> None:
        self.rest()
        for gradient in self._gradients.values():
            del self._model.train_function.fetch_callbacks[gradient]

    def want(self) -> None:
        self._kept.clear()
        self._model.train_function.fetches = list(self._gradients.values())

    def rest(self) -> None:
        self._model.train_function.fetches = []

    def of(self, variable: Any) -> Any | None:
        return self._kept.get(id(variable))

    def unseen(self) -> str | None:
        return (
            None if self._gradients else nothing_seen([HeldOptimizer("optimizer", self._model.optimizer)])
        )

    def _built(self) -> dict[int, Any]:
        """The gradients of the wanted variables in the graph."""
        optimizer = self._model.optimizer
        inner = getattr(optimizer, "inner_optimizer", getattr(optimizer, "optimizer", optimizer))
        if inner not in _given:
            raise ValueError(
                "the training step was built before RNNWeights was: make it before the model's first "
                "fit(), or compile the model anew; only weights are logged"
            )
        given = _given[inner]
        found = {id(one): given[id(one)] for one in self._variables() if id(one) in given}
        if any(gradient.graph is not self._model.total_loss.graph for gradient in found.values()):
            raise NotImplementedError(
                "the optimizer gets its gradients in a branch of the graph, where they can't be fetched; "
                "only weights are logged"
            )
        return found
