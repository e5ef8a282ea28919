"""One pass of a probe through a Keras model, as it is traced, compiled and differentiated by a backend."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from contextlib import nullcontext
from types import ModuleType
from typing import Any, NamedTuple, Protocol

from tensorboard_plugin_rnnweights.frameworks.keras.probe.batch import ProbeBatch
from tensorboard_plugin_rnnweights.frameworks.keras.probe.loss import ProbeLoss
from tensorboard_plugin_rnnweights.frameworks.keras.probe.recorder import Recorded, Recorder, Tap, Values
from tensorboard_plugin_rnnweights.frameworks.keras.recurrent_layer import RecurrentLayer


class Passed(NamedTuple):
    """What a pass gave.

    Attributes:
        recorded: What each layer was called with and returned, by the layer's number.
        gradients: By the layer's number: the loss's gradients at what it returned, outputs and then states;
            None without a loss.
    """

    recorded: dict[int, Recorded]
    gradients: dict[int, list[Any]] | None


class Engine(Protocol):
    """What runs passes on one backend."""

    def tensor(self, value: Any) -> Any:
        """The backend's tensor of an array's values."""

    def run(self, batch: ProbeBatch, loss_scale: float) -> Passed:
        """Runs one pass and changes no variable of the model.

        Args:
            batch: Tensors.
            loss_scale: What the loss is multiplied by before it is differentiated.
        """

    def flipped(self, value: Any) -> Any:
        """The values in the reverse order of time, which is the second axis."""

    def batch_first(self, value: Any) -> Any:
        """The values with their first two axes, time and batch, exchanged."""

    def unscaled(self, value: Any, loss_scale: float) -> Any:
        """A gradient as 32-bit numbers, divided by what the loss was multiplied by."""

    def is_finite(self, value: Any) -> bool:
        """Whether none of the values is NaN or infinite."""

    def held(self, value: Any) -> Any:
        """What keeps these values, whatever training does, for `numpy.asarray`."""


class ForwardPass:
    """Runs a model in inference mode, without changing its variables where they are those of Keras 3.

    Args:
        keras: The module: `keras` or `tf_keras`.
        model: The model.
        layers: Those to record.
        loss: What to compute of the outputs, where there are targets.

    Attributes:
        model: The model.
        is_tf_keras: Whether it is one of tf_keras.
    """

    def __init__(
        self, keras: ModuleType, model: Any, layers: Sequence[RecurrentLayer], loss: ProbeLoss
    ) -> None:
        self._keras = keras
        self.model = model
        self.is_tf_keras = keras.__name__ == "tf_keras"
        self._layers = layers
        self._loss = loss
        takes_training = "training" in inspect.signature(model.call).parameters
        self._options = {"training": False} if takes_training else {}

    def __call__(
        self, batch: ProbeBatch, values: Values, tap: Tap, variables: Sequence[tuple[Any, Any]] = ()
    ) -> tuple[Any, dict[int, Recorded]]:
        """Runs the model.

        Args:
            batch: Tensors.
            values: What has to be known of the backend's values.
            tap: Is shown what each recorded layer returned.
            variables: Pairs of Keras 3's variables and the values that stand for them.

        Returns:
            The loss, or None where there are no targets; and what was recorded, by the layer's number.
        """
        with self._stateless(variables):
            with values.calling(), Recorder(self._layers, values, tap) as recorder:
                outputs = self.model(batch.inputs, **self._options)
            loss = None if batch.targets is None else self._loss(batch, outputs)
        return loss, recorder.recorded

    def _stateless(self, variables: Sequence[tuple[Any, Any]]) -> Any:
        scope = getattr(self._keras, "StatelessScope", None)
        if scope is None:
            return nullcontext()
        if not variables:
            # Of variables with a regularizer Keras wants to be given values.
            trained = self.model.trainable_variables
            variables = [(one, one.value) for one in trained if one.regularizer is not None]
        return scope(state_mapping=variables, collect_losses=True)
