"""What a user's object keeps in its attributes, by paths such as `"gates.0.weight"`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


class NoAttributeError(ValueError):
    """A path that leads nowhere; its words name the class, what it hasn't got, and what may be meant."""


def attribute(kept: Any, path: str) -> Any:
    """What an object keeps at a path.

    Args:
        kept: The object.
        path: Attributes, places in lists and keys of dicts, with dots between them.

    Returns:
        What stands there; None also where there is None on the way, since an object without a layer has
        none of that layer's variables either.

    Raises:
        NoAttributeError: If there is no such thing, or if it can't be read now.
    """
    value = kept
    for step in path.split("."):
        if value is None:
            return None
        value = _inside(value, step)
    return value


def _inside(holder: Any, step: str) -> Any:
    if isinstance(holder, Mapping):
        if step in holder:
            return holder[step]
        raise NoAttributeError(f"its dict has no key '{step}'{_perhaps(step, map(str, holder))}")
    if isinstance(holder, Sequence) and step.isdecimal():
        if int(step) < len(holder):
            return holder[int(step)]
        raise NoAttributeError(f"its list has no place {step}, but {len(holder)} of them, from 0 on")
    kind = type(holder)
    try:
        return getattr(holder, step)
    except AttributeError as error:
        if hasattr(kind, step):
            raise NoAttributeError(f"'{step}' of {kind.__qualname__} can't be read: {error}") from error
        words = f"{kind.__qualname__} has no attribute '{step}'{_perhaps(step, dir(holder))}"
        raise NoAttributeError(words) from error
    except Exception as error:  # A property of the user's may raise anything.
        words = f"'{step}' of {kind.__qualname__} can't be read: {type(error).__name__}: {error}"
        raise NoAttributeError(words) from error


def _perhaps(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, [one for one in names if not one.startswith("__")])
    return f" (perhaps {' or '.join(repr(one) for one in near)} is meant)" if near else ""
