"""Gradients as they are once the processes that train a module have averaged them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch

from tensorboard_plugin_rnnweights.frameworks.torch.after_backward import AfterBackward

Keep = Callable[[torch.nn.Parameter], None]


class OnceAveraged:
    """Gives parameters whose gradients a backward pass has changed, after that pass.

    DistributedDataParallel averages gradients after it was told that they are there, as we are. It also
    gives a gradient to parameters that this process's backward pass didn't reach, but another one's did.

    Args:
        parameters: The parameters, by what they are known by.
        keep: Called with each.
    """

    def __init__(self, parameters: Mapping[int, torch.nn.Parameter], keep: Keep) -> None:
        self._parameters = parameters
        self._keep = keep
        self._after = AfterBackward(self._passed)
        self._reached: set[int] = set()
        self._before: dict[int, object] = {}

    def reached(self, parameter: torch.nn.Parameter) -> None:
        """A backward pass has reached a parameter, of these or another one of the module."""
        if self._after.ask():
            self._before = {name: _state(one) for name, one in self._parameters.items()}
        self._reached.add(id(parameter))

    def forget(self) -> None:
        """Forgets what earlier passes have reached."""
        self._reached = set()

    def _passed(self) -> None:
        # What was reached is not forgotten here: the pass may stand inside another one, which averages.
        for name, one in self._parameters.items():
            if name in self._reached or _state(one) != self._before.get(name):
                self._keep(one)


def _state(parameter: torch.nn.Parameter) -> object:
    """Is another one when a gradient was written into."""
    gradient = parameter.grad
    return None if gradient is None else (id(gradient), gradient._version)
