"""Layouts that are registered for one test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tensorboard_plugin_rnnweights.rnn import registry


@contextlib.contextmanager
def registered_for_a_while() -> Iterator[None]:
    """Takes back what was registered meanwhile."""
    before = dict(registry._registered)
    yield
    registry._registered.clear()
    registry._registered.update(before)
    registry.layouts_of.cache_clear()
