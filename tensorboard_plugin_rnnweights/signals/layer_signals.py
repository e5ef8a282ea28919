"""All signals of one call of a recurrent layer: replayed, checked against the layer, and followed back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.cells import Cell, Place
from tensorboard_plugin_rnnweights.rnn.equations import Equations, UnknownEquationsError, equations_of
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.signals.backward import Gradients, gradients_of
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals, Reach
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall, States
from tensorboard_plugin_rnnweights.signals.reach import reach_of
from tensorboard_plugin_rnnweights.signals.replay import Replay, replay

Array = npt.NDArray[Any]
Levels = list[list[Replay]]

# How far replayed outputs may be from the layer's own, relative to the largest of these. A layer of 16 bits
# rounds every state; one of float32 on a GPU may multiply with the 10 bits of mantissa of TF32, which alone
# gives 1e-3 and more. What is wrong in its equations is further off.
_TOLERANCES = {"float64": 1e-8, "float32": 5e-3, "float16": 2e-2, "bfloat16": 1e-1}

# For outputs that are all next to zero, of sums whose terms are not.
_ROUNDING = {"float64": 1e-12}


MAX_VALUES = 2**28
"""How many values the gates of a layer may have on the probe for it to be replayed: a GiB as float32."""


class _TooLargeError(ValueError):
    """A probe on which a layer takes too much memory to be replayed."""


def signals_of(
    call: LayerCall,
    weights: Mapping[Place, Sequence[GateTensor]],
    *,
    with_reach: bool,
    max_reach_time: int = 128,
) -> tuple[list[CellSignals], list[str]]:
    """What flowed through each cell of a layer in one call.

    The layer is computed in float64 if its outputs are float64, and in float32 otherwise. Its outputs are
    compared with the layer's own; where they differ, only the layer's own outputs are given.

    Args:
        call: The call.
        weights: By `Cell.place`, all matrices of each of its cells, as they were at the call.
        with_reach: Whether to compute the reach.
        max_reach_time: How many time steps a call may have for its reach to be computed, which costs their
            square.

    Returns:
        The signals of each cell by level, then direction; and what could not be computed, and why: a
        sentence each, which is the same at each call.
    """
    dtype = np.asarray(call.outputs).dtype.name
    call = _prepared(call, np.float64 if dtype == "float64" else np.float32)
    with np.errstate(all="ignore"):
        try:
            _check_size(call, weights)
            levels = _replayed(call, weights)
            _check(call, levels, dtype)
        except (UnknownEquationsError, _TooLargeError) as error:
            shown = _outputs_alone(call) if call.returns_sequences else []
            left = "only its outputs are shown" if shown else "nothing that flows through it is shown"
            return shown, [f"{left}, as the recurrent layer '{_name(call)}' can't be replayed: {error}"]
        gradients = _followed_back(call, levels)
        reach, faults = _reach(call, levels, max_reach_time) if with_reach else (None, [])
    return _signals(call, levels, gradients, reach), faults


def _prepared(call: LayerCall, dtype: Any) -> LayerCall:
    """The call in NumPy's hands, in one precision, with units on the last axis."""
    mask = None if call.mask is None else np.asarray(call.mask).astype(np.bool_)
    convolution = call.cells[0][0].convolution
    rank = len(convolution.strides) if convolution is not None and convolution.is_channels_first else 0

    def converted(value: Any) -> Array:
        return np.moveaxis(np.asarray(value).astype(dtype), -1 - rank, -1)

    converted_call = replace(call, mask=None).mapped(converted)
    return replace(converted_call, mask=None if mask is None or mask.all() else mask)


def _check_size(call: LayerCall, weights: Mapping[Place, Sequence[GateTensor]]) -> None:
    """Raises `_TooLargeError` where the gates' values would take too much memory."""
    columns = sum(
        tensor.values.shape[1]
        for level in call.cells
        for cell in level
        for tensor in weights[cell.place]
        if tensor.matrix == "kernel"
    )
    values = math.prod(call.inputs.shape[:-1]) * columns
    if values > MAX_VALUES:
        raise _TooLargeError(
            f"its gates have {values:,} values on the probe, and the limit is {MAX_VALUES:,}: "
            "hand in fewer samples"
        )


def _replayed(call: LayerCall, weights: Mapping[Place, Sequence[GateTensor]]) -> Levels:
    """What each cell computes, by level, then direction.

    Raises:
        UnknownEquationsError: If the equations of one of the cells are not known.
    """
    # All of them before anything is computed, so that what is not known comes to light at once.
    equations = [[_equations(cell, weights, call.inputs) for cell in level] for level in call.cells]
    zeroes_masked = _zeroes_masked(call)
    inputs, levels = call.inputs, []
    for level, of_level in enumerate(equations):
        is_followed = of_level is equations[-1] and call.returns_sequences
        runs = [
            replay(
                one,
                inputs,
                is_reversed=is_reversed,
                mask=call.mask,
                initial=_of_cell(call.initial_states, level, direction),
                zeroes_masked=zeroes_masked,
                followed=_part(call.outputs, call, direction) if is_followed else None,
            )
            for direction, (one, is_reversed) in enumerate(zip(of_level, call.reversed, strict=True))
        ]
        levels.append(runs)
        inputs = np.concatenate([run.outputs for run in runs], axis=-1)
    return levels


def _equations(cell: Cell, weights: Mapping[Place, Sequence[GateTensor]], inputs: Array) -> Equations:
    return equations_of(cell, weights[cell.place], inputs.shape[2:-1], inputs.dtype)


def _zeroes_masked(call: LayerCall) -> bool:
    """Whether the layer's outputs where masked are zeros."""
    if call.mask is None or not call.returns_sequences:
        return call.zeroes_masked
    # Outputs before the first one that counts are zeros in any case.
    return not call.outputs[~call.mask].any()


def _of_cell(states: tuple[tuple[States | None, ...], ...] | None, level: int, direction: int) -> Any:
    return None if states is None else states[level][direction]


def _part(side_by_side: Array, call: LayerCall, direction: int) -> Array:
    """One direction's part of what is given for all of them on the last axis."""
    return np.split(side_by_side, len(call.reversed), axis=-1)[direction]


def _check(call: LayerCall, levels: Levels, dtype: str) -> None:
    """Compares the replayed outputs with the layer's own.

    Raises:
        UnknownEquationsError: If they differ.
    """
    if call.returns_sequences:
        found = np.concatenate([run.computed for run in levels[-1]], axis=-1)
        own, found = (one if call.mask is None else one[call.mask] for one in (call.outputs, found))
    else:
        found = np.concatenate([run.outputs[:, run.last] for run in levels[-1]], axis=-1)
        own = call.outputs
    scale = np.abs(own).max(where=np.isfinite(own), initial=0)
    tolerance = _TOLERANCES.get(dtype, _TOLERANCES["float32"]) * scale + _ROUNDING.get(dtype, 1e-6)
    same = (np.abs(found - own) <= tolerance) | (found == own) | (np.isnan(found) & np.isnan(own))
    if not same.all():
        raise UnknownEquationsError(
            "its cell's equations, as they are known, give other outputs than its own"
        )


def _followed_back(call: LayerCall, levels: Levels) -> list[list[Gradients]] | None:
    """The loss's gradients in each cell, from the last level down; None where there is no loss."""
    if call.output_gradients is None and call.state_gradients is None:
        return None
    zeroes_masked = _zeroes_masked(call)
    arriving = _arriving(call, levels[-1])
    found = []
    for level in reversed(range(len(levels))):
        of_level = [
            gradients_of(
                run,
                _part(arriving, call, direction),
                _of_cell(call.state_gradients, level, direction),
                zeroes_masked,
            )
            for direction, run in enumerate(levels[level])
        ]
        found.append(of_level)
        if level:
            through = zip(levels[level], of_level, strict=True)
            shares = [run.equations.to_inputs(one.gates) for run, one in through]
            arriving = np.sum(shares, axis=0)
    return found[::-1]


def _arriving(call: LayerCall, runs: Sequence[Replay]) -> Array:
    """The loss's gradients at the outputs of all time steps of the last level, directions side by side."""
    if call.output_gradients is not None and call.returns_sequences:
        return call.output_gradients
    parts = [np.zeros_like(run.outputs) for run in runs]
    if call.output_gradients is not None:
        for direction, (run, part) in enumerate(zip(runs, parts, strict=True)):
            part[:, run.last] = _part(call.output_gradients, call, direction)
    return np.concatenate(parts, axis=-1)


def _reach(call: LayerCall, levels: Levels, max_time: int) -> tuple[list[list[Reach]] | None, list[str]]:
    length = call.inputs.shape[1]
    if length > max_time:
        return None, [
            f"the reach in the recurrent layer '{_name(call)}' is not computed, as its sequences have "
            f"{length} time steps: the limit is {max_time}"
        ]
    return reach_of(levels, call.output_gradients if call.returns_sequences else None), []


def _signals(
    call: LayerCall,
    levels: Levels,
    gradients: list[list[Gradients]] | None,
    reach: list[list[Reach]] | None,
) -> list[CellSignals]:
    return [
        _of_run(
            cell,
            levels[level][direction],
            None if gradients is None else gradients[level][direction],
            None if reach is None else reach[level][direction],
        )
        for level, cells in enumerate(call.cells)
        for direction, cell in enumerate(cells)
    ]


def _of_run(cell: Cell, run: Replay, gradients: Gradients | None, reach: Reach | None) -> CellSignals:
    states = [step.states[1] for step in run.steps if len(step.states) > 1]
    by_gate = run.equations.by_gate
    return CellSignals(
        cell=cell,
        is_reversed=run.is_reversed,
        mask=run.mask,
        outputs=run.outputs,
        cell_states=np.stack(states, axis=1) if states else None,
        gate_activations=by_gate(run.over_time([step.gates for step in run.steps])),
        bounded_gates=run.equations.bounded_gates,
        output_gradients=None if gradients is None else gradients.outputs,
        gate_gradients=None if gradients is None else by_gate(gradients.gates),
        reach=reach,
    )


def _outputs_alone(call: LayerCall) -> list[CellSignals]:
    """What is known of a layer that can't be replayed, but returned its outputs of all time steps."""
    return [
        CellSignals(
            cell=cell,
            is_reversed=call.reversed[direction],
            mask=call.mask,
            outputs=_part(call.outputs, call, direction),
        )
        for direction, cell in enumerate(call.cells[-1])
    ]


def _name(call: LayerCall) -> str:
    """The layer's path, with its direction where this call is of one of two."""
    first = call.cells[0]
    return first[0].name() if len(first) == 1 else first[0].layer
