"""Training gradients from inside TensorFlow's compiled training step: of Keras 3, and of tf_keras."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import tensorflow as tf

from tensorboard_plugin_rnnweights.frameworks.keras.distribution import has_several_workers
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.optimizer_tap import Pairs
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.tapped_gradients import TappedGradients


class TensorFlowGradients(TappedGradients):
    """Assigns gradients into variables of ours, under a condition that the training thread switches on.

    Under a distribution strategy, each replica assigns its own, and they are summed up where they are read,
    which is what the optimizer does with them. Over several workers, no one can do that alone; so what is
    assigned there are the sums that the optimizer has made.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # A number for each request, which is kept with the gradients that answer it; 0 asks for none.
        self._request = 0
        self._wanted: tf.Variable = _of_this_process(
            lambda: tf.Variable(0, trainable=False, dtype=tf.int64)
        )
        self._kept: dict[int, _Kept] = {}

    def attach(self) -> None:
        if has_several_workers(self._model):
            variables = list(self._variables())
            self._kept = _of_this_process(lambda: {id(one): _Kept(one) for one in variables})
        super().attach()

    def want(self) -> None:
        self._request += 1
        self._wanted.assign(self._request)

    def rest(self) -> None:
        self._wanted.assign(0)

    def _kept_for(self, variable: Any) -> tf.Tensor | None:
        kept = self._kept.get(id(variable))
        with self._model.distribute_strategy.scope():
            if kept is None or int(tf.convert_to_tensor(kept.request)) != self._request:
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


def _of_this_process(make: Callable[[], Any]) -> Any:
    """What `make` makes of variables that are no strategy's, which would tell the other workers of them.

    Keras trains within the scope of its strategy, which belongs to a thread.
    """
    with ThreadPoolExecutor(max_workers=1) as outside:
        return outside.submit(make).result()


class _Kept:
    """A variable's gradient, of which each replica has its part, and which request it answers."""

    def __init__(self, variable: Any) -> None:
        zeros = tf.zeros(tuple(variable.shape), variable.dtype)
        on_read = tf.VariableSynchronization.ON_READ
        summed, first = tf.VariableAggregation.SUM, tf.VariableAggregation.ONLY_FIRST_REPLICA
        self.values = tf.Variable(zeros, trainable=False, synchronization=on_read, aggregation=summed)
        self.request = tf.Variable(
            0, trainable=False, dtype=tf.int64, synchronization=on_read, aggregation=first
        )
