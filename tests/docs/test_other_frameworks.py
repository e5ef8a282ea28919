"""The programs of `docs/other_frameworks.md`: from their `GateTensor`s alone come the cells' outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from tensorboard_plugin_rnnweights import GateTensor, decompose
from tests.summary.logged import series_by_tag

Array = npt.NDArray[Any]

PAGE = Path(__file__).parents[2] / "docs" / "other_frameworks.md"
PROGRAMS: dict[str, str] = dict(
    re.findall(
        r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE
    )
)
# The library that each needs.
NEEDS = {
    "Flax NNX": "flax",
    "Flax Linen": "flax",
    "Equinox": "equinox",
    "Haiku": "haiku",
    "tf.Module": "tensorflow",
}


def run(program: str) -> dict[str, Any]:
    """What a program defines, once it has run."""
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(PROGRAMS[program], f"{PAGE.name}: {program}", "exec"), names)
    return names


def lstm(matrices: Mapping[str, GateTensor], x: Array) -> Array:
    """An LSTM's outputs, from its blocks alone."""
    kernel, recurrent, bias = (matrices[name].blocks for name in ("kernel", "recurrent_kernel", "bias"))
    h = c = np.zeros((len(x), matrices["bias"].units))
    outputs = []
    for inputs in np.moveaxis(x, 1, 0):
        before = {
            gate: inputs @ kernel[gate]
            + h @ recurrent[gate]
            + bias[gate]
            + matrices["bias"].added.get(gate, 0)
            for gate in kernel
        }
        i, f, o = (1 / (1 + np.exp(-before[gate])) for gate in ("input", "forget", "output"))
        c = f * c + i * np.tanh(before["cell"])
        h = o * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def test_each_program_is_run() -> None:
    assert PROGRAMS.keys() == NEEDS.keys()


@pytest.mark.parametrize("program", NEEDS)
def test_its_gate_tensors_give_the_outputs_and_are_logged(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(NEEDS[program])
    monkeypatch.chdir(tmp_path)
    names = run(program)
    if program == "tf.Module":
        expected = names["model"](names["x"])
        tensors = names["gate_tensors"](names["model"].kernel, names["model"].bias)
    else:
        expected = names["run"](names["cell"], names["x"])
        tensors = names["gate_tensors"](names["cell"])
    matrices = {one.matrix: one for one in tensors}
    found = lstm(matrices, np.asarray(names["x"], np.float64))
    np.testing.assert_allclose(found, np.asarray(expected), rtol=1e-4, atol=1e-5)
    (log_dir,) = (tmp_path / "logs").iterdir()
    logged = series_by_tag(str(log_dir))
    assert {tag.partition("/")[0] for tag in logged} == {"weights", "gradients"}
    assert len(logged) == 2 * len(matrices)


@pytest.mark.parametrize(
    "model",
    [tf.Module(), {"w": np.zeros((2, 3))}, [np.zeros(3)], object()],
    ids=["module", "dict", "list", "object"],
)
def test_what_is_of_another_library_is_refused_with_the_way_to_go(model: Any) -> None:
    with pytest.raises(
        TypeError, match=r"log them with SummaryWriter.add_tensors, as docs/other_frameworks.md"
    ):
        decompose(model)
