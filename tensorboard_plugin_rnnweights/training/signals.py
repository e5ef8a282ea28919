"""Records what flows through recurrent layers on a probe: run at once, computed and written later."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.capture.held import HeldMatrix, hold
from tensorboard_plugin_rnnweights.frameworks.adapter import Loss, ProbeRunner
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for
from tensorboard_plugin_rnnweights.rnn import kinds
from tensorboard_plugin_rnnweights.rnn.cells import Place
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall
from tensorboard_plugin_rnnweights.signals.layer_signals import signals_of
from tensorboard_plugin_rnnweights.signals.one_thread import on_one_thread
from tensorboard_plugin_rnnweights.summary.heatmap_schedule import is_heatmap_due
from tensorboard_plugin_rnnweights.summary.recorder import Recorder
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts, observe_signals

ACTIVATION_KINDS = frozenset({kinds.OUTPUTS, kinds.CELL_STATES, kinds.GATE_ACTIVATIONS, kinds.CORRELATIONS})
"""What is known of a probe without a loss."""

FLOW_KINDS = frozenset({kinds.OUTPUT_GRADIENTS, kinds.GATE_GRADIENTS, kinds.REACH})
"""How the gradient flows back."""


# Of a loss that is a new function at each call, only so many are kept.
_MAX_LOSSES = 4


class ProbeRunners:
    """What runs models on probes: made once a model and loss, since some have to be compiled."""

    def __init__(self) -> None:
        self._runners: weakref.WeakKeyDictionary[Any, dict[Loss | None, ProbeRunner]] = (
            weakref.WeakKeyDictionary()
        )

    def of(self, model: Any, loss: Loss | None = None) -> ProbeRunner:
        """The runner of a model with a loss, or with its own.

        Raises:
            ProbeError: If it is several models.
        """
        if isinstance(model, list | tuple | dict):
            return adapter_for(model).probe_runner(model, loss)
        of_model = self._runners.setdefault(model, {})
        # The last one used stands last.
        runner = of_model.pop(loss, None) or adapter_for(model).probe_runner(model, loss)
        of_model[loss] = runner
        if len(of_model) > _MAX_LOSSES:
            del of_model[next(iter(of_model))]
        return runner


def check_max_reach_time(max_reach_time: int) -> None:
    """Checks what a person has set.

    Raises:
        ValueError: If it is no number of time steps.
    """
    if type(max_reach_time) is not int or max_reach_time < 0:
        raise ValueError(
            f"max_reach_time has to be a number of time steps, 0 for no reach, not {max_reach_time!r}"
        )


class ReachSchedule:
    """Which snapshots of a cell have its reach: it is dear, so only those at which a heatmap is due.

    Args:
        heatmap_freq: As for `SummaryWriter`.
        max_time: How many time steps a probe may have for its reach to be computed; 0 for none.
    """

    def __init__(self, heatmap_freq: str | int, max_time: int) -> None:
        self.max_time = max_time
        self._heatmap_freq = heatmap_freq
        self._counts: dict[Place, int] = {}

    def is_due(self, place: Place) -> bool:
        """Whether a cell's next snapshot has its reach; to be asked once a snapshot."""
        self._counts[place] = self._counts.get(place, 0) + 1
        return self.max_time > 0 and is_heatmap_due(self._heatmap_freq, self._counts[place])


@dataclass(frozen=True, eq=False)
class SignalsJob:
    """One call of a recurrent layer, to be followed and recorded in the writer's thread.

    Attributes:
        call: The call.
        matrices: The weights of its cells, as they were then.
        kinds: The kinds that are wanted.
        probe: What is known of the probe.
        position: The place of the layer's first cell among the model's.
    """

    call: LayerCall
    matrices: Sequence[HeldMatrix]
    kinds: frozenset[str]
    probe: ProbeFacts
    position: int

    @property
    def size(self) -> int:
        """How many values it holds."""
        sizes = [matrix.size for matrix in self.matrices]
        self.call.mapped(lambda value: sizes.append(math.prod(value.shape)))
        return sum(sizes)

    def record(
        self,
        recorder: Recorder,
        reach: ReachSchedule,
        step: int,
        wall_time: float,
        report: Callable[[str], None],
    ) -> None:
        """Computes the signals and writes them.

        Args:
            recorder: What writes them.
            reach: When the reach is due.
            step: The training step.
            wall_time: When the probe was run, in seconds since 1970.
            report: Called with what could not be computed, and why.
        """
        with on_one_thread():
            signals, faults = signals_of(
                self.call.mapped(np.asarray),
                self._weights(),
                with_reach=kinds.REACH in self.kinds and reach.is_due(self.call.cells[0][0].place),
                max_reach_time=reach.max_time,
            )
        for fault in faults:
            report(fault)
        for place, one in enumerate(signals):
            for observation in observe_signals(one, self.probe, self.kinds):
                recorder.record(observation, self.position + place, step, wall_time)

    def _weights(self) -> dict[Place, list[GateTensor]]:
        weights: dict[Place, list[GateTensor]] = {
            cell.place: [] for level in self.call.cells for cell in level
        }
        for matrix in self.matrices:
            weights[matrix.cell.place].append(matrix.tensor())
        return weights


def signals_jobs(calls: Sequence[LayerCall], wanted: frozenset[str], probe: ProbeFacts) -> list[SignalsJob]:
    """A job for each call, with the weights of its cells as they are now.

    Layers that get other samples than the model, such as each sentence of a text, have no tokens, and their
    own first samples are shown.

    Raises:
        ValueError: If the samples or tokens of the probe fit no layer.
    """
    faults = [probe.fault(call.inputs.shape[0]) for call in calls]
    if faults and None not in faults:
        raise ValueError(faults[0])
    jobs = []
    position = 0
    for call, fault in zip(calls, faults, strict=True):
        cells = [cell for level in call.cells for cell in level]
        matrices = hold(cells, lambda variable: variable)
        facts = probe if fault is None else ProbeFacts()
        jobs.append(SignalsJob(call, matrices, wanted, facts, position))
        position += len(cells)
    return jobs
