"""What tests of PyTorch's modules share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import torch


@pytest.fixture
def one_process() -> Iterator[None]:
    """What PyTorch needs for a module that several processes train, of which there is one here.

    Modules have to be gone before it ends: the last one to let go of the group would wait for the group's
    threads, which may wait for Python in turn.
    """
    torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)
    yield
    gc.collect()
    torch.distributed.destroy_process_group()
