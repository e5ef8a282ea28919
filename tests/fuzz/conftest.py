"""What is served in this process."""

from __future__ import annotations

import pytest

from tests.fuzz import targets
from tests.fuzz.served import Served


@pytest.fixture(scope="session")
def everything() -> Served:
    """A series of every kind."""
    return targets.everything()
