"""What was read or computed once, remembered while there is room for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

Value = TypeVar("Value")


class Memory:
    """Remembers values by key, up to a number of bytes; those used longest ago are forgotten first.

    Args:
        limit: Bytes that all values together may take.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._total = 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any | None:
        """What is remembered under a key; None if nothing is."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Remembers a value in place of the one before.

        Args:
            key: Its key.
            value: What nobody changes any more; not None.
            size: The bytes that it takes. A value that has no room even alone is not remembered.
        """
        with self._lock:
            self._forget(key)
            if size > self._limit:
                return
            self._values[key] = value, size
            self._total += size
            while self._total > self._limit:
                self._forget(next(iter(self._values)))

    def all_of(
        self,
        keys: Sequence[Hashable],
        find: Callable[[list[int]], Sequence[Value]],
        size_of: Callable[[Value], int],
        at_once: int,
    ) -> list[Value]:
        """The values of some keys; those that are not remembered are found, and remembered.

        Args:
            keys: The keys.
            find: Finds the values of some of them, by their places.
            size_of: How many bytes a value takes.
            at_once: Of how many places at most values are found together.
        """
        found: list[Any] = [self.get(key) for key in keys]
        missing = [place for place, value in enumerate(found) if value is None]
        for start in range(0, len(missing), at_once):
            places = missing[start : start + at_once]
            for place, value in zip(places, find(places), strict=True):
                found[place] = value
                self.put(keys[place], value, size_of(value))
        return found

    def _forget(self, key: Hashable) -> None:
        _, size = self._values.pop(key, (None, 0))
        self._total -= size
