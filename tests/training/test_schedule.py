"""When a snapshot is due, told in batches and epochs alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tensorboard_plugin_rnnweights.training.schedule import Schedule, schedule_for


def due_steps(
    schedule: Schedule, epochs: int, batches: int, execution: int = 1, first: int = 0
) -> list[int]:
    """The steps at which snapshots are due in a training; each was announced before its batches ran."""
    due = []
    schedule.begin(0)
    for epoch in range(first, first + epochs):
        if schedule.begin_epoch(epoch, batches):
            due.append(schedule.step)
        announced = False
        for start in range(0, batches, execution):
            end = min(start + execution, batches)
            announced = schedule.may_log_after(start + execution)
            if schedule.end_batch(end - 1):
                assert announced
                due.append(schedule.step)
        if schedule.end_epoch(epoch):
            assert announced
            due.append(schedule.step)
    return due


@given(st.integers(1, 4), st.integers(1, 12), st.integers(1, 7))
def test_batches_are_counted_over_the_epochs(epochs: int, batches: int, every: int) -> None:
    total = epochs * batches
    assert due_steps(schedule_for(every), epochs, batches) == list(range(0, total + 1, every))


@given(st.integers(1, 5), st.integers(1, 9), st.integers(0, 6))
def test_epochs_are_counted_from_the_first_one(epochs: int, batches: int, first: int) -> None:
    due = due_steps(schedule_for("epoch"), epochs, batches, first=first)
    assert due == list(range(first, first + epochs + 1))


@given(st.integers(1, 3), st.integers(1, 12), st.integers(1, 7), st.integers(1, 6))
def test_with_several_batches_an_execution_the_next_one_seen_is_due(
    epochs: int, batches: int, every: int, execution: int
) -> None:
    due = due_steps(schedule_for(every), epochs, batches, execution)
    assert due[0] == 0
    seen = {
        epoch * batches + min(start + execution, batches)
        for epoch in range(epochs)
        for start in range(0, batches, execution)
    }
    assert set(due[1:]) <= seen
    for multiple in range(every, epochs * batches + 1, every):
        assert min(step for step in seen if step >= multiple) in due


@given(st.sampled_from(["epoch", "batch", 3]), st.integers(2, 4))
def test_steps_never_repeat_over_several_trainings(update_freq: str | int, trainings: int) -> None:
    schedule = schedule_for(update_freq)
    due = [step for _ in range(trainings) for step in due_steps(schedule, 2, 5)]
    assert due == sorted(set(due))
