"""How faults of logging are reported: as warnings, since they must never end a training."""

from __future__ import annotations

import logging
import threading

_logger = logging.getLogger(__package__)

_MOST = 20


class Faults:
    """Reports each fault of a run once, and after many of them no more.

    Args:
        log_dir: The run's directory, which each warning names.
    """

    def __init__(self, log_dir: str) -> None:
        self._log_dir = log_dir
        self._reported: set[str] = set()
        self._lock = threading.Lock()

    def report(self, fault: object) -> None:
        """Warns of a fault: an exception, or one sentence without its full stop."""
        sentence = str(fault).rstrip(".")
        with self._lock:
            if sentence in self._reported or len(self._reported) == _MOST:
                return
            self._reported.add(sentence)
            is_last = len(self._reported) == _MOST
        _logger.warning(
            "logging recurrent layers to '%s': %s. Training goes on%s.",
            self._log_dir,
            sentence,
            "; further faults of this run are not reported" if is_last else "",
        )
