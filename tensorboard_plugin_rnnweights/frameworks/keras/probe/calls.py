"""What was recorded of a Keras layer's call, in the terms of `signals.layer_call`."""

from __future__ import annotations

from typing import Any

from tensorboard_plugin_rnnweights.frameworks.keras.probe.forward_pass import Engine
from tensorboard_plugin_rnnweights.frameworks.keras.probe.nest import leaves
from tensorboard_plugin_rnnweights.frameworks.keras.probe.recorder import Recorded
from tensorboard_plugin_rnnweights.frameworks.keras.recurrent_layer import RecurrentLayer
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall, States


def layer_call(
    engine: Engine, found: RecurrentLayer, recorded: Recorded, gradients: list[Any] | None
) -> LayerCall:
    """The call, with the batch first and time in its natural order.

    Args:
        engine: What knows the backend's values.
        found: The layer.
        recorded: What was recorded of it.
        gradients: The loss's gradients at what it returned, outputs and then states; None without a loss.
    """
    layer = found.layer
    returns_sequences = _returns_sequences(layer, recorded)
    is_reversed = bool(getattr(layer, "go_backwards", False))
    is_time_first = bool(getattr(layer, "time_major", False))

    def sequence(value: Any) -> Any:
        return engine.batch_first(value) if is_time_first and value is not None else value

    def output(value: Any) -> Any:
        if value is None or not returns_sequences:
            return value
        # Layers that go backwards return what they found first, first.
        return engine.flipped(sequence(value)) if is_reversed else sequence(value)

    at_outputs, *at_states = gradients or [None]
    call = LayerCall(
        cells=tuple((cell,) for cell in found.cells),
        reversed=(is_reversed,),
        inputs=sequence(recorded.inputs),
        mask=sequence(recorded.mask),
        initial_states=_by_level(layer, recorded.initial_states),
        outputs=output(recorded.outputs),
        returns_sequences=returns_sequences,
        zeroes_masked=bool(getattr(layer, "zero_output_for_mask", False)),
        output_gradients=output(at_outputs),
        state_gradients=_by_level(layer, tuple(at_states) or None),
    )
    return call.mapped(engine.held)


def _returns_sequences(layer: Any, recorded: Recorded) -> bool:
    given = getattr(layer, "return_sequences", None)
    return len(recorded.outputs.shape) == len(recorded.inputs.shape) if given is None else bool(given)


def _by_level(layer: Any, states: tuple[Any, ...] | None) -> tuple[tuple[States | None, ...], ...] | None:
    """States one after the other, by the level and the direction, which is one, of the cell they are of."""
    if states is None:
        return None
    cell = getattr(layer, "cell", layer)
    cells = getattr(cell, "cells", None) or getattr(cell, "_cells", None) or [cell]
    is_last_first = bool(getattr(cell, "reverse_state_order", False))
    rest, levels = list(states), []
    for one in reversed(cells) if is_last_first else cells:
        size = _count(getattr(one, "state_size", None)) if len(cells) > 1 else len(rest)
        levels.append((tuple(rest[:size]),))
        del rest[:size]
    return tuple(reversed(levels) if is_last_first else levels)


def _count(state_size: Any) -> int:
    """How many states a cell has; a size is a number, or a shape."""
    return len(leaves(state_size)) if isinstance(state_size, list | tuple) else 1
