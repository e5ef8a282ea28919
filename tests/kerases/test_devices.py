"""A training over several devices logs the gradients of the whole batch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kerases.models import BACKEND

TRAINING = """
import sys
import jax
import keras
keras.distribution.set_distribution(keras.distribution.DataParallel())
from tensorboard_plugin_rnnweights import RNNWeights
from tests.kerases.models import fit, model
from tests.kerases.test_training import assert_gradients_are_steps
from tests.summary.logged import series_by_tag

fit(model(), 3, RNNWeights(sys.argv[1], "batch", heatmap_dtype="float32"))
assert_gradients_are_steps(series_by_tag(sys.argv[1]), [1, 2, 3])
print(len(jax.devices()))
"""


@pytest.mark.skipif(BACKEND != "jax", reason="TensorFlow's are one replica's, as is documented")
def test_gradients_are_those_of_the_whole_batch(log_dir: str) -> None:
    flags = "--xla_force_host_platform_device_count=2"
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", TRAINING, log_dir],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XLA_FLAGS": flags, "PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "2"
