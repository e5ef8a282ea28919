"""How a run is logged: what people can set, for all that log to one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from tensorboard_plugin_rnnweights.summary import heatmap
from tensorboard_plugin_rnnweights.summary.heatmap_schedule import check_heatmap_freq
from tensorboard_plugin_rnnweights.training.signals import check_max_reach_time


@dataclass(frozen=True)
class Options:
    """What `SummaryWriter` can be given beside a directory, and described there.

    Raises:
        ValueError: If one is none of those that are possible.
    """

    max_cells: int = 4 * 2**20
    heatmap_dtype: str = "bfloat16"
    heatmap_freq: str | int = "logarithmic"
    updates: bool = True
    max_reach_time: int = 128

    def __post_init__(self) -> None:
        heatmap.check_options(self.max_cells, self.heatmap_dtype)
        check_heatmap_freq(self.heatmap_freq)
        check_max_reach_time(self.max_reach_time)

    def as_arguments(self) -> dict[str, Any]:
        """What `SummaryWriter` is made with."""
        return {one.name: getattr(self, one.name) for one in fields(Options)}
