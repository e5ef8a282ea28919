"""Probes models of Keras 3 on its JAX backend."""

# ruff: noqa: D102 (What the methods do is said once, in their protocol.)

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import jax
import jax.extend
import jax.numpy as jnp
import numpy as np

from tensorboard_plugin_rnnweights.frameworks.keras.probe.batch import ProbeBatch
from tensorboard_plugin_rnnweights.frameworks.keras.probe.forward_pass import ForwardPass, Passed
from tensorboard_plugin_rnnweights.frameworks.keras.probe.recorder import Recorded

_Taps = dict[int, list[Any]]


class JaxEngine:
    """One compiled function for the model's run and its gradients.

    Zeros are added to what layers return; the loss's gradients at those zeros are the ones wanted. A model
    that is set to run eagerly is run so here, too. Arguments and methods as for `Engine`.
    """

    def __init__(self, forward: ForwardPass) -> None:
        self._forward = forward
        self._variables = list(forward.model.variables)
        is_eager = bool(getattr(forward.model, "run_eagerly", False))
        self._compiled = self._pass if is_eager else jax.jit(self._pass)

    def tensor(self, value: Any) -> Any:
        return jnp.asarray(value if isinstance(value, jax.Array) else np.asarray(value))

    def run(self, batch: ProbeBatch, loss_scale: float) -> Passed:
        return self._compiled([variable.value for variable in self._variables], batch, loss_scale)

    def flipped(self, value: Any) -> Any:
        return jnp.flip(value, 1)

    def batch_first(self, value: Any) -> Any:
        return jnp.swapaxes(value, 0, 1)

    def unscaled(self, value: Any, loss_scale: float) -> Any:
        return value.astype(jnp.float32) / loss_scale

    def is_finite(self, value: Any) -> bool:
        return bool(jnp.isfinite(value).all())

    def held(self, value: Any) -> Any:
        return value

    def is_dense(self, value: Any) -> bool:
        return isinstance(value, jax.Array)

    def now(self, value: Any) -> Any:
        return value

    def calling(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def place(self) -> Any:
        return jax.extend.core.get_opaque_trace_state(convention="flax")

    def _pass(self, values: Sequence[Any], batch: ProbeBatch, loss_scale: Any) -> Passed:
        def forward(taps: _Taps | None) -> tuple[Any, dict[int, Recorded]]:
            def tap(number: int, returned: list[Any]) -> list[Any]:
                if taps is None:
                    return returned
                return [one + zeros for one, zeros in zip(returned, taps[number], strict=True)]

            variables = list(zip(self._variables, values, strict=True))
            loss, recorded = self._forward(batch, self, tap, variables)
            return (None if loss is None else _scaled(loss, loss_scale)), recorded

        if batch.targets is None:
            return Passed(forward(None)[1], None)
        _, shapes = jax.eval_shape(forward, None)
        zeros = {
            number: [jnp.zeros(one.shape, one.dtype) for one in (found.outputs, *found.final_states)]
            for number, found in shapes.items()
        }
        gradients, recorded = jax.grad(forward, has_aux=True)(zeros)
        return Passed(recorded, gradients)


def _scaled(loss: Any, loss_scale: Any) -> Any:
    return loss.astype(jnp.promote_types(loss.dtype, jnp.float32)) * loss_scale
