"""Which Keras these tests run with: they are to be run once for each, in a process of its own.

`RNNWEIGHTS_KERAS` is `keras` (Keras 3, on the backend that `KERAS_BACKEND` names), `tf_keras`, or
`tf_keras-graph` (graph mode, with a session). The Makefile runs them all.
"""

from __future__ import annotations

import os

MODE = os.environ.get("RNNWEIGHTS_KERAS", "keras")

if MODE == "tf_keras-graph":
    import tensorflow as tf

    tf.compat.v1.disable_eager_execution()
