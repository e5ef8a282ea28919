"""The built frontend, read once: no path of a request ever reaches the file system."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

_CONTENT_TYPES = {".js": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True)
class StaticFile:
    """A file that is served as it is."""

    content: bytes
    content_type: str
    etag: str


def static_files() -> dict[str, StaticFile]:
    """All files of the built frontend by name; empty if it was never built."""
    folder = resources.files("tensorboard_plugin_rnnweights") / "static"
    if not folder.is_dir():
        return {}
    found = {}
    for file in folder.iterdir():
        content_type = _CONTENT_TYPES.get(file.name[file.name.rfind(".") :])
        if content_type is not None:
            content = file.read_bytes()
            found[file.name] = StaticFile(content, content_type, hashlib.sha256(content).hexdigest())
    return found
