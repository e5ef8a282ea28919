"""What is left out of a run because it is written more slowly than it is logged."""

from __future__ import annotations

from collections.abc import Callable

_SLOW = "writing is slower than logging"


class Dropped:
    """Counts it, and reports it: when it begins, and at the end how much it was.

    Args:
        report: Called with one sentence.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._heatmaps = 0
        self._snapshots = 0

    def heatmap(self) -> None:
        """One more heatmap is left out."""
        self._heatmaps += 1
        self._report(f"{_SLOW}: heatmaps are left out until it has caught up")

    def snapshot(self) -> None:
        """All of one more snapshot is left out."""
        self._snapshots += 1
        self._report(f"{_SLOW}, even without heatmaps: snapshots are left out until it has caught up")

    def report_all(self) -> None:
        """Reports how much was left out by now, if something was."""
        counts = {"heatmap": self._heatmaps, "snapshot": self._snapshots}
        told = [f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count]
        if told:
            self._report(f"{_SLOW}: {' and '.join(told)} of this training were left out")
