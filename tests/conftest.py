"""What all tests share: deterministic properties, and quiet libraries."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# Before TensorFlow is imported, here and in the processes that tests start.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# On several threads TensorFlow's sums differ in their last bits from run to run.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

settings.register_profile(
    "deterministic", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("deterministic")


@pytest.fixture
def log_dir(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run directory that doesn't exist yet."""
    return str(tmp_path_factory.mktemp("logs") / "run1")
