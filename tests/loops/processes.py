"""Trainings that several processes share; each also runs in one process that has the whole batch.

Nothing is imported here that the processes don't need, as each of them waits for it.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
from torch.utils.checkpoint import checkpoint

import tensorboard_plugin_rnnweights as rnnweights

COUNT = 2
STEPS = 3
RATE = 0.2
PATIENCE = timedelta(seconds=60)


class Model(nn.Module):
    """A stacked LSTM of two directions, and a GRU; it, or both, can be left out."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.lstm = nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True)
        self.norm = nn.LayerNorm(8)
        self.gru = nn.GRU(8, 4, batch_first=True)
        self.head = nn.Linear(8, 1)
        self.is_reentrant = False
        self.may_leave_out_both = False

    def forward(self, inputs: torch.Tensor, with_gru: bool = True) -> torch.Tensor:
        if self.may_leave_out_both and not with_gru:
            return self.head(inputs.mean(dim=(1, 2), keepdim=True)[:, 0].repeat(1, 8))
        outputs = self._outputs_of_lstm(inputs)
        last = self.norm(outputs[:, -1])
        if with_gru:
            last = last + self.gru(outputs)[0][:, -1].repeat(1, 2)
        predicted: torch.Tensor = self.head(last)
        return predicted

    def _outputs_of_lstm(self, inputs: torch.Tensor) -> torch.Tensor:
        if not self.is_reentrant:
            return self.lstm(inputs)[0]
        return checkpoint(lambda x: self.lstm(x)[0], inputs.requires_grad_(), use_reentrant=True)


@dataclass
class Training:
    """One training of one process.

    Attributes:
        played: The processes whose share this one does: itself, or all of them where it is alone.
        log_dir: Where it is logged; None for nowhere.
        options: Those of `watch`.
    """

    played: tuple[int, ...]
    log_dir: Path | None
    options: dict[str, Any] = field(default_factory=dict)
    _writer: Any = None

    @property
    def is_alone(self) -> bool:
        return len(self.played) == COUNT

    def wrapped(self, module: nn.Module, **options: Any) -> Any:
        return module if self.is_alone else nn.parallel.DistributedDataParallel(module, **options)

    def shares(self, step: int) -> Iterator[tuple[int, torch.Tensor, torch.Tensor]]:
        """Each share of a step's batch, with the process that it is of."""
        generator = torch.Generator().manual_seed(step)
        for process in range(COUNT):
            inputs = torch.randn(4, 5, 3, generator=generator)
            targets = torch.randn(4, 1, generator=generator) + 2 * process
            if process in self.played:
                yield process, inputs, targets

    def backward(self, model: Any, step: int, scale: float = 1.0, leave_out: int | None = None) -> None:
        for process, inputs, targets in self.shares(step):
            loss = nn.functional.mse_loss(model(inputs, process != leave_out), targets)
            (loss * scale / len(self.played)).backward()

    @contextlib.contextmanager
    def logged(self, model: Any, optimizer: Any, **options: Any) -> Iterator[None]:
        if self.log_dir is None:
            yield
        elif self.is_alone:
            with rnnweights.SummaryWriter(self.log_dir, heatmap_dtype="float32") as self._writer:
                yield
        else:
            options = {**self.options, **options}
            with rnnweights.watch(model, optimizer, self.log_dir, 1, heatmap_dtype="float32", **options):
                yield

    def expect(self, model: Any, step: int) -> None:
        """The gradients are now those that the optimizer gets, but for clipping."""
        if self._writer is not None:
            self._writer.add_gradients(model, step)


def sgd(module: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(module.parameters(), RATE)


Change = Callable[[nn.Module], object]


def trained(
    training: Training,
    change: Change = lambda module: None,
    leave_out: int | None = None,
    prepare: Change = lambda module: None,
    handed_in: Callable[[Any], Any] = lambda model: model,
    keep_zeros: bool = False,
    **options: Any,
) -> nn.Module:
    """A loop with one backward pass a step.

    Args:
        training: The training.
        change: Done to the gradients before the step.
        leave_out: The process that leaves the GRU out.
        prepare: Done to the module that is trained.
        handed_in: What of it `watch` is given.
        keep_zeros: Whether gradients become zeros, rather than None.
        **options: Those of DistributedDataParallel.
    """
    module = Model()
    model = training.wrapped(module, **options)
    prepare(model)
    optimizer = sgd(module)
    with training.logged(handed_in(model), optimizer):
        for step in range(1, STEPS + 1):
            optimizer.zero_grad(set_to_none=not keep_zeros)
            training.backward(model, step, leave_out=leave_out)
            training.expect(module, step)
            change(module)
            optimizer.step()
    return module


def accumulated(training: Training) -> nn.Module:
    """Two backward passes a step, of which the first one isn't averaged."""
    module = Model()
    model, optimizer = training.wrapped(module), sgd(module)
    with training.logged(model, optimizer):
        for step in range(1, STEPS + 1):
            with contextlib.nullcontext() if training.is_alone else model.no_sync():
                training.backward(model, step)
            training.backward(model, 10 + step)
            training.expect(module, step)
            optimizer.step()
            optimizer.zero_grad()
    return module


def scaled(training: Training) -> nn.Module:
    """A scaled loss, whose gradients are clipped before the step."""
    module = Model()
    model, optimizer = training.wrapped(module), sgd(module)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**10, enabled=not training.is_alone)
    with training.logged(model, optimizer, scaler=scaler):
        for step in range(1, STEPS + 1):
            training.backward(model, step, scale=float(scaler.scale(torch.ones(()))))
            training.expect(module, step)
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(module.parameters(), 0.1)
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
    return module


def adversaries(training: Training) -> nn.Module:
    """Two networks with optimizers of their own."""
    torch.manual_seed(1)
    both = nn.ModuleDict({"d": nn.GRU(3, 3, batch_first=True), "g": nn.LSTM(3, 3, batch_first=True)})
    networks = {name: training.wrapped(one) for name, one in both.items()}
    optimizers = {name: sgd(one) for name, one in both.items()}
    with training.logged(both, [*optimizers.values()]):
        for step in range(1, STEPS + 1):
            for name, sign in (("d", 1), ("g", -1)):
                optimizers[name].zero_grad()
                for _, inputs, _ in training.shares(step):
                    loss = sign * networks["d"](networks["g"](inputs)[0])[0].square().mean()
                    (loss / len(training.played)).backward()
                if name == "d":
                    of_d = [one.grad.clone() for one in both["d"].parameters()]
                else:
                    of_g = [one.grad.clone() for one in both["g"].parameters()]
                    pairs = zip([*of_d, *of_g], both.parameters(), strict=True)
                optimizers[name].step()
            if training._writer is not None:
                training._writer.add_gradients(both, pairs, step)
    return both


def by_closure(training: Training) -> nn.Module:
    """An optimizer that runs the backward pass by itself."""
    module = Model()
    model = training.wrapped(module)
    optimizer = torch.optim.LBFGS(module.parameters(), RATE, max_iter=1)
    with training.logged(model, optimizer):
        for step in range(1, STEPS + 1):

            def closure(step: int = step) -> torch.Tensor:
                optimizer.zero_grad()
                training.backward(model, step)
                training.expect(module, step)
                return torch.zeros(())

            optimizer.step(closure)
    return module


def by_hand(training: Training) -> nn.Module:
    """Gradients that the loop averages by itself."""

    def average(module: nn.Module) -> None:
        for one in module.parameters():
            if not training.is_alone and one.grad is not None:
                torch.distributed.all_reduce(one.grad)
                one.grad /= COUNT

    plain = Training(training.played, training.log_dir)
    plain.wrapped = lambda module, **options: module  # type: ignore[method-assign]
    return trained(plain, average)


def with_accelerate(training: Training) -> nn.Module:
    """Accelerate, with accumulated gradients that are clipped."""
    if training.is_alone:
        return _accumulated_in_turn(training)
    from accelerate import Accelerator

    module = Model()
    accelerator = Accelerator(cpu=True, gradient_accumulation_steps=2)
    model, optimizer = accelerator.prepare(module, sgd(module))
    with training.logged(model, optimizer):
        for number in range(2 * STEPS):
            with accelerator.accumulate(model):
                for _, inputs, targets in training.shares(number):
                    accelerator.backward(nn.functional.mse_loss(model(inputs), targets))
                if accelerator.sync_gradients:
                    accelerator.clip_grad_norm_(model.parameters(), 0.1)
                optimizer.step()
                optimizer.zero_grad()
    return module


def _accumulated_in_turn(training: Training) -> nn.Module:
    module = Model()
    optimizer = sgd(module)
    with training.logged(module, optimizer):
        for step in range(1, STEPS + 1):
            for number in (2 * step - 2, 2 * step - 1):
                training.backward(module, number, scale=0.5)
            training.expect(module, step)
            nn.utils.clip_grad_norm_(module.parameters(), 0.1)
            optimizer.step()
            optimizer.zero_grad()
    return module


class Returning(nn.Module):
    """The model, which returns its loss as the Trainer has it."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()

    def forward(self, inputs: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"loss": nn.functional.mse_loss(self.model(inputs), labels)}


def _rows() -> list[dict[str, torch.Tensor]]:
    everything = Training(tuple(range(COUNT)), None)
    return [
        {"inputs": one, "labels": target}
        for step in range(1, STEPS + 1)
        for _, inputs, targets in everything.shares(step)
        for one, target in zip(inputs, targets, strict=True)
    ]


def with_trainer(training: Training) -> nn.Module:
    """Hugging Face's Trainer, which clips."""
    if training.is_alone:
        return trained(training, clipped_by_norm)
    import transformers

    class InOrder(transformers.Trainer):
        def _get_train_sampler(self, *given: Any) -> Any:
            return torch.utils.data.SequentialSampler(self.train_dataset)

    module = Returning()
    ours = rnnweights.TransformersRNNWeights(training.log_dir, "batch", heatmap_dtype="float32")
    callbacks = [] if training.log_dir is None else [ours]
    with tempfile.TemporaryDirectory() as folder:
        arguments = transformers.TrainingArguments(
            output_dir=folder,
            num_train_epochs=1,
            per_device_train_batch_size=4,
            max_grad_norm=0.1,
            lr_scheduler_type="constant",
            use_cpu=True,
            ddp_backend="gloo",
            report_to="none",
            save_strategy="no",
            disable_tqdm=True,
        )
        optimizers = (sgd(module), None)
        InOrder(
            module, arguments, train_dataset=_rows(), optimizers=optimizers, callbacks=callbacks
        ).train()
    return module


def with_lightning(training: Training) -> nn.Module:
    """Lightning's Trainer, which clips."""
    if training.is_alone:
        return trained(training, clipped_by_norm)
    import lightning

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = Model()

        def training_step(self, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
            inputs, targets = batch
            return nn.functional.mse_loss(self.model(inputs), targets)

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return sgd(self)

    module = Module()
    ours = rnnweights.LightningRNNWeights(training.log_dir, 1, heatmap_dtype="float32")
    trainer = lightning.Trainer(
        accelerator="cpu",
        devices=COUNT,
        strategy="ddp",
        max_epochs=1,
        gradient_clip_val=0.1,
        callbacks=[] if training.log_dir is None else [ours],
        use_distributed_sampler=False,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    shares = [pair for step in range(1, STEPS + 1) for _, *pair in training.shares(step)]
    trainer.fit(module, torch.utils.data.DataLoader(shares, batch_size=None))
    return module


def _reentrant(model: Any) -> None:
    getattr(model, "module", model).is_reentrant = True


def _leaving_out_both(model: Any) -> None:
    getattr(model, "module", model).may_leave_out_both = True


def _compressed(model: Any) -> None:
    if isinstance(model, nn.parallel.DistributedDataParallel):
        model.register_comm_hook(None, default_hooks.fp16_compress_hook)


def clipped_by_norm(module: nn.Module) -> None:
    nn.utils.clip_grad_norm_(module.parameters(), 0.1)


def clipped_by_value(module: nn.Module) -> None:
    nn.utils.clip_grad_value_(module.parameters(), 0.01)


TRAININGS: dict[str, Callable[[Training], nn.Module]] = {
    "plain": trained,
    "views": lambda one: trained(one, gradient_as_bucket_view=True),
    "small_buckets": lambda one: trained(one, bucket_cap_mb=0.0001),
    "static_graph": lambda one: trained(one, static_graph=True),
    "unused_here": lambda one: trained(one, leave_out=0, find_unused_parameters=True),
    "unused_here_in_views": lambda one: trained(
        one, leave_out=0, keep_zeros=True, find_unused_parameters=True, gradient_as_bucket_view=True
    ),
    "unused_there": lambda one: trained(one, leave_out=1, find_unused_parameters=True),
    "none_here": lambda one: trained(
        one, leave_out=0, prepare=_leaving_out_both, find_unused_parameters=True
    ),
    "compressed": lambda one: trained(one, prepare=_compressed),
    "inner": lambda one: trained(one, handed_in=lambda model: getattr(model, "module", model)),
    "reentrant": lambda one: trained(one, prepare=_reentrant),
    "norm": lambda one: trained(one, clipped_by_norm),
    "value": lambda one: trained(one, clipped_by_value),
    "accumulated": accumulated,
    "scaled": scaled,
    "adversaries": adversaries,
    "by_closure": by_closure,
    "by_hand": by_hand,
    "accelerate": with_accelerate,
    "transformers": with_trainer,
    "lightning": with_lightning,
}


Work = Callable[[int, Path], None]


def in_processes(work: Work, folder: Path) -> None:
    """Has processes on this machine do something, each with its number and a folder."""
    started = torch.multiprocessing.start_processes(
        _joined, (work, folder), COUNT, join=False, start_method="spawn"
    )
    end = time.monotonic() + 2 * PATIENCE.total_seconds()
    try:
        while not started.join(timeout=10):
            assert time.monotonic() < end, "the processes wait for each other"
    finally:
        for one in started.processes:
            one.kill()


def _joined(process: int, work: Work, folder: Path) -> None:
    torch.set_num_threads(1)
    # What `torchrun` sets, and Accelerate asks for.
    names = {"RANK": process, "LOCAL_RANK": process, "WORLD_SIZE": COUNT, "LOCAL_WORLD_SIZE": COUNT}
    os.environ.update({name: str(value) for name, value in names.items()})
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{folder / 'store'}", rank=process, world_size=COUNT, timeout=PATIENCE
    )
    work(process, folder)
    torch.distributed.destroy_process_group()


def train_all(process: int, folder: Path) -> None:
    """Every training, logged and not."""
    for name, train in TRAININGS.items():
        with_us = train(Training((process,), folder / name / str(process)))
        without = train(Training((process,), None))
        weights = [[*one.state_dict().values()] for one in (with_us, without)]
        torch.save(weights, folder / f"{name}-{process}.pt")
