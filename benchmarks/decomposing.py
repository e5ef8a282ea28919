"""What `decompose` costs beyond copying the weights: a model with 40 recurrent layers of mixed kinds.

    python -m benchmarks.decomposing

The copy that it is compared with is that of the same variables into arrays, by the framework itself.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import keras
import tf_keras
import torch

from tensorboard_plugin_rnnweights import decompose

LAYERS = 40
UNITS = 64
REPEATS = 30
IMPORTS = 10


def keras_model(module: Any) -> Any:
    """Layers of all kinds that one sequence can go through, some in both directions."""
    layers = module.layers
    kinds: list[Callable[[], Any]] = [
        lambda: layers.SimpleRNN(UNITS, return_sequences=True),
        lambda: layers.LSTM(UNITS, return_sequences=True),
        lambda: layers.GRU(UNITS, return_sequences=True),
        lambda: layers.GRU(UNITS, return_sequences=True, reset_after=False),
        lambda: layers.Bidirectional(layers.LSTM(UNITS // 2, return_sequences=True)),
        lambda: layers.RNN([layers.LSTMCell(UNITS), layers.GRUCell(UNITS)], return_sequences=True),
    ]
    model = module.Sequential([kinds[place % len(kinds)]() for place in range(LAYERS)])
    model.build((None, None, UNITS))
    return model


def torch_model() -> Any:
    """Modules of all kinds, some in both directions, with a projection or without biases."""
    kinds: list[Callable[[], Any]] = [
        lambda: torch.nn.RNN(UNITS, UNITS),
        lambda: torch.nn.LSTM(UNITS, UNITS, proj_size=UNITS // 2),
        lambda: torch.nn.GRU(UNITS, UNITS, bias=False),
        lambda: torch.nn.LSTM(UNITS, UNITS // 2, bidirectional=True),
        lambda: torch.nn.GRUCell(UNITS, UNITS),
    ]
    return torch.nn.ModuleList([kinds[place % len(kinds)]() for place in range(LAYERS)])


def copies_of(model: Any) -> list[Any]:
    """The weights as arrays, as the framework itself gives them."""
    if isinstance(model, torch.nn.Module):
        return [parameter.detach().clone().numpy() for parameter in model.parameters()]
    return [weights.copy() for weights in model.get_weights()]


def milliseconds(run: Callable[[], Any]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def compare(name: str, model: Any) -> None:
    """Prints both costs, taken in turns."""
    decompose(model)
    pairs = [
        (milliseconds(lambda: decompose(model)), milliseconds(lambda: copies_of(model)))
        for _ in range(REPEATS)
    ]
    whole, copy = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        f"{name}: {len(decompose(model))} matrices; decompose {whole:.1f} ms, the copy of the weights "
        f"{copy:.1f} ms, beyond it {whole - copy:.1f} ms"
    )


def import_seconds() -> list[float]:
    """How long a new interpreter takes to import the package, beyond starting up."""
    timed = "import time; start = time.perf_counter(); import tensorboard_plugin_rnnweights; "
    code = timed + "print(time.perf_counter() - start)"
    return [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
        for _ in range(IMPORTS)
    ]


def main() -> None:
    """Prints what is promised."""
    compare("Keras 3 (TensorFlow)", keras_model(keras))
    compare("tf_keras", keras_model(tf_keras))
    compare("PyTorch", torch_model())
    print(f"import tensorboard_plugin_rnnweights: {1000 * statistics.median(import_seconds()):.1f} ms")


if __name__ == "__main__":
    main()
