"""One recurrent cell as found in a model, whatever the framework."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tensorboard_plugin_rnnweights.rnn import activations
from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout
from tensorboard_plugin_rnnweights.rnn.penalties import Penalty, penalty_of
from tensorboard_plugin_rnnweights.rnn.products import Convolution
from tensorboard_plugin_rnnweights.rnn.reading import UnbuiltError as UnbuiltError
from tensorboard_plugin_rnnweights.rnn.reading import read_state_rows, read_variables
from tensorboard_plugin_rnnweights.rnn.whole import whole_layout

FORWARD = "forward"
BACKWARD = "backward"

Place = tuple[str, "str | None", int]
"""Layer, direction and index of a cell: what it is known by in its model."""


_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Cell:
    """A recurrent cell of a user's model.

    Attributes:
        layer: The layer's path in the model, such as `"encoder/lstm_1"`.
        direction: `"forward"`, `"backward"`, or None where the layer is not bidirectional.
        index: The cell's place in its layer's stack of cells; 0 where there is only one.
        layout: Its row in the table of gate layouts.
        variables: The framework's variables by the name that the layout gives them. Variables that
            the cell does without are left out.
        frozen: The names of those variables that are not trained.
        state_rows: How many rows of a kernel shared by inputs and states are the states'; None for as many
            as its units.
        added: What the cell adds to a gate at run time, by gate.
        activations: By role, the name of the activation that the cell was given, in
            `activations.ACTIVATIONS`; None where it is a function that we don't know.
        penalties: By matrix, how strongly its regulariser penalises it; None where it is a regulariser that
            we don't know. Matrices without one are left out; of a frozen one it is nothing in Keras 3.
        convolution: How a convolution of the inputs goes; None where the cell has none.
    """

    layer: str
    direction: str | None
    index: int
    layout: CellLayout
    variables: Mapping[str, Any]
    frozen: Container[str] = frozenset()
    state_rows: int | None = None
    added: Mapping[str, float] = field(default_factory=dict)
    activations: Mapping[str, str | None] = field(default_factory=dict)
    penalties: Mapping[str, Penalty | None] = field(default_factory=dict)
    convolution: Convolution | None = None

    @classmethod
    def read(
        cls,
        place: Place,
        layout: CellLayout,
        kept: Any,
        is_trained: Callable[[Any], bool],
        computed: Mapping[str, Any] = _NONE,
        **names: object,
    ) -> Cell:
        """Reads a cell's variables and options off the framework's object that keeps them.

        Args:
            place: Layer, direction and index.
            layout: Its row in the table.
            kept: The framework's cell, or the layer that holds it.
            is_trained: Whether a variable is trained.
            computed: What stands for attributes that can't simply be read, by their paths.
            names: What the names of variables in `layout` leave open.

        Raises:
            ValueError: If it hasn't got a variable that the layout promises, or if its variables can't be
                what the layout says; an `UnbuiltError` if it has no weights yet.
        """
        variables = read_variables(place[0], layout, kept, computed, names)
        frozen = {name for name, variable in variables.items() if not is_trained(variable)}
        return cls(
            *place,
            layout=layout,
            variables=variables,
            frozen=frozen,
            state_rows=read_state_rows(place[0], layout, kept),
            added={gate: float(getattr(kept, name)) for gate, name in layout.added.items()},
            activations=_activations(layout, kept),
            penalties=_penalties(layout, kept, frozen),
            convolution=_convolution(layout, kept),
        )

    @classmethod
    def whole(
        cls,
        place: Place,
        kind: type,
        variables: Mapping[str, Any],
        is_trained: Callable[[Any], bool],
    ) -> Cell:
        """A cell of a class whose gates are not known, with each of its variables as one matrix."""
        return cls(
            *place,
            layout=whole_layout(kind, variables),
            variables=variables,
            frozen={name for name, variable in variables.items() if not is_trained(variable)},
        )

    @property
    def place(self) -> Place:
        """What it is known by in its model."""
        return self.layer, self.direction, self.index

    def name(self) -> str:
        """The cell's place in words, for messages: `"encoder/lstm_1, forward"`."""
        return self.layer if self.direction is None else f"{self.layer}, {self.direction}"


def _activations(layout: CellLayout, kept: Any) -> dict[str, str | None]:
    given = {role: getattr(kept, name, None) for role, name in layout.activations.items()}
    return {**layout.fixed_activations, **{role: activations.name_of(one) for role, one in given.items()}}


def _penalties(layout: CellLayout, kept: Any, frozen: Container[str]) -> dict[str, Penalty | None]:
    given = {matrix: getattr(kept, name, None) for matrix, name in layout.regularizers.items()}
    not_trained = {part.matrix for part in layout.parts if part.variable in frozen}
    return {
        matrix: penalty_of(one, is_trained=matrix not in not_trained)
        for matrix, one in given.items()
        if one is not None
    }


def _convolution(layout: CellLayout, kept: Any) -> Convolution | None:
    return (
        Convolution(*(getattr(kept, name) for name in layout.convolution)) if layout.convolution else None
    )
