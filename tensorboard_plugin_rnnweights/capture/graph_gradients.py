"""Training gradients of tf_keras in graph mode, where a session runs the training."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import tensorflow as tf


class GraphGradients:
    """Fetches the gradients of the loss in the very run that trains on a batch, where that is wanted.

    Keras has built its own gradients by the time a training begins, and doesn't give them away, so these
    are built once more, from the same loss: the run computes both from one forward pass. Batches that are
    not wanted don't compute ours. Arguments and methods as for `training_gradients`.
    """

    def __init__(
        self,
        model: Any,
        variables: Callable[[], Iterable[Any]],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._model = model
        self._variables = variables
        self._gradients: dict[int, tf.Tensor] = {}
        self._kept: dict[int, Any] = {}
        self._function: Any = None

    def attach(self) -> None:
        loss = self._model.total_loss
        trained = {id(variable) for variable in self._model.trainable_variables}
        variables = [variable for variable in self._variables() if id(variable) in trained]
        with loss.graph.as_default():
            gradients = tf.compat.v1.gradients(loss, variables)
        self._gradients = {
            id(variable): gradient
            for variable, gradient in zip(variables, gradients, strict=True)
            if gradient is not None
        }
        self._function = self._model.train_function
        for name, gradient in self._gradients.items():
            self._function.fetch_callbacks[gradient] = _Keep(self._kept, name)

    def detach(self) -> None:
        self.rest()
        for gradient in self._gradients.values():
            del self._function.fetch_callbacks[gradient]

    def want(self) -> None:
        self._kept.clear()
        self._function.fetches = list(self._gradients.values())

    def rest(self) -> None:
        self._function.fetches = []

    def of(self, variable: Any) -> Any | None:
        return self._kept.get(id(variable))


class _Keep:
    """Puts a fetched gradient into its place."""

    def __init__(self, kept: dict[int, Any], name: int) -> None:
        self._kept = kept
        self._name = name

    def __call__(self, gradient: Any) -> None:
        self._kept[self._name] = gradient
