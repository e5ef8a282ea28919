"""One of several workers, each a process; `TF_CONFIG` says which one."""

from __future__ import annotations

import sys
from typing import Any

import tensorflow as tf

# Has to be made before anything else is run.
strategy = tf.distribute.MultiWorkerMirroredStrategy()

from tensorboard_plugin_rnnweights import RNNWeights  # noqa: E402
from tests.kerases.models import BATCH, batches, lstm_model, sgd  # noqa: E402

log_dir, *options = sys.argv[1:]
resolver: Any = strategy.cluster_resolver
with strategy.scope():
    trained = lstm_model(optimizer=sgd(clipvalue=1e-6) if "clipped" in options else sgd())
sharded = tf.data.Options()
sharded.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
data = tf.data.Dataset.from_tensor_slices(batches(3)).batch(BATCH).with_options(sharded)
# A training waits for all workers, so none may wait for our callback to be at all of them.
is_logged = resolver.task_id == 0 or "everywhere" in options
callback = RNNWeights(log_dir, "batch", heatmap_dtype="float32", probe=batches(1))
trained.fit(data, epochs=1, verbose=0, callbacks=[callback] if is_logged else [])
assert strategy.num_replicas_in_sync == 2
