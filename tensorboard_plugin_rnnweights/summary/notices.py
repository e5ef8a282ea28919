"""Notices as they are stored: all of a training in one value, so that the newest one says all."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from tensorboard_plugin_rnnweights.rnn.notice import Notice

NOTICES_TAG = "notices"
"""The one tag of a run's notices."""

MOST = 20
"""How many notices a training has at most."""

# Far above what is written: a notice may list all layers of a model.
_MAX_TEXT = 2**20


class NoticesError(ValueError):
    """Notices that this version of the plugin can't read."""


@dataclass(frozen=True)
class Reported:
    """A notice, and the step at which it was reported; None before the first one."""

    notice: Notice
    step: int | None = None


def as_text(reported: Iterable[Reported]) -> str:
    """Notices as they are stored."""
    return json.dumps({"notices": [{**asdict(one.notice), "step": one.step} for one in reported]})


def parse_notices(text: Any) -> list[Reported]:
    """Reads notices back.

    Raises:
        NoticesError: If they are none that this plugin wrote.
    """
    if not isinstance(text, str | bytes) or len(text) > _MAX_TEXT:
        raise NoticesError("they are no text of notices")
    try:
        listed = json.loads(text)["notices"]
        found = [_reported(**one) for one in listed]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NoticesError("they are no notices") from error
    if len(found) > MOST:
        raise NoticesError(f"they are more than {MOST}")
    return found


def _reported(*, text: Any, kind: Any, layers: Any, step: Any) -> Reported:
    are_texts = isinstance(layers, list) and all(isinstance(one, str) for one in (text, kind, *layers))
    is_step = step is None or (type(step) is int and step >= 0)
    if not are_texts or not is_step:
        raise NoticesError("a part of one is not what it should be")
    return Reported(Notice(text, kind, tuple(layers)), step)
