"""Numbers as people read them."""

from __future__ import annotations

import pytest

from benchmarks.amounts import amount, digits


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.00124, "s", "1.2 ms"),
        (0.9999, "s", "1.0 s"),
        (0.0009996, "s", "1.0 ms"),
        (142e-6, "s", "142 µs"),
        (48_300_000, "B", "48 MB"),
        (0, "B", "0 B"),
        (1e-12, "s", "0.0010 ns"),
        (2e16, "B", "20,000 TB"),
    ],
)
def test_an_amount(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(118.4, "118"), (0.25, "0.25"), (0.00123, "0.0012"), (9.996, "10"), (1234, "1,234")],
)
def test_digits(value: float, text: str) -> None:
    assert digits(value) == text
