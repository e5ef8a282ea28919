"""The batch that a model is probed with, and what is refused of it before the model sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError
from tensorboard_plugin_rnnweights.frameworks.keras.probe.nest import leaves, mapped


class ProbeBatch(NamedTuple):
    """Inputs, targets and weights of samples; each a value or a nest of them, the last two may be None."""

    inputs: Any
    targets: Any
    sample_weight: Any

    def converted(self, convert: Callable[[Any], Any]) -> ProbeBatch:
        """The batch with each of its values converted."""
        return ProbeBatch(*(mapped(convert, part) for part in self))


def checked(batch: ProbeBatch, model: Any) -> ProbeBatch:
    """The batch, if there is nothing wrong with it by itself.

    Raises:
        ProbeError: If it is empty, if its parts have different numbers of samples, if a number is NaN, or
            if it has more inputs than the model takes, or fractions where that takes whole numbers.
    """
    arrays = [[_array(leaf, name) for leaf in leaves(part)] for name, part in _named(batch)]
    if not arrays[0]:
        raise ProbeError("the probe is empty: give it the inputs of at least one sample")
    samples = arrays[0][0].shape[0]
    for (name, _), found in zip(_named(batch), arrays, strict=True):
        for array in found:
            _check(array, name, samples)
    _check_against(model, batch.inputs, arrays[0])
    return batch


def _named(batch: ProbeBatch) -> list[tuple[str, Any]]:
    return [("inputs", batch.inputs), ("targets", batch.targets), ("sample weights", batch.sample_weight)]


def _array(leaf: Any, name: str) -> npt.NDArray[Any]:
    array = np.asarray(leaf.detach().cpu() if hasattr(leaf, "detach") else leaf)
    if array.dtype == object and not all(isinstance(one, str | bytes) for one in array.flat):
        kind = type(leaf)
        raise ProbeError(
            f"the probe's {name} are no arrays, but {kind.__module__}.{kind.__qualname__}: "
            "give it arrays or tensors, with sequences padded to one length"
        )
    if array.ndim == 0:
        raise ProbeError(f"the probe's {name} have no axis of samples: make them arrays, the batch first")
    return array


def _check(array: npt.NDArray[Any], name: str, samples: int) -> None:
    if array.size == 0:
        raise ProbeError(f"the probe is empty: its {name} have the shape {array.shape}")
    if array.shape[0] != samples:
        raise ProbeError(
            f"the probe has inputs of {samples} samples, and {name} of {array.shape[0]}: "
            "give it as many of each"
        )
    if array.dtype.kind not in "biuSUO" and bool(np.isnan(array).any()):
        raise ProbeError(f"the probe's {name} hold NaN, which would spread to all that follows")


def _check_against(model: Any, inputs: Any, arrays: list[npt.NDArray[Any]]) -> None:
    """What Keras would pass over without a word: further inputs, and fractions, which it cuts off."""
    expected = getattr(model, "inputs", None)
    if isinstance(inputs, dict) or not expected:
        return
    if len(arrays) > len(expected):
        raise ProbeError(
            f"the probe has {len(arrays)} inputs, and the model '{model.name}' takes {len(expected)}"
        )
    for array, place in zip(arrays, expected, strict=False):
        if "int" in str(place.dtype) and array.dtype.kind == "f" and bool((array % 1 != 0).any()):
            raise ProbeError(
                f"the model '{model.name}' takes whole numbers ({place.dtype}), and the probe has fractions"
            )
