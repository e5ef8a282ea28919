"""What flows through a cell as planes of a heatmap: units down, time across, gates side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tensorboard_plugin_rnnweights.summary.observation import Array, Mask
from tensorboard_plugin_rnnweights.summary.passes.rounding import rounded

MEAN = "mean over the batch"


def plane_names(samples: Iterable[int]) -> tuple[str, ...]:
    """The names of the planes that `planes` gives for these samples."""
    return (MEAN, *(f"sample {sample}" for sample in samples))


def planes(
    blocks: Mapping[str, Array], mask: Mask | None, samples: Sequence[int]
) -> tuple[Array, Mask | None]:
    """The mean over the batch, then single samples; places of a convolution are averaged.

    Args:
        blocks: By gate: (batch, time, ..., units), all of one shape.
        mask: Shape (batch, time), True where there is something; None where all of it counts. The mean at a
            time step is over the samples that have something there.
        samples: Which samples have a plane of their own.

    Returns:
        The cells, float32, of shape (1 + samples, units, gates * time), and which of them hold no number,
        of the same shape; None where all hold one.
    """
    by_gate = [_mean_over_places(block) for block in blocks.values()]
    means = _side_by_side([_mean_over_batch(block, mask) for block in by_gate])
    singles = [_side_by_side([block[sample] for block in by_gate]) for sample in samples]
    cells = rounded(np.stack([means, *singles]), "float32")
    if mask is None or mask.all():
        return cells, None
    absent = np.stack([~mask.any(axis=0), *(~mask[sample] for sample in samples)])
    side_by_side = np.tile(absent, (1, len(by_gate)))
    return cells, np.broadcast_to(side_by_side[:, np.newaxis], cells.shape)


def _mean_over_places(block: Array) -> Array:
    """(batch, time, units) of (batch, time, ..., units)."""
    places = tuple(range(2, block.ndim - 1))
    if not places:
        return block
    # Infinities of both signs have no mean, which is no fault to report.
    with np.errstate(invalid="ignore"):
        return np.asarray(block.mean(axis=places, dtype=np.float64))


def _mean_over_batch(block: Array, mask: Mask | None) -> Array:
    """(time, units) of (batch, time, units); 0 where no sample has anything."""
    with np.errstate(invalid="ignore"):
        if mask is None:
            return np.asarray(block.mean(axis=0, dtype=np.float64))
        sums = block.sum(axis=0, dtype=np.float64, where=mask[..., np.newaxis])
    return np.asarray(sums / np.maximum(mask.sum(axis=0), 1)[:, np.newaxis])


def _side_by_side(parts: Iterable[Array]) -> Array:
    """(units, gates * time) of a (time, units) a gate."""
    return np.concatenate([part.T for part in parts], axis=1)
