"""Records matrices, and what has changed in them: held at once, computed and written later."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tensorboard_plugin_rnnweights.capture.held import HeldMatrix
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tensorboard_plugin_rnnweights.summary.background import Job
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.recorder import Recorder
from tensorboard_plugin_rnnweights.summary.updates import Updates
from tensorboard_plugin_rnnweights.training.notices import Notices


class Matrix(NamedTuple):
    """A matrix to be recorded.

    Attributes:
        tensor: Makes it; raises `ValueError` if it can't be read.
        size: How many values it holds.
        layer: Its layer.
    """

    tensor: Callable[[], GateTensor]
    size: int
    layer: str

    @classmethod
    def of_tensor(cls, tensor: GateTensor) -> Matrix:
        """One that is there already."""
        return cls(lambda: tensor, tensor.values.size, tensor.layer)

    @classmethod
    def of_held(cls, held: HeldMatrix) -> Matrix:
        """One that is still in the framework's hands."""
        return cls(held.tensor, held.size, held.cell.layer)


@dataclass(frozen=True)
class Destination:
    """Where, as what and when matrices are recorded; `updates` where their changes are, too.

    It must not hold the writer, which otherwise would never be collected while its jobs wait.
    """

    recorder: Recorder
    updates: Updates | None
    kind: str
    step: int
    wall_time: float
    notices: Notices


def matrix_jobs(matrices: Iterable[Matrix], to: Destination) -> Iterator[Job]:
    """What records each of them, in the model's order."""
    for position, matrix in enumerate(matrices):
        yield Job(functools.partial(_record, matrix, position, to), matrix.size, to.step)


def _record(matrix: Matrix, position: int, to: Destination) -> None:
    try:
        tensor = matrix.tensor()
    except ValueError as error:
        to.notices.report(Notice(str(error), to.kind, (matrix.layer,)), to.step)
        return
    observation = Observation.of_tensor(tensor, to.kind)
    if not to.recorder.record(observation, position, to.step, to.wall_time) or to.updates is None:
        return
    if (update := to.updates.since_last(tensor, observation.block_norms)) is not None:
        to.recorder.record(update, position, to.step, to.wall_time)
