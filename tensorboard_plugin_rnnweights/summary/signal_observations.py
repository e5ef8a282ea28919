"""What flowed through a cell on the probe, as observations: one of each kind that there is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tensorboard_plugin_rnnweights.rnn import kinds
from tensorboard_plugin_rnnweights.rnn.cell_layout import WHOLE
from tensorboard_plugin_rnnweights.signals.cell_signals import CellSignals, Reach
from tensorboard_plugin_rnnweights.summary.correlations import correlations
from tensorboard_plugin_rnnweights.summary.metadata import Series
from tensorboard_plugin_rnnweights.summary.observation import Array, Mask, Observation
from tensorboard_plugin_rnnweights.summary.planes import plane_names, planes


@dataclass(frozen=True)
class ProbeFacts:
    """What a person has said of the probe.

    Attributes:
        samples: The samples to be shown one by one, by their index; kinds that show fewer take the first of
            these. By default the probe's first ones.
        tokens: What stands at each time step of each sample of the probe; empty where that isn't known.
            Those of a sample may be of all its time steps, or of those alone that are not masked.
    """

    samples: tuple[int, ...] | None = None
    tokens: tuple[tuple[str, ...], ...] = ()

    def fault(self, batch: int) -> str | None:
        """Why it doesn't fit a probe of so many samples, in one sentence; None if it does."""
        outside = [sample for sample in self.samples or () if not 0 <= sample < batch]
        if outside:
            return f"the probe has {batch} samples, from 0 on, so that none is {outside[0]}"
        if self.tokens and len(self.tokens) != batch:
            return (
                f"the probe has {batch} samples, but there are tokens of {len(self.tokens)}: "
                "give a list of texts for each sample"
            )
        return None


def observe_signals(
    signals: CellSignals,
    probe: ProbeFacts | None = None,
    wanted: Collection[str] = frozenset(kinds.BY_NAME),
) -> list[Observation]:
    """All observations of one cell: those of the kinds that it has, in the order of the table of kinds.

    Args:
        signals: What flowed through it; not to be written into any more.
        probe: What is known of the probe.
        wanted: The kinds that are wanted; by default all.

    Raises:
        ValueError: If samples or tokens don't fit the probe.
    """
    facts = probe or ProbeFacts()
    if fault := facts.fault(len(signals.outputs)):
        raise ValueError(fault)
    found = [
        _flowing(signals, kind, blocks, facts)
        for kind, of in _FLOWING.items()
        if kind in wanted and (blocks := of(signals)) is not None
    ]
    if kinds.REACH in wanted and signals.reach is not None:
        found.append(_reach(signals, signals.reach))
    if kinds.CORRELATIONS in wanted:
        found.append(_correlations(signals))
    return found


def _whole(block: Array | None) -> Mapping[str, Array] | None:
    return None if block is None else {WHOLE: block}


_FLOWING: dict[str, Callable[[CellSignals], Mapping[str, Array] | None]] = {
    kinds.OUTPUTS: lambda signals: _whole(signals.outputs),
    kinds.CELL_STATES: lambda signals: _whole(signals.cell_states),
    kinds.GATE_ACTIVATIONS: lambda signals: signals.gate_activations,
    kinds.OUTPUT_GRADIENTS: lambda signals: _whole(signals.output_gradients),
    kinds.GATE_GRADIENTS: lambda signals: signals.gate_gradients,
}
_GRADIENTS = (kinds.OUTPUT_GRADIENTS, kinds.GATE_GRADIENTS)


def _flowing(
    signals: CellSignals, kind: str, blocks: Mapping[str, Array], probe: ProbeFacts
) -> Observation:
    """A kind whose columns are time."""
    batch, times, *_, units = next(iter(blocks.values())).shape
    shown = range(batch) if probe.samples is None else probe.samples
    samples = tuple(shown)[: kinds.BY_NAME[kind].samples]
    cells, masked = planes(blocks, signals.mask, samples)
    return Observation(
        series=_series(
            signals,
            kind,
            (units, times),
            gates=tuple(blocks),
            planes=plane_names(samples),
            tokens=_tokens(probe, samples, times, signals.mask),
            of="loss" if kind in _GRADIENTS else "",
        ),
        blocks=blocks,
        cells=cells,
        counted=signals.mask,
        masked=masked,
        bounded_gates=signals.bounded_gates if kind == kinds.GATE_ACTIVATIONS else frozenset(),
    )


def _reach(signals: CellSignals, reach: Reach) -> Observation:
    blocks = {"outputs": reach.at_outputs, "inputs": reach.at_inputs}
    times = len(reach.at_outputs)
    present: Mask = np.ones(times, np.bool_)
    if signals.mask is not None:
        present = np.asarray(signals.mask.any(axis=0))
    both_present = np.logical_and.outer(present, present)
    # A time step reaches itself and those that the cell came through before it.
    causal = np.tri(times, dtype=np.bool_)
    reaching = causal.T if signals.is_reversed else causal
    return Observation(
        series=_series(signals, kinds.REACH, (times, times), gates=tuple(blocks), of=reach.of),
        blocks=blocks,
        cells=np.concatenate(list(blocks.values()), axis=1),
        counted=both_present & reaching if reach.is_causal else both_present,
        masked=None if present.all() else np.tile(~both_present, (1, len(blocks))),
    )


def _correlations(signals: CellSignals) -> Observation:
    outputs = signals.outputs if signals.mask is None else signals.outputs[signals.mask]
    found, has_any = correlations(outputs)
    both = np.logical_and.outer(has_any, has_any)
    units = len(found)
    return Observation(
        series=_series(signals, kinds.CORRELATIONS, (units, units), gates=(WHOLE,)),
        blocks={WHOLE: found},
        cells=found,
        # Each pair once, and no unit with itself.
        counted=both & np.tri(units, k=-1, dtype=np.bool_),
        masked=None if has_any.all() else ~both,
    )


def _series(
    signals: CellSignals,
    kind: str,
    shape: tuple[int, int],
    *,
    gates: tuple[str, ...],
    planes: tuple[str, ...] = (),
    tokens: tuple[tuple[str, ...], ...] = (),
    of: str = "",
) -> Series:
    rows, columns = shape
    cell = signals.cell
    return Series(
        kind=kind,
        layer=cell.layer,
        direction=cell.direction,
        index=cell.index,
        cell=cell.layout.cell,
        matrix=kind,
        gates=gates,
        rows=rows,
        columns=columns,
        pool=(1, 1),
        position=0,
        row_shape=(rows,),
        planes=planes,
        is_reversed=signals.is_reversed,
        tokens=tokens,
        of=of,
    )


def _tokens(
    probe: ProbeFacts, samples: Sequence[int], times: int, mask: Mask | None
) -> tuple[tuple[str, ...], ...]:
    """The tokens of each sample at each time step; none at all where the layer has other time steps."""
    if not probe.tokens:
        return ()
    found = [
        _at_times(probe.tokens[sample], times, None if mask is None else mask[sample]) for sample in samples
    ]
    return () if None in found else tuple(tokens for tokens in found if tokens is not None)


def _at_times(tokens: Sequence[str], times: int, mask: Mask | None) -> tuple[str, ...] | None:
    if len(tokens) == times:
        return tuple(tokens)
    if mask is None or len(tokens) != mask.sum():
        return None
    left = iter(tokens)
    return tuple(next(left) if is_there else "" for is_there in mask)
