"""THE table of gate layouts: one row a cell type. Data, and not code.

A row says which gates a cell has, in which order they are packed, and which of the cell's variables
holds which matrix. Every row is proved in the tests by `reference.py`: the cell's forward equations,
fed with the blocks cut by its row, must give the real layer's outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class MatrixLayout:
    """Where one matrix of a cell is kept.

    Attributes:
        matrix: The matrix's name, such as `"recurrent_kernel"`.
        variable: The attribute of the cell that holds the variable. None there means that the cell
            has no such matrix (`use_bias=False`).
        row: The row of the variable that is this matrix, for variables that hold several (the two
            biases of a GRU); None if the variable is the matrix.
    """

    matrix: str
    variable: str
    row: int | None = None


@dataclass(frozen=True)
class CellLayout:
    """How one type of recurrent cell packs its gates. Gates are packed on the last axis.

    Attributes:
        cell: The cell type's name on screen, such as `"LSTM"`.
        framework: The module that defines the cell's class, such as `"keras"`.
        cell_class: The name of the cell's class in that framework.
        gates: The gates in the order in which they are packed.
        matrices: The cell's matrices, in the order in which they are shown.
        equations: The name of the cell's forward equations in `reference.EQUATIONS`.
        source: The framework's function that the row was read from.
        when: Attributes of the cell that must have these values for the row to apply.
    """

    cell: str
    framework: str
    cell_class: str
    gates: tuple[str, ...]
    matrices: tuple[MatrixLayout, ...]
    equations: str
    source: str
    when: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


_KERNEL = MatrixLayout("kernel", "kernel")
_RECURRENT_KERNEL = MatrixLayout("recurrent_kernel", "recurrent_kernel")
_BIAS = MatrixLayout("bias", "bias")

LAYOUTS: tuple[CellLayout, ...] = (
    CellLayout(
        cell="SimpleRNN",
        framework="keras",
        cell_class="SimpleRNNCell",
        gates=("hidden",),
        matrices=(_KERNEL, _RECURRENT_KERNEL, _BIAS),
        equations="simple_rnn",
        source="keras.layers.SimpleRNNCell.call",
    ),
    CellLayout(
        cell="LSTM",
        framework="keras",
        cell_class="LSTMCell",
        gates=("input", "forget", "cell", "output"),
        matrices=(_KERNEL, _RECURRENT_KERNEL, _BIAS),
        equations="lstm",
        source="keras.layers.LSTMCell.call",
    ),
    CellLayout(
        cell="GRU",
        framework="keras",
        cell_class="GRUCell",
        gates=("update", "reset", "candidate"),
        matrices=(_KERNEL, _RECURRENT_KERNEL, _BIAS),
        equations="gru_reset_before",
        source="keras.layers.GRUCell.call",
        when={"reset_after": False},
    ),
    CellLayout(
        cell="GRU",
        framework="keras",
        cell_class="GRUCell",
        gates=("update", "reset", "candidate"),
        matrices=(
            _KERNEL,
            _RECURRENT_KERNEL,
            MatrixLayout("bias", "bias", row=0),
            MatrixLayout("recurrent_bias", "bias", row=1),
        ),
        equations="gru_reset_after",
        source="keras.layers.GRUCell.call",
        when={"reset_after": True},
    ),
)
