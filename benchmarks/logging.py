"""What logging costs: time that the training thread is held, processor time, bytes, and training steps.

Beside `tf.summary.histogram` and `numpy.histogram`, called for each gate of the same tensors, in one run.
The mean is larger than the median, since every fifth snapshot has the spectrum of the recurrent kernel.

    python -m benchmarks.logging
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import tensorboard_plugin_rnnweights as rnnweights
from benchmarks.folders import bytes_in
from benchmarks.paired import Contender, Cost, median_ratio, rounds

ROUNDS = 15
TRAINING_ROUNDS = 15
WARM_UP_BATCHES = 10
TIMED_BATCHES = 40


def main() -> None:
    """Prints all tables."""
    for title, layer, features in _layers():
        _snapshots(title, layer, features)
    _training_steps()


def _layers() -> Iterator[tuple[str, keras.Layer, int]]:
    yield "LSTM(256) on 64 inputs", keras.layers.LSTM(256), 64
    yield "Bidirectional(GRU(512)) on 128 inputs", keras.layers.Bidirectional(keras.layers.GRU(512)), 128


def _snapshots(title: str, layer: keras.Layer, features: int) -> None:
    model = keras.Sequential([keras.layers.Input((None, features)), layer])
    gradients = [tf.random.normal(v.shape, stddev=1e-3) for v in model.trainable_variables]
    blocks = _blocks(model, gradients)
    values = sum(int(tf.size(block)) for _, block in blocks)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder, name) for name in ("rnnweights", "tf.summary")}
        writer = rnnweights.SummaryWriter(paths["rnnweights"])
        board = tf.summary.create_file_writer(str(paths["tf.summary"]), flush_millis=10**6)
        steps = itertools.count()

        def ours() -> None:
            step = next(steps)
            writer.add_weights(model, step)
            writer.add_gradients(model, gradients, step)

        def tf_summary() -> None:
            step = next(steps)
            with board.as_default():
                for name, block in blocks:
                    tf.summary.histogram(name, block, step)

        arrays = [block.numpy() for _, block in blocks]
        contenders = {
            "rnnweights": Contender(ours, writer.flush),
            "tf.summary": Contender(tf_summary, board.flush),
            "numpy": Contender(lambda: [np.histogram(array, bins=30) for array in arrays]),
        }
        costs = rounds(contenders, ROUNDS)
        writer.close()
        board.close()
        written = {name: bytes_in(path) / (ROUNDS + 1) for name, path in paths.items()}
    print(f"\nOne snapshot, weights + gradients, of {title}: {values:,} values, {len(blocks)} blocks")
    _print_costs(costs, written)


def _blocks(model: keras.Model, gradients: list[tf.Tensor]) -> list[tuple[str, tf.Tensor]]:
    both = {"weights": rnnweights.decompose(model), "gradients": rnnweights.decompose(model, gradients)}
    return [
        (f"{kind}/{tensor.layer}/{tensor.direction}/{tensor.matrix}/{gate}", tf.constant(block))
        for kind, tensors in both.items()
        for tensor in tensors
        for gate, block in tensor.blocks.items()
    ]


def _print_costs(costs: dict[str, list[Cost]], written: dict[str, float]) -> None:
    titles = {"thread held": 14, "ratio": 8, "all threads": 14, "ratio ": 8, "mean": 12, "kB on disk": 12}
    print(" " * 12 + "".join(f"{title.strip():>{width}}" for title, width in titles.items()))
    base = costs["rnnweights"]
    for name, of_rounds in costs.items():
        held_ratio = median_ratio([c.held for c in of_rounds], [c.held for c in base])
        cpu = median_ratio([c.cpu for c in of_rounds], [c.cpu for c in base])
        size = f"{written[name] / 1e3:12,.0f}" if name in written else f"{'-':>12}"
        print(
            f"{name:12}{statistics.median(c.held for c in of_rounds):11.2f} ms{held_ratio:8.1f}"
            f"{statistics.median(c.cpu for c in of_rounds):11.2f} ms{cpu:8.1f}"
            f"{statistics.mean(c.cpu for c in of_rounds):9.2f} ms{size}"
        )


def _training_steps() -> None:
    inputs = np.random.default_rng(0).normal(size=(32 * (WARM_UP_BATCHES + TIMED_BATCHES), 50, 64))
    models = {"without": _compiled_model(), "with": _compiled_model()}
    times: dict[str, list[float]] = {name: [] for name in models}
    with tempfile.TemporaryDirectory() as folder:
        ours = rnnweights.RNNWeights(folder, update_freq=10)
        for number in range(TRAINING_ROUNDS + 1):
            # Each in turn is the first, since what comes first may find the processor cooler.
            for name, model in list(models.items())[:: -1 if number % 2 else 1]:
                timer = _BatchTimer()
                callbacks = [timer] if name == "without" else [timer, ours]
                targets = inputs[:, 0, :1]
                model.fit(inputs, targets, batch_size=32, shuffle=False, verbose=0, callbacks=callbacks)
                if number:
                    times[name].append(timer.milliseconds)
    ratio = median_ratio(times["with"], times["without"])
    print("\nA training step of LSTM(256) on 64 inputs, 50 time steps, 32 sequences, update_freq=10")
    for name, of_rounds in times.items():
        print(f"{name:12}{statistics.median(of_rounds):11.2f} ms")
    print(f"ratio       {ratio:11.3f}")


def _compiled_model() -> keras.Model:
    layers = [keras.layers.Input((50, 64)), keras.layers.LSTM(256), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile("adam", "mse")
    return model


class _BatchTimer(keras.callbacks.Callback):
    """How long a batch takes on average, once the training step is compiled and warm."""

    milliseconds = 0.0

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if batch == WARM_UP_BATCHES:
            self._start = time.perf_counter()

    def on_train_end(self, logs: Any = None) -> None:
        self.milliseconds = (time.perf_counter() - self._start) * 1e3 / TIMED_BATCHES


if __name__ == "__main__":
    main()
