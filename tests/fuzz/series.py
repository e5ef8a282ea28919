"""Hostile series, and event files in which they stand next to a good one."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2

from tensorboard_plugin_rnnweights.summary.event_file import EventFile
from tensorboard_plugin_rnnweights.summary.metadata import (
    DATA_CLASSES,
    FINDINGS_PLUGIN,
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    NONFINITE_PLUGIN,
    NOTICES_PLUGIN,
    event_tag,
)
from tests.fuzz.facts import hostile_contents
from tests.fuzz.logged import Logged, honest, honest_series
from tests.fuzz.notes import hostile_notes
from tests.fuzz.payloads import hostile_payloads
from tests.fuzz.served import Served
from tests.fuzz.tensors import hostile_tensors
from tests.fuzz.values import encodable_names
from tests.plugin import logs

RUN = "run"
GOOD = logs.KERNEL
OTHER_GOOD = logs.BACKWARD
WALL_TIME = 1_800_000_000.0

_CONTENTS: dict[str, Callable[[bytes], st.SearchStrategy[bytes]]] = {
    HISTOGRAMS_PLUGIN: hostile_payloads,
    HEATMAPS_PLUGIN: hostile_payloads,
    NONFINITE_PLUGIN: hostile_notes,
    FINDINGS_PLUGIN: hostile_notes,
    NOTICES_PLUGIN: hostile_notes,
}


class Hostile(Logged):
    """A series of which something is wrong.

    Attributes:
        told: What stands in its metadata, in place of the facts.
        has_prefix: Whether its tags in the file begin as they should.
        wall_time: When it says that it was logged.
    """

    told: bytes = b""
    has_prefix: bool = True
    wall_time: float = WALL_TIME

    @property
    def content(self) -> bytes:
        return self.told


@st.composite
def hostile_series(draw: st.DrawFn) -> Hostile:
    """A series that is damaged, or lies, in its metadata, payloads, notes, tags or times."""
    base = draw(st.sampled_from(honest()))
    tag = draw(st.one_of(st.just(f"weights/bad/{draw(st.integers(0, 9))}"), encodable_names))
    made = Hostile(tag, copy.deepcopy(base.facts), {name: dict(one) for name, one in base.parts.items()})
    made.told = base.content
    # Notices are of no series, and have no facts.
    further = ("facts", "other") if base.facts else ("other",)
    changes = draw(st.sets(st.sampled_from((*made.parts, *further)), min_size=1, max_size=3))
    for name in sorted(changes & {*made.parts}):
        steps = made.parts[name]
        for step in draw(st.sets(st.sampled_from(sorted(steps)), min_size=1)):
            steps[step] = draw(hostile_tensors(name, steps[step], _CONTENTS[name]))
    if "facts" in changes:
        made.told = draw(hostile_contents(base.facts))
    if "other" in changes:
        made.has_prefix = draw(st.booleans())
        made.wall_time = draw(st.sampled_from((WALL_TIME, 0.0, -1.0, float("nan"), float("inf"), 1e300)))
        if draw(st.booleans()):
            # Such as heatmaps where no histograms are, or payloads of one kind in the place of another.
            one, other = draw(st.sampled_from([*made.parts])), draw(st.sampled_from([*DATA_CLASSES]))
            made.parts[other] = made.parts.pop(one)
    # What isn't the good one's own tag; without a prefix, it may well look like it.
    if tag == GOOD and made.has_prefix:
        made.tag = "weights/bad"
    return made


@contextmanager
def served(bad: Sequence[Hostile]) -> Iterator[Served]:
    """A TensorBoard with one run of two good series and all these bad ones."""
    with tempfile.TemporaryDirectory() as folder:
        file = EventFile(str(Path(folder) / RUN))
        good = [one for one in honest_series() if one.tag in (GOOD, OTHER_GOOD)]
        for event in events_of(good, bad):
            file.write(event)
        file.close()
        yield Served(Path(folder))


def events_of(good: Sequence[Logged], bad: Sequence[Hostile]) -> Iterator[event_pb2.Event]:
    """All events of a file, in the order of their steps."""
    # What is bad comes first and last, since a tag's first value says what it is.
    half = len(bad) // 2
    together: Sequence[Logged] = [*bad[:half], *good, *bad[half:]]
    steps = sorted({step for one in together for steps in one.parts.values() for step in steps})
    for step in steps:
        for one in together:
            values = [
                _value(one, name, tensors[step]) for name, tensors in one.parts.items() if step in tensors
            ]
            wall_time = getattr(one, "wall_time", WALL_TIME)
            yield event_pb2.Event(wall_time=wall_time, step=step, summary=summary_pb2.Summary(value=values))


def _value(one: Logged, plugin_name: str, tensor: tensor_pb2.TensorProto) -> summary_pb2.Summary.Value:
    content = one.content if plugin_name != NOTICES_PLUGIN else b""
    metadata = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name=plugin_name, content=content),
        data_class=DATA_CLASSES[plugin_name],
    )
    tag = event_tag(plugin_name, one.tag) if getattr(one, "has_prefix", True) else one.tag
    return summary_pb2.Summary.Value(tag=tag, metadata=metadata, tensor=tensor)
