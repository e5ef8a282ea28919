"""The matrix: tests against the oldest and the newest of what we build upon, by one command: `nox`.

Each row of the table is a session, which installs the wheel as a person would get it. A further combination
is one more row. What is after `--` goes to pytest, in place of the tests below, as in `nox -s oldest --
tests/plugin`.
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import nox
from packaging.requirements import Requirement

ROOT = Path(__file__).parent
WHEELS = ROOT / ".nox" / "wheels"
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_venv = "yes"
# Also in CI, where nox would fail otherwise: not every machine has every Python.
nox.options.error_on_missing_interpreters = False


@dataclass(frozen=True)
class Environment:
    """One row: a Python, and exactly these versions.

    Attributes:
        name: The session's name.
        python: The version of Python.
        pins: Versions by package.
        are_others_oldest: Whether what else we depend on is as old as pyproject.toml allows; or else the
            newest that there is.
        variables: What stands in the tests' environment beside what is there.
    """

    name: str
    python: str
    pins: dict[str, str] = field(default_factory=dict)
    are_others_oldest: bool = False
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def requirements(self) -> list[str]:
        """What is to be installed, apart from the wheel."""
        oldest = lower_bounds() if self.are_others_oldest else {}
        return [f"{name}=={version}" for name, version in {**oldest, **self.pins}.items()]


ENVIRONMENTS = (
    Environment(
        "oldest",
        python="3.10",
        pins={
            "tensorboard": "2.16.0",
            "tensorflow": "2.16.1",
            "keras": "3.3.0",
            "tf_keras": "2.16.0",
            "numpy": "1.26.0",
            "protobuf": "3.20.3",
            # Later ones have no pkg_resources, which TensorBoard imports before 2.21.
            "setuptools": "80.9.0",
        },
        are_others_oldest=True,
    ),
    Environment(
        "numpy-1",
        python="3.10",
        pins={
            "tensorboard": "2.21.0",
            "tensorflow": "2.21.0",
            # The last one for this Python, and the last NumPy before 2.
            "keras": "3.12.4",
            "tf_keras": "2.21.0",
            "numpy": "1.26.4",
            "protobuf": "6.31.1",
        },
        # As where there was no compiler, so that NumPy does all.
        variables={"RNNWEIGHTS_COMPILED": "0"},
    ),
    Environment(
        "numpy-2",
        python="3.13",
        # The oldest of all that there are for this Python.
        pins={
            "tensorboard": "2.20.0",
            "tensorflow": "2.20.0",
            "keras": "3.10.0",
            "tf_keras": "2.20.1",
            "numpy": "2.1.0",
            # TensorFlow says 5.28.0, and then refuses to be imported with it.
            "protobuf": "5.28.3",
            "setuptools": "80.9.0",
        },
    ),
    Environment(
        "newest",
        python="3.13",
        # Named all the same, so that a failure is one of ours; `make test` takes what is new today.
        pins={
            "tensorboard": "2.21.0",
            "tensorflow": "2.21.0",
            "keras": "3.15.1",
            "tf_keras": "2.21.0",
            "numpy": "2.5.5",
            "protobuf": "7.36.2",
        },
    ),
)

TOOLS = (
    "hypothesis>=6.100",
    "pytest>=8",
    "pytest-timeout>=2.3",
    "requests>=2.31",
    "schemathesis>=4.0",
    "scipy>=1.11",
)

# Where versions matter: what is written, what a real TensorBoard reads in both of its loaders, and what
# Keras trains. None of these needs a browser, PyTorch or JAX.
TESTS = (
    "tests/plugin",
    "tests/summary",
    "tests/faults",
    "tests/signals/test_one_thread.py",
    "tests/capture/test_decompose.py",
    "tests/terminal/test_summary.py",
    "tests/kerases/test_training.py",
    "tests/kerases/test_probe.py",
    "tests/training/test_batches_a_call.py",
    "tests/training/test_callback.py",
    "tests/training/test_slow_disk.py",
    "tests/training/test_training_gradients.py",
    "tests/training/test_writer.py",
)


def lower_bounds() -> dict[str, str]:
    """The oldest version that pyproject.toml allows of each package that the wheel needs."""
    found = {}
    for text in PYPROJECT["project"]["dependencies"]:
        requirement = Requirement(text)
        (bound,) = requirement.specifier
        found[requirement.name] = bound.version
    return found


@nox.session(python=False)
def wheel(session: nox.Session) -> None:
    """Builds the wheel that all others install."""
    for folder in (WHEELS, ROOT / "build"):
        shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(WHEELS), ".")


def check(session: nox.Session, environment: Environment) -> None:
    """Runs the tests in an environment, on the installed wheel and away from the sources."""
    (built,) = WHEELS.glob("*.whl")
    session.install(*environment.requirements, *TOOLS, f"{built}[keras]")
    # The wheel has the same version each time, and would be taken for the one that is there.
    session.install("--force-reinstall", "--no-deps", str(built))
    away = Path(session.create_tmp()) / "away"
    shutil.rmtree(away, ignore_errors=True)
    shutil.copytree(ROOT / "tests", away / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", away)
    session.chdir(away)
    tests = session.posargs or TESTS
    session.run("python", "-m", "pytest", "--quiet", *tests, env=environment.variables)


for _environment in ENVIRONMENTS:
    _check = functools.partial(check, environment=_environment)
    functools.update_wrapper(_check, check)
    nox.session(name=_environment.name, python=_environment.python, requires=["wheel"])(_check)
