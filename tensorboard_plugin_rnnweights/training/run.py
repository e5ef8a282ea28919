"""One run's writer over all of its trainings, and what must never end one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorboard_plugin_rnnweights.capture.probe import Probe
from tensorboard_plugin_rnnweights.frameworks.adapter import Loss, ProbeError
from tensorboard_plugin_rnnweights.training.notices import Notices
from tensorboard_plugin_rnnweights.training.options import Options
from tensorboard_plugin_rnnweights.training.writer import SummaryWriter


class Run:
    """What all callbacks have in common, whatever trains the model.

    Args:
        log_dir: The run's directory.
        options: How it is written.
        probe: What the model is looked at with, if something.

    Attributes:
        writer: What writes the training that goes on; None where there is none.
        notices: What is missing, and why.
    """

    def __init__(self, log_dir: str, options: Options, probe: Probe | None) -> None:
        self.writer: SummaryWriter | None = None
        # Until there is a writer, which has its own.
        self.notices = Notices(log_dir)
        self._log_dir = log_dir
        self._options = options
        self._probe = probe
        self._usable_probe: Probe | None = None
        self._last_writer: SummaryWriter | None = None

    def open(self) -> None:
        """A training begins, which goes on with the series of the one before.

        Raises:
            OSError: If the directory can't be made or written to.
        """
        # One that was interrupted has had no end.
        self.close()
        last = self._last_writer
        arguments = self._options.as_arguments()
        self.writer = SummaryWriter(self._log_dir, **arguments) if last is None else last.reopened()
        self.notices = self.writer.notices
        self._usable_probe = self._probe

    def close(self) -> None:
        """A training has ended: writes what is left."""
        if self.writer is not None:
            self.safely(self.writer.close)
            self._last_writer, self.writer = self.writer, None

    def safely(self, action: Callable[[], None]) -> None:
        """Does something that may fail, and reports that: logging must never end a training."""
        try:
            action()
        except Exception as error:
            self.notices.report(error)

    def leave_out_probe(self, reason: str) -> None:
        """Reports why the model is not looked at with the probe in this training, if there is one."""
        if self._usable_probe is not None:
            self._usable_probe = None
            self.notices.report(reason)

    def log_probe(self, model: Any, step: int, loss: Loss | None = None) -> None:
        """Logs what flows through a model on the probe, if there is one that it can be run on."""
        writer, probe = self.writer, self._usable_probe
        if writer is not None and probe is not None:
            self.safely(lambda: self._log_probe(writer, model, probe, step, loss))

    def _log_probe(
        self, writer: SummaryWriter, model: Any, probe: Probe, step: int, loss: Loss | None
    ) -> None:
        try:
            self._usable_probe = writer.add_probe(model, probe, step, loss)
        except ProbeError:
            # Each further attempt would cost the training as much, and end like this one.
            self._usable_probe = None
            raise
