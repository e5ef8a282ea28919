"""The matrices of a saved model."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tensorboard_plugin_rnnweights.capture.decompose import tensors_of
from tensorboard_plugin_rnnweights.capture.held import hold_weights
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tensorboard_plugin_rnnweights.terminal.matrices import Matrix, SummaryError

Load = Callable[[Path, "list[str]"], Any]
"""Loads a model, and adds to the notes what is left out of it."""


def matrices_of_model(path: Path) -> tuple[list[Matrix], list[str]]:
    """The matrices of all recurrent layers of a model on disk, and notes of what is left out.

    Raises:
        SummaryError: If it can't be loaded, or has no recurrent layer that can be read.
    """
    load = loader_for(path)
    if load is None:
        known = ", ".join(suffix for suffix, _ in _LOADERS)
        raise SummaryError(f"'{path}' is no model that can be loaded ({known}), and no log directory")
    notes: list[str] = []

    def report(notice: Notice) -> None:
        notes.append(notice.text)

    try:
        tensors = tensors_of(hold_weights(load(path, notes), report), report)
        return [Matrix.of_tensor(tensor, position) for position, tensor in enumerate(tensors)], notes
    except SummaryError as error:
        raise SummaryError(f"'{path}' can't be read: {error}") from error
    # Whatever frameworks raise on a file that they can't read, people want to see what it says.
    except Exception as error:
        raise SummaryError(f"'{path}' can't be read: {_reason(error)}") from error


def loader_for(path: Path) -> Load | None:
    """What loads a file or folder of that name; None if it is no model."""
    if path.is_dir():
        return _saved_model if (path / "saved_model.pb").is_file() else None
    return next((load for suffix, load in _LOADERS if path.name.endswith(suffix)), None)


def _keras_file(path: Path, notes: list[str]) -> Any:
    keras = _imported("keras")
    try:
        return keras.saving.load_model(path, compile=False)
    except Exception as error:
        # Models of Keras 2 are often beyond Keras 3, and the other way round.
        if importlib.util.find_spec("tf_keras") is None:
            raise
        try:
            return _imported("tf_keras").models.load_model(path, compile=False)
        except Exception as other:
            raise other if _missing_class(other) and not _missing_class(error) else error from None


def _saved_model(path: Path, notes: list[str]) -> Any:
    return _imported("tf_keras").models.load_model(path, compile=False)


def _only_weights(path: Path, notes: list[str]) -> Any:
    raise SummaryError(
        "it holds weights without the model that they belong to: build it, load_weights() into it, "
        "and use tensorboard_plugin_rnnweights.decompose(model)"
    )


def _torch_file(path: Path, notes: list[str]) -> Any:
    torch = _imported("torch")
    import argparse
    import pathlib

    harmless = [argparse.Namespace, pathlib.PosixPath, pathlib.PurePosixPath]
    try:
        with torch.serialization.safe_globals(harmless):
            saved = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:
        refused = re.search(r"GLOBAL ([\w.]+) was not an allowed global", str(error))
        reason = f"it holds a {refused[1]}, which" if refused else "it is no state dict that"
        raise SummaryError(
            f"{reason} can't be loaded without running code: save module.state_dict() rather than that"
        ) from error
    return _rebuilt(saved, notes)


def _safetensors_file(path: Path, notes: list[str]) -> Any:
    _imported("torch")
    return _rebuilt(importlib.import_module("safetensors.torch").load_file(path), notes)


def _rebuilt(saved: Any, notes: list[str]) -> Any:
    # It imports torch, which other files don't need.
    from tensorboard_plugin_rnnweights.terminal.torch_state import modules_of

    module, left_out = modules_of(saved)
    notes += left_out
    return module


def _imported(framework: str) -> Any:
    try:
        return importlib.import_module(framework)
    except ImportError as error:
        raise SummaryError(f"it needs {framework}: pip install {framework}") from error


# What Keras 3 and Keras 2 say of a class that isn't registered, and its name.
_MISSING_CLASS = re.compile(r"Could not locate class '([^']+)'|Unknown layer: '?([^'.]+)'?")


def _missing_class(error: Exception) -> str | None:
    found = _MISSING_CLASS.search(str(error))
    return (found[1] or found[2]) if found else None


def _reason(error: Exception) -> str:
    """What a framework says, in one line: the useful one of many."""
    name = _missing_class(error)
    if name is not None:
        return (
            f"Keras could not locate its class '{name}': decorate it with "
            "@keras.saving.register_keras_serializable(), and import its module with --import MODULE"
        )
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    marked = [line for line in lines if line.startswith("Exception encountered: ")]
    return (marked or lines)[0].removeprefix("Exception encountered: ")


# The first suffix that fits counts.
_LOADERS: tuple[tuple[str, Load], ...] = (
    (".weights.h5", _only_weights),
    (".keras", _keras_file),
    (".h5", _keras_file),
    (".hdf5", _keras_file),
    (".safetensors", _safetensors_file),
    (".pt", _torch_file),
    (".pth", _torch_file),
    (".ckpt", _torch_file),
    (".bin", _torch_file),
)
