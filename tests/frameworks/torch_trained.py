"""Recurrent modules whose weights are computed from others, and one backward pass of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.capture.held import hold_gradients
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tests.frameworks.torch_models import normal, seeded

Array = npt.NDArray[Any]

INPUTS = normal(2, 5, 3)


def lstm() -> Any:
    return seeded(nn.LSTM(3, 4, batch_first=True))


def backward(module: Any) -> Any:
    """One backward pass; gives the module."""
    (module(INPUTS)[0] ** 2).sum().backward()
    return module


def step(module: Any, rate: float = 0.5) -> None:
    torch.optim.SGD(module.parameters(), rate).step()


def recurrent_kernel(tensors: Iterable[GateTensor]) -> GateTensor:
    (found,) = (one for one in tensors if one.matrix == "recurrent_kernel")
    return found


def weight(module: Any) -> GateTensor:
    return recurrent_kernel(decompose(module))


def gradient(module: Any, given: Any = None) -> GateTensor:
    return recurrent_kernel(one.tensor() for one in hold_gradients(module, given))


def gradients_and_notices(module: Any, given: Any = None) -> tuple[set[str], list[Notice]]:
    """The matrices that have gradients, and what is reported of the others."""
    notices: list[Notice] = []
    found = {one.matrix for one in hold_gradients(module, given, notices.append)}
    return found, notices


def gradient_at(used: Array, module: Any) -> Array:
    """The loss's gradient at a recurrent kernel of these values, by a plain module with the same others."""
    plain = nn.LSTM(3, 4, batch_first=True).double()
    plain.load_state_dict({name: getattr(module, name).detach() for name in plain.state_dict()})
    with torch.no_grad():
        plain.weight_hh_l0.copy_(torch.from_numpy(used))
    found = backward(plain).weight_hh_l0.grad
    assert found is not None
    return np.asarray(found).T


def state_of(module: Any) -> dict[str, Any]:
    """All that a look must not change: attributes, parameters, buffers, and PyTorch's random numbers."""
    kept = {
        f"{path}.{name}": one for path, part in module.named_modules() for name, one in vars(part).items()
    }
    values = {name: one.clone() for name, one in module.state_dict().items()}
    return {"kept": kept, "values": values, "random": torch.get_rng_state()}


def assert_same_state(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one["kept"].keys() == other["kept"].keys()
    assert all(one["kept"][name] is other["kept"][name] for name in one["kept"] if name[-8:] != "training")
    assert torch.equal(one["random"], other["random"])
    for name, value in one["values"].items():
        assert torch.equal(value, other["values"][name]), name
