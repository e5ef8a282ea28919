"""What is told of saved models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
import tf_keras
import torch
from torch import nn

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.terminal.matrices import Matrix, SummaryError
from tensorboard_plugin_rnnweights.terminal.models import matrices_of_model

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
    "other checkpoint": lambda state: {"model_state_dict": state},
}


@pytest.mark.parametrize("saved", SAVED.values(), ids=SAVED)
@pytest.mark.parametrize("suffix", [".pt", ".pth"])
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
        ("model.keras", write_text, "model.keras' can't be told: "),
        ("model.h5", write_text, "model.h5' can't be told: "),
        ("model.keras", write_dense_keras, "'dense_only' has no recurrent layer"),
        ("model.weights.h5", write_text, "without the model that they belong to: build it, load_weights"),
        ("model.onnx", write_text, r"no model that can be loaded \(.weights.h5, .keras, .*\), and no log"),
        ("model.pt", write_text, r"save module.state_dict\(\) rather than the module"),
        ("model.pt", write_module, r"save module.state_dict\(\) rather than the module"),
        ("model.pt", write_tensor, "holds no state dict"),
        ("model.pt", write_dense, "has no recurrent layer"),
        ("model.pt", write_part, "'a' are of no recurrent module: 'weight_hh_l0' is missing"),
        ("model.pt", write_odd, "of no module of PyTorch: 7 rows for 3 units"),
    ],
)
def test_what_cannot_be_told_is_one_sentence(
    name: str, write: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    write(tmp_path / name)
    with pytest.raises(SummaryError, match=message) as raised:
        matrices_of_model(tmp_path / name)
    assert "\n" not in str(raised.value)
