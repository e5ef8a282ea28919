"""The table of activations: values and slopes are those of the frameworks' own functions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
import tf_keras
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tensorboard_plugin_rnnweights.rnn.activations import ACTIVATIONS, name_of

Array = npt.NDArray[Any]

# Those of Keras that mix units, split them, or can't do without further arguments.
NOT_ELEMENTWISE = {
    "softmax",
    "log_softmax",
    "sparsemax",
    "glu",
    "threshold",
    "get",
    "serialize",
    "deserialize",
}

KERAS = {
    name: function
    for name, function in vars(keras.activations).items()
    if callable(function) and name not in NOT_ELEMENTWISE
}
TF_KERAS = {
    name: function
    for name, function in vars(tf_keras.activations).items()
    if callable(function) and name not in NOT_ELEMENTWISE
}
TENSORFLOW = {
    name: getattr(tf.nn, name)
    for name in ("tanh", "sigmoid", "relu", "relu6", "elu", "selu", "gelu", "swish")
} | {"leaky_relu": tf.nn.leaky_relu, "softplus": tf.nn.softplus, "identity": tf.identity, "exp": tf.exp}
TORCH = {
    name: getattr(torch.nn.functional, name)
    for name in ("relu", "relu6", "elu", "celu", "selu", "gelu", "silu", "mish", "hardsigmoid", "hardswish")
} | {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "hardtanh": torch.nn.functional.hardtanh,
    "softsign": torch.nn.functional.softsign,
    "tanhshrink": torch.nn.functional.tanhshrink,
}
JAX = {
    name: getattr(jax.nn, name)
    for name in ("relu", "relu6", "sigmoid", "elu", "celu", "selu", "gelu", "silu", "swish", "leaky_relu")
} | {"tanh": jax.numpy.tanh, "hard_tanh": jax.nn.hard_tanh, "soft_sign": jax.nn.soft_sign}


def by_tensorflow(function: Callable[[Any], Any], x: Array) -> tuple[Array, Array]:
    given = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(given)
        found = tf.identity(function(given))
    return found.numpy(), tape.gradient(found, given).numpy()


def by_torch(function: Callable[[Any], Any], x: Array) -> tuple[Array, Array]:
    given = torch.from_numpy(x).requires_grad_()
    found = function(given)
    found.sum().backward()
    assert given.grad is not None
    return found.detach().numpy(), given.grad.numpy()


def by_jax(function: Callable[[Any], Any], x: Array) -> tuple[Array, Array]:
    slopes = jax.vmap(jax.grad(function))(jax.numpy.asarray(x))
    return np.asarray(function(jax.numpy.asarray(x))), np.asarray(slopes)


FUNCTIONS = [
    pytest.param(function, differentiate, dtype, id=f"{home}.{name}")
    for home, functions, differentiate, dtype in (
        ("keras", KERAS, by_tensorflow, np.float64),
        ("tf_keras", TF_KERAS, by_tensorflow, np.float64),
        ("tensorflow", TENSORFLOW, by_tensorflow, np.float64),
        ("torch", TORCH, by_torch, np.float64),
        # JAX has no float64 unless it is told so.
        ("jax", JAX, by_jax, np.float32),
    )
    for name, function in functions.items()
]

# Kinks, where frameworks differ in what they call the slope, and what is next to them in float32.
KINKS = np.array([-3, -2.5, -1, -0.5, 0, 0.5, 1, 2.5, 3, 6])


def beside_kinks(x: Array) -> Array:
    return np.where(np.abs(x[:, None] - KINKS).min(axis=1) < 1e-3, x + 2e-3, x).astype(x.dtype)


@pytest.mark.parametrize(("function", "differentiate", "dtype"), FUNCTIONS)
@settings(max_examples=20)
@given(x=arrays.arrays(np.float32, 16, elements=st.floats(-30, 30, width=32)))
def test_values_and_slopes_are_the_frameworks(
    function: Any, differentiate: Callable[..., tuple[Array, Array]], dtype: Any, x: Array
) -> None:
    x = beside_kinks(x).astype(dtype)
    name = name_of(function)
    assert name is not None
    row = ACTIVATIONS[name]
    value, slope = differentiate(function, x)
    found = row.value(x)
    # Some constants are float32 in TensorFlow; and of 1 - y * y little is left in float32.
    rtol, atol = (1e-5, 1e-5) if dtype is np.float32 else (1e-6, 1e-8)
    np.testing.assert_allclose(found, value, rtol=rtol, atol=atol)
    np.testing.assert_allclose(row.slope(x, found), slope, rtol=rtol, atol=atol)


@pytest.mark.parametrize("name", ["relu", "relu6", "leaky_relu", "elu", "hard_sigmoid", "silu", "softsign"])
def test_slopes_at_zero_are_tensorflows_as_units_often_rest_there(name: str) -> None:
    zero = np.zeros(1)
    row = ACTIVATIONS[name]
    _, slope = by_tensorflow(KERAS[name], zero)
    np.testing.assert_allclose(row.slope(zero, row.value(zero)), slope, rtol=1e-7)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(x=arrays.arrays(np.float32, 4, elements=st.floats(width=32)))
def test_precision_and_shape_are_kept(name: str, x: Array) -> None:
    row = ACTIVATIONS[name]
    with np.errstate(all="ignore"):
        value = row.value(x)
        slope = row.slope(x, value)
    assert (value.dtype, value.shape, slope.dtype, slope.shape) == (x.dtype, x.shape, x.dtype, x.shape)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_nan_stays_one(name: str) -> None:
    with np.errstate(all="ignore"):
        assert np.isnan(ACTIVATIONS[name].value(np.array([np.nan], np.float32))).all()


@given(x=arrays.arrays(np.float64, 8, elements=st.floats(-1e6, 1e6)))
def test_bounded_ones_are_those_with_the_range_0_to_1(x: Array) -> None:
    bounded = {name for name, row in ACTIVATIONS.items() if row.is_bounded}
    assert bounded == {"sigmoid", "hard_sigmoid", "hard_sigmoid_keras_2", "sparse_sigmoid"}
    for name in bounded:
        value = ACTIVATIONS[name].value(x)
        assert ((value >= 0) & (value <= 1)).all()


def test_every_elementwise_activation_of_keras_is_in_the_table() -> None:
    assert {name_of(function) for function in KERAS.values()} >= {
        *(name for name in KERAS if name not in ("swish", "hard_swish")),
    }


def test_the_two_hard_sigmoids_are_two_functions() -> None:
    assert name_of(keras.activations.hard_sigmoid) == "hard_sigmoid"
    assert name_of(tf_keras.activations.hard_sigmoid) == "hard_sigmoid_keras_2"


def test_names_stand_for_themselves() -> None:
    assert (name_of("relu"), name_of("mystery")) == ("relu", None)


def tanh(x: Any) -> Any:
    return x


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x,
        tanh,
        functools.partial(keras.activations.elu, alpha=2.0),
        keras.layers.ReLU(),
        torch.nn.Tanh(),
        keras.activations.softmax,
        None,
        3,
    ],
)
def test_what_is_no_function_of_a_framework_has_no_name(function: object) -> None:
    assert name_of(function) is None
