"""What a request asks for, checked: each fault is told in one sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tensorboard import errors
from werkzeug import wrappers

from tensorboard_plugin_rnnweights.plugin.logged.thinning import Thinning

# The first and the last one.
_LEAST_STEPS = 2


def check_encoding(request: wrappers.Request) -> None:
    """Raises `InvalidArgumentError` where a query holds bytes that no browser would leave as they are."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        raise errors.InvalidArgumentError("the query is not text in UTF-8") from None


def text(request: wrappers.Request, name: str) -> str:
    """An argument that has to be there.

    Raises:
        InvalidArgumentError: If it is not.
    """
    value = request.args.get(name)
    if value is None:
        raise errors.InvalidArgumentError(f"the argument '{name}' is missing")
    return str(value)


def one_of(request: wrappers.Request, name: str, allowed: Iterable[str]) -> str:
    """An argument that has to be one of a few words.

    Raises:
        InvalidArgumentError: If it is none of them.
    """
    value, words = text(request, name), list(allowed)
    if value not in words:
        known = " or ".join(map(repr, words))
        raise errors.InvalidArgumentError(f"'{name}' has to be {known}, not {value!r}")
    return value


def words(request: wrappers.Request, name: str) -> list[str]:
    """An argument that is a list between commas, each word once; empty where it isn't there."""
    return list(dict.fromkeys(word for word in request.args.get(name, "").split(",") if word))


def pairs(request: wrappers.Request, name: str, other_name: str) -> list[tuple[str, str]]:
    """Two arguments that are given equally often, at least once; each pair of them once.

    Raises:
        InvalidArgumentError: If they are not.
    """
    some, others = request.args.getlist(name), request.args.getlist(other_name)
    if len(some) != len(others) or not some:
        raise errors.InvalidArgumentError(
            f"'{name}' and '{other_name}' have to be given equally often, at least once, "
            f"not {len(some)} and {len(others)} times"
        )
    return list(dict.fromkeys(zip(some, others, strict=True)))


def whole(request: wrappers.Request, name: str) -> int:
    """A whole number that has to be there.

    Raises:
        InvalidArgumentError: If it is not.
    """
    value = text(request, name)
    try:
        return int(value)
    except ValueError:
        raise errors.InvalidArgumentError(f"'{name}' has to be a whole number, not {value!r}") from None


def whole_or_none(request: wrappers.Request, name: str) -> int | None:
    """A whole number; None where it isn't there.

    Raises:
        InvalidArgumentError: If it is another thing.
    """
    return whole(request, name) if name in request.args else None


def whole_between(request: wrappers.Request, name: str, least: int, most: int, default: int) -> int:
    """A whole number between two others, both allowed.

    Raises:
        InvalidArgumentError: If it is another thing.
    """
    value = whole_or_none(request, name)
    if value is None:
        return default
    if not least <= value <= most:
        raise errors.InvalidArgumentError(f"'{name}' has to be {least} to {most}, not {value}")
    return value


def number_or_none(request: wrappers.Request, name: str) -> float | None:
    """A finite number; None where it isn't there.

    Raises:
        InvalidArgumentError: If it is another thing.
    """
    value = request.args.get(name)
    return None if value is None else _number(name, value)


def numbers_by_name(request: wrappers.Request, key: str, name: str) -> dict[str, float]:
    """Finite numbers by the texts that are given equally often, at least once.

    Raises:
        InvalidArgumentError: If they are other things.
    """
    return {text: _number(name, value) for text, value in pairs(request, key, name)}


def thinning(request: wrappers.Request, default_most: int | None = None) -> Thinning:
    """Which steps: the arguments `from`, `to` and `most`.

    Raises:
        InvalidArgumentError: If they mean nothing.
    """
    first, last, most = (whole_or_none(request, name) for name in ("from", "to", "most"))
    if most is not None and most < _LEAST_STEPS:
        raise errors.InvalidArgumentError(f"'most' has to be {_LEAST_STEPS} or more, not {most}")
    return Thinning(first, last, default_most if most is None else most)


def _number(name: str, value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise errors.InvalidArgumentError(f"'{name}' has to be a number, not {value!r}")
    return found
