"""What a kernel does to what comes in, and the adjoint of that: matrix products and convolutions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Convolution:
    """How a cell's convolution of its inputs goes; one number an axis.

    Attributes:
        strides: How far apart its windows are.
        padding: `"valid"`, or `"same"` as TensorFlow has it: as even as can be, the odd one at the end.
        dilation: How far apart the places of one window are.
        data_format: `"channels_last"` or `"channels_first"`: how the layer's inputs and outputs are laid
            out.
    """

    strides: tuple[int, ...]
    padding: str
    dilation: tuple[int, ...]
    data_format: str

    @property
    def is_channels_first(self) -> bool:
        """Whether channels stand before the places, rather than after them."""
        return self.data_format == "channels_first"


class Product(Protocol):
    """A linear function of the last axes of an array; all axes before them are carried along."""

    def __call__(self, x: Array) -> Array:
        """Of shape (..., *places, features), gives (..., *places, columns)."""

    def adjoint(self, gradient: Array) -> Array:
        """Of a gradient at what the function gave, gives the gradient at what it was given."""


@dataclass(frozen=True, eq=False)
class MatrixProduct:
    """`x @ kernel`, with a kernel of shape (features, columns)."""

    kernel: Array

    def __call__(self, x: Array) -> Array:
        """Of shape (..., features), gives (..., columns)."""
        return _times(x, self.kernel)

    def adjoint(self, gradient: Array) -> Array:
        """Of shape (..., columns), gives (..., features)."""
        return _times(gradient, self.kernel.T)


@dataclass(frozen=True, eq=False)
class ConvolutionProduct:
    """A convolution, as neural networks have it: windows times the kernel, which isn't turned round.

    Attributes:
        kernel: Shape (*sizes, features, columns).
        places: The sizes of what comes in, without batch and features.
        strides: How far apart the windows are, an axis.
        dilation: How far apart the places of one window are, an axis.
        is_padded: Whether zeros are added, as `padding="same"` has it.
    """

    kernel: Array
    places: tuple[int, ...]
    strides: tuple[int, ...]
    dilation: tuple[int, ...]
    is_padded: bool

    @property
    def results(self) -> tuple[int, ...]:
        """The sizes of what comes out, without batch and columns."""
        reaches = zip(self.places, self._margins, self._windows, self.strides, strict=True)
        return tuple((size + sum(margin) - window) // step + 1 for size, margin, window, step in reaches)

    def __call__(self, x: Array) -> Array:
        """Of shape (..., *places, features), gives (..., *results, columns)."""
        ahead = x.ndim - len(self.places) - 1
        padded = np.pad(x, [*[(0, 0)] * ahead, *self._margins, (0, 0)])
        found = np.zeros((*x.shape[:ahead], *self.results, self.kernel.shape[-1]), x.dtype)
        for offset, seen in self._offsets():
            found += _times(padded[seen], self.kernel[offset])
        return found

    def adjoint(self, gradient: Array) -> Array:
        """Of shape (..., *results, columns), gives (..., *places, features)."""
        ahead = gradient.shape[: gradient.ndim - len(self.places) - 1]
        sizes = [size + sum(margin) for size, margin in zip(self.places, self._margins, strict=True)]
        padded = np.zeros((*ahead, *sizes, self.kernel.shape[-2]), gradient.dtype)
        for offset, seen in self._offsets():
            padded[seen] += _times(gradient, self.kernel[offset].T)
        each = zip(self.places, self._margins, strict=True)
        inner = (slice(before, before + size) for size, (before, _) in each)
        unpadded: tuple[Any, ...] = (..., *inner, slice(None))
        return padded[unpadded]

    @property
    def _windows(self) -> tuple[int, ...]:
        sizes = self.kernel.shape[:-2]
        return tuple((size - 1) * apart + 1 for size, apart in zip(sizes, self.dilation, strict=True))

    @property
    def _margins(self) -> tuple[tuple[int, int], ...]:
        if not self.is_padded:
            return ((0, 0),) * len(self.places)
        each = zip(self.places, self._windows, self.strides, strict=True)
        missing = [max((-(-size // step) - 1) * step + window - size, 0) for size, window, step in each]
        return tuple((one // 2, one - one // 2) for one in missing)

    def _offsets(self) -> Iterator[tuple[tuple[int, ...], tuple[Any, ...]]]:
        """Each place in the window, and the part of the padded input that all windows have there."""
        for offset in itertools.product(*(range(size) for size in self.kernel.shape[:-2])):
            each = zip(offset, self.dilation, self.strides, self.results, strict=True)
            seen = (
                slice(at * apart, at * apart + (count - 1) * step + 1, step)
                for at, apart, step, count in each
            )
            yield offset, (..., *seen, slice(None))


def _times(x: Array, matrix: Array) -> Array:
    """One matrix product, whatever axes come before the last; NumPy's own would be one for each of them."""
    rows = math.prod(x.shape[:-1])
    return (x.reshape(rows, x.shape[-1]) @ matrix).reshape(*x.shape[:-1], matrix.shape[1])
