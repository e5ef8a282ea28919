"""Probes models of Keras 3 on its TensorFlow backend, and of tf_keras where it runs eagerly."""

# ruff: noqa: D102 (What the methods do is said once, in their protocol.)

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import tensorflow as tf
from tensorflow.python.autograph.core import ag_ctx

from tensorboard_plugin_rnnweights.frameworks.keras.probe.batch import ProbeBatch
from tensorboard_plugin_rnnweights.frameworks.keras.probe.forward_pass import ForwardPass, Passed
from tensorboard_plugin_rnnweights.frameworks.keras.probe.nest import leaves


class TensorFlowEngine:
    """One compiled function for the model's run and its gradients.

    A model that is set to run eagerly is run so here, too. If it then draws random numbers by TensorFlow's
    own operations, and not by Keras's, later draws of the program are others. Arguments and methods as for
    `Engine`.
    """

    def __init__(self, forward: ForwardPass) -> None:
        self._forward = forward
        self._is_eager = bool(getattr(forward.model, "run_eagerly", False))
        self._compiled = tf.function(self._pass, autograph=False)

    def tensor(self, value: Any) -> Any:
        return tf.convert_to_tensor(value)

    def run(self, batch: ProbeBatch, loss_scale: float) -> Passed:
        arguments = (batch, tf.constant(loss_scale, tf.float64))
        if self._is_eager:
            # Those of Keras 3 can't be assigned to, as it is.
            with _restored(_variables(self._forward.model) if self._forward.is_tf_keras else []):
                return self._pass(*arguments)
        graph = self._compiled.get_concrete_function(*arguments).graph
        with _restored(graph.variables):
            return self._compiled(*arguments)

    def flipped(self, value: Any) -> Any:
        return tf.reverse(value, [1])

    def batch_first(self, value: Any) -> Any:
        return tf.transpose(value, [1, 0, *range(2, len(value.shape))])

    def unscaled(self, value: Any, loss_scale: float) -> Any:
        return tf.cast(value, tf.float32) / loss_scale

    def is_finite(self, value: Any) -> bool:
        return bool(tf.reduce_all(tf.math.is_finite(value)))

    def held(self, value: Any) -> Any:
        return value

    def is_dense(self, value: Any) -> bool:
        return isinstance(value, tf.Tensor)

    def now(self, value: Any) -> Any:
        return tf.convert_to_tensor(value)

    def calling(self) -> AbstractContextManager[Any]:
        # Layers of tf_keras may need autograph, as they do in its own training step.
        if self._forward.is_tf_keras:
            return ag_ctx.ControlStatusCtx(status=ag_ctx.Status.ENABLED)
        return nullcontext()

    def place(self) -> Any:
        return tf.compat.v1.get_default_graph()

    def _pass(self, batch: ProbeBatch, loss_scale: Any) -> Passed:
        if batch.targets is None:
            _, recorded = self._forward(batch, self, lambda _, values: values)
            return Passed(recorded, None)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            taps = _Taps(tape)
            loss, recorded = self._forward(batch, self, taps)
            scaled = tf.cast(loss, tf.float64) * loss_scale
        gradients = tape.gradient(scaled, taps.tapped, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return Passed(recorded, gradients)


class _Taps:
    """Watches what layers returned."""

    def __init__(self, tape: tf.GradientTape) -> None:
        self._tape = tape
        self.tapped: dict[int, list[Any]] = {}

    def __call__(self, number: int, values: list[Any]) -> list[Any]:
        # A layer may return one tensor twice, as its outputs and as a state.
        self.tapped[number] = [tf.identity(value) for value in values]
        self._tape.watch(self.tapped[number])
        return self.tapped[number]


def _variables(model: Any) -> list[Any]:
    """All variables of a model of tf_keras, which doesn't count states and metrics among them."""
    states = [leaves(getattr(layer, "states", None)) for layer in model._flatten_layers()]
    metrics = [metric.variables for metric in getattr(model, "metrics", ())]
    found = itertools.chain(model.variables, *states, *metrics)
    return [variable for variable in found if isinstance(variable, tf.Variable)]


@contextmanager
def _restored(variables: Any) -> Iterator[None]:
    """Gives variables their values back: layers and random generators may have assigned to them."""
    kept = [(variable, variable.read_value()) for variable in variables]
    try:
        yield
    finally:
        for variable, value in kept:
            variable.assign(value)
