"""What a probe says of a model, and what it leaves as it was: on every Keras, on every backend."""

from __future__ import annotations

import gc
import logging
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tensorboard_plugin_rnnweights.frameworks.adapter import ProbeError, ProbeRunner
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find_cells
from tensorboard_plugin_rnnweights.signals.layer_call import LayerCall
from tests.kerases.models import (
    BACKEND,
    BATCH,
    FEATURES,
    IS_GRAPH,
    IS_KERAS_3,
    TIME,
    batches,
    keras,
    model,
    sgd,
)

eagerly = pytest.mark.skipif(IS_GRAPH, reason="a probe needs eager execution")

layers = keras.layers
Layer: Any = layers.Layer


def runner(probed: Any, loss: Any = None) -> ProbeRunner:
    return adapter_for(probed).probe_runner(probed, loss)


def one_batch() -> tuple[Any, Any]:
    return batches(1)


def arrays(values: Any) -> Any:
    """What a model returned, as arrays."""
    if isinstance(values, list | tuple):
        return [arrays(value) for value in values]
    return np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)


def tensors(*values: Any) -> list[Any]:
    if IS_KERAS_3:
        return [keras.ops.convert_to_tensor(value) for value in values]
    import tensorflow as tf

    return [tf.convert_to_tensor(value) for value in values]


def squared(targets: Any, outputs: Any) -> Any:
    """A loss as users write it."""
    return (targets - outputs) ** 2


def gradients_of(function: Callable[..., Any], *points: Any) -> list[Any]:
    """The backend's own gradients of the mean of what a function returns."""
    if BACKEND == "jax":
        import jax

        places = tuple(range(len(points)))
        return arrays(jax.grad(lambda *at: function(*at).mean(), places)(*tensors(*points)))
    if BACKEND == "torch":
        import torch

        at = [torch.tensor(point, requires_grad=True) for point in points]
        return arrays(list(torch.autograd.grad(function(*at).mean(), at)))
    import tensorflow as tf

    at = tensors(*points)
    with tf.GradientTape() as tape:
        tape.watch(at)
        loss = tf.reduce_mean(function(*at))
    return arrays(tape.gradient(loss, at))


def assert_close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(arrays(found), expected, rtol=1e-5, atol=1e-6)


def assert_same(found: Any, expected: Any) -> None:
    np.testing.assert_array_equal(arrays(found), expected)


@eagerly
def test_calls_come_in_the_order_of_the_models_cells() -> None:
    probed = model()
    calls = runner(probed).run(one_batch()[0])
    found = [cell for call in calls for level in call.cells for cell in level]
    places = [(cell.layer, cell.direction, cell.index, cell.layout) for cell in find_cells(probed)]
    assert [(cell.layer, cell.direction, cell.index, cell.layout) for cell in found] == places
    assert [call.reversed for call in calls] == [(False,), (True,), (False,), (False,)]
    assert [call.returns_sequences for call in calls] == [True, True, True, False]
    assert {call.output_gradients for call in calls} == {None}


@eagerly
def test_layers_are_said_to_get_and_return_what_they_do() -> None:
    probed = model()
    inputs, _ = one_batch()
    both, lstm, stack = (probed.get_layer(name) for name in ("both", "lstm", "stack"))
    forward, backward, second, third = runner(probed).run(inputs)
    at_both, at_lstm, at_stack = arrays(
        keras.Model(probed.inputs, [both.output, lstm.output, stack.output])(inputs)
    )
    for call in (forward, backward):
        assert_same(call.inputs, inputs)
    # Time runs forwards for both directions, as where Keras puts them side by side.
    assert_close(forward.outputs, at_both[..., :4])
    assert_close(backward.outputs, at_both[..., 4:])
    assert_close(second.inputs, at_both)
    assert_close(second.outputs, at_lstm)
    assert_close(third.inputs, at_lstm)
    assert_close(third.outputs, at_stack)
    assert third.initial_states is not None
    assert [[len(states or ()) for states in level] for level in third.initial_states] == [[2], [1]]


@eagerly
@pytest.mark.parametrize(
    "loss", [None, squared, keras.losses.MeanSquaredError()], ids=["own", "plain", "object"]
)
def test_gradients_are_those_of_the_loss_at_what_a_layer_returned(loss: Any) -> None:
    probed = model()
    inputs, targets = one_batch()
    call = runner(probed, loss).run(inputs, targets)[2]
    stack, dense = probed.layers[-2:]
    (goal,) = tensors(targets)
    (expected,) = gradients_of(lambda at: (dense(stack(at)) - goal) ** 2, arrays(call.outputs))
    assert_close(call.output_gradients, expected)
    assert np.abs(expected).max() > 1e-4


@eagerly
def test_sample_weights_weigh_gradients() -> None:
    inputs, targets = one_batch()
    weights = np.zeros(BATCH, np.float32)
    weights[3] = 1.0
    for loss in (None, keras.losses.MeanSquaredError()):
        *_, call = runner(model(), loss).run(inputs, targets, weights)
        moved = np.abs(arrays(call.output_gradients)).sum(1) > 0
        assert moved.tolist() == [sample == 3 for sample in range(BATCH)]


@eagerly
def test_gradients_of_layers_that_go_backwards_run_in_the_order_of_time() -> None:
    inputs, targets = one_batch()
    entry = layers.Input((TIME, FEATURES))
    back = layers.GRU(3, return_sequences=True, go_backwards=True, name="back")
    # What comes first out of the layer is of the last time step.
    probed = keras.Model(entry, layers.Dense(1)(back(entry)[:, 0]))
    probed.compile(sgd(), "mse")
    (call,) = runner(probed).run(inputs, targets)
    has_gradient = np.abs(arrays(call.output_gradients)).sum((0, 2)) > 0
    assert has_gradient.tolist() == [False] * (TIME - 1) + [True]
    assert_close(call.outputs, arrays(back(inputs))[:, ::-1])
    assert call.reversed == (True,)


@eagerly
def test_final_states_that_go_on_have_gradients() -> None:
    inputs, targets = one_batch()
    entry = layers.Input((TIME, FEATURES))
    _, hidden, memory = layers.LSTM(4, return_state=True, name="encoder")(entry)
    decoder, dense = layers.LSTM(4, name="decoder"), layers.Dense(1)
    probed = keras.Model(entry, dense(decoder(entry, initial_state=[hidden, memory])))
    first, second = runner(probed, squared).run(inputs, targets)
    assert first.state_gradients is not None
    assert second.initial_states is not None
    ((states,),) = second.initial_states
    ((at_states,),) = first.state_gradients
    assert states is not None
    assert at_states is not None
    goal, begin = tensors(targets, inputs)
    expected = gradients_of(
        lambda *at: (dense(decoder(begin, initial_state=list(at))) - goal) ** 2, *arrays(states)
    )
    for found, wanted in zip(at_states, expected, strict=True):
        assert_close(found, wanted)
        assert np.abs(wanted).max() > 1e-5
    # The outputs are one of the states, but were not used as such.
    assert_same(first.outputs, arrays(states[0]))
    assert_same(first.output_gradients, np.zeros((BATCH, 4)))
    assert second.state_gradients is None


@eagerly
def test_masks_are_those_that_layers_get() -> None:
    tokens = np.array([[1, 2, 3, 0, 0], [4, 0, 0, 0, 0]], np.int32)
    probed = keras.Sequential(
        [
            layers.Embedding(5, 3, mask_zero=True),
            layers.Bidirectional(layers.GRU(2, return_sequences=True)),
            layers.LSTM(2),
        ]
    )
    probed(tokens)
    forward, backward, last = runner(probed).run(tokens)
    for call in (forward, backward, last):
        assert_same(call.mask, tokens != 0)
    assert (forward.zeroes_masked, backward.zeroes_masked, last.zeroes_masked) == (True, True, False)
    assert_same(np.abs(arrays(backward.outputs)).sum(-1) > 0, tokens != 0)


@eagerly
def test_a_stateful_layer_starts_from_its_own_states_and_keeps_them() -> None:
    entry = layers.Input(batch_shape=(BATCH, TIME, FEATURES))
    probed = keras.Model(entry, layers.GRU(3, stateful=True, name="stateful")(entry))
    inputs, _ = one_batch()
    run = runner(probed)
    left = arrays(probed(inputs))
    calls = [run.run(inputs)[0] for _ in range(2)]
    again = arrays(probed(inputs))
    # What was recorded is of its moment, whatever the layer has come to since.
    for call in calls:
        assert call.initial_states is not None
        ((states,),) = call.initial_states
        assert states is not None
        assert_same(states[0], left)
        assert_close(call.outputs, again)


@eagerly
def test_convolutions_are_recorded() -> None:
    frames = np.random.default_rng(0).normal(size=(2, 3, 4, 4, 2)).astype(np.float32)
    probed = keras.Sequential(
        [layers.ConvLSTM2D(3, 2, return_sequences=True), layers.GlobalAveragePooling3D()]
    )
    expected = arrays(probed(frames))
    (call,) = runner(probed, squared).run(frames, np.zeros((2, 3), np.float32))
    assert call.outputs.shape == call.output_gradients.shape == (2, 3, 3, 3, 3)
    assert_close(arrays(call.outputs).mean((1, 2, 3)), expected)


class Looping(Layer):
    """A layer that calls a recurrent one inside a loop of the backend."""

    def __init__(self) -> None:
        super().__init__(name="looping")
        self.rnn = layers.GRU(FEATURES, return_sequences=True, name="rnn")

    def build(self, shape: Any) -> None:
        self.rnn.build(shape)
        super().build(shape)

    def call(self, inputs: Any) -> Any:
        return keras.ops.fori_loop(0, 2, lambda _, values: self.rnn(values), inputs)


@pytest.mark.skipif(not IS_KERAS_3 or BACKEND == "torch", reason="PyTorch's loops are Python's")
def test_a_layer_inside_a_loop_is_left_out_with_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    probed = keras.Sequential([layers.Input((TIME, FEATURES)), Looping(), layers.GRU(2, name="after")])
    inputs, _ = one_batch()
    run = runner(probed)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            (call,) = run.run(inputs)
            assert call.cells[0][0].name() == "after"
    (record,) = caplog.records
    assert record.getMessage() == (
        "the probe leaves the recurrent layer 'looping/rnn' out: "
        "it is called inside a loop or a mapped function of another layer"
    )


class Noisy(Layer):
    """Draws random numbers wherever its backend has them, in training and out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.seed = keras.random.SeedGenerator(3) if IS_KERAS_3 else None

    def call(self, inputs: Any) -> Any:
        return inputs + sum(draw(inputs.shape) * 0.1 for draw in self.draws())

    def compute_output_shape(self, shape: Any) -> Any:
        # So that Keras 3 need not call it to find out.
        return shape

    def draws(self) -> Iterator[Any]:
        if IS_KERAS_3:
            yield lambda shape: keras.random.normal(shape, seed=self.seed)
            if BACKEND != "jax":  # which refuses that in a training, too
                yield keras.random.normal
        else:
            yield keras.backend.random_normal
            yield keras.src.backend.RandomGenerator(rng_type="stateless").random_normal
        if BACKEND == "torch":
            import torch

            yield lambda shape: torch.randn(tuple(shape))
        if BACKEND == "tensorflow":
            import tensorflow as tf

            yield tf.random.normal
        yield lambda _: np.random.normal() + random.random()


def touchy(seed: int = 1) -> Any:
    """A model with everything that a run might change."""
    keras.utils.set_random_seed(seed)
    entry = layers.Input(batch_shape=(BATCH, TIME, FEATURES))
    hidden = layers.LSTM(4, return_sequences=True, stateful=True, dropout=0.3, recurrent_dropout=0.3)(entry)
    hidden = Noisy()(layers.BatchNormalization()(hidden))
    hidden = layers.GaussianNoise(0.1)(layers.Dropout(0.2)(hidden))
    outputs = layers.GRU(3, dropout=0.2, kernel_regularizer="l2", activity_regularizer="l2")(hidden)
    found = keras.Model(entry, [layers.Dense(1, name="a")(outputs), layers.Dense(1, name="b")(outputs)])
    metrics: Any = [["mae"], ["mae"]]
    found.compile("adam", ["mse", "mae"], metrics=metrics)
    return found


def drawn_after(is_probed: bool) -> list[Any]:
    """Random numbers from everywhere, where nothing has been drawn before."""
    keras.backend.clear_session()
    if IS_KERAS_3:
        random.seed(5)
        np.random.seed(5)
    else:
        keras.utils.set_random_seed(5)
    entry = layers.Input(batch_shape=(BATCH, TIME, FEATURES))
    probed = keras.Model(entry, layers.GRU(2)(Noisy()(entry)))
    if BACKEND == "tensorflow":
        import tensorflow as tf

        tf.random.set_seed(5)
    if BACKEND == "torch":
        import torch

        torch.manual_seed(5)
    if is_probed:
        runner(probed, squared).run(one_batch()[0], np.zeros((BATCH, 2), np.float32))
    names = [layers.Dense(1).name, keras.metrics.Mean().name]
    return [*names, random.random(), np.random.random(), *(arrays(draw((3,))) for draw in Noisy().draws())]


@eagerly
def test_random_numbers_are_drawn_as_if_there_had_been_no_probe() -> None:
    for found, expected in zip(drawn_after(True), drawn_after(False), strict=True):
        np.testing.assert_array_equal(found, expected)


@eagerly
def test_probes_may_be_of_several_shapes() -> None:
    entry = layers.Input((None, FEATURES))
    last = layers.GRU(2, name="rnn")(entry)
    probed = keras.Model(entry, [layers.Dense(1, name="a")(last), layers.Dense(1, name="b")(last)])
    probed.compile(sgd(), ["mse", "mae"])
    run = runner(probed)
    for samples, time in ((2, 3), (3, 5), (2, 3)):
        inputs = np.random.default_rng(time).normal(size=(samples, time, FEATURES)).astype(np.float32)
        (call,) = run.run(inputs, [np.zeros((samples, 1), np.float32)] * 2)
        assert_same(call.inputs, inputs)
        assert call.output_gradients.shape == (samples, 2)


@eagerly
def test_a_model_that_its_first_batch_has_built_takes_a_probe_of_another_size() -> None:
    probed = keras.Sequential([layers.LSTM(4, name="lstm"), layers.Dense(1)])
    probed.compile(sgd(), "mse")
    inputs, targets = one_batch()
    probed.fit(inputs, targets, batch_size=BATCH, verbose=0)
    (call,) = runner(probed).run(inputs[:2], targets[:2])
    assert_same(call.inputs, inputs[:2])


class Probing(keras.callbacks.Callback):  # type: ignore[misc, name-defined, unused-ignore]
    """Runs the probe before the training, and after each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[LayerCall] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self.inputs = np.random.default_rng(7).normal(size=(BATCH, TIME, FEATURES)).astype(np.float32)
        self.targets = [np.ones((BATCH, 1), np.float32)] * 2
        self.run = runner(self.model)
        self.probe()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.probe()

    def probe(self) -> None:
        gc.collect()
        self.calls = self.run.run(self.inputs, self.targets)


def trained(*callbacks: Any) -> tuple[dict[str, Any], list[Any]]:
    # Older versions of Keras keep their own generator of random numbers where a seed is set.
    keras.backend.clear_session()
    found = touchy()
    numbers = np.random.default_rng(1)
    inputs = numbers.normal(size=(3 * BATCH, TIME, FEATURES)).astype(np.float32)
    targets = [numbers.normal(size=(3 * BATCH, 1)).astype(np.float32) for _ in range(2)]
    told = found.fit(
        inputs, targets, batch_size=BATCH, shuffle=True, epochs=2, verbose=0, callbacks=callbacks
    )
    variables = [*found.variables, *found.optimizer.variables] if IS_KERAS_3 else found.variables
    return told.history, [arrays(getattr(one, "value", one) if IS_KERAS_3 else one) for one in variables]


@eagerly
def test_training_is_the_same_to_the_bit_with_and_without() -> None:
    probing = Probing()
    told, variables = trained(probing)
    expected, others = trained()
    assert [call.cells[0][0].layout.cell for call in probing.calls] == ["LSTM", "GRU"]
    assert np.abs(arrays(probing.calls[0].output_gradients)).max() > 1e-6
    assert told == expected
    for one, other in zip(variables, others, strict=True):
        np.testing.assert_array_equal(one, other)


@eagerly
def test_nothing_is_left_on_the_model() -> None:
    probed = touchy()
    parts = list(probed._flatten_layers())
    before = [{*vars(part)} for part in parts]
    run = runner(probed)
    run.run(np.zeros((BATCH, TIME, FEATURES), np.float32), [np.zeros((BATCH, 1), np.float32)] * 2)
    with pytest.raises(ProbeError):
        run.run(np.zeros((BATCH, TIME, FEATURES + 1), np.float32))
    for part, names in zip(parts, before, strict=True):
        # tf_keras keeps some facts beside them, once a layer was called.
        assert not {"call", "inner_loop", "_process_inputs"} & ({*vars(part)} - names)
    loss = probed._compile_loss if IS_KERAS_3 else probed.compiled_loss
    assert not loss.built


@eagerly
def test_later_probes_see_the_weights_of_their_time() -> None:
    probed = model()
    inputs, targets = one_batch()
    run = runner(probed)
    before = run.run(inputs, targets)[-1]
    probed.set_weights([weight * 0.5 for weight in probed.get_weights()])
    after = run.run(inputs, targets)[-1]
    expected = runner(probed).run(inputs, targets)[-1]
    assert_same(after.outputs, arrays(expected.outputs))
    assert_same(after.output_gradients, arrays(expected.output_gradients))
    assert np.abs(arrays(before.outputs) - arrays(after.outputs)).max() > 1e-3


@eagerly
@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_model_that_is_frozen_has_gradients_too(is_frozen: bool) -> None:
    probed = model()
    probed.trainable = not is_frozen
    inputs, targets = one_batch()
    for call in runner(probed, squared).run(inputs, targets):
        assert np.abs(arrays(call.output_gradients)).max() > 1e-6


@eagerly
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_small_gradients_of_half_floats_are_not_lost(policy: str) -> None:
    entry = layers.Input((TIME, FEATURES))
    hidden = layers.LSTM(4, return_sequences=True, dtype=policy, name="half")(entry)
    probed = keras.Model(entry, layers.Dense(1, dtype="float32")(layers.GRU(3, dtype=policy)(hidden)))
    inputs, targets = one_batch()

    def tiny(goal: Any, outputs: Any) -> Any:
        return squared(goal, outputs) * 1e-6

    (plain, _), (scaled, _) = (runner(probed, loss).run(inputs, targets) for loss in (squared, tiny))
    expected = arrays(plain.output_gradients).astype(np.float32) * 1e-6
    np.testing.assert_allclose(
        arrays(scaled.output_gradients).astype(np.float32),
        expected,
        rtol=0.1,
        atol=np.abs(expected).max() / 50,
    )
    assert np.abs(expected).max() > 0


@eagerly
def test_gradients_that_half_floats_can_hold_are_never_infinite() -> None:
    entry = layers.Input((TIME, FEATURES))
    probed = keras.Model(
        entry, layers.Dense(1, dtype="float32")(layers.GRU(3, dtype="mixed_float16")(entry))
    )
    inputs, targets = one_batch()
    (found,) = runner(probed, lambda goal, outputs: squared(goal, outputs) * 1e3).run(inputs, targets)
    (expected,) = runner(probed, squared).run(inputs, targets)
    np.testing.assert_allclose(
        arrays(found.output_gradients), arrays(expected.output_gradients) * 1e3, rtol=1e-2
    )


FAULTS: dict[str, tuple[Callable[[], tuple[Any, ...]], str]] = {
    "another number of features": (
        lambda: (np.zeros((2, TIME, FEATURES + 1), np.float32),),
        r"the model '.*' can't be run on the probe: .*(shape|dimension)",
    ),
    "another number of axes": (
        lambda: (np.zeros((2, TIME, FEATURES, 1, 1), np.float32),),
        r"the model '.*' can't be run on the probe: .*",
    ),
    "more inputs": (
        lambda: ([np.zeros((2, TIME, FEATURES), np.float32)] * 2,),
        r"the probe has 2 inputs, and the model '.*' takes 1",
    ),
    "texts": (
        lambda: (np.full((2, TIME, FEATURES), "a"),),
        r"the model '.*' can't be run on the probe: .*",
    ),
    "NaN": (
        lambda: (np.full((2, TIME, FEATURES), np.nan, np.float32),),
        "the probe's inputs hold NaN, which would spread to all that follows",
    ),
    "NaN among targets": (
        lambda: (np.zeros((2, TIME, FEATURES), np.float32), np.full((2, 1), np.nan, np.float32)),
        "the probe's targets hold NaN",
    ),
    "no sample": (
        lambda: (np.zeros((0, TIME, FEATURES), np.float32),),
        r"the probe is empty: its inputs have the shape \(0, 5, 3\)",
    ),
    "nothing": (lambda: ([],), "the probe is empty: give it the inputs of at least one sample"),
    "fewer targets": (
        lambda: (np.zeros((2, TIME, FEATURES), np.float32), np.zeros((1, 1), np.float32)),
        "the probe has inputs of 2 samples, and targets of 1: give it as many of each",
    ),
    "a number": (lambda: (3.0,), "the probe's inputs have no axis of samples"),
    "no array": (lambda: (object(),), "the probe's inputs .*"),
}


@pytest.fixture(scope="module")
def one_runner() -> ProbeRunner:
    return runner(model())


@eagerly
@pytest.mark.parametrize(("probe", "sentence"), FAULTS.values(), ids=FAULTS)
def test_bad_probes_are_refused_in_one_sentence(
    one_runner: ProbeRunner, probe: Callable[[], tuple[Any, ...]], sentence: str
) -> None:
    with pytest.raises(ProbeError, match=sentence) as raised:
        one_runner.run(*probe())
    assert "\n" not in str(raised.value)


@eagerly
def test_after_a_bad_probe_the_next_one_is_run(one_runner: ProbeRunner) -> None:
    with pytest.raises(ProbeError):
        one_runner.run(np.zeros((2, TIME, FEATURES + 2), np.float32))
    assert len(one_runner.run(*one_batch())) == 4


@eagerly
def test_gradients_need_a_loss() -> None:
    probed = keras.Sequential([layers.Input((TIME, FEATURES)), layers.LSTM(1, name="alone")], name="plain")
    inputs, targets = one_batch()
    for compiled in (False, True):
        if compiled:
            probed.compile(sgd())
        with pytest.raises(
            ProbeError, match="the model 'plain' has no loss to take gradients of: compile it"
        ):
            runner(probed).run(inputs, targets)
        assert len(runner(probed).run(inputs)) == 1
    with pytest.raises(ProbeError, match="'alone' has no loss to take gradients of: pass loss="):
        runner(probed.layers[-1]).run(inputs, targets)
    with pytest.raises(ProbeError, match="sample weights, which a plain loss function doesn't take"):
        runner(probed, squared).run(inputs, targets, np.ones(BATCH, np.float32))


@pytest.mark.skipif(not IS_GRAPH, reason="for graph mode")
def test_graph_mode_is_refused_with_what_to_do() -> None:
    with pytest.raises(ProbeError, match="tf_keras is in graph mode: enable eager execution"):
        runner(model()).run(*one_batch())
