"""Two replicas in one process, on which the training is the same with and without us."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import tensorflow as tf

from tensorboard_plugin_rnnweights import RNNWeights
from tests.kerases.models import batches, fit, lstm_model, sgd
from tests.kerases.test_training import LSTM_MATRICES, assert_gradients_are_steps, by_kind
from tests.summary.logged import series_by_tag

log_dir = sys.argv[1]
(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, 2 * [tf.config.LogicalDeviceConfiguration()])
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
assert strategy.num_replicas_in_sync == 2


def trained(*callbacks: Any, **optimizer: Any) -> Any:
    with strategy.scope():
        found = lstm_model(optimizer=sgd(**optimizer))
    fit(found, 4, *callbacks)
    return found


each = RNNWeights(f"{log_dir}/each", "batch", heatmap_dtype="float32", probe=batches(1))
every_other = RNNWeights(f"{log_dir}/every_other", 2, heatmap_dtype="float32")
with_us, without = trained(each, every_other), trained()
for one, other in zip(with_us.get_weights(), without.get_weights(), strict=True):
    np.testing.assert_array_equal(one, other)

logged, seldom = series_by_tag(f"{log_dir}/each"), series_by_tag(f"{log_dir}/every_other")
assert_gradients_are_steps(logged, [1, 2, 3, 4], LSTM_MATRICES)
assert "outputs/lstm" in logged
for name, snapshots in by_kind(seldom, "gradients").items():
    assert list(snapshots) == [2, 4]
    for step, one in snapshots.items():
        np.testing.assert_array_equal(one.cells, logged[f"gradients/{name}"][step].cells)

# The replicas clip; what is logged is the sum of what they had before.
trained(RNNWeights(f"{log_dir}/clipped", "batch", heatmap_dtype="float32"), clipvalue=1e-6)
for name, snapshots in by_kind(series_by_tag(f"{log_dir}/clipped"), "gradients").items():
    np.testing.assert_allclose(
        snapshots[1].cells, logged[f"gradients/{name}"][1].cells, rtol=1e-4, atol=1e-6, err_msg=name
    )
