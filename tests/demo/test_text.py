"""The demo's text."""

from __future__ import annotations

import numpy as np
import pytest

from tensorboard_plugin_rnnweights.demo.text import VOCABULARY, encode, standard_library


@pytest.mark.parametrize("characters", [1, 10_000, 500_000])
def test_as_much_of_the_standard_library_is_read_as_wanted(characters: int) -> None:
    assert len(standard_library(characters)) == characters


def test_each_character_has_its_place_and_odd_ones_are_spaces() -> None:
    assert len(set(VOCABULARY)) == len(VOCABULARY)
    codes = encode("def f():\n\tü")
    assert "".join(VOCABULARY[code] for code in codes) == "def f():\n  "
    assert codes.dtype == np.int32
