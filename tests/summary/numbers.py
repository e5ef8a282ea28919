"""Strategies for the numbers that weights may hold: ordinary ones, and all that hurts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

FLOAT32 = np.finfo(np.float32)
SPECIAL = (
    *(0.0, -0.0, float("nan"), float("inf"), float("-inf")),
    *(float(FLOAT32.max), float(FLOAT32.min), float(FLOAT32.tiny), float(-FLOAT32.tiny)),
    *(float(FLOAT32.smallest_subnormal), float(-FLOAT32.smallest_subnormal), 1.0, -1.0, 1 + 2**-5),
)

any_float32 = st.one_of(st.floats(width=32), st.sampled_from(SPECIAL))
finite_float32 = any_float32.filter(np.isfinite)


def arrays(
    elements: st.SearchStrategy[float] = any_float32, min_size: int = 0, max_size: int = 60
) -> st.SearchStrategy[npt.NDArray[Any]]:
    """Flat float32 arrays; every bit pattern, where `elements` aren't narrowed."""
    return hnp.arrays(np.float32, st.integers(min_size, max_size), elements=elements)


def bit_patterns(min_size: int = 0, max_size: int = 60) -> st.SearchStrategy[npt.NDArray[Any]]:
    """Float32 arrays of any bits at all: NaN of all kinds, subnormals, every exponent alike."""
    bits = hnp.arrays(np.uint32, st.integers(min_size, max_size), elements=st.integers(0, 2**32 - 1))
    return bits.map(lambda array: array.view(np.float32))
