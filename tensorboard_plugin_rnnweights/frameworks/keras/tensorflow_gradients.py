"""Training gradients from inside TensorFlow's compiled training step: of Keras 3, and of tf_keras."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import tensorflow as tf

from tensorboard_plugin_rnnweights.frameworks.keras.optimizer_tap import OptimizerTap


class TensorFlowGradients:
    """Assigns the gradients into variables of ours, under a condition that the training thread switches on.

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
        self._tap = OptimizerTap(model.optimizer, self._keep, on_fault)
        # A number for each request, which is kept with the gradients that answer it; 0 asks for none.
        self._request = 0
        self._wanted = tf.Variable(0, trainable=False, dtype=tf.int64)
        self._kept: dict[int, _Kept] = {}

    def attach(self) -> None:
        self._tap.attach()
        self._model.make_train_function(force=True)

    def detach(self) -> None:
        self._tap.detach()
        # The step is compiled anew, without us, if it is needed once more.
        self._model.train_function = None

    def want(self) -> None:
        self._request += 1
        self._wanted.assign(self._request)

    def rest(self) -> None:
        self._wanted.assign(0)

    def of(self, variable: Any) -> tf.Tensor | None:
        kept = self._kept.get(id(variable))
        if kept is None or int(kept.request.numpy()) != self._request:
            return None
        return tf.convert_to_tensor(kept.values)

    def _keep(self, gradients: Sequence[Any], variables: Sequence[Any]) -> None:
        if not self._kept:
            with tf.init_scope():
                self._kept = {id(variable): _Kept(variable) for variable in self._variables()}
        pairs = [
            (self._kept[id(variable)], gradient)
            for gradient, variable in zip(gradients, variables, strict=True)
            if gradient is not None and id(variable) in self._kept
        ]

        def keep() -> tf.Tensor:
            for kept, gradient in pairs:
                kept.values.assign(tf.cast(gradient, kept.values.dtype) / self._tap.loss_scale)
                kept.request.assign(self._wanted)
            return tf.constant(True)

        tf.cond(self._wanted > 0, keep, lambda: tf.constant(False))


class _Kept:
    """A variable's gradient, and which request it answers."""

    def __init__(self, variable: Any) -> None:
        zeros = tf.zeros(tuple(variable.shape), variable.dtype)
        self.values = tf.Variable(zeros, trainable=False)
        self.request = tf.Variable(0, trainable=False, dtype=tf.int64)
