"""Numbers as people read them, with two digits, which is as much as they mean: `1.2 ms`, `48 MB`, `118`."""

from __future__ import annotations

import math

_PREFIXES = {-3: "n", -2: "µ", -1: "m", 0: "", 1: "k", 2: "M", 3: "G", 4: "T"}
_DIGITS = 2


def amount(value: float, unit: str) -> str:
    """A number with the prefix that leaves it between 1 and 1000."""
    thousands = (_digits_before_point(value) - 1) // 3
    thousands = min(max(thousands, min(_PREFIXES)), max(_PREFIXES))
    return f"{digits(value / 1000**thousands)} {_PREFIXES[thousands]}{unit}"


def digits(value: float) -> str:
    """Two digits of a number, or all of those before its point."""
    return f"{value:,.{max(0, _DIGITS - _digits_before_point(value))}f}" if value else "0"


def _digits_before_point(value: float) -> int:
    """Of the rounded number; negative for the zeros after the point."""
    rounded = float(f"{value:.{_DIGITS - 1}e}")
    return math.floor(math.log10(abs(rounded))) + 1 if rounded else 1
