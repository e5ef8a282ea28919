"""Keeps NumPy's linear algebra on one thread, since the training needs the other cores."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator

from threadpoolctl import ThreadpoolController

# One at a time: limits that overlap in several threads would take each other's for what was there before.
_turn = threading.RLock()


@contextlib.contextmanager
def on_one_thread() -> Iterator[None]:
    """Lets NumPy's linear algebra run on one thread inside the context; waits until no other one is open.

    Its library keeps as many threads as there are cores, which spin while they wait for each other. Beside
    a training that has work for all cores, eigenvalues of a matrix of 512 rows took eight times as long on
    two threads as on one, and eight times the processor time. The limit may be one for the whole process:
    NumPy in other threads then has it, too, for as long as the context lasts.
    """
    with _turn, _numpys_libraries().limit(limits=1):
        yield


@functools.cache
def _numpys_libraries() -> ThreadpoolController:
    """NumPy's own library, and not those of the frameworks, which may be of the same kind."""
    found = ThreadpoolController()
    # Where NumPy shares one with them, as from conda, none is limited.
    return found.select(filepath=[one["filepath"] for one in found.info() if "numpy" in one["filepath"]])
