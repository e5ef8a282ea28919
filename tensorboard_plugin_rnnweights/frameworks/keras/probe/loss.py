"""The loss that a probe's gradients are those of."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.adapter import Loss, ProbeError
from tensorboard_plugin_rnnweights.frameworks.keras.probe.batch import ProbeBatch
from tensorboard_plugin_rnnweights.frameworks.keras.probe.recorder import own_attribute

_WHAT_TO_DO = "compile it with a loss, or pass loss=, a function of targets and outputs"


class ProbeLoss:
    """A loss of a model's outputs: one that was given, or else the model's own, as it trains with.

    The model's own is its `compute_loss`, with what layers and regularizers add to it.

    Args:
        keras: The module: `keras` or `tf_keras`.
        model: The model.
        given: Called with targets and outputs; what it returns for each sample is averaged.
    """

    def __init__(self, keras: ModuleType, model: Any, given: Loss | None) -> None:
        self._keras = keras
        self._model = model
        self._given = given
        self._stand_in: Any = None
        self._name = "_compile_loss" if keras.__name__ == "keras" else "compiled_loss"

    @contextmanager
    def standing_in(self) -> Iterator[None]:
        """Lets a loss of ours stand in for the compiled one, if that has not been used yet.

        A loss builds itself for the first targets that it sees, so those are not to be a probe's. What was
        compiled with ours may lean on its variables, so it is kept.
        """
        compiled = self._compiled()
        if self._stand_in is None and compiled is not None and not compiled.built:
            self._stand_in = _unused(compiled)
        if self._stand_in is None:
            yield
        else:
            with own_attribute(self._model, self._name, self._stand_in):
                yield

    def check(self, batch: ProbeBatch) -> None:
        """Refuses what can't be computed for this batch.

        Raises:
            ProbeError: If there is no loss, or one that takes no weights of samples, and there are some.
        """
        if self._given is None:
            if not hasattr(self._model, "compute_loss"):
                raise ProbeError(f"'{self._model.name}' has no loss to take gradients of: pass loss=")
        elif batch.sample_weight is not None and not self._takes_weights():
            raise ProbeError(
                "the probe has sample weights, which a plain loss function doesn't take: "
                "pass one of Keras's Loss objects, or compile the model with the loss"
            )

    def __call__(self, batch: ProbeBatch, outputs: Any) -> Any:
        """The loss, one number.

        Raises:
            ProbeError: If the model has none.
        """
        if self._given is None:
            return self._own(batch, outputs)
        options = {} if batch.sample_weight is None else {"sample_weight": batch.sample_weight}
        return self._mean(self._given(batch.targets, outputs, **options))

    def _takes_weights(self) -> bool:
        return isinstance(self._given, self._keras.losses.Loss)

    def _mean(self, losses: Any) -> Any:
        return self._keras.ops.mean(losses) if hasattr(self._keras, "ops") else _tensorflow_mean(losses)

    def _own(self, batch: ProbeBatch, outputs: Any) -> Any:
        model = self._model
        if not (self._is_compiled() or self._is_overridden() or model.losses):
            raise ProbeError(f"the model '{model.name}' has no loss to take gradients of: {_WHAT_TO_DO}")
        takes_training = "training" in inspect.signature(model.compute_loss).parameters
        options = {"training": False} if takes_training else {}
        return model.compute_loss(
            x=batch.inputs,
            y=batch.targets,
            y_pred=outputs,
            sample_weight=batch.sample_weight,
            **options,
        )

    def _compiled(self) -> Any:
        # Keras 3 has a method of the name that tf_keras gives it.
        return vars(self._model).get(self._name)

    def _is_compiled(self) -> bool:
        compiled = self._compiled()
        return compiled is not None and getattr(compiled, "_user_losses", compiled) is not None

    def _is_overridden(self) -> bool:
        return type(self._model).compute_loss is not self._keras.Model.compute_loss


def _unused(loss: Any) -> Any:
    if not hasattr(loss, "_user_loss"):
        return copy.copy(loss)  # tf_keras builds by setting attributes alone
    return type(loss)(loss._user_loss, loss_weights=loss._user_loss_weights, output_names=loss.output_names)


def _tensorflow_mean(losses: Any) -> Any:
    import tensorflow as tf

    return tf.reduce_mean(losses)
