"""What one of several processes can't read or run by itself is refused, and the rest is logged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loops.processes import in_processes
from tests.loops.sharded import MODELS, train_sharded
from tests.summary.logged import notices_of, series_by_tag

SHARDED = "it is sharded over several processes"
ALONE = "runs in all processes at once"
# What is logged of each, by kind and layer, and what is refused.
EXPECTED: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "fully_shard": ({"weights/gru", "gradients/gru"}, (SHARDED, ALONE, SHARDED)),
    "fsdp": ({"weights/gru", "gradients/gru"}, (SHARDED, ALONE)),
    "fsdp_original": ({"weights/gru", "gradients/gru"}, (SHARDED, ALONE)),
    "ddp_inside": ({"weights/lstm", "gradients/lstm", "weights/gru", "gradients/gru"}, (ALONE,)),
    "ddp": ({"weights/lstm", "gradients/lstm", "outputs/lstm", "output_gradients/lstm"}, ()),
    "replicated": ({"weights/lstm", "weights/gru"}, (ALONE,)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where processes have trained each model, which none of them has waited in for ever."""
    folder = tmp_path_factory.mktemp("sharded")
    in_processes(train_sharded, folder)
    return folder


@pytest.mark.parametrize("name", MODELS)
def test_what_can_be_read_alone_is_logged_and_the_rest_is_refused(folder: Path, name: str) -> None:
    logged = {"/".join(tag.split("/")[:2]) for tag in series_by_tag(str(folder / name / "0"))}
    expected, refused = EXPECTED[name]
    kinds = {one.partition("/")[0] for one in ("weights", "gradients", *expected)}
    if name == "ddp":
        assert expected <= logged
    else:
        assert {one for one in logged if one.partition("/")[0] in kinds} == expected
    notices = [one.notice.text for one in notices_of(str(folder / name / "0"))]
    assert len(notices) == len(refused), notices
    assert all(reason in notice for reason, notice in zip(refused, notices, strict=True)), notices
    assert not (folder / name / "1").exists()
