"""Data parallel over two devices of JAX."""

from __future__ import annotations

import sys

import jax
import keras

keras.distribution.set_distribution(keras.distribution.DataParallel())

from tensorboard_plugin_rnnweights import RNNWeights  # noqa: E402
from tests.kerases.models import fit, model  # noqa: E402
from tests.kerases.test_training import assert_gradients_are_steps  # noqa: E402
from tests.summary.logged import series_by_tag  # noqa: E402

fit(model(), 3, RNNWeights(sys.argv[1], "batch", heatmap_dtype="float32"))
assert_gradients_are_steps(series_by_tag(sys.argv[1]), [1, 2, 3])
assert len(jax.devices()) == 2
