"""The names in a state dict without what only says how the module was run."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from tensorboard_plugin_rnnweights.frameworks.torch.paths import WRAPPED

# DataParallel, DistributedDataParallel and AveragedModel add this to all names; others may use it, too.
_WRAPPED = "module."
_AVERAGED = "n_averaged"


def without_wrappers(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors under the names that they have in the user's own module."""
    found = {_without(key): tensor for key, tensor in state.items()}
    while found:
        found.pop(_AVERAGED, None)
        if not all(key.startswith(_WRAPPED) for key in found):
            break
        found = {key.removeprefix(_WRAPPED): tensor for key, tensor in found.items()}
    return found


def _without(key: str) -> str:
    return ".".join(part for part in key.split(".") if part not in WRAPPED)
