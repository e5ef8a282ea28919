"""Finds every optimizer of a Keras model: the compiled one, and those that its `train_step` uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.missing import Missing

# TensorFlow's own attributes, which hold again what others hold.
_BOOKKEEPING = "_self_"


@dataclass(frozen=True, eq=False)
class HeldOptimizer:
    """One optimizer of a model.

    Attributes:
        name: Where the model holds it: `"d_optimizer"`, or `"discriminator.optimizer"` in a sublayer.
        optimizer: The optimizer.
        is_wrapper: Whether it passes gradients on to other optimizers that it holds, as one that scales
            losses does; what it is given itself may be scaled.
    """

    name: str
    optimizer: Any
    is_wrapper: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {type(self.optimizer).__name__}"


def optimizers_of(model: Any) -> list[HeldOptimizer]:
    """The optimizers in the attributes of a model and of its sublayers, each once, wrappers first.

    Lists, tuples, sets and dicts in those attributes are looked into.

    Args:
        model: A model of Keras 3 or tf_keras.
    """
    seen: set[int] = set()
    compiled = _within("optimizer", getattr(model, "optimizer", None), seen)
    others = (
        held
        for layer in model._flatten_layers()
        for attribute, value in _attributes(layer)
        for held in _within(attribute if layer is model else f"{layer.name}.{attribute}", value, seen)
    )
    return [*compiled, *others]


def nothing_seen(optimizers: Iterable[HeldOptimizer]) -> Missing:
    """What stands in place of a gradient that none of these optimizers was given."""
    return Missing(
        f"none of the model's optimizers ({', '.join(map(str, optimizers))}) was given one; if train_step "
        "applies gradients by other means, log them with SummaryWriter.add_gradients"
    )


def _within(name: str, value: Any, seen: set[int]) -> Iterator[HeldOptimizer]:
    """The optimizers in what an attribute holds that were not seen before."""
    if id(value) in seen:
        return
    if _is_optimizer(value):
        seen.add(id(value))
        inner = [held for key, one in _attributes(value) for held in _within(f"{name}.{key}", one, seen)]
        yield HeldOptimizer(name, value, is_wrapper=bool(inner))
        yield from inner
    elif isinstance(value, list | tuple | set | dict):
        seen.add(id(value))
        for one in value.values() if isinstance(value, dict) else value:
            yield from _within(name, one, seen)


def _attributes(owner: Any) -> list[tuple[str, Any]]:
    found = vars(owner).items()
    return [(name, value) for name, value in found if not name.startswith(_BOOKKEEPING)]


def _is_optimizer(value: Any) -> bool:
    # Asked of the class, since some objects have whatever attribute they are asked for.
    return callable(getattr(type(value), "apply_gradients", None))
