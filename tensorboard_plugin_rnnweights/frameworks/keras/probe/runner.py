"""Runs a Keras model on a probe, and says what its recurrent layers got and returned."""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from types import ModuleType
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.adapter import Loss, ProbeError
from tensorboard_plugin_rnnweights.frameworks.keras import graph_mode
from tensorboard_plugin_rnnweights.frameworks.keras.probe.batch import ProbeBatch, checked
from tensorboard_plugin_rnnweights.frameworks.keras.probe.calls import layer_call
from tensorboard_plugin_rnnweights.frameworks.keras.probe.forward_pass import Engine, ForwardPass, Passed
from tensorboard_plugin_rnnweights.frameworks.keras.probe.isolation import isolated
from tensorboard_plugin_rnnweights.frameworks.keras.probe.loss import ProbeLoss
from tensorboard_plugin_rnnweights.frameworks.keras.probe.nest import leaves
from tensorboard_plugin_rnnweights.frameworks.keras.recurrent_layer import RecurrentLayer
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall

_logger = logging.getLogger(__name__)

_ENGINES = {
    "tensorflow": ("tensorflow_engine", "TensorFlowEngine"),
    "jax": ("jax_engine", "JaxEngine"),
    "torch": ("torch_engine", "TorchEngine"),
}

# Small gradients are lost in 16-bit floats, so the loss is multiplied by this, and by less where that is
# more than they can hold.
_LARGEST_SCALE = 2.0**15
_SCALE_STEP = 2.0**-5
_SCALED = "float16"


class KerasProbeRunner:
    """Runs one model on probes; see `frameworks.adapter.ProbeRunner`.

    The run is compiled at the first probe of each shape, and is cheap afterwards: about one forward pass,
    and one backward pass where there are targets. Where layers compute with 16-bit floats, the loss is
    scaled, so that small gradients aren't lost; those returned are without the scale.

    Args:
        keras: The module: `keras` or `tf_keras`.
        model: A built layer or model.
        find_layers: Finds its recurrent layers.
        loss: Called with targets and outputs; None for the model's own loss.
    """

    def __init__(
        self,
        keras: ModuleType,
        model: Any,
        find_layers: Callable[[], Sequence[RecurrentLayer]],
        loss: Loss | None,
    ) -> None:
        self._keras = keras
        self._model = model
        self._find_layers = find_layers
        self._loss = ProbeLoss(keras, model, loss)
        self._layers: list[RecurrentLayer] = []
        self._engine: Engine | None = None
        self._loss_scale = 1.0

    def run(self, inputs: Any, targets: Any = None, sample_weight: Any = None) -> list[LayerCall]:
        """See `frameworks.adapter.ProbeRunner`.

        Raises:
            ProbeError: See there; also in TensorFlow's graph mode.
            UnbuiltError: If a recurrent layer has no weights yet.
        """
        batch = checked(ProbeBatch(inputs, targets, sample_weight), self._model)
        if targets is not None:
            self._loss.check(batch)
        engine = self._engine = self._engine or self._prepared()
        # While Keras trains on JAX it holds the variables' values elsewhere, until somebody asks for them.
        getattr(self._model, "jax_state_sync", lambda: None)()
        with isolated(self._keras, self._model), self._loss.standing_in(), self._unassigned():
            passed = self._passed(engine, batch)
        gradients = passed.gradients or {}
        return [
            layer_call(engine, self._layers[number], recorded, gradients.get(number))
            for number, recorded in sorted(passed.recorded.items())
        ]

    def _prepared(self) -> Engine:
        if self._keras.__name__ == "tf_keras" and graph_mode.is_on():
            raise ProbeError("a probe can't be run where tf_keras is in graph mode: enable eager execution")
        backend = self._keras.backend.backend()
        if backend not in _ENGINES:
            raise ProbeError(f"a probe can't be run on Keras's {backend} backend")
        self._layers = self._steppers()
        if any(_computes_in(layer) == _SCALED for layer in self._model._flatten_layers()):
            self._loss_scale = _LARGEST_SCALE
        module, name = _ENGINES[backend]
        forward = ForwardPass(self._keras, self._model, self._layers, self._loss)
        found: Engine = getattr(importlib.import_module(f"{__package__}.{module}"), name)(forward)
        return found

    def _steppers(self) -> list[RecurrentLayer]:
        """The layers that take whole sequences, and not the cells that another layer steps by itself."""
        steppers = []
        for found in self._find_layers():
            if isinstance(found.layer, self._keras.layers.RNN) or not hasattr(found.layer, "state_size"):
                steppers.append(found)
            else:
                _logger.warning(
                    "the probe leaves '%s' out: it is a cell that a layer of your own steps through time",
                    found.name,
                )
        return steppers

    def _unassigned(self) -> Any:
        """Catches what is assigned to variables of Keras 3, also to those that are first made in there."""
        scope = getattr(self._keras, "StatelessScope", None)
        return nullcontext() if scope is None else scope()

    def _passed(self, engine: Engine, batch: ProbeBatch) -> Passed:
        try:
            tensors = batch.converted(engine.tensor)
            passed = engine.run(tensors, self._loss_scale)
            while self._loss_scale > 1 and not _is_finite(engine, passed):
                self._loss_scale = max(1.0, self._loss_scale * _SCALE_STEP)
                passed = engine.run(tensors, self._loss_scale)
            return self._unscaled(engine, passed)
        except ProbeError:
            raise
        except Exception as error:
            name = getattr(self._model, "name", type(self._model).__name__)
            raise ProbeError(f"the model '{name}' can't be run on the probe: {_reason(error)}") from error

    def _unscaled(self, engine: Engine, passed: Passed) -> Passed:
        if passed.gradients is None or self._loss_scale == 1:
            return passed
        return passed._replace(
            gradients={
                number: [engine.unscaled(one, self._loss_scale) for one in found]
                for number, found in passed.gradients.items()
            }
        )


def _computes_in(layer: Any) -> str:
    return str(getattr(layer, "compute_dtype", None))


def _is_finite(engine: Engine, passed: Passed) -> bool:
    return all(engine.is_finite(one) for one in leaves(passed.gradients))


# What the line of a message begins with that says nothing of the reason, and one that does so by itself.
_NO_REASONS = ("Exception encountered when calling", "in user code:", "File ", "Arguments received")
_IS_REASON = re.compile(r"\w*(?:Error|Exception): (.+)")


def _reason(error: Exception) -> str:
    """The framework's own reason, in one line: without colours, and without where in its code that was."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in text.splitlines()]
    kept = [line for line in lines if line and not line.startswith(_NO_REASONS)]
    marked = [found[1] for found in map(_IS_REASON.match, kept) if found]
    return next(iter([*marked[-1:], *kept]), type(error).__name__)
