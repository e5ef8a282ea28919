"""The exact numbers kept of a block beside its histogram."""

from __future__ import annotations

COUNTS = ("count", "nan", "positive_infinity", "negative_infinity", "zero")
MOMENTS = ("minimum", "maximum", "mean", "standard_deviation", "l2_norm")
STATISTICS = (*COUNTS, *MOMENTS)
"""The statistics in the order in which they are stored.

`count` is of all values; `nan` to `zero` of those that are so; the others are over the finite values
(`standard_deviation`: of the population), and NaN where there is none.
"""

NONFINITE = ("nan", "positive_infinity", "negative_infinity")
