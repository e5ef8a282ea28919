"""Shows us the gradients that a Keras optimizer is given, before it applies them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Keep = Callable[[Sequence[Any], Sequence[Any]], Any]
"""Called with gradients and their variables; what it returns is passed on to `around`."""


class OptimizerTap:
    """Wraps the method by which an optimizer applies gradients: `apply` in Keras 3, else `apply_gradients`.

    Under mixed precision the outer optimizer sees scaled gradients, and the inner one real ones; so it is
    the inner one's that is wrapped.

    Args:
        optimizer: That of the compiled model.
        keep: What is to see the gradients.
        on_fault: Called with the reason where `keep` raises, which would end the training otherwise.
    """

    def __init__(self, optimizer: Any, keep: Keep, on_fault: Callable[[Exception], None]) -> None:
        self._optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        self._keep = keep
        self._on_fault = on_fault
        self._method = "apply" if hasattr(self._optimizer, "apply") else "apply_gradients"

    @property
    def loss_scale(self) -> float:
        """What the loss, and so each gradient, was multiplied by."""
        return getattr(self._optimizer, "loss_scale_factor", None) or 1.0

    def attach(self) -> None:
        """Wraps the method; what an interrupted training has left of us is taken away first."""
        if isinstance(vars(self._optimizer).get(self._method), _Wrapped):
            self.detach()
        setattr(self._optimizer, self._method, _Wrapped(getattr(self._optimizer, self._method), self._see))

    def detach(self) -> None:
        """Leaves the optimizer as it was."""
        delattr(self._optimizer, self._method)

    def _see(self, given: Sequence[Any], variables: Sequence[Any] | None) -> None:
        try:
            if self._method == "apply":
                self._keep(given, variables or self._optimizer._trainable_variables)
            else:
                self._keep([gradient for gradient, _ in given], [variable for _, variable in given])
        except Exception as error:  # raised from here, it would end the training
            self._on_fault(error)


class _Wrapped:
    """An optimizer's method that shows what it is given to us first."""

    def __init__(self, method: Callable[..., Any], see: Callable[[Sequence[Any], Any], None]) -> None:
        self._method = method
        self._see = see

    def __call__(self, given: Any, *arguments: Any, **options: Any) -> Any:
        listed = list(given)
        self._see(listed, arguments[0] if arguments else options.get("trainable_variables"))
        return self._method(listed, *arguments, **options)
