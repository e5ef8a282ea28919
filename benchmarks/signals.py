"""What a probe costs beside one training step: how long training is held, and what each kind takes.

LSTM(256) on 64 inputs, 50 time steps, 32 sequences a batch, as in `benchmarks.logging`; the probe has 8 of
them. On Keras (TensorFlow) and on PyTorch, in one run.

    python -m benchmarks.signals
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import torch

import tensorboard_plugin_rnnweights as rnnweights
from benchmarks.paired import Contender, Cost, median_ratio, rounds
from tensorboard_plugin_rnnweights.frameworks.adapter import Loss
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for
from tensorboard_plugin_rnnweights.rnn import kinds
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.measures.spectrum import spectra
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.recorder import Recorder
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts
from tensorboard_plugin_rnnweights.summary.updates import Updates
from tensorboard_plugin_rnnweights.training.signals import ReachSchedule, signals_jobs

UNITS = 256
FEATURES = 64
LENGTH = 50
BATCH = 32
PROBED = 8
LENGTHS = (25, 50, 100)

ROUNDS = 15
STEP = "a training step"

OF_PROBE = {
    "replay alone": (),
    "outputs, cell states, gate activations": (kinds.OUTPUTS, kinds.CELL_STATES, kinds.GATE_ACTIVATIONS),
    "correlations": (kinds.CORRELATIONS,),
    "output and gate gradients": (kinds.OUTPUT_GRADIENTS, kinds.GATE_GRADIENTS),
    "reach": (kinds.REACH,),
    "all of these at once": tuple(kinds.BY_NAME),
}
"""What is computed of a probe; each of them with the replay that it needs."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Subject:
    """A model that is trained.

    Attributes:
        name: The framework's.
        model: The model.
        loss: What PyTorch needs to be told; None for a compiled Keras model.
        train: One training step.
        probe: The probe's inputs and targets.
    """

    name: str
    model: Any
    loss: Loss | None
    train: Callable[[], object]
    probe: tuple[Any, Any]


def main() -> None:
    """Prints all tables."""
    for make in (_of_keras, _of_torch):
        subject = make(LENGTH)
        print(f"\n{subject.name}: LSTM({UNITS}) on {FEATURES} inputs, {LENGTH} time steps")
        _training_thread(subject)
        _kinds(subject)
        _reach_by_length(make)


def _training_thread(subject: Subject) -> None:
    """How long a probe holds the thread that trains."""
    x, y = subject.probe
    with tempfile.TemporaryDirectory() as folder:
        writer = rnnweights.SummaryWriter(folder)
        steps = itertools.count()

        def activations() -> None:
            writer.add_activations(subject.model, x, next(steps))

        def gradient_flow() -> None:
            writer.add_gradient_flow(subject.model, x, y, next(steps), loss=subject.loss)

        first = {}
        for name, add in {"a probe without targets": activations, "with targets": gradient_flow}.items():
            start = time.perf_counter()
            add()
            first[name] = (time.perf_counter() - start) * 1e3
            writer.flush()
        costs = rounds(
            {
                STEP: Contender(subject.train),
                "a probe without targets": Contender(activations, writer.flush),
                "with targets": Contender(gradient_flow, writer.flush),
            },
            ROUNDS,
        )
        writer.close()
    print(f"\n{'training thread held':42}{'time':>10}{'ratio':>8}{'first time':>14}")
    base = [cost.held for cost in costs[STEP]]
    for name, of_rounds in costs.items():
        held = [cost.held for cost in of_rounds]
        once = f"{first[name]:11.0f} ms" if name in first else ""
        print(f"{name:42}{statistics.median(held):7.1f} ms{median_ratio(held, base):8.2f}{once}")


def _kinds(subject: Subject) -> None:
    """What each kind takes, of all threads."""
    with _recorder() as recorder:
        contenders = {STEP: Contender(subject.train)}
        for name, wanted in OF_PROBE.items():
            contenders[name] = Contender(_recording(subject, wanted, recorder()))
        contenders["updates"] = Contender(_updates(subject, recorder()))
        contenders["spectrum"] = Contender(_spectrum(subject))
        _print_processor_times(rounds(contenders, ROUNDS))


def _reach_by_length(make: Callable[[int], Subject]) -> None:
    """How the reach's cost grows with the number of time steps."""
    with _recorder() as recorder:
        for length in LENGTHS:
            subject = make(length)
            name = f"reach, {length} time steps"
            contenders = {
                STEP: Contender(subject.train),
                name: Contender(_recording(subject, (kinds.REACH,), recorder())),
            }
            costs = rounds(contenders, ROUNDS)
            print(_line(name, costs[name], costs[STEP]))


def _recording(subject: Subject, wanted: tuple[str, ...], recorder: Recorder) -> Callable[[], None]:
    """Computes and records some kinds, as it happens in the writer's thread."""
    needs_loss = set(wanted) - {
        kinds.OUTPUTS,
        kinds.CELL_STATES,
        kinds.GATE_ACTIVATIONS,
        kinds.CORRELATIONS,
    }
    x, y = subject.probe
    runner = adapter_for(subject.model).probe_runner(subject.model, subject.loss)
    calls = runner.run(x, y if needs_loss else None)
    jobs = signals_jobs(calls, frozenset(wanted), ProbeFacts())
    reach = ReachSchedule("snapshot", max(LENGTHS))
    steps = itertools.count()

    def record() -> None:
        step = next(steps)
        for job in jobs:
            job.record(recorder, reach, step, time.time(), warnings.warn)

    return record


def _updates(subject: Subject, recorder: Recorder) -> Callable[[], None]:
    updates = Updates()
    weights = itertools.cycle([_weights(subject), _weights(subject)])
    steps = itertools.count()

    def record() -> None:
        step = next(steps)
        for position, tensor in enumerate(next(weights)):
            norms = Observation.of_tensor(tensor, "weights").block_norms
            found = updates.since_last(tensor, norms)
            if found is not None:
                recorder.record(found, position, step, time.time())

    return record


def _spectrum(subject: Subject) -> Callable[[], object]:
    (blocks,) = (one.blocks for one in _weights(subject) if one.matrix == "recurrent_kernel")
    return lambda: spectra(blocks.values())


def _weights(subject: Subject) -> list[GateTensor]:
    """The weights after a further training step."""
    subject.train()
    return rnnweights.decompose(subject.model)


@contextmanager
def _recorder() -> Iterator[Callable[[], Recorder]]:
    """Makes recorders of event files; each snapshot has its heatmap."""
    with tempfile.TemporaryDirectory() as folder:
        yield lambda: Recorder(EventFile(folder), 2**22, "bfloat16", warnings.warn, "snapshot")


def _print_processor_times(costs: dict[str, list[Cost]]) -> None:
    print(f"\n{'processor time of all threads':42}{'time':>10}{'ratio':>8}")
    for name, of_rounds in costs.items():
        print(_line(name, of_rounds, costs[STEP]))


def _line(name: str, costs: list[Cost], base: list[Cost]) -> str:
    times = [cost.cpu for cost in costs]
    ratio = median_ratio(times, [cost.cpu for cost in base])
    return f"{name:42}{statistics.median(times):7.1f} ms{ratio:8.2f}"


def _of_keras(length: int) -> Subject:
    model = keras.Sequential(
        [keras.layers.Input((length, FEATURES)), keras.layers.LSTM(UNITS), keras.layers.Dense(1)]
    )
    model.compile("adam", "mse")
    x, y = _batch(length)
    model.train_on_batch(x, y)
    return Subject(
        "Keras (TensorFlow)",
        model,
        None,
        lambda: model.train_on_batch(x, y),
        (x[:PROBED], y[:PROBED]),
    )


class _LastOutput(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = torch.nn.LSTM(FEATURES, UNITS, batch_first=True)
        self.dense = torch.nn.Linear(UNITS, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs, _ = self.lstm(x)
        return self.dense(outputs[:, -1])


def _of_torch(length: int) -> Subject:
    model = _LastOutput()
    optimizer = torch.optim.Adam(model.parameters())
    loss = torch.nn.functional.mse_loss
    x, y = (torch.from_numpy(one) for one in _batch(length))

    def train() -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return Subject("PyTorch", model, loss, train, (x[:PROBED], y[:PROBED]))


def _batch(length: int) -> tuple[Array, Array]:
    random = np.random.default_rng(0)
    x = random.normal(size=(BATCH, length, FEATURES)).astype(np.float32)
    return x, x[:, 0, :1]


if __name__ == "__main__":
    main()
