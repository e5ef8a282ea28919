"""The page says what the matrix tests, and the matrix tests what pyproject.toml promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

noxfile = pytest.importorskip("noxfile")

PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"
COLUMNS = ("tensorboard", "tensorflow", "keras", "numpy", "protobuf")


def test_the_page_has_the_matrix() -> None:
    lines = [line.strip("|").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    rows = [[cell.strip() for cell in line] for line in lines if len(line) == len(COLUMNS) + 3]
    assert rows[2:] == [
        [
            f"`{one.name}`",
            one.python,
            *(one.pins[name] for name in COLUMNS),
            "oldest" if one.are_others_oldest else "newest",
        ]
        for one in noxfile.ENVIRONMENTS
    ]


def test_the_oldest_environment_has_the_oldest_version_of_all_that_we_allow() -> None:
    project = noxfile.PYPROJECT["project"]
    promised = [*project["dependencies"], *project["optional-dependencies"]["keras"]]
    (oldest,) = (one for one in noxfile.ENVIRONMENTS if one.are_others_oldest)
    installed = dict(requirement.split("==") for requirement in oldest.requirements)
    for requirement in map(Requirement, promised):
        (bound,) = requirement.specifier
        version, least = Version(installed[requirement.name]), Version(bound.version)
        assert version.release[: len(least.release)] == least.release, requirement
    assert project["requires-python"] == f">={oldest.python}"
