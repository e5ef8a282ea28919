"""What all ways to training gradients have in common that take them where optimizers are given them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.keras.distribution import has_several_workers, strategy_of
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.optimizer_tap import (
    AGGREGATED,
    APPLIED,
    OptimizerTaps,
    Pairs,
    See,
)
from tensorboard_plugin_rnnweights.frameworks.missing import Missing


class TappedGradients(ABC):
    """Gets between a model and its optimizers; what it sees is kept as the backend allows.

    Args:
        model: A compiled model of Keras 3 or tf_keras.
        variables: As for `training_gradients_for`.
        on_fault: As for `training_gradients_for`.
        session: As for `training_gradients_for`.
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
        # Those of one replica or worker are no gradients of the batch, and each backend knows its own way.
        place = AGGREGATED if has_several_workers(model) and strategy_of(model) else APPLIED
        self._taps = OptimizerTaps(
            model, variables, self._keep, on_fault, session, self._outside_compilation, place
        )

    def attach(self) -> None:
        """Gets between the model and its optimizers, at the beginning of a training."""
        self._taps.attach()
        self._model.make_train_function(force=True)

    def detach(self) -> None:
        """Leaves model and optimizers as they were; the step is compiled again if it is still needed."""
        self._taps.detach()
        self._model.train_function = None

    def of(self, variable: Any) -> Any | Missing:
        """What was kept for a variable since the last request, or why there is nothing."""
        kept = self._kept_for(variable)
        return self._taps.missing(variable) if kept is None else kept

    def _outside_compilation(self, see: See) -> See:
        """Makes of a function one that the backend's compiler leaves to Python."""
        return see

    @abstractmethod
    def _keep(self, pairs: Pairs, loss_scale: float) -> None:
        """Keeps gradients of wanted variables, if that is asked for."""

    @abstractmethod
    def _kept_for(self, variable: Any) -> Any | None:
        """What was kept for a variable since the last request; None for nothing."""
