"""The ways in which PyTorch's recurrent modules, and those that derive from them, are called."""

# ruff: noqa: D102 (What the methods do is said once, in their protocol.)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from tensorboard_plugin_rnnweights.frameworks.torch.probe.calls import Call, Convention, Levels
from tensorboard_plugin_rnnweights.frameworks.torch.probe.structures import leaves


def convention_of(module: nn.Module, has_equations: bool) -> Convention:
    """How a module is called.

    Args:
        module: The module.
        has_equations: Whether its equations are known; a subclass without may be called in any way.
    """
    if has_equations and isinstance(module, nn.RNNBase):
        return LayerConvention(module)
    if has_equations and isinstance(module, nn.RNNCellBase):
        return CellConvention(module)
    return UnknownConvention(module)


@dataclass(frozen=True, eq=False)
class LayerConvention:
    """As `nn.RNN`, `nn.LSTM` and `nn.GRU` are called."""

    module: Any

    def are_states(self, second: Any) -> bool:
        places = self.module.num_layers * (1 + self.module.bidirectional)
        return _are_tensors(second, 1 + (self.module.mode == "LSTM")) and all(
            one.dim() >= 2 and len(one) == places for one in leaves(second)
        )

    def goes_on(self, calls: Sequence[Call], call: Call) -> bool:
        # A backward direction begins anew in each call.
        before = calls[-1]
        return (
            not self.module.bidirectional
            and call.states is not None
            and not isinstance(call.inputs, PackedSequence)
            and self.holds_for(before)
            and _but_time(self.inputs(before)) == _but_time(self.inputs(call))
            and _are_equal(call.states, before.outputs[1])
        )

    def holds_for(self, call: Call) -> bool:
        given = call.outputs
        return isinstance(given, tuple) and len(given) == 2 and self.are_states(given[1])

    def inputs(self, call: Call) -> torch.Tensor:
        return _batch_first(call.inputs, self.module.batch_first)

    def mask(self, call: Call) -> torch.Tensor | None:
        return _mask(call.inputs)

    def outputs(self, call: Call) -> torch.Tensor:
        return _batch_first(call.outputs[0], self.module.batch_first)

    def initial_states(self, call: Call) -> Levels | None:
        return None if call.states is None else self._levels(call.states)

    def state_gradients(self, gradients: Call) -> Levels:
        return self._levels(gradients.outputs[1])

    def _levels(self, states: Any) -> Levels:
        """The states of all cells stand one after the other: level by level, and in it the directions."""
        directions = 1 + self.module.bidirectional
        places = range(self.module.num_layers * directions)
        cells = [tuple(_batched(one[place]) for one in leaves(states)) for place in places]
        return tuple(tuple(cells[start : start + directions]) for start in places[::directions])


@dataclass(frozen=True, eq=False)
class CellConvention:
    """As `nn.RNNCell`, `nn.LSTMCell` and `nn.GRUCell` are called: by the user's loop, once a time step."""

    module: Any

    def are_states(self, second: Any) -> bool:
        return _are_tensors(second, 1 + isinstance(self.module, nn.LSTMCell))

    def goes_on(self, calls: Sequence[Call], call: Call) -> bool:
        return _shape(call) == _shape(calls[0]) and not self._begins(calls[0], call)

    def holds_for(self, call: Call) -> bool:
        return self.are_states(call.outputs)

    def inputs(self, call: Call) -> torch.Tensor:
        return _batched(call.inputs).unsqueeze(1)

    def mask(self, call: Call) -> torch.Tensor | None:
        return None

    def outputs(self, call: Call) -> torch.Tensor:
        return _batched(next(leaves(call.outputs))).unsqueeze(1)

    def initial_states(self, call: Call) -> Levels | None:
        return None if call.states is None else _one_cell(call.states)

    def state_gradients(self, gradients: Call) -> Levels:
        # The hidden state is the output.
        (((hidden, *others),),) = _one_cell(gradients.outputs)
        return (((torch.zeros_like(hidden), *others),),)

    @staticmethod
    def _begins(first: Call, call: Call) -> bool:
        """Whether another loop begins: without states, from zeros, or from where the first one began."""
        if call.states is None or not any(bool(one.any()) for one in leaves(call.states)):
            return True
        return first.states is not None and _are_equal(call.states, first.states)


@dataclass(frozen=True, eq=False)
class UnknownConvention:
    """As a user's own module may be called: only `batch_first` and the axes say where time is."""

    module: Any

    def are_states(self, second: Any) -> bool:
        return False

    def goes_on(self, calls: Sequence[Call], call: Call) -> bool:
        return _shape(call) == _shape(calls[0]) and self._is_step(calls[0])

    def holds_for(self, call: Call) -> bool:
        axes = (_axes(call.inputs), _axes(_first(call.outputs)))
        is_layer = hasattr(self.module, "batch_first") and axes in ((3, 3), (3, 2))
        is_unbatched = isinstance(self.module, nn.RNNBase) and axes == (2, 2)
        return is_layer or is_unbatched or self._is_step(call)

    def inputs(self, call: Call) -> torch.Tensor:
        return self._ordered(call, call.inputs)

    def mask(self, call: Call) -> torch.Tensor | None:
        return _mask(call.inputs)

    def outputs(self, call: Call) -> torch.Tensor:
        given = _first(call.outputs)
        is_last = (_axes(call.inputs), _axes(given)) == (3, 2)
        return given if is_last else self._ordered(call, given)

    def initial_states(self, call: Call) -> Levels | None:
        return None

    def state_gradients(self, gradients: Call) -> Levels:
        return ()

    def _ordered(self, call: Call, values: Any) -> torch.Tensor:
        if self._is_step(call):
            return _batched(values).unsqueeze(1)
        return _batch_first(values, self.module.batch_first)

    def _is_step(self, call: Call) -> bool:
        """Whether a cell was called: features went in and units came out, of one time step."""
        axes = {_axes(call.inputs), _axes(_first(call.outputs))}
        return (
            not isinstance(self.module, nn.RNNBase)
            and axes in ({1}, {2})
            and call.inputs.is_floating_point()
        )


def _are_tensors(structure: Any, count: int) -> bool:
    found = [*leaves(structure)]
    return len(found) == count and all(
        isinstance(one, torch.Tensor) and one.is_floating_point() for one in found
    )


def _are_equal(one: Any, other: Any) -> bool:
    pairs = [*zip(leaves(one), leaves(other), strict=True)]
    return all(left.shape == right.shape and torch.equal(left, right) for left, right in pairs)


def _first(structure: Any) -> Any:
    """The first tensor or packed sequence of a structure."""
    if isinstance(structure, PackedSequence):
        return structure
    parts = structure.values() if isinstance(structure, dict) else structure
    if isinstance(structure, dict | list | tuple):
        return next((found for one in parts if (found := _first(one)) is not None), None)
    return structure if isinstance(structure, torch.Tensor) else None


def _axes(values: Any) -> int:
    """How many axes it has, batch and time among them."""
    if isinstance(values, PackedSequence):
        return values.data.dim() + 1
    return values.dim() if isinstance(values, torch.Tensor) else 0


def _shape(call: Call) -> Any:
    return getattr(call.inputs, "shape", None)


def _but_time(values: torch.Tensor) -> tuple[int, int]:
    return values.shape[0], values.shape[2]


def _batched(values: torch.Tensor) -> torch.Tensor:
    """With a batch of one, where it had none: (batch, features)."""
    return values.reshape(-1, values.shape[-1])


def _batch_first(values: Any, is_so: bool) -> torch.Tensor:
    """Batch, then time, of values that may be packed, or may have no batch."""
    if isinstance(values, PackedSequence):
        return pad_packed_sequence(values, batch_first=True)[0]
    if values.dim() == 2:
        return values.unsqueeze(0)
    return values if is_so else values.transpose(0, 1)


def _mask(inputs: Any) -> torch.Tensor | None:
    if not isinstance(inputs, PackedSequence):
        return None
    padded, lengths = pad_packed_sequence(inputs, batch_first=True)
    return torch.arange(padded.shape[1]) < lengths.unsqueeze(1)


def _one_cell(states: Any) -> Levels:
    return ((tuple(_batched(one) for one in leaves(states)),),)
