"""Training gradients from inside TensorFlow's compiled training step: of Keras 3, and of tf_keras."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tensorboard_plugin_rnnweights.frameworks.keras.gradients.optimizer_tap import Pairs
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.tapped_gradients import TappedGradients


class TensorFlowGradients(TappedGradients):
    """Assigns gradients into variables of ours, under a condition that the training thread switches on."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # A number for each request, which is kept with the gradients that answer it; 0 asks for none.
        self._request = 0
        self._wanted = tf.Variable(0, trainable=False, dtype=tf.int64)
        self._kept: dict[int, _Kept] = {}

    def want(self) -> None:
        self._request += 1
        self._wanted.assign(self._request)

    def rest(self) -> None:
        self._wanted.assign(0)

    def _kept_for(self, variable: Any) -> tf.Tensor | None:
        kept = self._kept.get(id(variable))
        if kept is None or int(kept.request.numpy()) != self._request:
            return None
        return tf.convert_to_tensor(kept.values)

    def _keep(self, pairs: Pairs, loss_scale: float) -> None:
        with tf.init_scope():
            for _, variable in pairs:
                if id(variable) not in self._kept:
                    self._kept[id(variable)] = _Kept(variable)

        def keep() -> tf.Tensor:
            for gradient, variable in pairs:
                kept = self._kept[id(variable)]
                kept.values.assign(tf.cast(gradient, kept.values.dtype) / loss_scale)
                kept.request.assign(self._wanted)
            return tf.constant(True)

        tf.cond(self._wanted > 0, keep, lambda: tf.constant(False))


class _Kept:
    """A variable's gradient, and which request it answers."""

    def __init__(self, variable: Any) -> None:
        zeros = tf.zeros(tuple(variable.shape), variable.dtype)
        self.values = tf.Variable(zeros, trainable=False)
        self.request = tf.Variable(0, trainable=False, dtype=tf.int64)
