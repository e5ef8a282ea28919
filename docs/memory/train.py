"""Which of them remembers? Trains three recurrent networks to recall what they read long ago.

    python docs/memory/train.py --logdir logs/memory

Somewhere in a sequence of letters stand three of the letters a to d; all others are distractors. When the
sequence is over, the network says which three they were, in their order. It is the copy-memory task of
Hochreiter and Schmidhuber (1997), with its answer at the end alone: whatever gradient arrives at the three
letters has come all the way back. In training they stand anywhere, so that there is something to be learnt
from short delays, too; the probe and the recall that is printed have them at the very beginning.
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
COUNT = 3
DELAY = 50
LENGTH = COUNT + DELAY
UNITS = 64

BATCHES = 1000
BATCH = 64
SNAPSHOTS = 40
PROBED = 16
TESTED = 2048
TESTED_DELAYS = (0, 10, 25, 50)


@dataclass(frozen=True)
class Run:
    """One of the networks that are compared.

    Attributes:
        layer: Makes its recurrent layer.
        learning_rate: Of Adam: the best for it of 0.01, 0.005, 0.002 and 0.001.
    """

    layer: Callable[[], keras.Layer]
    learning_rate: float


# Both as Keras makes them: the LSTM's forget gate has a bias of 1, the other's recurrent kernel is
# orthogonal, which lets it remember best. Many other libraries start it at random.
RUNS = {
    "lstm": Run(lambda: keras.layers.LSTM(UNITS, name="memory"), 0.01),
    "simple-rnn": Run(lambda: keras.layers.SimpleRNN(UNITS, name="memory"), 0.001),
    "simple-rnn-random": Run(
        lambda: keras.layers.SimpleRNN(UNITS, recurrent_initializer="glorot_uniform", name="memory"), 0.002
    ),
}
"""The runs by name."""

Letters = npt.NDArray[np.int64]


def main() -> None:
    """Trains all of them, and prints how much each recalls."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--logdir", type=Path, default=Path("logs/memory"), help="where the runs are logged"
    )
    parser.add_argument("--batches", type=int, default=BATCHES, help="batches that each is trained for")
    arguments = parser.parse_args()
    print(f"Recall of {COUNT} letters of {len(SYMBOLS)}; by chance it is {1 / len(SYMBOLS):.2f}\n")
    print("delay".ljust(20), *(f"{delay:6}" for delay in TESTED_DELAYS))
    for name, run in RUNS.items():
        model = trained(run, arguments.logdir / name, arguments.batches)
        print(name.ljust(20), *(f"{recall(model, delay):6.2f}" for delay in TESTED_DELAYS), flush=True)
    print(f"\nTo see why: tensorboard --logdir {arguments.logdir}")


def trained(run: Run, log_dir: Path, batches: int) -> keras.Model:
    """Trains one network and logs what flows through it."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.layers.Input((LENGTH, len(SYMBOLS + DISTRACTORS))),
            run.layer(),
            keras.layers.Dense(COUNT * len(SYMBOLS)),
            keras.layers.Reshape((COUNT, len(SYMBOLS))),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(run.learning_rate, clipnorm=1.0), loss)
    letters, symbols = sequences(2, PROBED, delay=DELAY)
    logs = RNNWeights(
        log_dir,
        update_freq=max(1, batches // SNAPSHOTS),
        probe=(one_hot(letters), symbols),
        probe_tokens=["".join((SYMBOLS + DISTRACTORS)[letter] for letter in one) for one in letters],
    )
    letters, symbols = sequences(3, batches * BATCH)
    model.fit(one_hot(letters), symbols, batch_size=BATCH, verbose=0, callbacks=[logs])
    return model


def recall(model: keras.Model, delay: int) -> float:
    """The share of letters that a network gets right after a delay."""
    letters, symbols = sequences(4, TESTED, delay)
    found = model.predict(one_hot(letters), batch_size=512, verbose=0).argmax(axis=-1)
    return float((found == symbols).mean())


def sequences(seed: int, count: int, delay: int | None = None) -> tuple[Letters, Letters]:
    """Random sequences.

    Args:
        seed: The same one gives the same sequences.
        count: How many.
        delay: How many distractors follow the last symbol; a random number for each if None.

    Returns:
        The letters' numbers, of shape (count, LENGTH), and those of the symbols alone, (count, COUNT).
    """
    random = np.random.default_rng(seed)
    letters = random.integers(len(SYMBOLS), len(SYMBOLS + DISTRACTORS), (count, LENGTH))
    symbols = random.integers(len(SYMBOLS), size=(count, COUNT))
    delays = random.integers(DELAY + 1, size=(count, 1)) if delay is None else np.full((count, 1), delay)
    np.put_along_axis(letters, DELAY - delays + np.arange(COUNT), symbols, axis=1)
    return letters, symbols


def one_hot(letters: Letters) -> npt.NDArray[Any]:
    """A vector a letter, of shape (count, LENGTH, letters)."""
    return np.eye(len(SYMBOLS + DISTRACTORS), dtype=np.float32)[letters]


if __name__ == "__main__":
    main()
