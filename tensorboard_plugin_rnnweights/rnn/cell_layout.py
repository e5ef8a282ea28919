"""How one type of recurrent cell keeps its gates: the columns of the table in `layouts.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

WHOLE = "whole"
"""What stands for the gates of a matrix that is not divided by gates."""

MATRICES = ("kernel", "recurrent_kernel", "bias", "recurrent_bias", "peephole", "projection")
"""The matrices that a cell may have, in the order in which they are shown."""

DIVIDED = frozenset(MATRICES) - {"projection"}
"""Those that all gates of a cell share, unless their parts say otherwise."""

ACTIVATION = "activation"
RECURRENT_ACTIVATION = "recurrent_activation"
"""The roles of a cell's activations, as Keras names them: of what is let in and out, and of the gates that
do so."""

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class MatrixPart:
    """Where one part of a matrix is kept; most matrices are one part.

    Attributes:
        matrix: One of `MATRICES`, or another name. Parts of the same matrix stand side by side.
        variable: The attribute of the cell that holds the variable, or a path to it: attributes, places in
            lists and keys of dicts, with dots between them, such as `"x.kernel"` or `"gates.0.weight"`.
            None there means that this cell does without. Where a layer holds several cells, `{index}`
            stands for the cell's number and `{reverse}` for the backward direction's suffix.
        gates: The gates in the order in which this variable packs them; empty for all gates of the cell
            in the cell's own order.
        axis: The axis that gates are packed on: -1, the last one, as in Keras, where the others are what
            comes in: of a convolution's kernel, its sizes and then its channels. Or 0, the first one, as in
            PyTorch, where the others are what comes in, too: of a convolution's kernel, its channels and
            then its sizes.
        half: For a variable that holds two matrices one after the other, which half this is: 0 or 1.
        rows: Which rows of the variable these are, where inputs and states share one kernel: `"inputs"`,
            `"states"`, or `"all"`. Of a convolution's kernel it is channels that they share. How many are
            the states' is what `CellLayout.state_size` says; without it, as many as the part's units.
        states_first: Whether the states' rows stand before those of the inputs, as in `[h, x]`; by default
            they stand after them, as in `[x, h]`.
        transposed: Whether the memory of each gate's block holds it column by column, under the shape of
            its rows, as CuDNN wants it.
        optional: Whether a cell that does without has no such attribute.
    """

    matrix: str
    variable: str
    gates: tuple[str, ...] = ()
    axis: Literal[0, -1] = -1
    half: Literal[0, 1] | None = None
    rows: Literal["all", "inputs", "states"] = "all"
    states_first: bool = False
    transposed: bool = False
    optional: bool = False


@dataclass(frozen=True)
class CellLayout:
    """How one type of recurrent cell packs its gates: one row of the table.

    Attributes:
        cell: The cell type's name on screen, such as `"LSTM"`.
        classes: The paths of the framework's classes that have this layout.
        gates: The gates in the order in which they are shown.
        parts: The parts of the cell's matrices, in the order in which they are shown.
        equations: The name of the cell's equations in `equations.EQUATIONS`; None where they are not known.
        source: The framework's function that the row was read from.
        when: Attributes of the cell that must have these values for the row to apply.
        state_size: The attribute of the cell that says how many rows of a kernel shared by inputs and
            states are the states', or a path to it; None where they are as many as the kernel's units.
        defining_methods: The methods that a subclass must have left as they are for the row to hold for it:
            those that make its weights and its equations.
        added: For gates to which the cell adds a constant at run time, the attribute that holds it.
        activations: For each role of an activation that the cell can be given, the attribute that holds it.
        fixed_activations: For each role of an activation that is always the same, its name in
            `activations.ACTIVATIONS`.
        regularizers: For each matrix that can be regularised, the attribute that holds its regulariser.
        convolution: The attributes that hold a convolution's strides, padding, dilation and data format;
            empty where the cell has none.
    """

    cell: str
    classes: tuple[str, ...]
    gates: tuple[str, ...]
    parts: tuple[MatrixPart, ...]
    equations: str | None
    source: str
    when: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    state_size: str | None = None
    defining_methods: tuple[str, ...] = ("build", "call")
    added: Mapping[str, str] = field(default_factory=lambda: _NONE)
    activations: Mapping[str, str] = field(default_factory=lambda: _NONE)
    fixed_activations: Mapping[str, str] = field(default_factory=lambda: _NONE)
    regularizers: Mapping[str, str] = field(default_factory=lambda: _NONE)
    convolution: tuple[str, ...] = ()

    def packed(self, part: MatrixPart) -> tuple[str, ...]:
        """The gates of a part, in the order in which it packs them."""
        return part.gates or self.gates

    def shown(self, parts: Iterable[MatrixPart]) -> tuple[str, ...]:
        """The gates of some parts of one matrix, in the order in which they are shown."""
        found = [gate for part in parts for gate in self.packed(part)]
        return tuple(sorted(found, key=self._place))

    def _place(self, gate: str) -> int:
        return self.gates.index(gate) if gate in self.gates else len(self.gates)
