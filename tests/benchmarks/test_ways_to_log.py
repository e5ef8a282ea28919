"""Each way to log writes what the charts say that it does."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from benchmarks.growth.logging_costs import logging
from benchmarks.growth.ways_to_log import GATES, WAYS, Layers
from tests.summary.logged import series_by_tag

SNAPSHOTS = 2
KINDS = ("weights", "gradients")
MATRICES = ("kernel", "recurrent_kernel", "bias")
PARAMETERS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
OF_KERAS = [f"{kind}/{name}" for kind in KINDS for name in MATRICES]
OF_TORCH = [f"{kind}/{name}" for kind in KINDS for name in PARAMETERS]
HISTOGRAMS = {
    "tf.summary.histogram, each gate": [f"{name}/{gate}" for name in OF_KERAS for gate in GATES],
    "tf.summary.histogram, gates mixed": OF_KERAS,
    "torch.utils.tensorboard, each gate": [f"{name}/{gate}" for name in OF_TORCH for gate in GATES],
    "tensorboardX, each gate": [f"{name}/{gate}" for name in OF_TORCH for gate in GATES],
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What each has written, as it was before it was closed."""
    layers = Layers(units=4)
    logged = {}
    for name, way in WAYS.items():
        logged[name] = tmp_path_factory.mktemp("logs") / name
        with way(layers, logged[name]) as contender:
            for _ in range(SNAPSHOTS):
                contender.start()
                contender.finish()
                layers.drift()
    return logged


def test_all_of_them_are_checked(folders: dict[str, Path]) -> None:
    assert folders.keys() == {"rnnweights", "Matplotlib, a PNG a matrix", *HISTOGRAMS}


@pytest.mark.parametrize("name", HISTOGRAMS)
def test_tensorboard_reads_a_histogram_of_each_block_at_each_step(
    name: str, folders: dict[str, Path]
) -> None:
    reader = EventAccumulator(str(folders[name]), {"histograms": 0, "tensors": 0}).Reload()
    tags = reader.Tags()
    assert sorted(tags["histograms"] or tags["tensors"]) == sorted(HISTOGRAMS[name])
    for tag in HISTOGRAMS[name]:
        events = reader.Histograms(tag) if tags["histograms"] else reader.Tensors(tag)
        assert [event.step for event in events] == [0, 1]


def test_ours_has_weights_and_gradients_with_heatmaps(folders: dict[str, Path]) -> None:
    series = series_by_tag(str(folders["rnnweights"]))
    for kind, matrix in itertools.product(KINDS, MATRICES):
        tags = [tag for tag in series if tag.startswith(kind) and tag.endswith(f"/{matrix}")]
        snapshots = series[tags[0]]
        assert list(snapshots) == [0, 1]
        assert all(one.cells.size for one in snapshots.values())


def test_a_figure_is_a_png_of_each_matrix(folders: dict[str, Path]) -> None:
    files = sorted(folders["Matplotlib, a PNG a matrix"].iterdir())
    names = [f"{name.replace('/', '-')}-{step:04}.png" for name in OF_KERAS for step in range(SNAPSHOTS)]
    assert [file.name for file in files] == sorted(names)
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)


def test_what_they_took_is_given_at_each_stop() -> None:
    first, second = logging(["rnnweights", "tf.summary.histogram, each gate"], units=4, stops=(1, 2))
    for name in first:
        assert [len(first[name].costs), len(second[name].costs)] == [1, 2]
        assert 0 < first[name].written < second[name].written


def test_those_that_had_their_time_get_no_further_snapshots() -> None:
    [logged] = logging(["rnnweights"], units=4, stops=(3,), seconds=1e-6)
    assert len(logged["rnnweights"].costs) == 1
