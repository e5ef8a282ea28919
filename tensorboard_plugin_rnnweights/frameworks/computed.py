"""A weight that is no variable by itself, since it is computed from others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tensorboard_plugin_rnnweights.frameworks.missing import Missing
from tensorboard_plugin_rnnweights.frameworks.noted import Noted


def _nothing() -> None:
    return None


@dataclass(frozen=True, eq=False)
class Computed:
    """Stands among a cell's variables for a weight that a model computes each time that it needs it.

    Attributes:
        sources: The variables that are trained in its place, by their names; empty where they are not
            known.
        now: Computes the weight as its sources are now, and changes nothing by that.
        gradient: Makes of the sources' gradients, in their order, what can be shown as the weight's.
        present: Gives the tensor that the model computed last, if it still has it: a training loop may
            have a gradient of this very tensor.
    """

    sources: Mapping[str, Any]
    now: Callable[[], Noted | Missing]
    gradient: Callable[[Sequence[Any]], Noted | Missing]
    present: Callable[[], Any | None] = _nothing


def sources_of(variable: Any) -> Iterable[Any]:
    """What is trained for one of a cell's variables: what it is computed from, or else itself."""
    return variable.sources.values() if isinstance(variable, Computed) else (variable,)
