"""What the examples of a page register is for the test that runs them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rnn.registering import registered_for_a_while


@pytest.fixture(autouse=True)
def _only_for_this_test() -> Iterator[None]:
    with registered_for_a_while():
        yield
