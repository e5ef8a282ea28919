"""Which batch a call of the training step has ended with, in every version of Keras."""

from __future__ import annotations

import keras
import pytest
import tf_keras

from tensorboard_plugin_rnnweights.frameworks.keras.batches_a_call import BatchesACall, tells_first


@pytest.mark.parametrize(
    ("told", "batches", "last"),
    [(0, 5, 1), (2, 5, 3), (4, 5, 4), (4, None, 5)],
    ids=["first", "second", "of one batch", "of an epoch of unknown length"],
)
def test_the_last_batch_is_counted_from_the_first(told: int, batches: int | None, last: int) -> None:
    assert BatchesACall(2, tells_first=True).last(told, batches) == last
    assert BatchesACall(2).last(last, batches) == last
    assert BatchesACall(1, tells_first=True).last(told, batches) == told


@pytest.mark.parametrize(
    ("version", "expected"), [("3.3.0", True), ("3.10.1", True), ("3.11.0.dev1", False)]
)
def test_versions_before_3_11_tell_the_first(
    monkeypatch: pytest.MonkeyPatch, version: str, expected: bool
) -> None:
    monkeypatch.setattr(keras, "__version__", version)
    assert tells_first(keras.Sequential()) is expected
    assert not tells_first(tf_keras.Sequential())
