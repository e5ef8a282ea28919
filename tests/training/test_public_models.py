"""Models in the style of public code: each recurrent matrix is logged, with its gradient or the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from tensorboard_plugin_rnnweights import RNNWeights, decompose
from tests.summary.logged import notices_of, series_by_tag

layers = keras.layers
TIME, FEATURES, WORDS, BATCH = 5, 3, 11, 8

Made = tuple[Any, Any, Any]
"""A compiled model, its inputs and its targets."""


def numbers(*shape: int) -> Any:
    return np.random.default_rng(0).normal(size=(BATCH, *shape)).astype(np.float32)


def words(*shape: int) -> Any:
    return np.random.default_rng(0).integers(0, WORDS, size=(BATCH, *shape))


def compiled(model: Any, loss: str = "mse", **options: Any) -> Any:
    model.compile("adam", loss, **options)
    return model


def text_classification() -> Made:
    """Keras's example of bidirectional LSTMs on reviews, with masks."""
    stack = [
        layers.Embedding(WORDS, 4, mask_zero=True),
        layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        layers.Bidirectional(layers.LSTM(3)),
        layers.Dense(1, activation="sigmoid"),
    ]
    return compiled(keras.Sequential(stack), "binary_crossentropy"), words(TIME), words() % 2


def translation() -> Made:
    """Sequence to sequence: the encoder's states go into a decoder that attends to its outputs."""
    source, target = keras.Input((TIME,)), keras.Input((TIME,))
    encoded, h, c = layers.LSTM(4, return_sequences=True, return_state=True, name="encoder")(
        layers.Embedding(WORDS, 3)(source)
    )
    decoded = layers.LSTM(4, return_sequences=True, name="decoder")(
        layers.Embedding(WORDS, 3)(target), initial_state=[h, c]
    )
    mixed = layers.Concatenate()([decoded, layers.AdditiveAttention()([decoded, encoded])])
    model = keras.Model([source, target], layers.Dense(WORDS, activation="softmax")(mixed))
    made = compiled(model, "sparse_categorical_crossentropy")
    return made, [words(TIME), words(TIME)], words(TIME)


def time_series(module: Any) -> Made:
    """TensorFlow's tutorial on time series: an autoregressive model whose cell warms up inside an RNN."""

    class FeedBack(module.Model):
        def __init__(self) -> None:
            super().__init__()
            self.lstm_cell = module.layers.LSTMCell(4)
            self.lstm_rnn = module.layers.RNN(self.lstm_cell, return_state=True)
            self.dense = module.layers.Dense(FEATURES)

        def call(self, inputs: Any, training: Any = None) -> Any:
            x, *state = self.lstm_rnn(inputs)
            prediction = self.dense(x)
            predictions = [prediction]
            for _ in range(2):
                x, state = self.lstm_cell(prediction, states=state, training=training)
                prediction = self.dense(x)
                predictions.append(prediction)
            return tf.stack(predictions, axis=1)

    return compiled(FeedBack()), numbers(TIME, FEATURES), numbers(3, FEATURES)


def next_frame() -> Made:
    """Keras's example of predicting frames by ConvLSTMs."""
    stack = [
        layers.ConvLSTM2D(2, 3, padding="same", return_sequences=True, activation="relu"),
        layers.BatchNormalization(),
        layers.ConvLSTM2D(2, 1, padding="same", return_sequences=True, activation="relu"),
        layers.Conv3D(1, 3, padding="same"),
    ]
    return compiled(keras.Sequential(stack)), numbers(TIME, 4, 4, 1), numbers(TIME, 4, 4, 1)


def captioning() -> Made:
    """A subclassed decoder with a GRU, called by a subclassed model that trains it by a tape."""

    class Decoder(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="decoder")
            self.embedding = layers.Embedding(WORDS, 4)
            self.gru = layers.GRU(4, return_sequences=True, return_state=True)
            self.head = layers.Dense(WORDS)

        def call(self, tokens: Any, features: Any) -> Any:
            outputs, _ = self.gru(self.embedding(tokens), initial_state=features)
            return self.head(outputs)

    class Captioner(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = layers.Dense(4, activation="relu")
            self.decoder = Decoder()

        def train_step(self, data: Any) -> Any:
            (image, tokens), target = data
            with tf.GradientTape() as tape:
                logits = self.decoder(tokens, self.encoder(image))
                loss = tf.reduce_mean(
                    keras.losses.sparse_categorical_crossentropy(target, logits, from_logits=True)
                )
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {"loss": loss}

    return compiled(Captioner()), [numbers(6), words(TIME)], words(TIME)


def music() -> Made:
    """Keras's WGAN-like pattern: `compile` of its own, critic steps, and clipped critic weights."""

    class Adversarial(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.generator = keras.Sequential(
                [layers.Input((TIME, 2)), layers.GRU(4, return_sequences=True), layers.Dense(FEATURES)]
            )
            self.critic = keras.Sequential(
                [layers.Input((TIME, FEATURES)), layers.LSTM(4), layers.Dense(1)]
            )

        def compile(self, d_optimizer: Any, g_optimizer: Any) -> None:
            super().compile()
            self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer

        def train_step(self, real: Any) -> Any:
            noise = tf.random.normal((tf.shape(real)[0], TIME, 2))
            for _ in range(2):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(self.critic(self.generator(noise)) - self.critic(real))
                variables = self.critic.trainable_variables
                self.d_optimizer.apply_gradients(
                    zip(tape.gradient(loss, variables), variables, strict=True)
                )
                for variable in variables:
                    variable.assign(tf.clip_by_value(variable, -0.1, 0.1))
            with tf.GradientTape() as tape:
                g_loss = -tf.reduce_mean(self.critic(self.generator(noise)))
            variables = self.generator.trainable_variables
            self.g_optimizer.apply_gradients(zip(tape.gradient(g_loss, variables), variables, strict=True))
            return {"loss": g_loss}

    model = Adversarial()
    model.compile(keras.optimizers.RMSprop(), keras.optimizers.RMSprop())
    return model, numbers(TIME, FEATURES), None


def nested() -> Made:
    """A model in a model, with a stack of cells and one shared layer."""
    shared = layers.SimpleRNN(3, name="shared")
    inner = keras.Sequential(
        [layers.Input((TIME, FEATURES)), layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)])],
        name="inner",
    )
    one, two = keras.Input((TIME, FEATURES)), keras.Input((TIME, FEATURES))
    joined = layers.Concatenate()([shared(one), shared(two), inner(one)])
    model = keras.Model([one, two], layers.Dense(1)(joined))
    return compiled(model), [numbers(TIME, FEATURES), numbers(TIME, FEATURES)], numbers(1)


def of_sentences() -> Made:
    """A hierarchy: a GRU over the words of each sentence, inside `TimeDistributed`."""
    stack = [
        layers.TimeDistributed(layers.GRU(3, name="of_words")),
        layers.GRU(3, name="of_sentences"),
        layers.Dense(1),
    ]
    return compiled(keras.Sequential(stack)), numbers(2, TIME, FEATURES), numbers(1)


def mixed_precision() -> Made:
    """Layers that compute in 16 bits, with a loss that is scaled, and steps that are compiled by XLA."""
    stack = [layers.GRU(4, dtype="mixed_float16"), layers.Dense(1, dtype="float32")]
    model = keras.Sequential(stack)
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam())
    model.compile(optimizer, "mse", jit_compile=True)
    return model, numbers(TIME, FEATURES), numbers(1)


def accumulated() -> Made:
    """Gradients that are summed over two batches, clipped, with averaged weights."""
    optimizer = keras.optimizers.AdamW(
        gradient_accumulation_steps=2, global_clipnorm=0.1, use_ema=True, weight_decay=0.01
    )
    model = keras.Sequential([layers.LSTM(3, recurrent_dropout=0.1), layers.Dense(1)])
    model.compile(optimizer, "mse", steps_per_execution=2)
    return model, numbers(TIME, FEATURES), numbers(1)


def stateful() -> Made:
    """A stateful character model with fixed batches."""
    stack = [
        keras.Input((TIME,), batch_size=4),
        layers.Embedding(WORDS, 3),
        layers.LSTM(4, stateful=True, return_sequences=True, go_backwards=True),
        layers.Dense(WORDS, activation="softmax"),
    ]
    made = compiled(keras.Sequential(stack), "sparse_categorical_crossentropy")
    return made, words(TIME), words(TIME)


def of_keras_2() -> Made:
    """A model of Keras 2, with an optimizer from before 2.11."""
    old = tf_keras.layers
    model = tf_keras.Sequential([old.Bidirectional(old.GRU(3, reset_after=False)), old.Dense(1)])
    model.compile(tf_keras.optimizers.legacy.Adam(clipnorm=1.0), "mse")
    return model, numbers(TIME, FEATURES), numbers(1)


MODELS: tuple[Callable[[], Made], ...] = (
    text_classification,
    translation,
    next_frame,
    captioning,
    music,
    nested,
    of_sentences,
    mixed_precision,
    accumulated,
    stateful,
    of_keras_2,
)


def matrices_of(log_dir: str, kind: str) -> set[tuple[Any, ...]]:
    found = [next(iter(snapshots.values())).series for snapshots in series_by_tag(log_dir).values()]
    return {(one.layer, one.direction, one.index, one.matrix) for one in found if one.kind == kind}


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_every_matrix_is_logged_with_its_gradient(log_dir: str, make: Callable[[], Made]) -> None:
    keras.utils.set_random_seed(1)
    model, inputs, targets = make()
    model.fit(inputs, targets, batch_size=4, verbose=0, callbacks=[RNNWeights(log_dir, "batch")])
    expected = {(one.layer, one.direction, one.index, one.matrix) for one in decompose(model)}
    assert expected
    assert matrices_of(log_dir, "weights") == expected
    assert matrices_of(log_dir, "gradients") == expected
    assert notices_of(log_dir) == []


@pytest.mark.parametrize("module", [keras, tf_keras], ids=["keras", "tf_keras"])
def test_a_cell_that_is_called_in_two_ways_is_logged_once(log_dir: str, module: Any) -> None:
    model, inputs, targets = time_series(module)
    model.fit(inputs, targets, batch_size=4, verbose=0, callbacks=[RNNWeights(log_dir, "batch")])
    (layer,) = {place[0] for place in matrices_of(log_dir, "gradients")}
    assert "rnn" in layer
    assert len(matrices_of(log_dir, "weights")) == 3
    assert notices_of(log_dir) == []


def test_a_loss_that_does_not_depend_on_a_layer_is_the_reason_that_is_reported(log_dir: str) -> None:
    inputs = keras.Input((TIME, FEATURES))
    used, unused = layers.LSTM(2, name="used")(inputs), layers.GRU(2, name="unused")(inputs)
    model = keras.Model(inputs, [layers.Dense(1, name="out")(used), layers.Dense(1)(unused)])
    model.compile("sgd", ["mse", None])
    targets = numbers(1)
    model.fit(
        numbers(TIME, FEATURES),
        [targets, targets],
        batch_size=4,
        verbose=0,
        callbacks=[RNNWeights(log_dir)],
    )
    assert {place[0] for place in matrices_of(log_dir, "gradients")} == {"used"}
    (notice,) = notices_of(log_dir)
    assert "the loss doesn't depend on it" in notice.notice.text
    assert (notice.notice.kind, notice.notice.layers, notice.step) == ("gradients", ("unused",), 1)
