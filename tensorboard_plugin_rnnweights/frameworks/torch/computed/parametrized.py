"""Weights under `torch.nn.utils.parametrize`, which are computed each time that they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize

from tensorboard_plugin_rnnweights.frameworks.computed import Computed
from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.noted import Noted
from tensorboard_plugin_rnnweights.frameworks.torch.computed.plainly import plainly
from tensorboard_plugin_rnnweights.frameworks.torch.computed.stand_in import gradient_of_stand_in
from tensorboard_plugin_rnnweights.frameworks.torch.computed.weight_norm import gradient_of_weight
from tensorboard_plugin_rnnweights.frameworks.torch.probe.inputs import first_line
from tensorboard_plugin_rnnweights.frameworks.torch.probe.traceless import evaluating, traceless

_WORDS = {"_WeightNorm": "weight_norm", "_SpectralNorm": "spectral_norm", "_Orthogonal": "orthogonal"}


def parametrized_weights(module: nn.Module) -> Iterator[tuple[str, Computed]]:
    """The weights of a module that have a parametrization, by their attributes' names."""
    if not parametrize.is_parametrized(module):
        return
    for name, steps in module.parametrizations.items():
        yield name, _Parametrized(module, name, steps).computed()


class _Parametrized:
    """One weight with its parametrizations.

    Args:
        module: The module.
        name: The weight's attribute.
        steps: Its `ParametrizationList`.
    """

    def __init__(self, module: nn.Module, name: str, steps: Any) -> None:
        self._module = module
        self._name = name
        self._steps = steps
        originals = [*steps._parameters.items(), *steps._buffers.items()]
        self._sources = {f"parametrizations.{name}.{original}": one for original, one in originals}
        kinds = [type(one).__name__ for one in steps]
        self._words = " and ".join(_WORDS.get(kind, kind) for kind in kinds)

    def computed(self) -> Computed:
        """What stands for it among a cell's variables."""
        return Computed(self._sources, self._now, self._gradient, self._present)

    def _now(self) -> Noted | Missing:
        try:
            values = self._weight()
        except Exception as error:
            return Missing(f"{self._words} can't compute it: {first_line(error)}")
        originals = " and ".join(name.rpartition(".")[-1] for name in self._sources)
        return Noted(values, f"computed by {self._words} from {originals}")

    def _weight(self) -> torch.Tensor:
        """As in evaluation: in training, a parametrization may draw random numbers or iterate."""
        device = next(iter(self._sources.values())).device
        # In evaluation, PyTorch's own leave everything as it is.
        is_own = all(type(one).__module__ == parametrizations.__name__ for one in self._steps)
        with plainly(device), traceless([] if is_own else [self._steps]), evaluating(self._steps):
            weight: torch.Tensor = self._steps()
            return weight.clone()

    def _gradient(self, gradients: Sequence[Any]) -> Noted | Missing:
        if len(self._steps) == 1 and isinstance(self._steps[0], parametrizations._WeightNorm):
            return gradient_of_weight([*self._sources.values()], self._steps[0].dim, gradients)
        if len(self._sources) == 1:
            ((name, original),) = self._sources.items()
            weight = self._now()
            if isinstance(weight, Missing):
                return weight
            if weight.values.shape == original.shape:
                return gradient_of_stand_in(name, gradients)
        return Missing(
            f"it is computed by {self._words}, and PyTorch keeps only those of what it is computed from, "
            "which can't stand for it: run the forward pass, the backward pass and this inside "
            f"torch.nn.utils.parametrize.cached(), with {self._name}.retain_grad() after the forward pass"
        )

    def _present(self) -> Any:
        return parametrize._cache.get((id(self._module), self._name))
