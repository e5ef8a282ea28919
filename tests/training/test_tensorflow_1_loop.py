"""A training loop of TensorFlow 1, as programs of its time are, is logged."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.summary.logged import series_by_tag

TRAINING = """
import sys
import numpy as np
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import tensorboard_plugin_rnnweights as rnnweights

inputs = tf.placeholder(tf.float32, (None, 5, 3))
cells = [
    tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, num_proj=2)),
    tf.nn.rnn_cell.DeviceWrapper(tf.nn.rnn_cell.GRUCell(2), "/cpu:0"),
    tf.nn.rnn_cell.ResidualWrapper(tf.nn.rnn_cell.BasicLSTMCell(2)),
]
cell = tf.nn.rnn_cell.MultiRNNCell(cells)
outputs, _ = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)
loss = tf.reduce_mean(outputs**2)
optimizer = tf.train.GradientDescentOptimizer(0.5)
pairs = optimizer.compute_gradients(loss)
gradients, variables = zip(*pairs)
step_op = optimizer.apply_gradients(pairs)
random = np.random.default_rng(0)
batch = {inputs: random.normal(size=(8, 5, 3))}

with tf.Session() as session, rnnweights.SummaryWriter(sys.argv[1], heatmap_dtype="float32") as writer:
    session.run(tf.global_variables_initializer())
    for variable in variables:
        variable.load(random.normal(size=variable.shape), session)
    writer.add_weights(cell, 0)
    for step in (1, 2):
        values = session.run(gradients, batch)
        session.run(step_op, batch)
        writer.add_gradients(cell, zip(values, variables), step)
        writer.add_weights(cell, step)
print(type(variables[0]).__name__)
"""

MATRICES = {
    "kernel": 3,
    "recurrent_kernel": 3,
    "bias": 3,
    "peephole": 1,
    "projection": 1,
}


@pytest.mark.parametrize("resource_variables", [False, True])
def test_gradients_are_those_that_the_optimizer_steps_by(resource_variables: bool, log_dir: str) -> None:
    code = TRAINING
    if resource_variables:
        code = code.replace("inputs = ", "tf.enable_resource_variables()\ninputs = ", 1)
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1"}
    command = [sys.executable, "-W", "ignore", "-c", code, log_dir]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert ("Resource" in done.stdout) == resource_variables
    logged = series_by_tag(log_dir)
    # Weights, gradients and updates.
    assert len(logged) == 3 * sum(MATRICES.values())
    for tag, found in logged.items():
        kind, _, name = tag.partition("/")
        if kind == "gradients":
            weights = logged[f"weights/{name}"]
            for step in (1, 2):
                change = (weights[step - 1].cells - weights[step].cells) / 0.5
                np.testing.assert_allclose(found[step].cells, change, rtol=1e-3, atol=2e-6, err_msg=tag)
                assert np.abs(found[step].cells).max() > 1e-5, tag
    series = [next(iter(found.values())).series for found in logged.values()]
    added = [one.added for one in series if one.kind == "weights" and one.added]
    # By LSTMCell and by BasicLSTMCell.
    assert added == [(("forget", 1.0),)] * 2
