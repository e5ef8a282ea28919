"""The gradients of a Keras training as its optimizer gets them, whatever Keras and its backend are."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from tensorboard_plugin_rnnweights.frameworks.keras import graph_mode
from tensorboard_plugin_rnnweights.frameworks.keras.distribution import has_parameter_servers
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.held_optimizers import optimizers_of
from tensorboard_plugin_rnnweights.frameworks.missing import Missing


class TrainingGradients(Protocol):
    """Keeps some variables' gradients of those batches for which that is wanted.

    Nothing is computed twice: they are taken where an optimizer gets them, whichever of those that the
    model holds. In tf_keras's graph mode that is the compiled one. The values are those before clipping,
    and without the scale of mixed precision. With gradient accumulation they are the last batch's; and
    where a variable is updated several times a batch, the last update's. Under a distribution strategy they
    are summed over its replicas and workers, which is what the optimizer applies.
    """

    def attach(self) -> None:
        """Gets between the model and its optimizers, at the beginning of a training."""

    def detach(self) -> None:
        """Leaves model and optimizers as they were."""

    def want(self) -> None:
        """Lets the gradients of the next batches be kept; called from the training thread."""

    def rest(self) -> None:
        """Lets no more gradients be kept; those at hand stay."""

    def of(self, variable: Any) -> Any | Missing:
        """The gradient kept for a variable since `want`, or why no optimizer was given one.

        That is so where the variable is frozen, where the loss doesn't depend on it, where the training
        applies gradients by other means, and where mixed precision has left out the step because a scaled
        gradient was not finite.
        """


_WAYS = {
    "tensorflow": ("tensorflow_gradients", "TensorFlowGradients"),
    "graph": ("graph_gradients", "GraphGradients"),
    "torch": ("torch_gradients", "TorchGradients"),
    "jax": ("jax_gradients", "JaxGradients"),
}


def training_gradients_for(
    model: Any,
    variables: Callable[[], Iterable[Any]],
    on_fault: Callable[[Exception], None],
    session: object,
) -> TrainingGradients:
    """The way to a compiled model's training gradients.

    Args:
        model: A model of Keras 3 or tf_keras.
        variables: Gives the variables whose gradients are wanted; asked when the training step is
            compiled, since some models have no variables before.
        on_fault: Called with the reason where gradients can't be kept; the training goes on.
        session: What is one object for all callbacks of one training, and another one in the next.

    Raises:
        ValueError: If the model has no optimizer.
        NotImplementedError: If its backend is none of those known, or if a step of its training has no
            gradients of its own.
    """
    if has_parameter_servers(model):
        raise NotImplementedError(
            "under ParameterServerStrategy each worker applies gradients of its own whenever it has some, "
            "so that a step has none; only weights are logged"
        )
    if not optimizers_of(model):
        raise ValueError("the model has no optimizer to take gradients from; only weights are logged")
    backend = _backend_of(model)
    if backend not in _WAYS:
        raise NotImplementedError(
            f"training gradients can't be taken from Keras's {backend} backend; only weights are logged"
        )
    module, name = _WAYS[backend]
    found: TrainingGradients = getattr(importlib.import_module(f"{__package__}.{module}"), name)(
        model, variables, on_fault, session
    )
    return found


def _backend_of(model: Any) -> str:
    keras = sys.modules.get("keras")
    if keras is not None and isinstance(model, keras.Model):
        return str(keras.backend.backend())
    return "graph" if graph_mode.is_on() else "tensorflow"
