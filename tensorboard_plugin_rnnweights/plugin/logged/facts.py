"""The facts of a series that TensorBoard lists."""

from __future__ import annotations

from typing import Any

from tensorboard import errors

from tensorboard_plugin_rnnweights.summary.metadata import MetadataError, Series, parse_series


def facts_of(listed: Any, run: str, tag: str) -> Series:
    """The facts of a series that TensorBoard lists.

    Raises:
        InvalidArgumentError: If they can't be read.
    """
    try:
        return parse_series(listed.plugin_content)
    except MetadataError as error:
        raise errors.InvalidArgumentError(f"run {run!r}, series {tag!r} can't be read: {error}") from error
