"""Several models in a list, a tuple or a dict, of one framework or of several, read as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tensorboard_plugin_rnnweights.frameworks.adapter import Adapter, Loss, ProbeError, ProbeRunner
from tensorboard_plugin_rnnweights.frameworks.computed import Computed
from tensorboard_plugin_rnnweights.frameworks.found import Found
from tensorboard_plugin_rnnweights.rnn.cells import Cell


class SeveralAdapter:
    """What several models have in common with one.

    Args:
        models: A list or tuple of models, or a dict of them by their names.
        adapter_for: Gives the adapter of each.
    """

    def __init__(
        self, models: Sequence[Any] | Mapping[str, Any], adapter_for: Callable[[Any], Adapter]
    ) -> None:
        self._members = [
            _Member(path, model, adapter_for(model)) for path, model in _with_paths(models).items()
        ]

    def find(self, model: Any) -> Found:
        """Finds all that is recurrent in each model in turn, each cell once.

        Paths begin with the name of the model in the dict, or with its own, or with its place in the list.
        """
        found = [one.found() for one in self._members]
        return Found(
            cells=tuple(_each_once(cell for one in found for cell in one.cells)),
            left_out=tuple(left_out for one in found for left_out in one.left_out),
            hints=tuple(hint for one in found for hint in one.hints),
        )

    def trainable_variables(self, model: Any) -> list[Any]:
        """Those of each model in turn, each once."""
        found = [one.adapter.trainable_variables(one.model) for one in self._members]
        return [*{id(variable): variable for variables in found for variable in variables}.values()]

    def identities(self, variable: Any) -> tuple[int, ...]:
        """What a variable is known by in any of the models."""
        return tuple({found for one in self._members for found in one.adapter.identities(variable)})

    def gradient(self, variable: Any) -> Any:
        """The gradient that is kept beside the variable."""
        kept = (one.adapter.gradient(variable) for one in self._members)
        return next((gradient for gradient in kept if gradient is not None), None)

    def probe_runner(self, model: Any, loss: Loss | None = None) -> ProbeRunner:
        """Refused, as it isn't known how the models call one another.

        Raises:
            ProbeError: Always.
        """
        raise ProbeError("several models can't be run on one probe: hand in the model that calls them")


class _Member(NamedTuple):
    path: str
    model: Any
    adapter: Adapter

    def found(self) -> Found:
        own_name = _name(self.model) or type(self.model).__name__.lower()
        return self.adapter.find(self.model).within(self.path, own_name)


def _each_once(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Without those that hold the same variables as an earlier one, as of a GAN and its generator."""
    seen: set[int] = set()
    for cell in cells:
        kept = {id(one) for one in cell.variables.values() if not isinstance(one, Computed)}
        if not kept or not kept <= seen:
            yield cell
        seen |= kept


def _with_paths(models: Sequence[Any] | Mapping[str, Any]) -> dict[str, Any]:
    """The models by their names, or by their places where they have none or share one."""
    if isinstance(models, Mapping):
        return {str(name): model for name, model in models.items()}
    names = [_name(model) for model in models]
    counts = Counter(names)
    return {
        name if name and counts[name] == 1 else str(place): model
        for place, (name, model) in enumerate(zip(names, models, strict=True))
    }


def _name(model: Any) -> str:
    name = getattr(model, "name", "")
    return name if isinstance(name, str) else ""
