"""The proof of the table, on the Keras and the backend at hand."""

from __future__ import annotations

import numpy as np
import pytest

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.rnn.cell_layout import CellLayout
from tests.kerases.models import IS_GRAPH, keras
from tests.rnn.forward import forward
from tests.rnn.real_cells import RUNNABLE, Sizes, inputs_for, real_layer

pytestmark = pytest.mark.skipif(IS_GRAPH, reason="layers are run eagerly here")

ROWS = [(row, path) for row, path in RUNNABLE if path.startswith(f"{keras.__name__}.")]


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize(("row", "path"), ROWS)
def test_blocks_give_the_layers_outputs(row: CellLayout, path: str, use_bias: bool) -> None:
    sizes = Sizes(use_bias=use_bias)
    inputs = inputs_for(row, 2, 4, sizes)
    with real_layer(row, path, sizes) as layer:
        found = forward(layer.cell(), decompose(layer.model), inputs)
        np.testing.assert_allclose(found, layer.outputs(inputs), rtol=1e-5, atol=2e-6)


def test_there_are_rows_to_prove() -> None:
    assert len(ROWS) >= 7


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_weights_keep_their_type_of_number(dtype: str) -> None:
    if dtype == "float64" and keras.backend.backend() == "jax":
        pytest.skip("JAX has no float64 unless it is told so")
    layer = keras.layers.GRU(2, dtype=dtype, recurrent_initializer="zeros")
    layer.build((None, None, 3))
    assert {tensor.values.dtype.name for tensor in decompose(layer)} == {dtype}
