"""What lies in a folder."""

from __future__ import annotations

from pathlib import Path


def bytes_in(folder: Path) -> int:
    """How many bytes its files have, also those in folders inside it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
