"""What has to be done at certain moments where tf_keras trains in graph mode; elsewhere nothing is done."""

from __future__ import annotations

import importlib
import sys


def is_on() -> bool:
    """Whether models are trained by a session."""
    tensorflow = sys.modules.get("tensorflow")
    return "tf_keras" in sys.modules and tensorflow is not None and not tensorflow.executing_eagerly()


def before_training_step_is_built() -> None:
    """Remembers the gradients of training steps that will be built."""
    if is_on():
        importlib.import_module(f"{__package__}.gradients.graph_gradients").remember_gradients()


def before_variables_are_read() -> None:
    """Lets Keras make its session and initialize variables, as it would do for the first batch."""
    if is_on():
        importlib.import_module("tf_keras.src.backend").get_session()
