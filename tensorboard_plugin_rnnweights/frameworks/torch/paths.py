"""The submodules of a PyTorch module, by paths that don't say how they are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from torch import nn
from torch.nn.utils import parametrize
from torch.optim.swa_utils import AveragedModel

from tensorboard_plugin_rnnweights.frameworks.torch.scripted import is_scripted

# torch.compile, activation checkpoints and FullyShardedDataParallel keep what they wrap in a submodule of a
# name that is of no other use.
_SHARDED = "_fsdp_wrapped_module"
WRAPPED = ("_orig_mod", "_checkpoint_wrapped_module", _SHARDED)
# These keep it as `module`, which may be a user's name, too.
_WRAPPERS = (nn.DataParallel, nn.parallel.DistributedDataParallel, AveragedModel)


@dataclass(frozen=True, eq=False)
class Placed:
    """A submodule, and where it stands.

    Attributes:
        path: Its path, written as Keras's are; of the whole module, its class's name in lower case.
        module: The submodule.
        parent: The module that it stands in directly; None for the whole module.
    """

    path: str
    module: nn.Module
    parent: nn.Module | None


def without_wrappers(model: nn.Module) -> nn.Module:
    """The user's own module, out of what only says how it is run, where it can be run without."""
    while (name := _wrapped_name(model)) is not None and name != _SHARDED:
        model = model._modules[name]
    return model


def class_name(module: nn.Module) -> str:
    """The name of the class that the user's code made the module of."""
    return str(module.original_name) if is_scripted(module) else kind_of(module).__name__


def kind_of(module: nn.Module) -> type:
    """The class that the user's code made the module of, before PyTorch gave it another one.

    `parametrize` does so, and `fully_shard`.
    """
    kind = parametrize.type_before_parametrizations(module)
    return kind.__mro__[getattr(kind, "_orig_cls_mro_index", 0)]


def submodules(model: nn.Module, is_opaque: Callable[[nn.Module], bool]) -> Iterator[Placed]:
    """The module and its submodules in their order; each once, at its first place.

    Args:
        model: The module.
        is_opaque: Whether to leave out what is inside a submodule.
    """
    yield from _submodules(model, (), None, set(), is_opaque)


def _submodules(
    module: nn.Module,
    path: tuple[str, ...],
    parent: nn.Module | None,
    seen: set[int],
    is_opaque: Callable[[nn.Module], bool],
) -> Iterator[Placed]:
    if id(module) in seen:
        return
    seen.add(id(module))
    wrapped = _wrapped_name(module)
    if wrapped is None:
        yield Placed("/".join(path) or class_name(module).lower(), module, parent)
    if is_opaque(module):
        return
    for name, child in module.named_children():
        inside = path if name == wrapped else (*path, name)
        yield from _submodules(child, inside, module, seen, is_opaque)


def _wrapped_name(module: nn.Module) -> str | None:
    """The name of the submodule that a wrapper wraps; None where it is no wrapper."""
    if isinstance(module, _WRAPPERS):
        return "module"
    return next((name for name in WRAPPED if name in module._modules), None)
