"""What the benchmark of opening times waits for comes, in our tab and in TensorBoard's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks import logs
from benchmarks.growth import openings
from benchmarks.logs import Log
from benchmarks.tensorboard_process import (
    TensorBoard,
    has_histograms,
    has_rnnweights,
    tensorboard,
    wait_until_loaded,
)

LOG = Log(runs=2, layers=1, units=2, steps=3)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    folder = tmp_path_factory.mktemp("logs")
    logs.write(LOG, Path(folder), [logs.rnnweights, logs.histograms])
    with tensorboard(str(folder), "false") as found:
        wait_until_loaded(found, LOG, [has_rnnweights, has_histograms])
        yield found


@pytest.mark.parametrize("tab", [openings.OURS, openings.HISTOGRAMS], ids=lambda tab: str(tab.hash))
def test_a_tab_is_opened_until_its_first_picture(
    browser: Browser, board: TensorBoard, tab: openings.Tab
) -> None:
    with openings.opened(browser, board.url, tab) as opening:
        assert 0 < opening.seconds < 100
        assert opening.received > 1000
