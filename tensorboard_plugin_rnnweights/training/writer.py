"""Writes what recurrent layers learn and what flows through them, gate by gate, for TensorBoard."""

from __future__ import annotations

import functools
import os
import time
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from tensorboard_plugin_rnnweights.capture.held import HeldMatrix, hold_gradients, hold_weights
from tensorboard_plugin_rnnweights.capture.last_found import LastFound
from tensorboard_plugin_rnnweights.capture.probe import Probe
from tensorboard_plugin_rnnweights.frameworks.adapter import Loss, ProbeError
from tensorboard_plugin_rnnweights.rnn.gate_tensor import GateTensor
from tensorboard_plugin_rnnweights.rnn.kinds import GRADIENTS, WEIGHTS
from tensorboard_plugin_rnnweights.summary.background import BackgroundThread, Job
from tensorboard_plugin_rnnweights.summary.dropped import Dropped
from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.notices import Reported
from tensorboard_plugin_rnnweights.summary.recorder import Recorder
from tensorboard_plugin_rnnweights.summary.signal_observations import ProbeFacts
from tensorboard_plugin_rnnweights.summary.updates import Updates
from tensorboard_plugin_rnnweights.training.checks import check_tensors, checked_step
from tensorboard_plugin_rnnweights.training.matrices import Destination, Matrix, matrix_jobs
from tensorboard_plugin_rnnweights.training.notices import Notices
from tensorboard_plugin_rnnweights.training.options import Options
from tensorboard_plugin_rnnweights.training.signals import (
    ACTIVATION_KINDS,
    FLOW_KINDS,
    ProbeRunners,
    ReachSchedule,
    signals_jobs,
)

_MAX_PENDING_VALUES = 64 * 2**20


class SummaryWriter:
    """Logs snapshots of recurrent layers to a run directory that TensorBoard reads.

    The caller is held only as long as it takes to hold on to the tensors: histograms, heatmaps and files
    are made in a thread of the writer's own. If more than 64 Mi values (256 MiB in float32) wait for it,
    heatmaps are left out until it has caught up; if that doesn't help, the caller waits for 5 seconds, and
    then whole snapshots are left out. How much it was is reported at the end. A fault of the disk is
    reported once, as a warning, and never raised: training goes on, and so does logging, once there is room
    again.

    Args:
        log_dir: The run's directory; best one of its own, such as `"logs/run1"`, since TensorBoard
            reads only the newest event file of a directory when it runs with `--load_fast=false`.
        max_cells: How many cells a heatmap has at most. A larger matrix is pooled: each cell then shows
            the value of largest magnitude of several. Default 4 Mi.
        heatmap_dtype: What a heatmap's cells are stored as: `"bfloat16"` (the default; 3 significant
            digits) or `"float32"` (exact, and twice as large). Histograms and statistics are always made
            from the exact values.
        heatmap_freq: Which snapshots of a series have a heatmap, which takes most of a snapshot's room on
            disk: `"logarithmic"` (the default: all of the first 50, then one each time that their number
            has grown by 10 %), `"snapshot"` (all), or a number n (every n-th). The last one always has,
            once the writer is closed. The reach is computed for the same snapshots; the spectrum follows
            the same rule, but counts only every fifth snapshot, and waits where it would take more than a
            fiftieth of a processor's time.
        updates: Whether to log, with each snapshot of the weights, what has changed since the last one.
            Default True.
        max_reach_time: How many time steps a probe may have for its reach to be computed, which takes time
            and memory with their square; 0 for no reach. Default 128.

    Attributes:
        log_dir: The run's directory.
        notices: What is missing in the run, and why: reported as warnings, and shown in the tab.

    Raises:
        OSError: If the directory can't be made or written to.
        ValueError: If an argument is none of those above.

    Example:
        >>> with SummaryWriter("logs/run1") as writer:  # doctest: +SKIP
        ...     for step, batch in enumerate(batches):
        ...         gradients = train_step(batch)
        ...         writer.add_weights(model, step)
        ...         writer.add_gradients(model, gradients, step)
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        max_cells: int = 4 * 2**20,
        heatmap_dtype: str = "bfloat16",
        heatmap_freq: str | int = "logarithmic",
        updates: bool = True,
        max_reach_time: int = 128,
    ) -> None:
        self._options = Options(max_cells, heatmap_dtype, heatmap_freq, updates, max_reach_time)
        self.log_dir = os.fspath(log_dir)
        self.notices = notices = Notices(self.log_dir)
        self._file = file = EventFile(self.log_dir)
        self._dropped = dropped = Dropped(notices.report)
        self._thread = thread = BackgroundThread(
            "rnnweights-writer",
            _MAX_PENDING_VALUES,
            on_error=lambda error: notices.report(f"a snapshot was not written: {error}"),
        )
        self._recorder = Recorder(
            file, max_cells, heatmap_dtype, notices.report, heatmap_freq, thread.is_behind, dropped
        )
        self._updates = Updates() if updates else None
        self._reach = ReachSchedule(heatmap_freq, max_reach_time)
        self._runners = ProbeRunners()
        self._last_found = LastFound()
        # Also at the interpreter's exit, for trainings that end without closing us.
        self._close = weakref.finalize(self, _close, thread, self._recorder, file, dropped)
        notices.write_with(functools.partial(_note, self._thread, self._recorder))

    def add_weights(self, model: Any, step: int) -> None:
        """Logs the weights of all recurrent layers of a model.

        Args:
            model: A built model, layer or cell of Keras 3 or tf_keras, or a PyTorch module. What lives in
                a TensorFlow graph is read in the default session, or in that of tf_keras.
            step: The training step: a whole number, larger than at the last call for the same model.

        Layers that can't be read are left out, which is reported once, and the others are logged.

        Raises:
            TypeError: If `step` is no whole number, or `model` no model that we know.
            ValueError: If the model has no recurrent layer, or none that can be read, such as before it has
                weights, or the writer is closed, or if there is no session to read it in.
        """
        checked = self._checked(step)
        find = functools.partial(self._last_found.of, step=checked)
        self.add_held(hold_weights(model, self.notices.report, find), WEIGHTS, checked)

    def add_gradients(
        self, model: Any, gradients: Iterable[Any] | int | None = None, step: int | None = None
    ) -> None:
        """Logs the gradients of all recurrent layers of a model.

        With PyTorch it is `add_gradients(module, step)`, between `loss.backward()` and
        `optimizer.zero_grad()`; with others `add_gradients(model, gradients, step)`.

        Args:
            model: As for `add_weights`.
            gradients: In the order of the model's trainable variables, or (gradient, variable) pairs;
                where one is None, its matrices are left out, which is reported once. If not given, those
                that PyTorch keeps in the parameters' `.grad`. Of a TensorFlow graph: what the session gave
                for them.
            step: As for `add_weights`.

        Raises:
            TypeError: If `step` is no whole number, or `model` no model that we know.
            ValueError: If the gradients don't match the model's variables, if none are given and the
                model keeps none, or as for `add_weights`.
        """
        given: Any = gradients
        if step is None:
            given, step = None, given
        checked = self._checked(step)
        find = functools.partial(self._last_found.of, step=checked)
        self.add_held(hold_gradients(model, given, self.notices.report, find), GRADIENTS, checked)

    def add_activations(
        self,
        model: Any,
        x: Any,
        step: int,
        *,
        tokens: Iterable[Sequence[str]] | None = None,
        samples: Iterable[int] | None = None,
    ) -> None:
        """Logs what flows through recurrent layers on a batch: their outputs, cell states and gates.

        The model is run once, in inference mode, and not changed by that: neither its states nor its
        metrics nor any random state. Use the same batch at each step.

        Args:
            model: A model of Keras 3, a built model of tf_keras in eager mode, or a PyTorch module.
            x: A batch as the model takes it: an array or tensor, or a list or dict of them.
            step: As for `add_weights`.
            tokens: For each sample, what stands at each time step: a list of texts, or one text of which
                each character is a token. They are shown under the time axis.
            samples: The samples to be shown one by one, by their place in the batch; its first ones by
                default.

        Raises:
            TypeError: If `step` is no whole number, or `model` no model that we know.
            ValueError: If the model can't be run on `x`, or has no recurrent layer, or the writer is
                closed.
        """
        self._add_probed(model, None, Probe.of((x,), tokens, samples), ACTIVATION_KINDS, step)

    def add_gradient_flow(
        self,
        model: Any,
        x: Any,
        y: Any,
        step: int,
        *,
        loss: Loss | None = None,
        sample_weight: Any = None,
        tokens: Iterable[Sequence[str]] | None = None,
        samples: Iterable[int] | None = None,
    ) -> None:
        """Logs how the loss's gradient flows back through time in recurrent layers, on a batch.

        That is the gradient at every hidden state, also of layers that return only their last one; at every
        gate's pre-activation, which is what a time step adds to the gate's weight gradient; and the reach:
        how much each time step's loss depends on each earlier time step. The model is run as for
        `add_activations`.

        Args:
            model: As for `add_activations`.
            x: As for `add_activations`.
            y: What the loss compares the model's outputs with.
            step: As for `add_weights`.
            loss: The loss: called with (targets, outputs) for Keras, as its own are, and with (outputs,
                targets) for PyTorch. By default that of a compiled Keras model. Pass the same function at
                each step, since Keras compiles the model with it.
            sample_weight: A weight a sample, for Keras.
            tokens: As for `add_activations`.
            samples: As for `add_activations`.

        Raises:
            TypeError: As for `add_activations`.
            ValueError: As for `add_activations`, or if there is no loss.
        """
        probe = Probe.of((x, y, sample_weight), tokens, samples)
        self._add_probed(model, loss, probe, FLOW_KINDS, step)

    def add_probe(self, model: Any, probe: Probe, step: int, loss: Loss | None = None) -> Probe:
        """Logs all that flows through recurrent layers on a probe, and back where that has targets.

        Targets that the model's loss can't take are reported, and the rest is logged all the same.

        Returns:
            The probe to go on with: without its targets, if the loss can't take them, since each attempt
            would compile the model again.

        Args:
            model: As for `add_activations`.
            probe: The probe.
            step: As for `add_weights`.
            loss: As for `add_gradient_flow`.

        Raises:
            TypeError: As for `add_activations`.
            ValueError: As for `add_activations`.
        """
        everything = ACTIVATION_KINDS | FLOW_KINDS
        try:
            self._add_probed(model, loss, probe, everything, step)
        except ProbeError as error:
            if probe.targets is None:
                raise
            without = replace(probe, targets=None)
            self._add_probed(model, loss, without, everything, step)
            self.notices.report(f"{str(error).rstrip('.')}; only what flows forward is logged")
            return without
        return probe

    def add_tensors(self, tensors: Sequence[GateTensor], kind: str, step: int) -> None:
        """Logs tensors that are decomposed already, as `decompose` gives them.

        That is also the way for frameworks that we don't know.

        Args:
            tensors: Not to be written into any more.
            kind: `"weights"`, `"gradients"` or `"updates"`.
            step: As for `add_weights`.

        Raises:
            TypeError: If `step` is no whole number, or one of `tensors` no `GateTensor`.
            ValueError: If `kind` is none of those above, if two tensors are of the same matrix, or if the
                writer is closed.
        """
        check_tensors(tensors, kind)
        self._add(map(Matrix.of_tensor, tensors), kind, step)

    def add_held(self, matrices: Sequence[HeldMatrix], kind: str, step: Any) -> None:
        """Logs matrices that are still in the framework's hands; arguments as for `add_tensors`."""
        self._add(map(Matrix.of_held, matrices), kind, step)

    def flush(self) -> None:
        """Waits until all that was added can be read by TensorBoard."""
        if self._close.alive:
            self._thread.submit([Job(self._file.flush)])
            self._thread.wait()

    def close(self) -> None:
        """Writes what is left and closes the file. Nothing can be added afterwards."""
        self._close()

    def reopened(self) -> SummaryWriter:
        """A writer that goes on where this one, which is closed, has ended: in a further file of the run.

        Raises:
            OSError: As when a writer is made.
        """
        writer = SummaryWriter(self.log_dir, **self._options.as_arguments())
        writer._recorder.go_on_from(self._recorder)
        writer.notices.go_on_from(self.notices)
        writer._updates, writer._reach = self._updates, self._reach
        return writer

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _add(self, matrices: Iterable[Matrix], kind: str, step: int) -> None:
        to = Destination(
            recorder=self._recorder,
            updates=self._updates if kind == WEIGHTS else None,
            kind=kind,
            step=self._checked(step),
            wall_time=time.time(),
            notices=self.notices,
        )
        self._submit(matrix_jobs(matrices, to))

    def _add_probed(
        self, model: Any, loss: Loss | None, probe: Probe, wanted: frozenset[str], step: int
    ) -> None:
        checked = self._checked(step)
        calls = self._runners.of(model, loss).run(probe.inputs, probe.targets, probe.sample_weight)
        wall_time = time.time()
        record = (self._recorder, self._reach, checked, wall_time, self.notices.report)
        self._submit(
            Job(functools.partial(job.record, *record), job.size, checked)
            for job in signals_jobs(calls, wanted, ProbeFacts(probe.samples, probe.tokens))
        )

    def _submit(self, jobs: Iterable[Job]) -> None:
        if not self._thread.submit(jobs):
            self._dropped.snapshot()

    def _checked(self, step: Any) -> int:
        """The step as a plain number, if something can be added.

        Raises:
            TypeError: If it is no whole number.
            ValueError: If it is out of range, or the writer is closed.
        """
        checked = checked_step(step)
        if not self._close.alive:
            raise ValueError(f"the writer for '{self.log_dir}' is closed")
        if not self._thread.is_of_this_process():
            raise ValueError(
                f"the writer for '{self.log_dir}' was made in the process that this one was forked from: "
                "make one here, for a directory of its own"
            )
        self.notices.step = checked
        return checked


def _note(thread: BackgroundThread, recorder: Recorder, reported: list[Reported]) -> None:
    note = functools.partial(recorder.note, reported, time.time())
    if thread.is_current():
        # What waits may be the last job, which closes the file.
        note()
    else:
        thread.submit([Job(note)])


def _close(thread: BackgroundThread, recorder: Recorder, file: EventFile, dropped: Dropped) -> None:
    thread.submit([Job(recorder.finish), Job(dropped.report_all), Job(file.close)])
    thread.close()
