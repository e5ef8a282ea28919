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
from tensorboard_plugin_rnnweights.frameworks.missing import Missing

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
        session: object,
    ) -> None:
        self._model = model
        self._variables = variables
        self._gradients: dict[int, Any] = {}
        self._kept: dict[int, Any] = {}

    def attach(self) -> None:
        self._gradients = self._built()
        function = self._model.train_function
        for name, gradient in self._gradients.items():
            # Keras has one callback a tensor; another RNNWeights of the same training may have its own.
            keep = [functools.partial(self._kept.__setitem__, name)]
            keep += filter(None, [function.fetch_callbacks.get(gradient)])
            function.fetch_callbacks[gradient] = functools.partial(_call_all, keep)

    def detach(self) -> None:
        self.rest()
        for gradient in self._gradients.values():
            self._model.train_function.fetch_callbacks.pop(gradient, None)

    def want(self) -> None:
        self._kept.clear()
        self._model.train_function.fetches = list(self._gradients.values())

    def rest(self) -> None:
        self._model.train_function.fetches = []

    def of(self, variable: Any) -> Any | Missing:
        missing = nothing_seen([HeldOptimizer("optimizer", self._model.optimizer)])
        return self._kept.get(id(variable), missing)

    def _built(self) -> dict[int, Any]:
        """The gradients of the wanted variables in the graph."""
        optimizer = self._model.optimizer
        inner = getattr(optimizer, "inner_optimizer", getattr(optimizer, "optimizer", optimizer))
        if inner not in _given:
            raise ValueError(
                "the training step was built before RNNWeights was: make it before the model's first "
                "fit(), or compile the model again; only weights are logged"
            )
        given = _given[inner]
        found = {id(one): given[id(one)] for one in self._variables() if id(one) in given}
        if any(gradient.graph is not self._model.total_loss.graph for gradient in found.values()):
            raise NotImplementedError(
                "the optimizer gets its gradients in a branch of the graph, where they can't be fetched; "
                "only weights are logged"
            )
        return found


def _call_all(functions: Iterable[Callable[[Any], None]], value: Any) -> None:
    for function in functions:
        function(value)
