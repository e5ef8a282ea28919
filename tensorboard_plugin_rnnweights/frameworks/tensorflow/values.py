"""Keeps what TensorFlow's variables and tensors are now."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

# Where the class of variables is that are nothing but a handle.
_PLAIN = "tensorflow.python.ops.resource_variable_ops"


def hold(values: Sequence[Any]) -> list[Any]:
    """What `values.hold_values` wants of TensorFlow's values.

    Tensors never change: a variable that is read shares its memory with the tensor until the next update,
    which then goes to new memory. So holding one costs the training thread nothing. What lives in a graph
    is read by one run of its session.
    """
    symbolic = {place: value for place, value in enumerate(values) if _is_symbolic(value)}
    run = _run(symbolic)
    return [run[place] if place in run else _tensor(value) for place, value in enumerate(values)]


def _tensor(value: Any) -> Any:
    if isinstance(value, tf.Tensor):
        return value
    # All that is around it takes longer than to read a variable. Others, such as distributed ones, need it.
    if type(value).__module__ == _PLAIN:
        return tf.raw_ops.ReadVariableOp(resource=value.handle, dtype=value.dtype)
    return tf.convert_to_tensor(value)


def _is_symbolic(value: Any) -> bool:
    """Whether a value lives in a graph, and is had by a session alone."""
    if not isinstance(value, tf.Variable):
        return isinstance(value, tf.Tensor) and bool(tf.is_symbolic_tensor(value))
    try:
        return bool(tf.is_symbolic_tensor(value.handle))
    except AttributeError:  # a variable of TensorFlow 1, which has none
        return True
    except ValueError:  # a distributed variable, which has several
        return False


def _run(values: dict[int, Any]) -> dict[int, Any]:
    if not values:
        return {}
    session = tf.compat.v1.get_default_session() or _keras_session()
    if session is None:
        raise ValueError(
            "these variables live in a TensorFlow graph, and there is no session to read them in: "
            "do it inside 'with session.as_default():', of the session that trains them"
        )
    try:
        found: dict[int, Any] = session.run(values)
    except tf.errors.FailedPreconditionError as error:
        raise ValueError(f"the session has not initialized all variables: {error.message}") from error
    except tf.errors.InvalidArgumentError as error:
        raise ValueError(
            "symbolic tensors have no values of their own: pass what session.run() gave for them"
        ) from error
    return found


def _keras_session() -> Any:
    """The session of tf_keras, if it has one.

    To ask Keras for it would make one and initialize variables there, which may be trained in another.
    """
    backend = sys.modules.get("tf_keras.src.backend")
    return getattr(getattr(backend, "_SESSION", None), "session", None)
