"""Training gradients from inside the compiled training step of Keras 3 on its JAX backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax
from jax.experimental import io_callback

from tensorboard_plugin_rnnweights.frameworks.keras.optimizer_tap import OptimizerTap


class JaxGradients:
    """Compiles the training step twice, and runs the one that hands gradients out where they are wanted.

    The other batches are trained by the step that Keras would have compiled. Arguments and methods as for
    `training_gradients`.
    """

    def __init__(
        self,
        model: Any,
        variables: Callable[[], Iterable[Any]],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._model = model
        self._variables = variables
        self._tap = OptimizerTap(model.optimizer, self._keep, on_fault)
        self._is_handing_out = False
        self._names: list[int] = []
        self._kept: dict[int, Any] = {}
        self._plain: Any = None
        self._handing_out: Any = None

    def attach(self) -> None:
        self._tap.attach()
        model = self._model
        model.make_train_function(force=True)
        self._plain = model.train_function
        # JAX would take a function that is equal to the last one for it, and not look into it again.
        model.train_step = _HandingOut(self, model.train_step)
        try:
            model.make_train_function(force=True)
        finally:
            del model.train_step
        self._handing_out, model.train_function = model.train_function, self._plain

    def detach(self) -> None:
        self._tap.detach()
        self._model.train_function = self._plain

    def want(self) -> None:
        self._kept = {}
        self._model.train_function = self._handing_out

    def rest(self) -> None:
        self._model.train_function = self._plain

    def of(self, variable: Any) -> Any | None:
        jax.effects_barrier()
        return self._kept.get(id(variable))

    def _keep(self, gradients: Sequence[Any], variables: Sequence[Any]) -> None:
        if not self._is_handing_out:
            return
        wanted = {id(variable) for variable in self._variables()}
        found = {
            id(variable): gradient / self._tap.loss_scale
            for gradient, variable in zip(gradients, variables, strict=True)
            if gradient is not None and id(variable) in wanted
        }
        self._names = list(found)
        io_callback(self._receive, None, list(found.values()))

    def _receive(self, gradients: Sequence[Any]) -> None:
        self._kept = dict(zip(self._names, gradients, strict=True))


class _HandingOut:
    """A training step that is traced with the gradients handed out."""

    def __init__(self, owner: JaxGradients, step: Callable[..., Any]) -> None:
        self._owner = owner
        self._step = step

    def __call__(self, *arguments: Any) -> Any:
        self._owner._is_handing_out = True
        try:
            return self._step(*arguments)
        finally:
            self._owner._is_handing_out = False
