"""The gradients that a Keras optimizer is given, taken from inside the compiled training step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import keras
import tensorflow as tf


class TrainingGradients:
    """Keeps a copy of some variables' gradients as the optimizer of a model gets them.

    Nothing is computed twice: the optimizer's `apply` also assigns the gradients into variables of ours,
    under a condition that the training thread switches on for the batches that it wants. The values
    are those before clipping, and without the scale of mixed precision. With gradient accumulation they
    are the last batch's; under a distribution strategy, one replica's.

    Args:
        model: A compiled model on Keras's TensorFlow backend.
        variables: Gives the Keras variables whose gradients are wanted; asked when the training step is
            compiled, since some models have no variables before.
        on_fault: Called with the reason where gradients can't be kept; the training goes on.
    """

    def __init__(
        self,
        model: keras.Model,
        variables: Callable[[], Iterable[Any]],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._model = model
        self._variables = variables
        self._on_fault = on_fault
        # Under mixed precision the outer optimizer sees scaled gradients, and the inner one real ones.
        self._optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
        # A number for each request, which is kept with the gradients that answer it; 0 asks for none.
        self._request = 0
        self._wanted = tf.Variable(0, trainable=False, dtype=tf.int64)
        self._kept: dict[int, _Kept] = {}

    def attach(self) -> None:
        """Puts us between the model and its optimizer; the training step is compiled anew."""
        # A training that was interrupted has left its own wrapper in place.
        if isinstance(vars(self._optimizer).get("apply"), _Wrapper):
            del self._optimizer.apply
        self._optimizer.apply = _Wrapper(self._optimizer.apply, self._safely_keep)
        self._model.make_train_function(force=True)

    def detach(self) -> None:
        """Leaves the optimizer as it was."""
        del self._optimizer.apply
        # The step is compiled anew, without us, if it is needed once more.
        self._model.train_function = None

    def want(self) -> None:
        """Lets the gradients of the next batches be kept; called from the training thread."""
        self._request += 1
        self._wanted.assign(self._request)

    def rest(self) -> None:
        """Lets no more gradients be kept; those at hand stay."""
        self._wanted.assign(0)

    def of(self, variable: Any) -> tf.Tensor | None:
        """The gradient kept for a variable since `want`, or None if the optimizer was given none.

        That is so where the variable is frozen, where the loss doesn't depend on it, and where mixed
        precision has left out the step because a scaled gradient was not finite.
        """
        kept = self._kept.get(id(variable))
        if kept is None or int(kept.request.numpy()) != self._request:
            return None
        return tf.convert_to_tensor(kept.values)

    def _safely_keep(self, grads: Sequence[Any], trainable_variables: Any) -> None:
        try:
            self._keep(grads, trainable_variables)
        except Exception as error:  # raised from here, it would end the training
            self._on_fault(error)

    def _keep(self, grads: Sequence[Any], trainable_variables: Any) -> None:
        if not self._kept:
            with tf.init_scope():
                self._kept = {id(variable): _Kept(variable) for variable in self._variables()}
        variables = trainable_variables or self._optimizer._trainable_variables
        pairs = [
            (self._kept[id(variable)], grad)
            for grad, variable in zip(grads, variables, strict=True)
            if grad is not None and id(variable) in self._kept
        ]
        scale = self._optimizer.loss_scale_factor or 1.0

        def keep() -> tf.Tensor:
            for kept, grad in pairs:
                kept.values.assign(tf.cast(grad, kept.values.dtype) / scale)
                kept.request.assign(self._wanted)
            return tf.constant(True)

        tf.cond(self._wanted > 0, keep, lambda: tf.constant(False))


class _Wrapper:
    """An optimizer's `apply` that shows the gradients to us first."""

    def __init__(self, apply: Callable[..., Any], keep: Callable[[Sequence[Any], Any], None]) -> None:
        self._apply = apply
        self._keep = keep

    def __call__(self, grads: Iterable[Any], trainable_variables: Any = None) -> Any:
        gradients = list(grads)
        self._keep(gradients, trainable_variables)
        return self._apply(gradients, trainable_variables)


class _Kept:
    """A variable's gradient, and which request it answers."""

    def __init__(self, variable: Any) -> None:
        shape, dtype = tuple(variable.shape), keras.backend.standardize_dtype(variable.dtype)
        self.values = tf.Variable(tf.zeros(shape, dtype), trainable=False)
        self.request = tf.Variable(0, trainable=False, dtype=tf.int64)
