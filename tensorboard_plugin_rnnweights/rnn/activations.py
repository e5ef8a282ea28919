"""THE table of activations: what elementwise functions give, and their slopes. One row a function.

Names are those of Keras 3, whose functions these are: https://keras.io/api/layers/activations/. Where
another framework's function of that name is another function, it is a row of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

Value = Callable[[Array], Array]
"""An array -> the function's values, of the same shape and precision."""

Slope = Callable[[Array, Array], Array]
"""(x, y = value(x)) -> the derivative at x; at a kink the one that TensorFlow takes."""


@dataclass(frozen=True)
class Activation:
    """One elementwise function.

    Attributes:
        value: The function.
        slope: Its derivative.
        is_bounded: Whether its range is 0 to 1, so that a gate that has it is open or shut.
    """

    value: Value
    slope: Slope
    is_bounded: bool = False


# Klambauer et al. (2017), arXiv:1706.02515.
_SELU_SCALE = 1.0507009873554805
_SELU_ALPHA = 1.6732632423543772

_erf = np.vectorize(math.erf, otypes=[np.float64])


def _inside(x: Array, low: float, high: float) -> Array:
    """1 between the bounds, 0 elsewhere."""
    return ((x > low) & (x < high)).astype(x.dtype)


def _within(x: Array, low: float, high: float) -> Array:
    """1 between the bounds and on them, 0 elsewhere: the slope of TensorFlow's `clip_by_value`."""
    return ((x >= low) & (x <= high)).astype(x.dtype)


def _sigmoid(x: Array) -> Array:
    # Where the exponential overflows, the value is the 0 that it should be.
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def _hard_sigmoid(x: Array) -> Array:
    return np.clip(x + 3, 0, 6) / 6


def _hard_sigmoid_slope(x: Array, y: Array) -> Array:
    return _inside(x, -3, 3) / 6


def _leaky_relu(slope: float) -> Activation:
    def ramp(x: Array) -> Array:
        return np.where(x > 0, np.ones_like(x), np.full_like(x, slope))

    return Activation(lambda x: x * ramp(x), lambda x, y: ramp(x))


def _elu(x: Array) -> Array:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def _softplus(x: Array) -> Array:
    return np.logaddexp(x, np.zeros_like(x))


def _silu_slope(x: Array, y: Array) -> Array:
    share = _sigmoid(x)
    return share + y * (1 - share)


def _mish_slope(x: Array, y: Array) -> Array:
    share = np.tanh(_softplus(x))
    return share + x * _sigmoid(x) * (1 - share * share)


def _normal_share(x: Array) -> Array:
    """The standard normal distribution up to x."""
    return (0.5 * (1 + _erf(x / math.sqrt(2)))).astype(x.dtype)


def _gelu_slope(x: Array, y: Array) -> Array:
    return _normal_share(x) + x * np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def _gelu_tanh_share(x: Array) -> Array:
    # Hendrycks and Gimpel (2016), arXiv:1606.08415.
    return np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))


def _gelu_tanh_slope(x: Array, y: Array) -> Array:
    share = _gelu_tanh_share(x)
    inner = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x * x)
    return 0.5 * (1 + share) + 0.5 * x * (1 - share * share) * inner


def _root(x: Array) -> Array:
    return np.sqrt(x * x + 4)


def _sparse_sigmoid(x: Array) -> Array:
    return np.clip(0.5 * (x + 1), 0, 1)


def _sparse_plus(x: Array) -> Array:
    return np.where(x <= -1, np.zeros_like(x), np.where(x < 1, 0.25 * (x + 1) ** 2, x))


def _outside_half(x: Array, y: Array) -> Array:
    return (np.abs(x) > 0.5).astype(x.dtype)


ACTIVATIONS: Mapping[str, Activation] = {
    "linear": Activation(lambda x: x, lambda x, y: np.ones_like(x)),
    "tanh": Activation(np.tanh, lambda x, y: 1 - y * y),
    "sigmoid": Activation(_sigmoid, lambda x, y: y * (1 - y), is_bounded=True),
    "hard_sigmoid": Activation(_hard_sigmoid, _hard_sigmoid_slope, is_bounded=True),
    "hard_sigmoid_keras_2": Activation(
        lambda x: np.clip(0.2 * x + 0.5, 0, 1),
        lambda x, y: 0.2 * _within(0.2 * x + 0.5, 0, 1),
        is_bounded=True,
    ),
    "sparse_sigmoid": Activation(_sparse_sigmoid, lambda x, y: 0.5 * _inside(x, -1, 1), is_bounded=True),
    "hard_tanh": Activation(lambda x: np.clip(x, -1, 1), lambda x, y: _within(x, -1, 1)),
    "relu": Activation(lambda x: np.maximum(x, 0), lambda x, y: (x > 0).astype(x.dtype)),
    "relu6": Activation(lambda x: np.clip(x, 0, 6), lambda x, y: _inside(x, 0, 6)),
    "leaky_relu": _leaky_relu(0.2),
    "leaky_relu_of_0.01": _leaky_relu(0.01),
    "elu": Activation(_elu, lambda x, y: np.where(x > 0, np.ones_like(x), y + 1)),
    "celu": Activation(_elu, lambda x, y: np.where(x > 0, np.ones_like(x), y + 1)),
    "selu": Activation(
        lambda x: _SELU_SCALE * np.where(x > 0, x, _SELU_ALPHA * _elu(x)),
        lambda x, y: np.where(y < 0, y + _SELU_SCALE * _SELU_ALPHA, np.full_like(x, _SELU_SCALE)),
    ),
    "exponential": Activation(np.exp, lambda x, y: y),
    "softplus": Activation(_softplus, lambda x, y: _sigmoid(x)),
    "squareplus": Activation(lambda x: (x + _root(x)) / 2, lambda x, y: (1 + x / _root(x)) / 2),
    "sparse_plus": Activation(_sparse_plus, lambda x, y: _sparse_sigmoid(x)),
    "log_sigmoid": Activation(lambda x: -_softplus(-x), lambda x, y: _sigmoid(-x)),
    "softsign": Activation(lambda x: x / (1 + np.abs(x)), lambda x, y: 1 / (1 + np.abs(x)) ** 2),
    "tanh_shrink": Activation(lambda x: x - np.tanh(x), lambda x, y: np.tanh(x) ** 2),
    "soft_shrink": Activation(lambda x: x - np.clip(x, -0.5, 0.5), _outside_half),
    "hard_shrink": Activation(lambda x: np.where(np.abs(x) <= 0.5, np.zeros_like(x), x), _outside_half),
    "silu": Activation(lambda x: x * _sigmoid(x), _silu_slope),
    "hard_silu": Activation(
        lambda x: x * _hard_sigmoid(x), lambda x, y: _hard_sigmoid(x) + x * _hard_sigmoid_slope(x, y)
    ),
    "mish": Activation(lambda x: x * np.tanh(_softplus(x)), _mish_slope),
    "gelu": Activation(lambda x: x * _normal_share(x), _gelu_slope),
    "gelu_by_tanh": Activation(lambda x: 0.5 * x * (1 + _gelu_tanh_share(x)), _gelu_tanh_slope),
}
"""All activations by name."""

# By package: its own names of the functions above, where those are others.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "keras.src.activations": {},
    "keras.src.ops": {"gelu": "gelu_by_tanh", "exp": "exponential"},
    "tf_keras": {"hard_sigmoid": "hard_sigmoid_keras_2", "swish": "silu"},
    "tensorflow": {"swish": "silu", "identity": "linear", "exp": "exponential"},
    "torch": {
        "exp": "exponential",
        "hardshrink": "hard_shrink",
        "hardsigmoid": "hard_sigmoid",
        "hardswish": "hard_silu",
        "hardtanh": "hard_tanh",
        "leaky_relu": "leaky_relu_of_0.01",
        "log_sigmoid": "log_sigmoid",
        "logsigmoid": "log_sigmoid",
        "softshrink": "soft_shrink",
        "tanhshrink": "tanh_shrink",
    },
    "jax": {
        "exp": "exponential",
        "gelu": "gelu_by_tanh",
        "hard_swish": "hard_silu",
        "identity": "linear",
        "leaky_relu": "leaky_relu_of_0.01",
        "soft_sign": "softsign",
        "swish": "silu",
    },
}


def name_of(function: object) -> str | None:
    """The name of a framework's function in `ACTIVATIONS`; None for any other function, such as a lambda.

    Args:
        function: A function of Keras, tf_keras, TensorFlow, PyTorch or JAX, with its options as they are by
            default; or such a name, as PyTorch's layers keep it.
    """
    if isinstance(function, str):
        return function if function in ACTIVATIONS else None
    module, own = getattr(function, "__module__", None), getattr(function, "__name__", None)
    if not isinstance(module, str) or not isinstance(own, str):
        return None
    names = next((names for home, names in _NAMES.items() if f"{module}.".startswith(f"{home}.")), None)
    if names is None:
        return None
    name = names.get(own, own)
    return name if name in ACTIVATIONS else None
