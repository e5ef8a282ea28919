"""A snapshot looks through its model once, and the next one looks again."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from typing import Any

import keras
import pytest

from tensorboard_plugin_rnnweights.capture import last_found
from tensorboard_plugin_rnnweights.capture.last_found import LastFound
from tensorboard_plugin_rnnweights.frameworks.discovery import find_cells
from tensorboard_plugin_rnnweights.rnn.cells import Cell


def report(notice: object) -> None:
    raise AssertionError(notice)


@pytest.fixture
def looked_through(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The models that were looked through."""
    models: list[Any] = []

    def counting(model: Any, report: Any) -> Sequence[Cell]:
        models.append(model)
        return find_cells(model, report)

    monkeypatch.setattr(last_found, "find_cells", counting)
    return models


def model(name: str = "lstm") -> keras.Model:
    return keras.Sequential([keras.layers.Input((4, 3)), keras.layers.LSTM(2, name=name)])


def test_within_a_step_a_model_is_looked_through_once(looked_through: list[Any]) -> None:
    found, one = LastFound(), model()
    first = found.of(one, report, step=1)
    assert found.of(one, report, step=1) == first
    assert [cell.layer for cell in first] == ["lstm"]
    assert len(looked_through) == 1


def test_the_next_step_and_another_model_are_looked_through_again(looked_through: list[Any]) -> None:
    found, one = LastFound(), model()
    kept = found.of(one, report, step=1)
    one.add(keras.layers.RepeatVector(2))
    one.add(keras.layers.GRU(2, name="gru"))
    assert [cell.layer for cell in found.of(one, report, step=2)] == ["lstm", "gru"]
    assert [cell.layer for cell in found.of(model("other"), report, step=2)] == ["other"]
    assert kept
    assert len(looked_through) == 3


def test_it_keeps_no_model_and_no_cell_alive(looked_through: list[Any]) -> None:
    found, one = LastFound(), model()
    cell = weakref.ref(found.of(one, report, step=1)[0])
    gc.collect()
    assert cell() is None
    # What is gone is looked for again.
    assert found.of(one, report, step=1)
    assert len(looked_through) == 2


def test_several_models_in_a_list_are_looked_through_each_time(looked_through: list[Any]) -> None:
    found, both = LastFound(), [model("one"), model("other")]
    kept = [found.of(both, report, step=1) for _ in range(2)]
    assert [len(cells) for cells in kept] == [2, 2]
    assert len(looked_through) == 2
