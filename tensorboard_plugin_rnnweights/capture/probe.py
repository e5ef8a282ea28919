"""The probe: the batch on which a model is looked at, and which stays the same over all steps."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_PARTS = ("inputs", "targets", "sample weights")
_TORCH_LOADER = "tensorboard_plugin_rnnweights.frameworks.torch.loader"


@dataclass(frozen=True, eq=False)
class Probe:
    """A batch, in the forms that the framework's own training takes.

    Attributes:
        inputs: What the model is called with: an array or tensor, or a list or dict of them where there are
            several inputs.
        targets: What the loss compares the model's outputs with; None where no loss is to be followed back.
        sample_weight: A weight a sample; None where all count the same.
        tokens: For each sample, a text for each time step, to stand under the time axis; empty if there are
            none.
        samples: The places in the batch of the samples that are shown by themselves; None for the first
            ones.
    """

    inputs: Any
    targets: Any = None
    sample_weight: Any = None
    tokens: tuple[tuple[str, ...], ...] = ()
    samples: tuple[int, ...] | None = None

    @classmethod
    def of(
        cls,
        given: Any,
        tokens: Iterable[Sequence[str]] | None = None,
        samples: Iterable[int] | None = None,
    ) -> Probe:
        """Reads a probe as Keras reads a batch: `x`, `(x, y)` or `(x, y, sample_weight)`.

        Args:
            given: A tuple as above; anything else is `x`, also a list, which stands for several inputs.
                Of a `tf.data.Dataset`, a PyTorch `DataLoader` or an iterator the first batch is taken.
            tokens: For each sample, its tokens by time step: a list of texts, or one text of which each
                character is a token.
            samples: The places in the batch of the samples that are shown by themselves.

        Raises:
            ValueError: If there is no batch, or a tuple of more than three.
        """
        batch = _first_batch(given)
        parts = batch if isinstance(batch, tuple) else (batch,)
        if not 1 <= len(parts) <= len(_PARTS):
            raise ValueError(
                f"a probe is x, (x, y) or (x, y, sample_weight), not a tuple of {len(parts)}: "
                "several inputs are a list, as in ([a, b], y)"
            )
        inputs, targets, sample_weight = (*parts, None, None)[: len(_PARTS)]
        return cls(
            inputs,
            targets,
            sample_weight,
            tokens=tuple(tuple(one) for one in tokens or ()),
            samples=None if samples is None else tuple(samples),
        )


def probe_of(
    given: Any, tokens: Iterable[Sequence[str]] | None, samples: Iterable[int] | None
) -> Probe | None:
    """The probe that a person has set; arguments as for `Probe.of`, and None for no probe.

    Raises:
        ValueError: As `Probe.of`, or if there is no probe that the tokens or samples could be of.
    """
    if given is not None:
        return Probe.of(given, tokens, samples)
    if tokens is not None or samples is not None:
        raise ValueError("probe_tokens and probe_samples are of a probe: give one as probe=")
    return None


def _first_batch(given: Any) -> Any:
    """The first batch of a source of batches, such as a `tf.data.Dataset`; anything else as it is."""
    if hasattr(given, "batch_sampler"):
        batch = importlib.import_module(_TORCH_LOADER).first_batch(given)
    elif hasattr(given, "element_spec") or hasattr(given, "__next__"):
        batch = next(iter(given), None)
    else:
        return given
    if batch is None:
        raise ValueError("the probe is a data set that has no batch")
    return batch
