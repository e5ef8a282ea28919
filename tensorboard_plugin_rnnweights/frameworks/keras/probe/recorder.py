"""Sees what the recurrent layers of a Keras model are called with and return, while the model is run."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, NamedTuple, Protocol

from tensorboard_plugin_rnnweights.frameworks.keras.probe.nest import filled, leaves
from tensorboard_plugin_rnnweights.frameworks.keras.recurrent_layer import RecurrentLayer

_logger = logging.getLogger(__name__)

Tap = Callable[[int, list[Any]], list[Any]]
"""Called with a layer's number and what it returned; what it gives back is what the model goes on with."""


class Values(Protocol):
    """What a recorder has to know of the values of a backend."""

    def is_dense(self, value: Any) -> bool:
        """Whether it is a tensor of the backend with one length for all samples."""

    def now(self, value: Any) -> Any:
        """What a tensor or variable is now."""

    def calling(self) -> AbstractContextManager[Any]:
        """What the model has to be called in."""

    def place(self) -> Any:
        """Where values are computed now.

        It is another place inside loops and mapped functions, which are traced by themselves, and whose
        values can't be carried out of them.
        """


class Recorded(NamedTuple):
    """What one layer was called with and returned, as it was; `signals.LayerCall` says what these are."""

    inputs: Any
    mask: Any
    initial_states: tuple[Any, ...] | None
    outputs: Any
    final_states: tuple[Any, ...]


class Recorder:
    """Stands in for the method `call` of some layers while it is entered as a context.

    Args:
        layers: The layers, whose numbers are their places in this sequence.
        values: What has to be known of the backend's values.
        tap: Is shown what each recorded layer returned, outputs and then states.

    Attributes:
        recorded: What was seen, by the layer's number.
    """

    def __init__(self, layers: Sequence[RecurrentLayer], values: Values, tap: Tap) -> None:
        self._layers = layers
        self._values = values
        self._tap = tap
        self._place: Any = None
        self._left_out: dict[int, str] = {}
        self._initial_states: tuple[Any, ...] | None = None
        self._stack = ExitStack()
        self.recorded: dict[int, Recorded] = {}

    def __enter__(self) -> Recorder:
        self._place = self._values.place()
        for number, found in enumerate(self._layers):
            self._intercept(found.layer, "call", functools.partial(self._call, number))
            # Where Keras 3 and tf_keras have settled what a layer starts from.
            self._intercept(found.layer, "inner_loop", self._inner_loop)
            self._intercept(found.layer, "_process_inputs", self._process_inputs)
        return self

    def __exit__(self, kind: object, *raised: object) -> None:
        self._stack.close()
        for number, reason in self._left_out.items():
            if kind is None and number not in self.recorded:
                name = self._layers[number].name
                _logger.warning("the probe leaves the recurrent layer '%s' out: %s", name, reason)

    def _intercept(self, layer: Any, name: str, instead: Callable[..., Any]) -> None:
        """Keras looks its methods up on the instance; what is set in `vars` it doesn't track."""
        if hasattr(layer, name):
            method = getattr(layer, name)
            wrapped = functools.update_wrapper(functools.partial(instead, method), method)
            self._stack.enter_context(own_attribute(layer, name, wrapped))

    def _inner_loop(self, method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        given = inspect.signature(method).bind(*arguments, **options).arguments
        self._start_from(given["initial_state"])
        return method(*arguments, **options)

    def _process_inputs(self, method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        processed = method(*arguments, **options)
        self._start_from(processed[1])
        return processed

    def _start_from(self, states: Any) -> None:
        # Those of a stateful layer are variables, to which it will assign.
        self._initial_states = None if states is None else tuple(map(self._values.now, leaves(states)))

    def _call(self, number: int, method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        if number in self.recorded:
            return method(*arguments, **options)
        given = inspect.signature(method).bind(*arguments, **options).arguments
        self._start_from(given.get("initial_state"))
        returned = method(*arguments, **options)
        # tf_keras hands initial states over beside the inputs, and a mask for each.
        inputs, *_ = leaves(next(iter(given.values())))
        mask, *_ = [*leaves(given.get("mask")), None]
        values = leaves(returned)
        reason = self._why_not([inputs, *values])
        if reason:
            # A later call may do: a Sequential of tf_keras first infers shapes where they are other ones.
            self._left_out.setdefault(number, reason)
            return returned
        tapped = self._tap(number, values)
        self.recorded[number] = Recorded(
            inputs=inputs,
            mask=mask,
            initial_states=self._initial_states,
            outputs=tapped[0],
            final_states=tuple(tapped[1:]),
        )
        return filled(returned, tapped)

    def _why_not(self, values: list[Any]) -> str | None:
        if self._values.place() != self._place:
            return "it is called inside a loop or a mapped function of another layer"
        if not all(self._values.is_dense(value) for value in values):
            return "what it gets or returns is ragged, or no tensor"
        return None


@contextmanager
def own_attribute(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Gives an object an attribute of its own for a while, without what its class does about that."""
    had, before = name in vars(owner), vars(owner).get(name)
    vars(owner)[name] = value
    try:
        yield
    finally:
        if had:
            vars(owner)[name] = before
        else:
            del vars(owner)[name]
