"""THE table of gate layouts: one row a cell type. Data, and not code.

A row says which gates a cell has, and where each of its matrices keeps them. Every row is proved in the
tests by `equations.py`: the cell's equations, fed with the blocks cut by its row, must give the real
layer's outputs. `docs/layouts.md` is made from this table.
"""

from __future__ import annotations

from tensorboard_plugin_rnnweights.rnn.cell_layout import (
    ACTIVATION,
    RECURRENT_ACTIVATION,
    WHOLE,
    CellLayout,
    MatrixPart,
)

_SIMPLE_RNN_GATES = ("hidden",)
_LSTM_GATES = ("input", "forget", "cell", "output")
_GRU_GATES = ("update", "reset", "candidate")

_KERAS_PARTS = (
    MatrixPart("kernel", "kernel"),
    MatrixPart("recurrent_kernel", "recurrent_kernel"),
    MatrixPart("bias", "bias"),
)
_KERAS_RESET_AFTER_PARTS = (
    *_KERAS_PARTS[:2],
    MatrixPart("bias", "bias", half=0),
    MatrixPart("recurrent_bias", "bias", half=1),
)
_CUDNN_PARTS = (
    MatrixPart("kernel", "kernel", transposed=True),
    MatrixPart("recurrent_kernel", "recurrent_kernel", transposed=True),
    MatrixPart("bias", "bias", half=0),
    MatrixPart("recurrent_bias", "bias", half=1),
)


def _v1_parts(*gates: str) -> tuple[MatrixPart, ...]:
    """Inputs and states in one kernel, whose gates are packed in this order."""
    return (
        MatrixPart("kernel", "_kernel", gates, rows="inputs"),
        MatrixPart("recurrent_kernel", "_kernel", gates, rows="states"),
        MatrixPart("bias", "_bias", gates),
    )


def _v1_gate_and_candidate_parts() -> tuple[MatrixPart, ...]:
    """Kernels of their own for both gates and for the candidate."""
    kept = (("_gate", ("reset", "update")), ("_candidate", ("candidate",)))
    return (
        *(MatrixPart("kernel", f"{name}_kernel", gates, rows="inputs") for name, gates in kept),
        *(MatrixPart("recurrent_kernel", f"{name}_kernel", gates, rows="states") for name, gates in kept),
        *(MatrixPart("bias", f"{name}_bias", gates) for name, gates in kept),
    )


def _torch_parts(suffix: str, *gates: str) -> tuple[MatrixPart, ...]:
    """Gates packed on the first axis, in this order."""
    return (
        MatrixPart("kernel", f"weight_ih{suffix}", gates, axis=0),
        MatrixPart("recurrent_kernel", f"weight_hh{suffix}", gates, axis=0),
        MatrixPart("bias", f"bias_ih{suffix}", gates, optional=True),
        MatrixPart("recurrent_bias", f"bias_hh{suffix}", gates, optional=True),
    )


_KERAS_ACTIVATION = {ACTIVATION: "activation"}
_KERAS_ACTIVATIONS = {**_KERAS_ACTIVATION, RECURRENT_ACTIVATION: "recurrent_activation"}
_KERAS_REGULARIZERS = {
    "kernel": "kernel_regularizer",
    "recurrent_kernel": "recurrent_regularizer",
    "bias": "bias_regularizer",
}
_KERAS_BOTH_BIASES_REGULARIZERS = {**_KERAS_REGULARIZERS, "recurrent_bias": "bias_regularizer"}
_V1_ACTIVATION = {ACTIVATION: "_activation"}
_TANH, _SIGMOID = {ACTIVATION: "tanh"}, {RECURRENT_ACTIVATION: "sigmoid"}

_OF_TORCH_LAYER = "_l{index}{reverse}"
_TORCH_METHODS = ("forward",)


def _both_keras(name: str) -> tuple[str, str]:
    return (f"keras.{name}", f"tf_keras.{name}")


LAYOUTS: tuple[CellLayout, ...] = (
    CellLayout(
        cell="SimpleRNN",
        classes=_both_keras("layers.SimpleRNNCell"),
        gates=_SIMPLE_RNN_GATES,
        parts=_KERAS_PARTS,
        equations="simple_rnn",
        source="keras.layers.SimpleRNNCell.call",
        activations=_KERAS_ACTIVATION,
        regularizers=_KERAS_REGULARIZERS,
    ),
    CellLayout(
        cell="LSTM",
        classes=_both_keras("layers.LSTMCell"),
        gates=_LSTM_GATES,
        parts=_KERAS_PARTS,
        equations="lstm",
        source="keras.layers.LSTMCell.call",
        activations=_KERAS_ACTIVATIONS,
        regularizers=_KERAS_REGULARIZERS,
    ),
    CellLayout(
        cell="GRU",
        classes=_both_keras("layers.GRUCell"),
        gates=_GRU_GATES,
        parts=_KERAS_PARTS,
        equations="gru_reset_before",
        source="keras.layers.GRUCell.call",
        when={"reset_after": False},
        activations=_KERAS_ACTIVATIONS,
        regularizers=_KERAS_REGULARIZERS,
    ),
    CellLayout(
        cell="GRU",
        classes=_both_keras("layers.GRUCell"),
        gates=_GRU_GATES,
        parts=_KERAS_RESET_AFTER_PARTS,
        equations="gru_reset_after",
        source="keras.layers.GRUCell.call",
        when={"reset_after": True},
        activations=_KERAS_ACTIVATIONS,
        regularizers=_KERAS_BOTH_BIASES_REGULARIZERS,
    ),
    *(
        CellLayout(
            cell=f"ConvLSTM{rank}D",
            classes=(
                "keras.src.layers.rnn.conv_lstm.ConvLSTMCell",
                "tf_keras.src.layers.rnn.base_conv_lstm.ConvLSTMCell",
            ),
            gates=_LSTM_GATES,
            parts=_KERAS_PARTS,
            equations="lstm",
            source=f"keras.layers.ConvLSTM{rank}D, ConvLSTMCell.call",
            when={"rank": rank},
            activations=_KERAS_ACTIVATIONS,
            regularizers=_KERAS_REGULARIZERS,
            convolution=("strides", "padding", "dilation_rate", "data_format"),
        )
        for rank in (1, 2, 3)
    ),
    CellLayout(
        cell="CuDNNLSTM",
        classes=("tf_keras.src.layers.rnn.cudnn_lstm.CuDNNLSTM",),
        gates=_LSTM_GATES,
        parts=_CUDNN_PARTS,
        equations="lstm",
        source="tf.compat.v1.keras.layers.CuDNNLSTM._process_batch",
        fixed_activations=_TANH | _SIGMOID,
        regularizers=_KERAS_BOTH_BIASES_REGULARIZERS,
    ),
    CellLayout(
        cell="CuDNNGRU",
        classes=("tf_keras.src.layers.rnn.cudnn_gru.CuDNNGRU",),
        gates=_GRU_GATES,
        parts=_CUDNN_PARTS,
        equations="gru_reset_after",
        source="tf.compat.v1.keras.layers.CuDNNGRU._process_batch",
        fixed_activations=_TANH | _SIGMOID,
        regularizers=_KERAS_BOTH_BIASES_REGULARIZERS,
    ),
    CellLayout(
        cell="BasicRNN",
        classes=("tf_keras.src.layers.rnn.legacy_cells.BasicRNNCell",),
        gates=_SIMPLE_RNN_GATES,
        parts=_v1_parts("hidden"),
        equations="simple_rnn",
        source="tf.compat.v1.nn.rnn_cell.BasicRNNCell.call",
        state_size="output_size",
        activations=_V1_ACTIVATION,
    ),
    CellLayout(
        cell="BasicLSTM",
        classes=("tf_keras.src.layers.rnn.legacy_cells.BasicLSTMCell",),
        gates=_LSTM_GATES,
        parts=_v1_parts("input", "cell", "forget", "output"),
        equations="lstm",
        source="tf.compat.v1.nn.rnn_cell.BasicLSTMCell.call",
        state_size="output_size",
        added={"forget": "_forget_bias"},
        activations=_V1_ACTIVATION,
        fixed_activations=_SIGMOID,
    ),
    CellLayout(
        cell="LSTM",
        classes=("tf_keras.src.layers.rnn.legacy_cells.LSTMCell",),
        gates=_LSTM_GATES,
        parts=(
            *_v1_parts("input", "cell", "forget", "output"),
            MatrixPart("peephole", "_w_i_diag", ("input",), optional=True),
            MatrixPart("peephole", "_w_f_diag", ("forget",), optional=True),
            MatrixPart("peephole", "_w_o_diag", ("output",), optional=True),
            MatrixPart("projection", "_proj_kernel", (WHOLE,), optional=True),
        ),
        equations="lstm",
        source="tf.compat.v1.nn.rnn_cell.LSTMCell.call",
        state_size="output_size",
        added={"forget": "_forget_bias"},
        activations=_V1_ACTIVATION,
        fixed_activations=_SIGMOID,
    ),
    CellLayout(
        cell="GRU",
        classes=("tf_keras.src.layers.rnn.legacy_cells.GRUCell",),
        gates=_GRU_GATES,
        parts=_v1_gate_and_candidate_parts(),
        equations="gru_reset_before",
        source="tf.compat.v1.nn.rnn_cell.GRUCell.call",
        state_size="output_size",
        activations=_V1_ACTIVATION,
        fixed_activations=_SIGMOID,
    ),
    *(
        CellLayout(
            cell="RNN",
            classes=(f"torch.nn.{name}",),
            gates=_SIMPLE_RNN_GATES,
            parts=_torch_parts(suffix, "hidden"),
            equations="simple_rnn",
            source=f"torch.nn.{name}",
            defining_methods=_TORCH_METHODS,
            activations={ACTIVATION: "nonlinearity"},
        )
        for name, suffix in (("RNN", _OF_TORCH_LAYER), ("RNNCell", ""))
    ),
    CellLayout(
        cell="LSTM",
        classes=("torch.nn.LSTM",),
        gates=_LSTM_GATES,
        parts=(
            *_torch_parts(_OF_TORCH_LAYER, "input", "forget", "cell", "output"),
            MatrixPart("projection", f"weight_hr{_OF_TORCH_LAYER}", (WHOLE,), axis=0, optional=True),
        ),
        equations="lstm",
        source="torch.nn.LSTM",
        defining_methods=_TORCH_METHODS,
        fixed_activations=_TANH | _SIGMOID,
    ),
    CellLayout(
        cell="LSTM",
        classes=("torch.nn.LSTMCell",),
        gates=_LSTM_GATES,
        parts=_torch_parts("", "input", "forget", "cell", "output"),
        equations="lstm",
        source="torch.nn.LSTMCell",
        defining_methods=_TORCH_METHODS,
        fixed_activations=_TANH | _SIGMOID,
    ),
    *(
        CellLayout(
            cell="GRU",
            classes=(f"torch.nn.{name}",),
            gates=_GRU_GATES,
            parts=_torch_parts(suffix, "reset", "update", "candidate"),
            equations="gru_reset_after",
            source=f"torch.nn.{name}",
            defining_methods=_TORCH_METHODS,
            fixed_activations=_TANH | _SIGMOID,
        )
        for name, suffix in (("GRU", _OF_TORCH_LAYER), ("GRUCell", ""))
    ),
)
