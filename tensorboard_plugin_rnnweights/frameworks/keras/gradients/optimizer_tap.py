"""Shows us the gradients that the optimizers of a Keras model are given, before they apply them."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.keras.gradients.held_optimizers import (
    HeldOptimizer,
    nothing_seen,
    optimizers_of,
)
from tensorboard_plugin_rnnweights.frameworks.missing import Missing

_NOT_NOW = Missing(
    "no optimizer applied one in this batch, as where mixed precision leaves out a step", is_passing=True
)
_IS_NONE = Missing("the optimizer was given None as its gradient: the loss doesn't depend on it")

Pairs = list[tuple[Any, Any]]
"""Gradients, each with its variable."""

See = Callable[[Sequence[Any], "Sequence[Any] | None"], None]


class OptimizerTaps:
    """Wraps the method by which each of a model's optimizers applies gradients, or aggregates them.

    Under mixed precision the outer optimizer sees scaled gradients, and the inner one real ones; so it is
    the inner one's that are kept.

    Args:
        model: A model of Keras 3 or tf_keras.
        variables: Gives the variables whose gradients are wanted; asked when an optimizer is first given
            gradients.
        keep: Called with gradients of wanted variables, and with what the loss, and so each gradient,
            was multiplied by.
        on_fault: Called with the reason where `keep` raises, which would end the training otherwise.
        session: What is one object for all that get between one training and its optimizers, and another
            one in the next training.
        outside_compilation: Makes of a function one that the framework's compiler leaves to Python.
        place: Where gradients are seen.
    """

    def __init__(
        self,
        model: Any,
        variables: Callable[[], Iterable[Any]],
        keep: Callable[[Pairs, float], None],
        on_fault: Callable[[Exception], None],
        session: object,
        outside_compilation: Callable[[See], See],
        place: Place,
    ) -> None:
        self._model = model
        self._variables = variables
        self._keep = keep
        self._on_fault = on_fault
        self._session = session
        self._outside_compilation = outside_compilation
        self._place = place
        self._optimizers: list[HeldOptimizer] = []
        self._wanted: set[int] | None = None
        self._seen: set[int] = set()
        self._without: set[int] = set()
        self._attached = contextlib.ExitStack()

    def attach(self) -> None:
        """Wraps the methods; what an interrupted training has left of us is taken away first."""
        self._optimizers = optimizers_of(self._model)
        for held in self._optimizers:
            self._place.check(held.optimizer)
        with contextlib.ExitStack() as attached:
            for held in self._optimizers:
                see = self._outside_compilation(self._seer(held))
                attached.callback(_wrap(held.optimizer, self._place, see, self._session))
            self._attached = attached.pop_all()

    def detach(self) -> None:
        """Leaves the optimizers as they were."""
        self._attached.close()

    def missing(self, variable: Any) -> Missing:
        """Why nothing was kept for a variable, where nothing was."""
        if id(variable) in self._seen:
            return _NOT_NOW
        return _IS_NONE if id(variable) in self._without else nothing_seen(self._optimizers)

    def _seer(self, held: HeldOptimizer) -> See:
        def see(given: Sequence[Any], variables: Sequence[Any] | None) -> None:
            try:
                self._see(held, self._place.pairs(held.optimizer, given, variables))
            except Exception as error:  # raised from here, it would end the training
                self._on_fault(error)

        return see

    def _see(self, held: HeldOptimizer, pairs: Pairs) -> None:
        if self._wanted is None:
            self._wanted = {id(variable) for variable in self._variables()}
        of_wanted = [pair for pair in pairs if id(pair[1]) in self._wanted]
        wanted = [pair for pair in of_wanted if pair[0] is not None]
        self._seen |= {id(variable) for _, variable in wanted}
        self._without |= {id(variable) for gradient, variable in of_wanted if gradient is None}
        if wanted and not held.is_wrapper:
            self._keep(wanted, getattr(held.optimizer, "loss_scale_factor", None) or 1.0)


@dataclass(frozen=True)
class Place:
    """Where the gradients of an optimizer are seen: what one of its methods is given, or what it returns.

    Attributes:
        methods: The names of that method in the classes that there are; of those that an optimizer has, the
            first counts.
        is_returned: Whether it is what the method returns.
        why_missing: Why nothing can be seen where an optimizer has none of these methods.
    """

    methods: tuple[str, ...]
    is_returned: bool
    why_missing: str

    def method_of(self, optimizer: Any) -> str:
        """The name of an optimizer's method."""
        return next(name for name in self.methods if hasattr(optimizer, name))

    def check(self, optimizer: Any) -> None:
        """Checks that an optimizer has such a method.

        Raises:
            NotImplementedError: If it has none.
        """
        if not any(hasattr(optimizer, name) for name in self.methods):
            raise NotImplementedError(self.why_missing)

    def pairs(self, optimizer: Any, seen: Sequence[Any], variables: Sequence[Any] | None) -> Pairs:
        """Gradients and variables, of what was seen: pairs, or gradients alone."""
        if all(isinstance(one, tuple) for one in seen):
            return list(seen)
        return list(zip(seen, variables or optimizer._trainable_variables, strict=True))


APPLIED = Place(("apply", "apply_gradients"), False, "an optimizer of the model can't apply gradients")
"""What optimizers are given: `apply` in Keras 3, else `apply_gradients`."""

AGGREGATED = Place(
    ("aggregate_gradients", "_aggregate_gradients"),
    True,
    "over several workers, Keras 3 clips gradients before it sums them up, so that nobody has those of the "
    "whole batch; only weights are logged",
)
"""What tf_keras's optimizers have made of those of all workers, before they clip it."""


def _wrap(optimizer: Any, place: Place, see: See, session: object) -> Callable[[], None]:
    """Shows the gradients of an optimizer to `see`, until the function returned is called."""
    name = place.method_of(optimizer)
    wrapped = vars(optimizer).get(name)
    if isinstance(wrapped, _Wrapped) and wrapped.session is not session:
        # An interrupted training has left it.
        delattr(optimizer, name)
        wrapped = None
    if not isinstance(wrapped, _Wrapped):
        wrapped = _Wrapped(getattr(optimizer, name), session, place.is_returned)
        setattr(optimizer, name, wrapped)
    wrapped.see.append(see)
    return functools.partial(_unwrap, optimizer, name, wrapped, see)


def _unwrap(optimizer: Any, name: str, wrapped: _Wrapped, see: See) -> None:
    wrapped.see.remove(see)
    if not wrapped.see and vars(optimizer).get(name) is wrapped:
        delattr(optimizer, name)


class _Wrapped:
    """An optimizer's method that shows us what it is given, or what it returns.

    Attributes:
        session: The training that it is for.
        see: What it is shown to: several functions, where several callbacks log one training.
    """

    def __init__(self, method: Callable[..., Any], session: object, is_returned: bool) -> None:
        self._method = method
        self._is_returned = is_returned
        self.session = session
        self.see: list[See] = []

    def __call__(self, given: Any, *arguments: Any, **options: Any) -> Any:
        listed = list(given)
        if self._is_returned:
            seen = self._method(listed, *arguments, **options)
            self._show(seen, [variable for _, variable in listed])
            return seen
        self._show(listed, arguments[0] if arguments else options.get("trainable_variables"))
        return self._method(listed, *arguments, **options)

    def _show(self, seen: Sequence[Any], variables: Sequence[Any] | None) -> None:
        for see in self.see:
            see(seen, variables)
