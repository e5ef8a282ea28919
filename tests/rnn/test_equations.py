"""The adjoint of each cell's step is what finite differences of that step are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.rnn.activations import ACTIVATIONS
from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout
from tensorboard_plugin_rnnweights.rnn.cells import Cell
from tensorboard_plugin_rnnweights.rnn.equations import Equations, UnknownEquationsError, equations_of
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tests.rnn.real_cells import RUNNABLE, Sizes, inputs_for, real_layer

Array = npt.NDArray[Any]

SMOOTH = sorted(
    {*ACTIVATIONS}
    - {"hard_sigmoid", "hard_sigmoid_keras_2", "hard_tanh", "hard_silu", "hard_shrink", "soft_shrink"}
    - {"relu", "relu6", "leaky_relu", "leaky_relu_of_0.01", "sparse_sigmoid"}
)


def assert_adjoint_is_the_slope(
    equations: Equations, inputs: Array, seed: int, ahead: tuple[int, ...]
) -> None:
    """Whether <gradient, d step> = <adjoint(gradient), d arguments>, for gradients with axes ahead."""
    random = np.random.default_rng(seed)
    coming = equations.from_inputs(inputs)
    before = tuple(random.normal(size=one.shape) for one in equations.zero_states(coming))
    step = equations.step(coming, before)
    gradients = tuple(random.normal(size=(*ahead, *one.shape)) for one in step.states)
    at_gates, at_states = equations.adjoint(before, step, gradients)
    assert at_gates.shape == (*ahead, *coming.shape)
    assert [one.shape for one in at_states] == [(*ahead, *one.shape) for one in before]
    to_coming, *to_states = (random.normal(size=one.shape) for one in (coming, *before))

    def moved(by: float) -> tuple[Array, ...]:
        states = (one + by * to for one, to in zip(before, to_states, strict=True))
        return equations.step(coming + by * to_coming, tuple(states)).states

    def product(gradient: Array, direction: Array) -> Array:
        return (gradient * direction).reshape(*ahead, -1).sum(-1)

    slopes = [(one - other) / 2e-6 for one, other in zip(moved(1e-6), moved(-1e-6), strict=True)]
    expected = sum(product(one, slope) for one, slope in zip(gradients, slopes, strict=True))
    found = product(at_gates, to_coming)
    found = found + sum(product(one, to) for one, to in zip(at_states, to_states, strict=True))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("row", "path"), RUNNABLE)
@pytest.mark.parametrize("ahead", [(), (3,), (2, 3)])
def test_adjoints_of_every_row_are_finite_differences(
    row: CellLayout, path: str, ahead: tuple[int, ...]
) -> None:
    inputs = inputs_for(row, 2, 1, Sizes())[:, 0].astype(np.float64)
    with real_layer(row, path) as layer:
        equations = equations_of(layer.cell(), layer.tensors(row), inputs.shape[1:-1], np.float64)
    assert_adjoint_is_the_slope(equations, inputs, 3, ahead)


def cell_of(row: CellLayout, activations: dict[str, str | None]) -> tuple[Cell, list[GateTensor]]:
    """A cell of that row with random weights, whatever framework could have it."""
    random = np.random.default_rng(0)
    rows = {"kernel": 2, "recurrent_kernel": 3, "bias": 1, "recurrent_bias": 1}
    matrices = {part.matrix for part in row.parts} & {*rows}
    tensors = [
        GateTensor(
            "layer",
            None,
            0,
            row.cell,
            name,
            row.gates,
            random.normal(size=(rows[name], 3 * len(row.gates))),
        )
        for name in sorted(matrices)
    ]
    return Cell("layer", None, 0, row, {}, activations=activations), tensors


ROWS = {row.equations: row for row, _ in RUNNABLE if not row.convolution}


@pytest.mark.parametrize("equations", ROWS)
@settings(max_examples=25)
@given(activation=st.sampled_from(SMOOTH), recurrent=st.sampled_from(SMOOTH), seed=st.integers(0, 99))
def test_adjoints_hold_for_any_activations(
    equations: str, activation: str, recurrent: str, seed: int
) -> None:
    cell, tensors = cell_of(ROWS[equations], {"activation": activation, "recurrent_activation": recurrent})
    made = equations_of(cell, tensors, dtype=np.float64)
    assert_adjoint_is_the_slope(made, 0.3 * np.random.default_rng(seed).normal(size=(2, 2)), seed, (2,))


@pytest.mark.parametrize("equations", ROWS)
def test_an_activation_that_is_not_known_is_refused_by_its_role(equations: str) -> None:
    cell, tensors = cell_of(ROWS[equations], {"activation": None, "recurrent_activation": "sigmoid"})
    with pytest.raises(UnknownEquationsError, match="its activation is no function that is known by name"):
        equations_of(cell, tensors)
