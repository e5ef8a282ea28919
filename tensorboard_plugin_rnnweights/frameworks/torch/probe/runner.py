"""Runs a PyTorch module on a probe and says what its recurrent modules got and gave."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError
from tensorboard_plugin_rnnweights.frameworks.torch.modules import recurrent_modules
from tensorboard_plugin_rnnweights.frameworks.torch.paths import without_wrappers
from tensorboard_plugin_rnnweights.frameworks.torch.probe.calls import Convention
from tensorboard_plugin_rnnweights.frameworks.torch.probe.conventions import (
    UnknownConvention,
    convention_of,
)
from tensorboard_plugin_rnnweights.frameworks.torch.probe.inputs import (
    arguments,
    described,
    first_line,
    tensors,
)
from tensorboard_plugin_rnnweights.frameworks.torch.probe.layer_calls import (
    GradientOf,
    layer_call,
    with_gradients,
)
from tensorboard_plugin_rnnweights.frameworks.torch.probe.recording import Recording
from tensorboard_plugin_rnnweights.frameworks.torch.probe.traceless import evaluating, traceless
from tensorboard_plugin_rnnweights.frameworks.torch.sharded import why_not_alone
from tensorboard_plugin_rnnweights.frameworks.torch.values import HeldTensor
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall

_logger = logging.getLogger(__name__)

LossFunction = Callable[[Any, Any], Any]
"""(the module's outputs, targets) -> a scalar tensor."""


@dataclass(frozen=True, eq=False)
class _Recorded:
    """A recurrent module while the model runs."""

    cells: Sequence[Cell]
    module: nn.Module
    convention: Convention
    recording: Recording


class TorchProbeRunner:
    """Runs a module on probes; see `ProbeRunner`.

    Args:
        model: The module, also inside what only says how it is run; see `without_wrappers`.
        loss: The loss function.
    """

    def __init__(self, model: nn.Module, loss: LossFunction | None = None) -> None:
        self._model = without_wrappers(model)
        self._loss = loss
        self._warned: set[str] = set()

    def run(self, inputs: Any, targets: Any = None, sample_weight: Any = None) -> list[LayerCall]:
        """Runs the module once, in eval mode, and changes nothing of it.

        Args:
            inputs: A tuple of positional arguments, a dict of keyword arguments, or the one argument
                itself. Arrays of NumPy become tensors on the module's device, and those of floats get the
                type of its parameters; tensors are taken as they are.
            targets: What the loss function gets after the module's outputs; arrays as for `inputs`.
            sample_weight: Has to be None: a loss function of PyTorch's weighs by itself.

        Returns:
            A call for each recurrent module that was called, in the order of the submodules: of one that
            was called several times the first call, and those that go on from it in time.

        Raises:
            ProbeError: If the module or the loss function can't be run on this probe.
        """
        self._check(targets, sample_weight)
        looked_at = [one for one in (self._model, self._loss) if isinstance(one, nn.Module)]
        is_for_gradients = targets is not None
        with (
            torch.inference_mode(False),
            torch.set_grad_enabled(is_for_gradients),
            traceless(looked_at),
            evaluating(self._model),
            _uncompiled(),
            _without_cudnn() if is_for_gradients else contextlib.nullcontext(),
        ):
            return self._calls(inputs, targets)

    def _check(self, targets: Any, sample_weight: Any) -> None:
        if reason := why_not_alone(self._model):
            raise ProbeError(reason)
        if any(nn.parameter.is_lazy(one) for one in self._model.parameters()):
            raise ProbeError(
                "the module has parameters that are made by its first call: call it once before"
            )
        if sample_weight is not None:
            raise ProbeError(
                "PyTorch's loss functions take no sample weights: weigh in the loss function itself"
            )
        if targets is not None and self._loss is None:
            raise ProbeError("the probe has targets, but no loss function was given: pass loss=...")

    def _calls(self, inputs: Any, targets: Any) -> list[LayerCall]:
        args, kwargs = arguments(self._model, inputs)
        recorded = self._recorded(is_for_gradients=targets is not None)
        with contextlib.ExitStack() as stack:
            for one in recorded:
                stack.enter_context(one.recording.listening())
            outputs = self._outputs(args, kwargs)
        called = [one for one in recorded if one.recording.calls]
        if not called:
            name = type(self._model).__name__
            raise ProbeError(f"the module {name} calls none of its recurrent layers on the probe")
        gradient_of = None if targets is None else self._gradients(outputs, targets, called)
        found = [self._layer_call(one, gradient_of) for one in called]
        return [one.mapped(HeldTensor) for one in found if one is not None]

    def _recorded(self, is_for_gradients: bool) -> list[_Recorded]:
        found = []
        unseen = []
        for one in recurrent_modules(self._model):
            if one.no_signals:
                unseen.append(f"what flows through '{one.path}' can't be seen, since {one.no_signals}")
            elif cells := one.found.cells:
                convention = convention_of(one.module, cells[0].layout.equations is not None)
                recording = Recording(one.module, convention, is_for_gradients)
                found.append(_Recorded(cells, one.module, convention, recording))
        if unseen and not found:
            raise ProbeError(unseen[0])
        for fault in unseen:
            self._warn(fault)
        return found

    def _outputs(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return self._model(*args, **kwargs)
        except Exception as error:
            raise ProbeError(
                f"the module {type(self._model).__name__} can't be run on the probe of "
                f"{described((args, kwargs))}: {first_line(error)}"
            ) from error

    def _gradients(self, outputs: Any, targets: Any, recorded: Sequence[_Recorded]) -> GradientOf:
        assert self._loss is not None
        wanted = [tensor for one in recorded for tensor in one.recording.followed()]
        compared = tensors(self._model, targets)
        try:
            loss = self._loss(outputs, compared)
        except Exception as error:
            raise ProbeError(
                f"the loss function can't compare outputs of {described(outputs)} with targets of "
                f"{described(compared)}: {first_line(error)}"
            ) from error
        _check_loss(loss)
        try:
            gradients = torch.autograd.grad(loss, wanted, allow_unused=True)
        except RuntimeError as error:
            raise ProbeError(f"the loss can't be differentiated: {first_line(error)}") from error
        by_id = dict(zip(map(id, wanted), gradients, strict=True))
        return lambda tensor: by_id.get(id(tensor))

    def _layer_call(self, one: _Recorded, gradient_of: GradientOf | None) -> LayerCall | None:
        calls = one.recording.calls
        if not all(map(one.convention.holds_for, calls)):
            return self._call_of_unknown(one)
        call = layer_call(one.cells, calls, one.convention)
        if gradient_of is None or isinstance(one.convention, UnknownConvention):
            return call
        with_them = with_gradients(call, calls, one.convention, gradient_of)
        if with_them is None:
            self._warn(
                f"no gradients are shown of the recurrent layer '{one.cells[0].layer}': the module runs it "
                "where PyTorch follows none, or uses states between its time steps by other ways than its "
                "recurrence"
            )
        return with_them or call

    def _call_of_unknown(self, one: _Recorded) -> LayerCall | None:
        convention = UnknownConvention(one.module)
        if all(map(convention.holds_for, one.recording.calls)):
            return layer_call(one.cells, one.recording.calls, convention)
        self._warn(
            f"nothing that flows through the recurrent layer '{one.cells[0].layer}' is shown, as it is not "
            f"known which axis is time: give {type(one.module).__name__} an attribute `batch_first`, and "
            "have it take features and return units on three axes"
        )
        return None

    def _warn(self, fault: str) -> None:
        if fault not in self._warned:
            self._warned.add(fault)
            _logger.warning(fault)


def _check_loss(loss: Any) -> None:
    if not isinstance(loss, torch.Tensor):
        raise ProbeError(f"the loss function gives a {type(loss).__name__}, and not a tensor")
    if loss.numel() != 1:
        raise ProbeError(
            f"the loss has shape {tuple(loss.shape)}, and has to be a scalar: take its mean or sum"
        )
    if not loss.requires_grad:
        raise ProbeError(
            "the loss has no gradient at what the recurrent layers give: the module or the loss function "
            "detaches it, or runs under torch.no_grad()"
        )


def _uncompiled() -> contextlib.AbstractContextManager[Any]:
    """Runs what is compiled as Python, since compiled code calls no hooks."""
    is_in_use = "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance")
    return torch.compiler.set_stance("force_eager") if is_in_use else contextlib.nullcontext()


@contextlib.contextmanager
def _without_cudnn() -> Iterator[None]:
    """Runs without cuDNN, whose recurrent layers can be differentiated in training mode only."""
    was_enabled = torch.backends.cudnn.enabled
    torch.backends.cudnn.enabled = False
    try:
        yield
    finally:
        torch.backends.cudnn.enabled = was_enabled
