"""What is shown of saved models."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import lightning
import numpy as np
import pytest
import safetensors.torch
import tf_keras
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune, weight_norm
from torch.optim.swa_utils import AveragedModel

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.terminal import models
from tensorboard_plugin_rnnweights.terminal.matrices import Matrix, SummaryError

pytestmark = pytest.mark.filterwarnings("ignore")


def keras_model(module: Any) -> Any:
    layers = module.layers
    both = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both")
    stack = layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(2)], name="stack")
    model = module.Sequential([layers.Input((5, 3)), both, stack, layers.Dense(1)])
    model.get_layer("stack").trainable = False
    model.compile("sgd", "mse")
    return model


def torch_model() -> nn.Module:
    return nn.ModuleDict(
        {
            "encoder": nn.ModuleDict({"lstm": nn.LSTM(3, 5, 2, bidirectional=True, proj_size=2)}),
            "gru": nn.GRU(4, 3, bias=False),
            "rnn": nn.RNN(2, 2, 3),
            "cell": nn.GRUCell(2, 3),
            "other": nn.LSTMCell(2, 4, bias=False),
            "plain": nn.RNNCell(2, 2),
            "head": nn.Linear(3, 1),
        }
    )


def matrices_of_model(path: Path) -> list[Matrix]:
    """The matrices of a model of which nothing is left out."""
    matrices, notes = models.matrices_of_model(path)
    assert notes == []
    return matrices


def expected(model: Any) -> list[Matrix]:
    return [Matrix.of_tensor(tensor, position) for position, tensor in enumerate(decompose(model))]


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_a_model_of_keras_3(name: str, tmp_path: Path) -> None:
    model = keras_model(keras)
    model.save(tmp_path / name)
    found = matrices_of_model(tmp_path / name)
    assert found == expected(model)
    assert {one.series.layer for one in found if not one.series.is_trained} == {"stack"}
    parameters = sum(one.parameters for one in found)
    dense = model.layers[-1].count_params()
    assert parameters == model.count_params() - dense


@pytest.mark.parametrize("name", ["saved_model", "model.keras", "model.h5"])
def test_a_model_of_keras_2(name: str, tmp_path: Path) -> None:
    model = keras_model(tf_keras)
    model.save(tmp_path / name)
    assert matrices_of_model(tmp_path / name) == expected(model)


SAVED: dict[str, Callable[[Any], Any]] = {
    "state dict": lambda state: state,
    "checkpoint": lambda state: {"epoch": 3, "state_dict": state},
    "other checkpoint": lambda state: {"model_state_dict": state, "optimizer": {"state": {}}},
    "of fairseq": lambda state: {"args": argparse.Namespace(lr=0.1), "model": state},
    "parallel": lambda state: {f"module.{key}": one for key, one in state.items()},
    "averaged": lambda state: AveragedModel(parallel(state)).state_dict(),
    "compiled": lambda state: {f"module._orig_mod.{key}": one for key, one in state.items()},
    "compiled inside": lambda state: {
        key.replace("encoder.", "encoder._orig_mod."): one for key, one in state.items()
    },
}


def parallel(state: Any) -> nn.Module:
    """The model, with the values of a state dict."""
    model = torch_model()
    model.load_state_dict(state)
    return nn.DataParallel(model)


@pytest.mark.parametrize("saved", SAVED.values(), ids=SAVED)
@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin", ".ckpt"])
def test_modules_of_pytorch_are_rebuilt_from_their_names(
    suffix: str, saved: Callable[[Any], Any], tmp_path: Path
) -> None:
    model = torch_model()
    torch.save(saved(model.state_dict()), tmp_path / f"model{suffix}")
    assert matrices_of_model(tmp_path / f"model{suffix}") == expected(model)


def test_a_module_without_path_is_called_by_its_type(tmp_path: Path) -> None:
    model = nn.GRU(2, 3, bidirectional=True, dtype=torch.bfloat16)
    torch.save(model.state_dict(), tmp_path / "model.pt")
    assert matrices_of_model(tmp_path / "model.pt") == expected(model)


def test_what_is_not_finite_is_counted(tmp_path: Path) -> None:
    model = nn.LSTM(2, 3)
    with torch.no_grad():
        model.weight_hh_l0[4, :2] = torch.tensor([float("nan"), float("-inf")])
    torch.save(model.state_dict(), tmp_path / "model.pt")
    assert [one.nonfinite for one in matrices_of_model(tmp_path / "model.pt")] == [0, 2, 0, 0]


def write_text(path: Path) -> None:
    path.write_text("no model")


def write_module(path: Path) -> None:
    torch.save(nn.LSTM(2, 3), path)


def write_tensor(path: Path) -> None:
    torch.save(torch.ones(3), path)


def write_dense(path: Path) -> None:
    torch.save(nn.Linear(2, 3).state_dict(), path)


def write_part(path: Path) -> None:
    torch.save({"a.weight_ih_l0": torch.ones(4, 2)}, path)


def write_odd(path: Path) -> None:
    torch.save({"a.weight_ih_l0": torch.ones(7, 2), "a.weight_hh_l0": torch.ones(7, 3)}, path)


def write_dense_keras(path: Path) -> None:
    keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)], name="dense_only").save(path)


@pytest.mark.parametrize(
    ("name", "write", "message"),
    [
        ("model.keras", write_text, "model.keras' can't be read: "),
        ("model.h5", write_text, "model.h5' can't be read: "),
        ("model.keras", write_dense_keras, "'dense_only' has no recurrent layer"),
        ("model.weights.h5", write_text, "without the model that they belong to: build it, load_weights"),
        ("model.onnx", write_text, r"no model that can be loaded \(.weights.h5, .keras, .*\), and no log"),
        ("model.pt", write_text, r"it is no state dict that can't be loaded without"),
        ("model.ckpt", write_module, "it holds a torch.nn.modules.rnn.LSTM, which can't be loaded without"),
        ("model.pt", write_tensor, "holds no state dict"),
        ("model.pt", write_dense, "has no recurrent layer"),
        ("model.pt", write_part, "'a' are of no recurrent module: 'weight_hh_l0' is missing"),
        ("model.pt", write_odd, "of no module of PyTorch: 7 rows for 3 units"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    name: str, write: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    write(tmp_path / name)
    with pytest.raises(SummaryError, match=message) as raised:
        matrices_of_model(tmp_path / name)
    assert "\n" not in str(raised.value)


def test_a_file_of_safetensors(tmp_path: Path) -> None:
    model = torch_model()
    safetensors.torch.save_file(model.state_dict(), tmp_path / "model.safetensors")
    found = {one.series.tag: one.shape for one in matrices_of_model(tmp_path / "model.safetensors")}
    # Such a file doesn't keep the model's order.
    assert found == {one.series.tag: one.shape for one in expected(model)}


class Module(lightning.LightningModule):
    """A module that Lightning saves, with all that it saves beside it."""

    def __init__(self, units: int = 3, folder: Path = Path("data")) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.lstm = nn.LSTM(2, units)

    def training_step(self, batch: Any, number: int) -> Any:
        return self.lstm(batch)[0].square().mean()

    def configure_optimizers(self) -> Any:
        return torch.optim.Adam(self.parameters())


def test_a_checkpoint_of_lightning(tmp_path: Path) -> None:
    module = Module()
    trainer = lightning.Trainer(
        max_steps=1, accelerator="cpu", logger=False, enable_progress_bar=False, default_root_dir=tmp_path
    )
    trainer.fit(module, torch.utils.data.DataLoader(torch.ones(2, 4, 2), batch_size=2))
    trainer.save_checkpoint(tmp_path / "last.ckpt")
    assert matrices_of_model(tmp_path / "last.ckpt") == expected(module)


def test_the_networks_of_a_gan_are_read_under_their_names(tmp_path: Path) -> None:
    networks = {"generator": nn.GRU(2, 3), "discriminator": nn.LSTM(3, 2)}
    torch.save({name: one.state_dict() for name, one in networks.items()}, tmp_path / "gan.pt")
    found = {one.series.layer: one.series.cell for one in matrices_of_model(tmp_path / "gan.pt")}
    assert found == {"generator": "GRU", "discriminator": "LSTM"}


def normalized(module: nn.Module) -> None:
    weight_norm(module, "weight_hh_l0")


def parametrized(module: nn.Module) -> None:
    parametrizations.weight_norm(module, "weight_hh_l0")


def pruned(module: nn.Module) -> None:
    prune.random_unstructured(module, "weight_hh_l0", 0.5)


@pytest.mark.parametrize("compute", [normalized, parametrized, pruned])
def test_computed_weights_are_shown_as_they_are_used(
    compute: Callable[[nn.Module], None], tmp_path: Path
) -> None:
    module = nn.GRU(2, 3)
    with torch.no_grad():
        module.weight_hh_l0[4] = torch.tensor([float("inf"), 1.0, 1.0])
    compute(module)
    torch.save({f"gru.{key}": one for key, one in module.state_dict().items()}, tmp_path / "model.pt")
    used = decompose(module)[1]
    (found,) = (
        one for one in matrices_of_model(tmp_path / "model.pt") if one.series.matrix == "recurrent_kernel"
    )
    assert found.nonfinite == np.count_nonzero(~np.isfinite(used.values)) > 0


def test_a_weight_that_the_file_alone_cannot_give_is_named_and_the_others_are_shown(tmp_path: Path) -> None:
    odd, good = nn.GRU(2, 3), nn.LSTM(2, 3)
    parametrizations.orthogonal(odd, "weight_hh_l0")
    torch.save(nn.ModuleDict({"odd": odd, "good": good}).state_dict(), tmp_path / "model.pt")
    matrices, notes = models.matrices_of_model(tmp_path / "model.pt")
    assert {one.series.layer for one in matrices} == {"good"}
    assert any("'odd.weight_hh_l0' is computed from" in note for note in notes)


def test_a_dropped_out_weight_is_the_raw_one(tmp_path: Path) -> None:
    state = {f"rnn.module.{key}": one for key, one in nn.LSTM(2, 3).state_dict().items()}
    state["rnn.weight_hh_l0_raw"] = state.pop("rnn.module.weight_hh_l0").fill_(float("nan"))
    torch.save(state, tmp_path / "model.pth")
    found = {one.series.matrix: one for one in matrices_of_model(tmp_path / "model.pth")}
    assert found["recurrent_kernel"].series.layer == "rnn/module"
    assert found["recurrent_kernel"].nonfinite == 36


CELLS = """
import keras

@keras.saving.register_keras_serializable()
class MyCell(keras.layers.LSTMCell):
    pass
"""
SAVE = """
import keras, my_cells
model = keras.Sequential([keras.layers.Input((4, 2)), keras.layers.RNN(my_cells.MyCell(3), name="mine")])
model.save("model.keras")
"""


def test_a_class_that_keras_lacks_is_named_and_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "my_cells.py").write_text(CELLS)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=120
        )

    assert run("-c", SAVE).returncode == 0
    command = ("-m", "tensorboard_plugin_rnnweights", "summary", "model.keras")
    failed = run(*command)
    assert failed.returncode == 1
    assert "Keras could not locate its class 'MyCell': decorate it" in failed.stderr
    shown = run(*command, "--import", "my_cells")
    assert shown.returncode == 0, shown.stderr
    assert "mine" in shown.stdout
    missing = run(*command, "--import", "nonsense")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "--import: No module named 'nonsense'" in missing.stderr
