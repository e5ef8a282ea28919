"""Trains a character-level LSTM twice: with the forget gate's bias at 1, and at 0."""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.demo.text import VOCABULARY, encode, standard_library
from tensorboard_plugin_rnnweights.training.callback import RNNWeights

# Jozefowicz et al. (2015) found that an LSTM learns better if its forget gate is open at first.
RUNS = {"forget-bias-1": True, "forget-bias-0": False}
"""The runs, and whether the forget gate's bias starts at 1 in them."""

_CHARACTERS = 500_000
_UNITS = 128
_SEQUENCE = 48
_BATCH = 64
_SNAPSHOTS = 40
_PROBED = 8


def train_all(logdir: Path, steps: int) -> None:
    """Trains all runs, one after the other, each into a directory of its own.

    Args:
        logdir: Where the runs' directories are made.
        steps: Batches that each is trained for.
    """
    inputs, targets = _examples(steps * _BATCH, seed=1)
    probe = _examples(_PROBED, seed=2)
    tokens = [[VOCABULARY[character] for character in stretch] for stretch in probe[0]]
    for number, (run, has_open_forget_gate) in enumerate(RUNS.items(), start=1):
        print(f"Run {number} of {len(RUNS)}: {run}", flush=True)
        _forget_last_demo(logdir / run)
        keras.utils.set_random_seed(1)
        model = _model(has_open_forget_gate)
        every = max(1, steps // _SNAPSHOTS)
        logs = RNNWeights(logdir / run, update_freq=every, probe=probe, probe_tokens=tokens)
        # A bar that is redrawn in place needs a terminal; elsewhere, a line at the end says as much.
        verbose = 1 if sys.stdout.isatty() else 2
        model.fit(inputs, targets, batch_size=_BATCH, callbacks=[logs], verbose=verbose)


def _model(has_open_forget_gate: bool) -> keras.Model:
    def lstm(name: str) -> keras.layers.LSTM:
        return keras.layers.LSTM(
            _UNITS, return_sequences=True, unit_forget_bias=has_open_forget_gate, name=name
        )

    model = keras.Sequential(
        [
            keras.layers.Input((_SEQUENCE,), dtype="int32"),
            keras.layers.Embedding(len(VOCABULARY), 64),
            lstm("lstm_1"),
            lstm("lstm_2"),
            keras.layers.Dense(len(VOCABULARY)),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(3e-3), loss)
    return model


def _examples(count: int, seed: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """So many random stretches of the text, and the same ones a character later."""
    text = encode(standard_library(_CHARACTERS))
    starts = np.random.default_rng(seed).integers(len(text) - _SEQUENCE, size=count)
    stretches = text[starts[:, None] + np.arange(_SEQUENCE + 1)]
    return stretches[:, :-1], stretches[:, 1:]


def _forget_last_demo(run_dir: Path) -> None:
    for file in run_dir.glob("events.out.tfevents.*.rnnweights"):
        file.unlink()
