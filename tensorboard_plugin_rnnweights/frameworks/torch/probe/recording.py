"""Keeps what a recurrent module is called with and what it gives, while its model runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence

from tensorboard_plugin_rnnweights.frameworks.torch.probe.calls import Call, Convention
from tensorboard_plugin_rnnweights.frameworks.torch.probe.structures import leaves, mapped


class Recording:
    """The first call of a module, and those that go on from it in time.

    Args:
        module: The module.
        convention: How it is called.
        is_for_gradients: Whether a loss's gradients will be asked for: then they are followed from what the
            module gives on, even where it is frozen, or where the user's code doesn't follow them.

    Attributes:
        calls: In the order in which they were made.
    """

    def __init__(self, module: nn.Module, convention: Convention, is_for_gradients: bool) -> None:
        self.calls: list[Call] = []
        self._module = module
        self._convention = convention
        self._is_for_gradients = is_for_gradients
        self._open: Call | None = None
        self._is_over = False

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Records as long as the context lasts."""
        with contextlib.ExitStack() as stack:
            before = self._module.register_forward_pre_hook(self._before, with_kwargs=True)
            stack.callback(before.remove)
            after = self._module.register_forward_hook(self._after)
            stack.callback(after.remove)
            yield

    def followed(self) -> Iterator[torch.Tensor]:
        """The tensors whose gradients can be asked for."""
        for call in self.calls:
            for one in leaves((call.states, call.outputs)):
                if isinstance(one, torch.Tensor) and one.requires_grad:
                    yield one

    def _before(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        second = args[1] if len(args) > 1 else kwargs.get("hx")
        states = second if second is not None and self._convention.are_states(second) else None
        call = Call(mapped(_inputs(args, kwargs), _copied), mapped(states, self._kept))
        self._is_over = self._is_over or bool(self.calls and not self._convention.goes_on(self.calls, call))
        self._open = None if self._is_over else call
        if self._is_over or states is None or not self._is_for_gradients:
            return None
        # The module goes on from our own, so that we can ask how much of the gradient takes this way.
        if len(args) > 1:
            return (args[0], call.states, *args[2:]), kwargs
        return args, {**kwargs, "hx": call.states}

    def _after(self, module: nn.Module, args: tuple[Any, ...], outputs: Any) -> Any:
        if self._open is None:
            return None
        kept = mapped(outputs, self._kept)
        self.calls.append(replace(self._open, outputs=kept, is_followed=torch.is_grad_enabled()))
        # The user's code gets a copy of what is kept, since it may write into it.
        return mapped(kept, _handed_out) if self._is_for_gradients else None

    def _kept(self, value: Any) -> Any:
        if not self._is_for_gradients or not _is_real(value):
            return _copied(value)
        with _following():
            return value.clone() if value.requires_grad else value.detach().clone().requires_grad_()


def _inputs(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the module's first argument is that can be one."""
    given = [kwargs["input"]] if "input" in kwargs else [*args, *kwargs.values()]
    return next((one for one in given if isinstance(one, torch.Tensor | PackedSequence)), None)


def _is_real(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _copied(value: Any) -> Any:
    return value.detach().clone() if isinstance(value, torch.Tensor) else value


def _handed_out(value: Any) -> Any:
    if not isinstance(value, torch.Tensor):
        return value
    with _following():
        return value.clone()


@contextlib.contextmanager
def _following() -> Iterator[None]:
    """Follows gradients, also where the user's code doesn't."""
    with torch.inference_mode(False), torch.enable_grad():
        yield
