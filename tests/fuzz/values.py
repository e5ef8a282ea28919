"""Values that somebody who means harm would put in the place of others."""

from __future__ import annotations

import math

from hypothesis import strategies as st

LONG = 10_000

NAMES = (
    "",
    ".",
    "..",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\windows",
    "a/b//c/",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'`;--",
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "a,b\nc",
    "a\r\nX-Evil: 1",
    "\x00",
    "\u202eevil\u202c",
    "\ufeff\u200b",
    "e\u0301" * 20,
    "\U0001f4a9",
    "\ud800",
    "%2e%2e%2f",
    "%",
    "&run=x",
    "__proto__",
    "constructor",
    "{}",
    "{0.__class__}",
    "nan",
    "0",
    "x" * LONG,
    "\u4e2d" * LONG,
    "<b>" * (LONG // 3),
)
"""Names that mean something to a browser, a shell, a spreadsheet, a file system or a terminal."""

SIZES = (-(2**63), -1, 0, 1, 2, 3, 7, 128, 2**16, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**400)
"""Whole numbers at the ends of what something can count."""

NUMBERS = (math.nan, math.inf, -math.inf, -0.0, 0.5, 1.0, 1e308, 5e-324, -1e9)
"""Numbers that something can't compute with."""

names = st.one_of(st.sampled_from(NAMES), st.text(max_size=20))
encodable_names = names.filter(lambda name: "\ud800" not in name)
"""Those that can be written as UTF-8 at all: a protocol buffer, and so an event file, has no others."""

sizes = st.one_of(st.sampled_from(SIZES), st.integers(-5, 40), st.integers())
numbers = st.one_of(st.sampled_from(NUMBERS), st.floats())

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), sizes, numbers, names),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)
"""Anything that JSON can say."""
