"""The matrices of a saved model."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.terminal.matrices import Matrix, SummaryError


def matrices_of_model(path: Path) -> list[Matrix]:
    """The matrices of all recurrent layers of a model on disk.

    Raises:
        SummaryError: If it can't be loaded, or has no recurrent layer.
    """
    load = loader_for(path)
    if load is None:
        known = ", ".join(suffix for suffix, _ in _LOADERS)
        raise SummaryError(f"'{path}' is no model that can be loaded ({known}), and no log directory")
    try:
        tensors = decompose(load(path))
        return [Matrix.of_tensor(tensor, position) for position, tensor in enumerate(tensors)]
    except SummaryError:
        raise
    # Whatever frameworks raise on a file that they can't read, people want to hear what it says.
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise SummaryError(f"'{path}' can't be told: {lines[0]}") from error


def loader_for(path: Path) -> Callable[[Path], Any] | None:
    """What loads a file or folder of that name; None if it is no model."""
    if path.is_dir():
        return _saved_model if (path / "saved_model.pb").is_file() else None
    return next((load for suffix, load in _LOADERS if path.name.endswith(suffix)), None)


def _keras_file(path: Path) -> Any:
    keras = _imported("keras", path)
    try:
        return keras.saving.load_model(path, compile=False)
    except Exception:
        # Models of Keras 2 are often beyond Keras 3, and the other way round.
        if importlib.util.find_spec("tf_keras") is None:
            raise
        return _imported("tf_keras", path).models.load_model(path, compile=False)


def _saved_model(path: Path) -> Any:
    return _imported("tf_keras", path).models.load_model(path, compile=False)


def _only_weights(path: Path) -> Any:
    raise SummaryError(
        f"'{path}' holds weights without the model that they belong to: build it, load_weights() into it, "
        "and use tensorboard_plugin_rnnweights.decompose(model)"
    )


def _torch_file(path: Path) -> Any:
    torch = _imported("torch", path)
    from tensorboard_plugin_rnnweights.terminal.torch_state import modules_of

    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:
        raise SummaryError(
            f"'{path}' is no state dict that can be loaded without running its code: save "
            "module.state_dict() rather than the module"
        ) from error
    return modules_of(state)


def _imported(framework: str, path: Path) -> Any:
    try:
        return importlib.import_module(framework)
    except ImportError as error:
        raise SummaryError(f"'{path}' needs {framework}: pip install {framework}") from error


# The first suffix that fits counts.
_LOADERS: tuple[tuple[str, Callable[[Path], Any]], ...] = (
    (".weights.h5", _only_weights),
    (".keras", _keras_file),
    (".h5", _keras_file),
    (".hdf5", _keras_file),
    (".pt", _torch_file),
    (".pth", _torch_file),
)
