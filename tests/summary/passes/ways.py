"""Both ways that the passes can go, whatever this machine would choose."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tensorboard_plugin_rnnweights.summary.passes import choice

WAYS = ["compiled", "numpy"]

both_ways = pytest.mark.parametrize("way", WAYS)


@contextlib.contextmanager
def going(way: str) -> Iterator[None]:
    """Lets the passes go one way."""
    if way == "compiled" and choice.compiled is None:
        pytest.skip("the passes are not compiled here")
    with pytest.MonkeyPatch.context() as patch:
        if way == "numpy":
            patch.setattr(choice, "compiled", None)
        yield
