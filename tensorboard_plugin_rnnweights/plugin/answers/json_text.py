"""JSON as a browser reads it."""

from __future__ import annotations

import json
from typing import Any

from tensorboard.backend import json_util


def as_json(content: Any) -> bytes:
    """Compact JSON, in which a number that is not finite is a text, as everywhere in TensorBoard."""
    try:
        return _dumped(content)
    except ValueError:
        # Nothing that we wrote has such numbers, so that it is worth a look at every value only now.
        return _dumped(json_util.Cleanse(content))


def _dumped(content: Any) -> bytes:
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()
