"""What a regulariser adds to the loss."""

from __future__ import annotations

Penalty = tuple[float, float]
"""(l1, l2): what the sum of all magnitudes, and that of all squares, are multiplied with."""

_PACKAGES = ("keras", "tf_keras")
_NAMES = ("L1", "L2", "L1L2")


def penalty_of(regularizer: object) -> Penalty | None:
    """How strongly a regulariser of Keras penalises a matrix: `l1 * sum(abs(w)) + l2 * sum(w ** 2)`.

    Args:
        regularizer: An `L1`, `L2` or `L1L2`.

    Returns:
        None for any other regulariser, also for one that is derived from those.
    """
    kind = type(regularizer)
    if kind.__module__.partition(".")[0] not in _PACKAGES or kind.__name__ not in _NAMES:
        return None
    return float(getattr(regularizer, "l1", 0.0)), float(getattr(regularizer, "l2", 0.0))
