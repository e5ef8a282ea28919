"""Which gradient belongs to which variable, in the forms that training loops have them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.adapter import Adapter
from tensorboard_plugin_rnnweights.frameworks.computed import Computed
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for
from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.values import why_unreadable
from tensorboard_plugin_rnnweights.rnn.cells import Cell

Lookup = Callable[[Any], "Any | Missing"]

_NOT_GIVEN = Missing("none of the (gradient, variable) pairs that were given is of it")
_IS_NONE = Missing(
    "None was given as its gradient: the loss doesn't depend on it, or by no way that can be differentiated"
)
_IS_FROZEN = Missing("it is frozen")
_NOT_KEPT = Missing(
    "its .grad is None: the last backward pass didn't reach it, or optimizer.zero_grad() was called before "
    "this was logged"
)


def gradient_lookup(model: Any, cells: Iterable[Cell], gradients: Iterable[Any] | None) -> Lookup:
    """A function that gives each variable's gradient, with a note where it is another's, or says why not.

    Args:
        model: The model that the gradients are of.
        cells: Its recurrent cells.
        gradients: In the order of the model's trainable variables, or (gradient, variable) pairs; None
            for those that PyTorch keeps beside its parameters.

    Raises:
        ValueError: If the gradients don't match the model's trainable variables.
    """
    adapter = adapter_for(model)
    variables = adapter.trainable_variables(model)
    if gradients is None:
        lookup = _kept_beside(adapter, variables)
    else:
        lookup = _given(adapter, variables, cells, list(gradients))
    trained = {identity for variable in variables for identity in adapter.identities(variable)}

    def is_trained(variable: Any) -> bool:
        return not trained.isdisjoint(adapter.identities(variable))

    return lambda variable: (
        _of_computed(variable, lookup, is_trained) if isinstance(variable, Computed) else lookup(variable)
    )


def _of_computed(weight: Computed, lookup: Lookup, is_trained: Callable[[Any], bool]) -> Any | Missing:
    """The gradient of a computed weight: its own if there is one, or what its sources' say of it."""
    own = lookup(weight)
    if not isinstance(own, Missing):
        return own
    of_sources = []
    for name, source in weight.sources.items():
        gradient = lookup(source) if is_trained(source) else _IS_FROZEN
        if not isinstance(gradient, Missing) and (reason := why_unreadable(gradient)):
            gradient = Missing(reason)
        if isinstance(gradient, Missing):
            return Missing(f"it is computed from '{name}', of which there is none: {gradient.reason}")
        if tuple(gradient.shape) != tuple(source.shape):
            raise ValueError(
                f"the gradient for '{name}' has shape {tuple(gradient.shape)}, but the variable has shape "
                f"{tuple(source.shape)}"
            )
        of_sources.append(gradient)
    return weight.gradient(of_sources)


def _given(adapter: Adapter, variables: list[Any], cells: Iterable[Cell], given: list[Any]) -> Lookup:
    if given and all(isinstance(one, tuple) and len(one) == 2 for one in given):
        gradient_of = {id(variable): gradient for gradient, variable in given}
        # Some wrappers of TensorFlow 1 don't count the variables inside them as theirs.
        own = [*variables, *(one for cell in cells for one in cell.variables.values())]
        if not any(gradient_of.keys() & set(adapter.identities(variable)) for variable in own):
            raise ValueError("none of the (gradient, variable) pairs is of a variable of this model")
    elif len(given) == len(variables):
        pairs = zip(variables, given, strict=True)
        gradient_of = {id(variable): gradient for variable, gradient in pairs}
    else:
        raise ValueError(
            f"got {len(given)} gradients for a model with {len(variables)} trainable variables: pass "
            "them in the order of these variables, or as (gradient, variable) pairs"
        )

    def lookup(variable: Any) -> Any | Missing:
        known = [identity for identity in adapter.identities(variable) if identity in gradient_of]
        gradient = gradient_of[known[0]] if known else _NOT_GIVEN
        return _IS_NONE if gradient is None else gradient

    return lookup


def _kept_beside(adapter: Adapter, variables: list[Any]) -> Lookup:
    if variables and all(adapter.gradient(variable) is None for variable in variables):
        raise ValueError(
            "no variable of this model keeps a gradient: with PyTorch, call this between loss.backward() "
            "and optimizer.zero_grad(); with other frameworks, pass the gradients"
        )

    def lookup(variable: Any) -> Any | Missing:
        gradient = adapter.gradient(variable)
        return _NOT_KEPT if gradient is None else gradient

    return lookup
