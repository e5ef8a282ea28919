"""A short run of every target; `python -m tests.fuzz` is the long one."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.run import fuzz
from tests.fuzz.targets import TARGETS

# About half a minute on one core. `RNNWEIGHTS_FUZZ` is another number.
_INPUTS = int(os.environ.get("RNNWEIGHTS_FUZZ", "20000"))


@pytest.mark.timeout(max(300, _INPUTS // 50))
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_is_read_or_asked_is_fatal(name: str) -> None:
    target = TARGETS[name]
    inputs = round(_INPUTS * target.share)
    assert fuzz(target, inputs, first_seed=0).inputs >= inputs
