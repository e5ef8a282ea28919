"""Importing us costs nothing that was not asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tensorboard_plugin_rnnweights as rnnweights

FRAMEWORKS = ("tensorflow", "keras", "tf_keras", "torch", "jax", "lightning", "transformers")
ADAPTERS = ("keras.adapter", "torch.adapter", "tensorflow.values", "torch.values", "jax.values")


@pytest.mark.parametrize(
    "statement",
    [
        "import tensorboard_plugin_rnnweights",
        "import tensorboard_plugin_rnnweights.plugin.loader",
        "from tensorboard_plugin_rnnweights import SummaryWriter, GateTensor, decompose, register_layout",
        "import tensorboard_plugin_rnnweights.__main__",
    ],
)
def test_no_framework_is_imported_for_our_sake(statement: str) -> None:
    told = f"{statement}; import sys; print([name for name in {FRAMEWORKS} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("made", "adapters"),
    [
        ("import torch, keras; model = torch.nn.LSTM(2, 3)", {"torch.adapter", "torch.values"}),
        (
            "import keras, torch; model = keras.layers.LSTM(2); model.build((None, None, 3))",
            {"keras.adapter", "tensorflow.values"},
        ),
    ],
    ids=["PyTorch", "Keras"],
)
def test_only_the_adapters_of_what_was_handed_in_are_imported(made: str, adapters: set[str]) -> None:
    room = "tensorboard_plugin_rnnweights.frameworks."
    found = f"[name for name in {ADAPTERS} if '{room}' + name in sys.modules]"
    code = f"{made}; import sys, tensorboard_plugin_rnnweights as r; r.decompose(model); print({found})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([name for name in ADAPTERS if name in adapters])


def test_the_public_names_are_there() -> None:
    assert rnnweights.__all__ == [
        "GateTensor",
        "LightningRNNWeights",
        "MatrixPart",
        "RNNWeights",
        "SummaryWriter",
        "TransformersRNNWeights",
        "decompose",
        "register_layout",
        "watch",
    ]
    for name in rnnweights.__all__:
        assert getattr(rnnweights, name).__name__ == name
        assert name in dir(rnnweights)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Weights'"):
        rnnweights.Weights  # noqa: B018
