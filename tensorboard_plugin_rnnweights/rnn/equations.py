"""Each cell's equations, written from its blocks alone: one time step forward, and the adjoint of it.

They prove the table of layouts: only with every gate in its right place do they give the outputs of the
framework's own layer. And they replay a layer on a probe, so that what its gates do, and the gradients
there, can be seen.

Sources: LSTM: Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000), and, where the
cell has them, peepholes of Gers and Schmidhuber (2000) and the projection of Sak et al. (2014); ConvLSTM:
Shi et al. (2015), without peepholes; GRU: Cho et al. (2014, `reset_before`: the first version,
arXiv:1406.1078v3) and as in CuDNN (`reset_after`: arXiv:1406.1078v1); the activations are those that the
cell was given. The adjoints are the chain rule, a time step of backpropagation through time (Werbos, 1990).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from tensorboard_plugin_rnnweights.rnn.activations import ACTIVATIONS, Activation
from tensorboard_plugin_rnnweights.rnn.cell_layout import ACTIVATION, RECURRENT_ACTIVATION
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.products import (
    ConvolutionProduct,
    MatrixProduct,
    Product,
)

Array = npt.NDArray[Any]

States = tuple[Array, ...]
"""The states of a cell, the output first, each of shape (..., batch, *places, units)."""


class UnknownEquationsError(ValueError):
    """A cell whose equations are not known; the message is a reason that completes a sentence."""


@dataclass(frozen=True, eq=False)
class Step:
    """One time step of one cell.

    Attributes:
        states: The states after it, of shape (batch, *places, units) each; the first one is the output.
        pre_activations: What goes into each gate's activation, gates side by side: (batch, *places, gates *
            units).
        gates: What comes out of it, of the same shape.
        inner: What else the adjoint needs.
    """

    states: States
    pre_activations: Array
    gates: Array
    inner: Array


class Equations(ABC):
    """The equations of one cell, with its weights.

    Args:
        weights: The cell's weights.
    """

    gates: ClassVar[tuple[str, ...]]
    """The gates in the order in which they stand side by side."""

    inner_gates: ClassVar[frozenset[str]]
    """Those gates that have the cell's `activation`; the others have its `recurrent_activation`."""

    state_count: ClassVar[int] = 1

    def __init__(self, weights: _Weights) -> None:
        self._kernel = weights.kernel(self.gates)
        self._bias = weights.bias("bias", self.gates)
        self._units = self._bias.size // len(self.gates)
        self._by_gate = {
            gate: weights.activation(ACTIVATION if gate in self.inner_gates else RECURRENT_ACTIVATION)
            for gate in self.gates
        }

    @property
    def bounded_gates(self) -> frozenset[str]:
        """The gates whose activation has the range 0 to 1."""
        return frozenset(gate for gate, one in self._by_gate.items() if one.is_bounded)

    def from_inputs(self, inputs: Array) -> Array:
        """What the inputs add to each gate's pre-activation, for all time steps at once.

        Args:
            inputs: Shape (..., *places, features).

        Returns:
            Shape (..., *places, gates * units); places as the convolution leaves them.
        """
        return self._kernel(inputs) + self._bias

    def to_inputs(self, gate_gradients: Array) -> Array:
        """The gradient at the inputs, from those at all gates' pre-activations: `from_inputs`' adjoint."""
        return self._kernel.adjoint(gate_gradients)

    def zero_states(self, from_inputs: Array) -> States:
        """States of zeros for one time step's `from_inputs`."""
        shape = (*from_inputs.shape[:-1], self._units)
        return tuple(np.zeros(shape, from_inputs.dtype) for _ in range(self.state_count))

    def by_gate(self, side_by_side: Array) -> dict[str, Array]:
        """Each gate's part of an array that has them side by side on its last axis: views of it."""
        return dict(zip(self.gates, np.split(side_by_side, len(self.gates), axis=-1), strict=True))

    @abstractmethod
    def step(self, from_inputs: Array, states: States) -> Step:
        """One time step.

        Args:
            from_inputs: What the inputs add, of shape (batch, *places, gates * units).
            states: The states before it.
        """

    @abstractmethod
    def adjoint(self, before: States, step: Step, gradients: States) -> tuple[Array, States]:
        """One time step backward.

        Args:
            before: The states before it.
            step: What it computed.
            gradients: The gradients at the states after it, which may have further axes in front, over
                which the step is broadcast.

        Returns:
            The gradients at all gates' pre-activations, side by side, and those at the states before.
        """

    def _opened(self, pre_activations: Array, *gates: str) -> list[Array]:
        parts = self.by_gate(pre_activations)
        return [self._by_gate[gate].value(parts[gate]) for gate in gates]

    def _slopes(self, step: Step) -> list[Array]:
        """Each gate's slope, in the order of `gates`."""
        x, y = self.by_gate(step.pre_activations), self.by_gate(step.gates)
        return [self._by_gate[gate].slope(x[gate], y[gate]) for gate in self.gates]

    def _side_by_side(self, like: Array) -> tuple[Array, list[Array]]:
        """An array for all gates, yet to be filled, and its parts, a gate each of the shape of `like`."""
        whole = np.empty((*like.shape[:-1], len(self.gates) * self._units), like.dtype)
        return whole, np.split(whole, len(self.gates), axis=-1)


class _SimpleRNN(Equations):
    gates = ("hidden",)
    inner_gates = frozenset(gates)

    def __init__(self, weights: _Weights) -> None:
        super().__init__(weights)
        self._recurrent = weights.recurrent(self.gates)
        self._bias = self._bias + weights.bias("recurrent_bias", self.gates)

    def step(self, from_inputs: Array, states: States) -> Step:
        mixed = from_inputs + self._recurrent(states[0])
        (hidden,) = self._opened(mixed, "hidden")
        return Step((hidden,), mixed, hidden, inner=hidden)

    def adjoint(self, before: States, step: Step, gradients: States) -> tuple[Array, States]:
        (slope,) = self._slopes(step)
        found = gradients[0] * slope
        return found, (self._recurrent.adjoint(found),)


class _LSTM(Equations):
    gates = ("input", "forget", "cell", "output")
    inner_gates = frozenset({"cell"})
    state_count = 2

    def __init__(self, weights: _Weights) -> None:
        super().__init__(weights)
        self._recurrent = weights.recurrent(self.gates)
        self._bias = self._bias + weights.bias("recurrent_bias", self.gates)
        self._peephole = {gate: weights.peephole(gate) for gate in ("input", "forget", "output")}
        self._projection = weights.projection()
        self._squash = weights.activation(ACTIVATION)

    def zero_states(self, from_inputs: Array) -> States:
        output, cell = super().zero_states(from_inputs)
        return self._projected(output), cell

    def step(self, from_inputs: Array, states: States) -> Step:
        output, cell = states
        mixed = from_inputs + self._recurrent(output)
        parts = self.by_gate(mixed)
        self._look(parts, "input", cell)
        self._look(parts, "forget", cell)
        i, f, g = self._opened(mixed, "input", "forget", "cell")
        cell = f * cell + i * g
        self._look(parts, "output", cell)
        (o,) = self._opened(mixed, "output")
        squashed = self._squash.value(cell)
        gates = np.concatenate([i, f, g, o], axis=-1)
        return Step((self._projected(o * squashed), cell), mixed, gates, inner=squashed)

    def adjoint(self, before: States, step: Step, gradients: States) -> tuple[Array, States]:
        at_output, at_cell = gradients
        if self._projection is not None:
            at_output = self._projection.adjoint(at_output)
        cell_before, cell = before[1], step.states[1]
        i, f, g, o = self.by_gate(step.gates).values()
        of_input, of_forget, of_cell, of_output = self._slopes(step)
        whole, parts = self._side_by_side(at_output)
        parts[3][...] = at_output * (step.inner * of_output)
        at_cell = at_cell + at_output * (o * self._squash.slope(cell, step.inner))
        at_cell = self._looked(at_cell, "output", parts[3])
        parts[0][...] = at_cell * (g * of_input)
        parts[1][...] = at_cell * (cell_before * of_forget)
        parts[2][...] = at_cell * (i * of_cell)
        at_cell = self._looked(at_cell * f, "forget", parts[1])
        at_cell = self._looked(at_cell, "input", parts[0])
        return whole, (self._recurrent.adjoint(whole), at_cell)

    def _look(self, parts: dict[str, Array], gate: str, cell: Array) -> None:
        """Adds what the gate sees of the cell state, in place."""
        if (peephole := self._peephole[gate]) is not None:
            parts[gate] += peephole * cell

    def _looked(self, at_cell: Array, gate: str, gradient: Array) -> Array:
        peephole = self._peephole[gate]
        return at_cell if peephole is None else at_cell + peephole * gradient

    def _projected(self, output: Array) -> Array:
        return output if self._projection is None else self._projection(output)


class _GRU(Equations):
    gates = ("update", "reset", "candidate")
    inner_gates = frozenset({"candidate"})


class _GRUResetBefore(_GRU):
    def __init__(self, weights: _Weights) -> None:
        super().__init__(weights)
        self._recurrent = weights.recurrent(self.gates[:2])
        self._to_candidate = weights.recurrent(self.gates[2:])

    def step(self, from_inputs: Array, states: States) -> Step:
        (output,) = states
        mixed = from_inputs.copy()
        mixed[..., : 2 * self._units] += self._recurrent(output)
        z, r = self._opened(mixed, "update", "reset")
        mixed[..., 2 * self._units :] += self._to_candidate(r * output)
        (candidate,) = self._opened(mixed, "candidate")
        gates = np.concatenate([z, r, candidate], axis=-1)
        return Step((z * output + (1 - z) * candidate,), mixed, gates, inner=candidate)

    def adjoint(self, before: States, step: Step, gradients: States) -> tuple[Array, States]:
        (output,), (at_output,) = before, gradients
        z, r, candidate = self.by_gate(step.gates).values()
        of_update, of_reset, of_candidate = self._slopes(step)
        whole, parts = self._side_by_side(at_output)
        parts[0][...] = at_output * ((output - candidate) * of_update)
        parts[2][...] = at_output * ((1 - z) * of_candidate)
        at_product = self._to_candidate.adjoint(parts[2])
        parts[1][...] = at_product * (output * of_reset)
        at_before = self._recurrent.adjoint(whole[..., : 2 * self._units])
        return whole, (at_before + at_output * z + at_product * r,)


class _GRUResetAfter(_GRU):
    def __init__(self, weights: _Weights) -> None:
        super().__init__(weights)
        self._recurrent = weights.recurrent(self.gates)
        self._recurrent_bias = weights.bias("recurrent_bias", self.gates)

    def step(self, from_inputs: Array, states: States) -> Step:
        (output,) = states
        from_states = self._recurrent(output) + self._recurrent_bias
        to_candidate = from_states[..., 2 * self._units :]
        mixed = from_inputs + from_states
        z, r = self._opened(mixed, "update", "reset")
        mixed[..., 2 * self._units :] = from_inputs[..., 2 * self._units :] + r * to_candidate
        (candidate,) = self._opened(mixed, "candidate")
        gates = np.concatenate([z, r, candidate], axis=-1)
        return Step((z * output + (1 - z) * candidate,), mixed, gates, inner=to_candidate)

    def adjoint(self, before: States, step: Step, gradients: States) -> tuple[Array, States]:
        (output,), (at_output,) = before, gradients
        z, r, candidate = self.by_gate(step.gates).values()
        of_update, of_reset, of_candidate = self._slopes(step)
        whole, parts = self._side_by_side(at_output)
        parts[0][...] = at_output * ((output - candidate) * of_update)
        parts[2][...] = at_output * ((1 - z) * of_candidate)
        parts[1][...] = parts[2] * (step.inner * of_reset)
        at_states = whole.copy()
        at_states[..., 2 * self._units :] *= r
        return whole, (self._recurrent.adjoint(at_states) + at_output * z,)


EQUATIONS: Mapping[str, type[Equations]] = {
    "simple_rnn": _SimpleRNN,
    "lstm": _LSTM,
    "gru_reset_before": _GRUResetBefore,
    "gru_reset_after": _GRUResetAfter,
}
"""The equations of cells by name."""


def equations_of(
    cell: Cell, tensors: Sequence[GateTensor], places: tuple[int, ...] = (), dtype: Any = np.float32
) -> Equations:
    """The equations of a cell, with its weights.

    Args:
        cell: The cell.
        tensors: All its matrices.
        places: For a convolution, the sizes of the cell's inputs, without batch and channels.
        dtype: The precision to compute in.

    Raises:
        UnknownEquationsError: If its equations or one of its activations are not known.
    """
    name = cell.layout.equations
    if name is None:
        raise UnknownEquationsError(f"the equations of {cell.layout.cell} are not known")
    for role, activation in cell.activations.items():
        if activation is None:
            raise UnknownEquationsError(f"its {role} is no function that is known by name")
    matrices = {tensor.matrix: tensor for tensor in tensors}
    return EQUATIONS[name](_Weights(cell, matrices, places, np.dtype(dtype)))


@dataclass(frozen=True, eq=False)
class _Weights:
    """The weights of one cell, gates side by side as its equations ask for them."""

    cell: Cell
    matrices: Mapping[str, GateTensor]
    places: tuple[int, ...]
    dtype: np.dtype[Any]

    def kernel(self, gates: tuple[str, ...]) -> Product:
        matrix = self._matrix("kernel", gates)
        return MatrixProduct(matrix) if self.cell.convolution is None else self._of_inputs(matrix)

    def recurrent(self, gates: tuple[str, ...]) -> Product:
        matrix = self._matrix("recurrent_kernel", gates)
        if self.cell.convolution is None:
            return MatrixProduct(matrix)
        places = self._of_inputs(self._matrix("kernel", gates)).results
        ones = (1,) * len(places)
        return ConvolutionProduct(matrix, places, strides=ones, dilation=ones, is_padded=True)

    def bias(self, matrix: str, gates: tuple[str, ...]) -> Array:
        """One row; zeros where the cell has no such bias."""
        if matrix in self.matrices:
            return self._matrix(matrix, gates)[0]
        kernel = self.matrices["kernel"]
        bias = np.zeros((len(gates), kernel.units), self.dtype)
        return bias.ravel()

    def peephole(self, gate: str) -> Array | None:
        return self._matrix("peephole", (gate,))[0] if "peephole" in self.matrices else None

    def projection(self) -> Product | None:
        if "projection" not in self.matrices:
            return None
        return MatrixProduct(self.matrices["projection"].values.astype(self.dtype))

    def activation(self, role: str) -> Activation:
        name = self.cell.activations[role]
        assert name is not None
        return ACTIVATIONS[name]

    def _of_inputs(self, matrix: Array) -> ConvolutionProduct:
        convolution = self.cell.convolution
        assert convolution is not None
        return ConvolutionProduct(
            matrix,
            self.places,
            strides=convolution.strides,
            dilation=convolution.dilation,
            is_padded=convolution.padding == "same",
        )

    def _matrix(self, name: str, gates: tuple[str, ...]) -> Array:
        """Shape (*row_shape, gates * units), with what the cell itself adds to a gate."""
        tensor = self.matrices[name]
        blocks = [self._block(tensor, gate) for gate in gates]
        return np.concatenate(blocks, axis=-1, dtype=self.dtype)

    def _block(self, tensor: GateTensor, gate: str) -> Array:
        block = tensor.blocks[gate].reshape(*tensor.row_shape, tensor.units).astype(self.dtype)
        return block + self.dtype.type(tensor.added.get(gate, 0))
