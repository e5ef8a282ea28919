"""Two workers that apply their gradients to a parameter server whenever they have some."""

from __future__ import annotations

import os
import sys

import tensorflow as tf
import tf_keras

from tensorboard_plugin_rnnweights import RNNWeights
from tests.kerases.models import BATCH, batches, lstm_model
from tests.programs import free_ports

addresses = [f"127.0.0.1:{port}" for port in free_ports(3)]
cluster = tf.train.ClusterSpec({"worker": addresses[:2], "ps": addresses[2:]})
# In one process, workers that wait for each other need threads of their own.
threads = tf.compat.v1.ConfigProto(inter_op_parallelism_threads=4)
servers = [
    tf.distribute.Server(cluster, job_name=job, task_index=index, config=threads, protocol="grpc")
    for job in cluster.jobs
    for index in range(cluster.num_tasks(job))
]
resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(cluster, rpc_layer="grpc")
with tf.distribute.ParameterServerStrategy(resolver).scope():
    trained = lstm_model()
data = tf_keras.utils.experimental.DatasetCreator(
    lambda _: tf.data.Dataset.from_tensor_slices(batches(3)).repeat().batch(BATCH)
)
trained.fit(data, epochs=2, steps_per_epoch=3, verbose=0, callbacks=[RNNWeights(sys.argv[1], "batch")])
# Servers know no end.
os._exit(0)
