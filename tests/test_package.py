"""Importing us costs nothing that was not asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tensorboard_plugin_rnnweights as rnnweights

FRAMEWORKS = ("tensorflow", "keras", "torch", "jax", "matplotlib")


@pytest.mark.parametrize(
    "statement",
    [
        "import tensorboard_plugin_rnnweights",
        "import tensorboard_plugin_rnnweights.plugin.loader",
        "from tensorboard_plugin_rnnweights import SummaryWriter, GateTensor, decompose",
        "import tensorboard_plugin_rnnweights.__main__",
    ],
)
def test_no_framework_is_imported_for_our_sake(statement: str) -> None:
    told = f"{statement}; import sys; print([name for name in {FRAMEWORKS} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_public_names_are_there() -> None:
    assert rnnweights.__all__ == ["GateTensor", "RNNWeights", "SummaryWriter", "decompose"]
    for name in rnnweights.__all__:
        assert getattr(rnnweights, name).__name__ == name
        assert name in dir(rnnweights)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Weights'"):
        rnnweights.Weights  # noqa: B018
