"""On what a benchmark ran."""

from __future__ import annotations

import importlib.metadata
import os
import platform

_LIBRARIES = {
    "TensorFlow": "tensorflow",
    "Keras": "keras",
    "PyTorch": "torch",
    "TensorBoard": "tensorboard",
    "tensorboardX": "tensorboardX",
    "NumPy": "numpy",
    "Matplotlib": "matplotlib",
}
"""The names of the distributions by those that people know."""


def facts() -> str:
    """Cores, operating system, and the versions of all that takes part."""
    versions = {"Python": platform.python_version()} | {
        name: importlib.metadata.version(distribution) for name, distribution in _LIBRARIES.items()
    }
    system = f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()})"
    return ", ".join([system, *(f"{name} {version}" for name, version in versions.items())])
