"""Runs with a probe: real trainings, and what really flowed in them, computed once more beside the log."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import torch

from tensorboard_plugin_rnnweights import RNNWeights, SummaryWriter, decompose
from tensorboard_plugin_rnnweights.capture.probe import Probe
from tensorboard_plugin_rnnweights.rnn.cells import Place
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.signals.layer_signals import signals_of
from tensorboard_plugin_rnnweights.summary.observation import Observation
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts, observe_signals
from tensorboard_plugin_rnnweights.training.signals import ProbeRunners
from tests.e2e.logs import LSTM_GATES, ODD_RUN

Array = npt.NDArray[Any]

ALPHABET = "abcdefgh"
TEXTS = ("abcdefghabcd", "hgfedc", "aabbccddeeff", "bahdcgfehgba")
SHORT = 1
"""The sample that is padded: masked from its end on."""
TIMES = len(TEXTS[0])
UNITS = 8
BOTH_UNITS = 6
STEPS = tuple(range(8))
LSTM_RUN, SHUT_RUN, RNN_RUN = RUNS = ("1-lstm", "2-shut", "3-rnn")
ODD_LAYER = "<b>bold"
ODD_TOKENS = ("<img src=x>", "&amp;", "<b>", " ")

FORGET_BIAS = -10.0
OUTPUT_BIAS = 2.2
"""About where a gate counts as open, so that it is so for a part of the time."""

Signals = Mapping[tuple[str, str, str | None], Observation]
"""What flowed at one step, by kind, layer and direction."""


@dataclass(frozen=True)
class Run:
    """What is true of a run.

    Attributes:
        signals: By step: the first and the last one.
        weights: By step, too.
    """

    signals: Mapping[int, Signals]
    weights: Mapping[int, Sequence[GateTensor]]

    def last(self, kind: str, layer: str = "memory", direction: str | None = None) -> Observation:
        """What flowed at the last step."""
        return self.signals[STEPS[-1]][kind, layer, direction]

    def recurrent(self, gate: str, step: int) -> Array:
        """The recurrent block of a gate of the upper layer, of shape (units, units)."""
        wanted = ("memory", "recurrent_kernel")
        return next(one.blocks[gate] for one in self.weights[step] if (one.layer, one.matrix) == wanted)


@dataclass(frozen=True)
class Probed:
    """The runs by name, and the address at which they are served."""

    url: str
    runs: Mapping[str, Run]


def write_runs(logdir: Path) -> dict[str, Run]:
    """Trains all runs: an LSTM, one whose forget gate is shut, and a plain layer with a penalty."""
    # Layers draw the seeds of their weights as they are made.
    keras.utils.set_random_seed(1)
    lstm, shut = (keras.layers.LSTM(UNITS, name="memory") for _ in range(2))
    penalty = keras.regularizers.L2(0.01)
    plain = keras.layers.SimpleRNN(UNITS, name="memory", recurrent_regularizer=penalty)
    return {
        LSTM_RUN: _trained(logdir / LSTM_RUN, lstm),
        SHUT_RUN: _trained(logdir / SHUT_RUN, shut, forget=FORGET_BIAS, output=OUTPUT_BIAS),
        RNN_RUN: _trained(logdir / RNN_RUN, plain),
    }


def write_odd_run(logdir: Path) -> None:
    """A run, a layer and tokens that would be dangerous as HTML."""
    model = torch.nn.Sequential(OrderedDict({ODD_LAYER: torch.nn.LSTM(2, 3, batch_first=True)}))
    inputs = torch.linspace(-1, 1, 2 * len(ODD_TOKENS) * 2).reshape(2, len(ODD_TOKENS), 2)
    tokens = [ODD_TOKENS] * len(inputs)
    with SummaryWriter(logdir / ODD_RUN) as writer:
        for step in (0, 1):
            writer.add_weights(model, step)
            writer.add_activations(model, inputs, step, tokens=tokens)
            writer.add_gradient_flow(model, inputs, 0.0, step, loss=_squared_error, tokens=tokens)


def _squared_error(outputs: Any, target: float) -> Any:
    sequence, _ = outputs
    return ((sequence - target) ** 2).mean()


def _trained(log_dir: Path, memory: keras.Layer, **biases: float) -> Run:
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.layers.Input((TIMES,), dtype="int32"),
            keras.layers.Embedding(len(ALPHABET) + 1, 4, mask_zero=True),
            keras.layers.Bidirectional(keras.layers.LSTM(BOTH_UNITS, return_sequences=True), name="both"),
            memory,
            keras.layers.Dense(1),
        ]
    )
    # Each batch is run as it comes, since building a graph takes longer than so few of them.
    model.compile(keras.optimizers.SGD(0.2, clipnorm=1.0), "mse", run_eagerly=True)
    kernel, recurrent, bias = memory.get_weights()
    for gate, value in biases.items():
        start = UNITS * LSTM_GATES.index(gate)
        bias[start : start + UNITS] = value
    memory.set_weights([kernel, recurrent, bias])
    probe = (_numbered(TEXTS), np.linspace(-1, 1, len(TEXTS), dtype=np.float32)[:, np.newaxis])
    logs = RNNWeights(log_dir, "batch", probe=probe, probe_tokens=TEXTS)
    signals, weights = {STEPS[0]: _signals(model, probe)}, {STEPS[0]: decompose(model)}
    random = np.random.default_rng(0)
    inputs = random.integers(1, len(ALPHABET) + 1, size=(4 * STEPS[-1], TIMES))
    targets = random.normal(size=(len(inputs), 1)).astype(np.float32)
    model.fit(inputs, targets, batch_size=4, shuffle=False, verbose=0, callbacks=[logs])
    signals[STEPS[-1]], weights[STEPS[-1]] = _signals(model, probe), decompose(model)
    return Run(signals, weights)


def _numbered(texts: Sequence[str]) -> Array:
    numbers = np.zeros((len(texts), TIMES), np.int32)
    for row, text in zip(numbers, texts, strict=True):
        row[: len(text)] = [1 + ALPHABET.index(letter) for letter in text]
    return numbers


def _signals(model: keras.Model, given: Any) -> Signals:
    probe = Probe.of(given, TEXTS)
    weights: dict[Place, list[GateTensor]] = {}
    for tensor in decompose(model):
        weights.setdefault((tensor.layer, tensor.direction, tensor.index), []).append(tensor)
    found = {}
    for call in ProbeRunners().of(model).run(probe.inputs, probe.targets):
        signals, faults = signals_of(call.mapped(np.asarray), weights, with_reach=True)
        assert not faults
        for one in signals:
            for observation in observe_signals(one, ProbeFacts(tokens=probe.tokens)):
                series = observation.series
                found[series.kind, series.layer, series.direction] = observation
    return found
