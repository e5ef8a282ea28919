"""How a person gets to know what is missing in a run and why: as a warning, and in the tab."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from tensorboard_plugin_rnnweights.rnn.notice import Notice
from tensorboard_plugin_rnnweights.summary.notices import MOST, Reported

_logger = logging.getLogger(__package__)

Write = Callable[[list[Reported]], None]


class Notices:
    """Reports each fault of a run once, and after many of them no more: logging must never end a training.

    Args:
        log_dir: The run's directory, which each warning names.

    Attributes:
        step: The step that the training is at; None before the first one.
    """

    def __init__(self, log_dir: str) -> None:
        self.step: int | None = None
        self._log_dir = log_dir
        self._reported: dict[str, Reported] = {}
        self._write: Write | None = None
        self._lock = threading.Lock()

    def write_with(self, write: Write) -> None:
        """Lets all notices be written into the run, whenever there is a further one.

        Args:
            write: Called, in any thread, with all notices in the order in which they were reported.
        """
        self._write = write

    def go_on_from(self, last: Notices) -> None:
        """Goes on with those of an older writer of the run, which are not reported again."""
        with self._lock:
            self._reported = dict(last._reported)

    def report(self, fault: object, step: int | None = None) -> None:
        """Warns of a fault, and has it shown in the tab.

        Args:
            fault: A notice, an exception, or one sentence, without its full stop.
            step: The step that it is of, in place of the one that the training is at.
        """
        notice = fault if isinstance(fault, Notice) else Notice(str(fault))
        sentence = notice.text.rstrip(".")
        with self._lock:
            if sentence in self._reported or len(self._reported) == MOST:
                return
            at = self.step if step is None else step
            self._reported[sentence] = Reported(Notice(sentence, notice.kind, notice.layers), at)
            reported = list(self._reported.values())
        _logger.warning(
            "logging recurrent layers to '%s': %s. Training goes on%s.",
            self._log_dir,
            sentence,
            "; further faults of this run are not reported" if len(reported) == MOST else "",
        )
        if self._write is not None:
            self._write(reported)
