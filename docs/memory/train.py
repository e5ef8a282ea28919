"""Which of them remembers? Trains three recurrent networks to recall what they read long ago.

Somewhere in a sequence of letters stand three of the letters a to d; all others are distractors. When the
sequence is over, the network says which three they were, in their order. It is the copy-memory task of
Hochreiter and Schmidhuber (1997), with its answer at the end alone: whatever gradient arrives at the three
letters has come all the way back. In training they stand anywhere, so that there is something to be learnt
from short delays, too; in the probe they stand at the very beginning.

    python docs/memory/train.py --logdir logs/memory
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights import RNNWeights

SYMBOLS = "abcd"
DISTRACTORS = "wxyz"
ALPHABET = SYMBOLS + DISTRACTORS
COUNT = 3
DELAY = 50
LENGTH = COUNT + DELAY
TESTED_DELAYS = (0, 10, 25, 50)

UNITS = 64
BATCH = 64
SNAPSHOTS = 40

Letters = npt.NDArray[np.int64]
"""Places in `ALPHABET`."""


@dataclass(frozen=True)
class Run:
    """One of the networks that are compared.

    Attributes:
        layer: The class of its recurrent layer.
        learning_rate: Adam's: of 0.01, 0.005, 0.002 and 0.001, the one that it recalls most with.
        options: What its layer is made with beyond what is Keras's default.
    """

    layer: Callable[..., keras.Layer]
    learning_rate: float
    options: dict[str, Any]


RUNS = {
    "lstm": Run(keras.layers.LSTM, 0.01, {}),
    "rnn-random": Run(keras.layers.SimpleRNN, 0.002, {"recurrent_initializer": "glorot_uniform"}),
    "rnn-orthogonal": Run(keras.layers.SimpleRNN, 0.001, {"recurrent_initializer": "orthogonal"}),
}
"""The runs by name."""


def main() -> None:
    """Trains all of them, and prints how much each recalls."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--logdir", type=Path, default=Path("logs/memory"), help="where to log the runs")
    parser.add_argument("--batches", type=int, default=1000, help="how many batches to train for")
    arguments = parser.parse_args()
    print(f"The share of letters that are recalled; by chance it is {1 / len(SYMBOLS):.2f}\n")
    print("delay".ljust(16), *(f"{delay:6}" for delay in TESTED_DELAYS), f"   each letter after {DELAY}")
    for name, run in RUNS.items():
        model = trained(run, arguments.logdir / name, arguments.batches)
        shares = [recall(model, delay).mean() for delay in TESTED_DELAYS] + [*recall(model, DELAY)]
        print(name.ljust(16), *(f"{share:6.2f}" for share in shares), flush=True)
    print(f"\nTo see why: tensorboard --logdir {arguments.logdir}")


def trained(run: Run, log_dir: Path, batches: int) -> keras.Model:
    """Trains one network and logs what flows through it."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.layers.Input((LENGTH, len(ALPHABET))),
            run.layer(UNITS, name="memory", **run.options),
            keras.layers.Dense(COUNT * len(SYMBOLS)),
            keras.layers.Reshape((COUNT, len(SYMBOLS))),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(run.learning_rate, clipnorm=1.0), loss)
    letters, symbols = sequences(seed=2, count=16, delay=DELAY)
    logs = RNNWeights(
        log_dir,
        update_freq=max(1, batches // SNAPSHOTS),
        probe=(one_hot(letters), symbols),
        probe_tokens=["".join(ALPHABET[letter] for letter in sequence) for sequence in letters],
    )
    letters, symbols = sequences(seed=3, count=batches * BATCH)
    model.fit(one_hot(letters), symbols, batch_size=BATCH, verbose=0, callbacks=[logs])
    return model


def recall(model: keras.Model, delay: int) -> npt.NDArray[np.float64]:
    """How often a network gets each symbol right after a delay, in sequences that are new to it."""
    letters, symbols = sequences(seed=4, count=2048, delay=delay)
    found = model.predict(one_hot(letters), batch_size=512, verbose=0).argmax(axis=-1)
    return np.asarray((found == symbols).mean(axis=0))


def sequences(seed: int, count: int, delay: int | None = None) -> tuple[Letters, Letters]:
    """Random sequences.

    Args:
        seed: The same one gives the same sequences.
        count: How many.
        delay: How many distractors follow the last symbol; a random number for each if None.

    Returns:
        All letters, of shape (count, LENGTH), and the symbols among them, (count, COUNT).
    """
    random = np.random.default_rng(seed)
    letters = random.integers(len(SYMBOLS), len(ALPHABET), size=(count, LENGTH))
    symbols = random.integers(len(SYMBOLS), size=(count, COUNT))
    delays = random.integers(DELAY + 1, size=(count, 1)) if delay is None else np.full((count, 1), delay)
    np.put_along_axis(letters, DELAY - delays + np.arange(COUNT), symbols, axis=1)
    return letters, symbols


def one_hot(letters: Letters) -> npt.NDArray[np.float32]:
    """A vector a letter, of shape (count, LENGTH, letters)."""
    return np.eye(len(ALPHABET), dtype=np.float32)[letters]


if __name__ == "__main__":
    main()
