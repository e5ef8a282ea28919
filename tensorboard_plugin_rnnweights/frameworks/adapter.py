"""What every framework's folder offers: finding cells, their gradients, and running a model on a probe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from tensorboard_plugin_rnnweights.frameworks.found import Found
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall

Loss = Callable[..., Any]
"""A loss function: called with the targets and the model's outputs, in the order of the framework."""


class ProbeError(ValueError):
    """A probe that a model can't be run on; its one sentence says what to do."""


class ProbeRunner(Protocol):
    """Runs one model on probes, and changes nothing of it: a training goes on as if it had not been run."""

    def run(self, inputs: Any, targets: Any = None, sample_weight: Any = None) -> list[LayerCall]:
        """Runs the model once, in inference mode, and says what its recurrent layers got and returned.

        Args:
            inputs: A batch as the model takes it: an array or tensor, or a structure of them.
            targets: What the loss compares the model's outputs with; without them there are no gradients.
            sample_weight: Weights of the samples in the loss.

        Returns:
            A call for each recurrent layer, in the model's order. Of a layer that is called several times
            it is the first call; a layer that is not called has none.

        Raises:
            ProbeError: If the model can't be run on this probe, or if there are targets and no loss.
        """


class Adapter(Protocol):
    """What we have to know of a framework."""

    def find(self, model: Any) -> Found:
        """All that is recurrent in the model, in its own order, each cell once.

        A layer that can't be read doesn't keep the others from being found.
        """

    def trainable_variables(self, model: Any) -> list[Any]:
        """The model's variables in the order that gradients are expected in."""

    def identities(self, variable: Any) -> tuple[int, ...]:
        """The `id`s of the objects that stand for this variable."""

    def gradient(self, variable: Any) -> Any | None:
        """The gradient that the framework keeps beside the variable, if it does and has one."""

    def probe_runner(self, model: Any, loss: Loss | None = None) -> ProbeRunner:
        """What runs the model on probes.

        Args:
            model: The model. One that is compiled anew, or gets further layers, needs another runner.
            loss: The loss whose gradients are wanted, in place of the model's own.
        """
