"""Training gradients from inside the compiled training step of Keras 3 on its JAX backend."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
from jax.experimental import io_callback

from tensorboard_plugin_rnnweights.frameworks.keras.gradients.optimizer_tap import Pairs
from tensorboard_plugin_rnnweights.frameworks.keras.gradients.tapped_gradients import TappedGradients


class JaxGradients(TappedGradients):
    """Compiles the training step twice, and runs the one that hands gradients out where they are wanted.

    The other batches are trained by the step that Keras would have compiled.
    """

    # Whether a step is traced with the gradients handed out. Then all that get between a training and its
    # optimizers hand them out, since only one of them can have its step run.
    _is_handing_out = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._kept: dict[int, Any] = {}
        self._plain: Any = None
        self._handing_out: Any = None

    def attach(self) -> None:
        self._taps.attach()
        model = self._model
        model.make_train_function(force=True)
        self._plain = model.train_function
        # JAX would take a function that is equal to the last one for it, and not look into it again.
        model.train_step = _HandingOut(model.train_step)
        try:
            model.make_train_function(force=True)
        finally:
            del model.train_step
        self._handing_out, model.train_function = model.train_function, self._plain

    def detach(self) -> None:
        self._taps.detach()
        self._model.train_function = self._plain

    def want(self) -> None:
        self._kept = {}
        self._model.train_function = self._handing_out

    def rest(self) -> None:
        self._model.train_function = self._plain

    def _kept_for(self, variable: Any) -> Any | None:
        jax.effects_barrier()
        return self._kept.get(id(variable))

    def _keep(self, pairs: Pairs, loss_scale: float) -> None:
        if self._is_handing_out:
            receive = functools.partial(self._receive, [id(variable) for _, variable in pairs])
            io_callback(receive, None, [gradient / loss_scale for gradient, _ in pairs])

    def _receive(self, names: Sequence[int], gradients: Sequence[Any]) -> None:
        self._kept |= zip(names, gradients, strict=True)


class _HandingOut:
    """A training step that is traced with the gradients handed out."""

    def __init__(self, step: Callable[..., Any]) -> None:
        self._step = step

    def __call__(self, *arguments: Any) -> Any:
        JaxGradients._is_handing_out = True
        try:
            return self._step(*arguments)
        finally:
            JaxGradients._is_handing_out = False
