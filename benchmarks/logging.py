"""What logging costs: time that the training thread is held, processor time, bytes, and training steps.

Beside `tf.summary.histogram` and `numpy.histogram`, called for each gate of the same tensors, in one run;
and once more with the updates, which are half as many values again. The mean is larger than the median,
since every fifth snapshot has the spectrum of the recurrent kernel.

    python -m benchmarks.logging [--write]
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import tensorboard_plugin_rnnweights as rnnweights
from benchmarks import page, table
from benchmarks.amounts import amount
from benchmarks.folders import bytes_in
from benchmarks.paired import Contender, Cost, median_ratio, rounds

ROUNDS = 15
TRAINING_ROUNDS = 15
WARM_UP_BATCHES = 10
TIMED_BATCHES = 40

OURS = "rnnweights: histograms, statistics, heatmaps"
WITH_UPDATES = "rnnweights, and the same of updates, as by default"
TF_SUMMARY = "`tf.summary.histogram`, each gate"
NUMPY = "`numpy.histogram`, each gate, nothing written"


def main() -> None:
    """Prints a table of snapshots, and what they do to training steps."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments = page.arguments(parser, "logging")
    groups = dict(_snapshots(title, layer, features) for title, layer, features in _layers())
    headings = ("training thread held", "all threads", "their mean", "on disk")
    found = f"{table.of_groups(headings, groups)}\n\n{_training_steps()}"
    print(found)
    if arguments.write:
        page.write("logging", found, "python -m benchmarks.logging --write")


def _layers() -> Iterator[tuple[str, keras.Layer, int]]:
    yield "LSTM(256) on 64 inputs", keras.layers.LSTM(256), 64
    yield "Bidirectional(GRU(512)) on 128 inputs", keras.layers.Bidirectional(keras.layers.GRU(512)), 128


def _snapshots(title: str, layer: keras.Layer, features: int) -> tuple[str, table.Rows]:
    """What one snapshot costs, below its title."""
    model = keras.Sequential([keras.layers.Input((None, features)), layer])
    gradients = [tf.random.normal(v.shape, stddev=1e-3) for v in model.trainable_variables]
    blocks = _blocks(model, gradients)
    values = sum(int(tf.size(block)) for _, block in blocks)
    with tempfile.TemporaryDirectory() as folder:
        paths = {
            name: Path(folder, str(place)) for place, name in enumerate((OURS, WITH_UPDATES, TF_SUMMARY))
        }
        writers = {
            OURS: rnnweights.SummaryWriter(paths[OURS], updates=False),
            WITH_UPDATES: rnnweights.SummaryWriter(paths[WITH_UPDATES]),
        }
        board = tf.summary.create_file_writer(str(paths[TF_SUMMARY]), flush_millis=10**6)
        steps = itertools.count()

        def ours(writer: rnnweights.SummaryWriter) -> None:
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
            **{name: Contender(partial(ours, one), one.flush) for name, one in writers.items()},
            TF_SUMMARY: Contender(tf_summary, board.flush),
            NUMPY: Contender(lambda: [np.histogram(array, bins=30) for array in arrays]),
        }
        costs = rounds(contenders, ROUNDS, between=lambda: _drift(model))
        for writer in writers.values():
            writer.close()
        board.close()
        written = {name: bytes_in(path) / (ROUNDS + 1) for name, path in paths.items()}
    rows = {name: _cells(of_rounds, costs[OURS], written.get(name)) for name, of_rounds in costs.items()}
    return f"{title}: {values:,} values, {len(blocks)} blocks", rows


def _drift(model: keras.Model) -> None:
    """Changes all weights a little, as training does, so that there are updates to log."""
    for variable in model.trainable_variables:
        variable.assign_add(tf.random.normal(variable.shape, stddev=1e-4))


def _blocks(model: keras.Model, gradients: list[tf.Tensor]) -> list[tuple[str, tf.Tensor]]:
    both = {"weights": rnnweights.decompose(model), "gradients": rnnweights.decompose(model, gradients)}
    return [
        (f"{kind}/{tensor.layer}/{tensor.direction}/{tensor.matrix}/{gate}", tf.constant(block))
        for kind, tensors in both.items()
        for tensor in tensors
        for gate, block in tensor.blocks.items()
    ]


def _cells(costs: list[Cost], ours: list[Cost], written: float | None) -> list[str]:
    times = []
    for of_cost in (attrgetter("held"), attrgetter("cpu")):
        values, base = [*map(of_cost, costs)], [*map(of_cost, ours)]
        median = statistics.median(values) / 1e3
        if costs is ours:
            times.append(amount(median, "s"))
        else:
            times.append(table.times_ours(median, "s", median_ratio(values, base)))
    mean = amount(statistics.fmean(cost.cpu for cost in costs) / 1e3, "s")
    return [*times, mean, "" if written is None else amount(written, "B")]


def _training_steps() -> str:
    """How much longer a training step takes."""
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
    without, logging = (amount(statistics.median(one) / 1e3, "s") for one in times.values())
    return (
        "A training step of LSTM(256) on 64 inputs, 50 time steps, 32 sequences, takes "
        f"{logging} with `update_freq=10`, and {without} without us: "
        f"{median_ratio(times['with'], times['without']):.3f} times as long."
    )


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
