"""Convolutions are the frameworks' own, and adjoints are adjoint."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.rnn.products import ConvolutionProduct, MatrixProduct

# One number an axis of: places, kernel, strides, dilation.
AXES = st.lists(
    st.tuples(st.integers(1, 7), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)),
    min_size=1,
    max_size=3,
)


def convolution(
    axes: list[tuple[int, int, int, int]], is_padded: bool, features: int = 2, columns: int = 3
) -> ConvolutionProduct:
    places, sizes, strides, dilation = (tuple(one) for one in zip(*axes, strict=True))
    # Keras refuses both at once.
    assume(max(strides) == 1 or max(dilation) == 1)
    fits = all(size >= (window - 1) * apart + 1 for size, window, _, apart in axes)
    assume(is_padded or fits)
    kernel = np.random.default_rng(0).normal(size=(*sizes, features, columns))
    return ConvolutionProduct(kernel, places, strides, dilation, is_padded)


@settings(max_examples=40)
@given(axes=AXES, is_padded=st.booleans(), batch=st.integers(1, 3))
def test_convolutions_are_those_of_keras(
    axes: list[tuple[int, int, int, int]], is_padded: bool, batch: int
) -> None:
    product = convolution(axes, is_padded)
    x = np.random.default_rng(1).normal(size=(batch, *product.places, 2))
    expected = keras.ops.conv(
        x,
        product.kernel,
        strides=product.strides,
        padding="same" if is_padded else "valid",
        data_format="channels_last",
        dilation_rate=product.dilation,
    )
    found = product(x)
    assert found.shape[1:-1] == product.results
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@given(axes=AXES, is_padded=st.booleans(), ahead=st.lists(st.integers(1, 3), max_size=2))
def test_the_adjoint_of_a_convolution_is_adjoint(
    axes: list[tuple[int, int, int, int]], is_padded: bool, ahead: list[int]
) -> None:
    assert_adjoint(product := convolution(axes, is_padded), (*ahead, *product.places, 2))


@pytest.mark.parametrize("shape", [(4,), (2, 4), (3, 2, 4)])
def test_the_adjoint_of_a_matrix_product_is_adjoint(shape: tuple[int, ...]) -> None:
    kernel = np.random.default_rng(0).normal(size=(4, 3))
    assert_adjoint(MatrixProduct(kernel), shape)
    x = np.random.default_rng(1).normal(size=shape)
    np.testing.assert_allclose(MatrixProduct(kernel)(x), x @ kernel)


def assert_adjoint(product: Any, shape: tuple[int, ...]) -> None:
    """Whether <A x, y> = <x, A* y>."""
    random = np.random.default_rng(2)
    x = random.normal(size=shape)
    y = random.normal(size=product(x).shape)
    found = product.adjoint(y)
    assert found.shape == x.shape
    np.testing.assert_allclose((product(x) * y).sum(), (x * found).sum(), rtol=1e-10, atol=1e-10)
