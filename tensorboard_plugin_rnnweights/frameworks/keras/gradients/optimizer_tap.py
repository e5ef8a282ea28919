"""Shows us the gradients that the optimizers of a Keras model are given, before they apply them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.keras.gradients.held_optimizers import (
    HeldOptimizer,
    nothing_seen,
    optimizers_of,
)

Pairs = list[tuple[Any, Any]]
"""Gradients, each with its variable."""

See = Callable[[Sequence[Any], "Sequence[Any] | None"], None]


class OptimizerTaps:
    """Wraps the method by which each of a model's optimizers applies gradients.

    That is `apply` in Keras 3, else `apply_gradients`. Under mixed precision the outer optimizer sees
    scaled gradients, and the inner one real ones; so it is the inner one's that are kept.

    Args:
        model: A model of Keras 3 or tf_keras.
        variables: Gives the variables whose gradients are wanted; asked when an optimizer is first given
            gradients.
        keep: Called with gradients of wanted variables, and with what the loss, and so each gradient,
            was multiplied by.
        on_fault: Called with the reason where `keep` raises, which would end the training otherwise.
        outside_compilation: Makes of a function one that the framework's compiler leaves to Python.
    """

    def __init__(
        self,
        model: Any,
        variables: Callable[[], Iterable[Any]],
        keep: Callable[[Pairs, float], None],
        on_fault: Callable[[Exception], None],
        outside_compilation: Callable[[See], See] = lambda see: see,
    ) -> None:
        self._model = model
        self._variables = variables
        self._keep = keep
        self._on_fault = on_fault
        self._outside_compilation = outside_compilation
        self._optimizers: list[HeldOptimizer] = []
        self._wanted: set[int] | None = None
        self._has_seen = False
        self._attached = contextlib.ExitStack()

    def attach(self) -> None:
        """Wraps the methods; what an interrupted training has left of us is taken away first."""
        self._optimizers = optimizers_of(self._model)
        with contextlib.ExitStack() as attached:
            for held in self._optimizers:
                attached.callback(_wrap(held.optimizer, self._outside_compilation(self._seer(held))))
            self._attached = attached.pop_all()

    def detach(self) -> None:
        """Leaves the optimizers as they were."""
        self._attached.close()

    def unseen(self) -> str | None:
        """Why no gradient of a wanted variable was seen, and what to do; None if one was."""
        return None if self._has_seen else nothing_seen(self._optimizers)

    def _seer(self, held: HeldOptimizer) -> See:
        def see(given: Sequence[Any], variables: Sequence[Any] | None) -> None:
            try:
                self._see(held, _pairs(held.optimizer, given, variables))
            except Exception as error:  # raised from here, it would end the training
                self._on_fault(error)

        return see

    def _see(self, held: HeldOptimizer, pairs: Pairs) -> None:
        if self._wanted is None:
            self._wanted = {id(variable) for variable in self._variables()}
        wanted = [pair for pair in pairs if pair[0] is not None and id(pair[1]) in self._wanted]
        if not wanted:
            return
        self._has_seen = True
        if not held.is_wrapper:
            self._keep(wanted, getattr(held.optimizer, "loss_scale_factor", None) or 1.0)


def _method_of(optimizer: Any) -> str:
    return "apply" if hasattr(optimizer, "apply") else "apply_gradients"


def _pairs(optimizer: Any, given: Sequence[Any], variables: Sequence[Any] | None) -> Pairs:
    if _method_of(optimizer) == "apply":
        return list(zip(given, variables or optimizer._trainable_variables, strict=True))
    return list(given)


def _wrap(optimizer: Any, see: See) -> Callable[[], None]:
    """Shows the gradients that an optimizer is given to `see`, until the function returned is called."""
    name = _method_of(optimizer)
    if isinstance(vars(optimizer).get(name), _Wrapped):
        delattr(optimizer, name)
    setattr(optimizer, name, _Wrapped(getattr(optimizer, name), see))
    return lambda: delattr(optimizer, name)


class _Wrapped:
    """An optimizer's method that shows what it is given to us first."""

    def __init__(self, method: Callable[..., Any], see: See) -> None:
        self._method = method
        self._see = see

    def __call__(self, given: Any, *arguments: Any, **options: Any) -> Any:
        listed = list(given)
        self._see(listed, arguments[0] if arguments else options.get("trainable_variables"))
        return self._method(listed, *arguments, **options)
