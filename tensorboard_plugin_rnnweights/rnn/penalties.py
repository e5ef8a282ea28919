"""What a regulariser adds to the loss."""

from __future__ import annotations

Penalty = tuple[float, float]
"""(l1, l2): what the sum of all magnitudes, and that of all squares, are multiplied with."""

_PACKAGES = ("keras", "tf_keras")
# Keras 3 leaves out what is frozen; tf_keras adds it all the same.
_PENALISES_FROZEN = ("tf_keras",)
_NAMES = ("L1", "L2", "L1L2")


def penalty_of(regularizer: object, *, is_trained: bool = True) -> Penalty | None:
    """How strongly a regulariser of Keras penalises a matrix: `l1 * sum(abs(w)) + l2 * sum(w ** 2)`.

    Args:
        regularizer: An `L1`, `L2` or `L1L2`.
        is_trained: Whether the matrix is trained.

    Returns:
        None for any other regulariser, also for one that is derived from those.
    """
    kind = type(regularizer)
    package = kind.__module__.partition(".")[0]
    if package not in _PACKAGES or kind.__name__ not in _NAMES:
        return None
    if not is_trained and package not in _PENALISES_FROZEN:
        return 0.0, 0.0
    return float(getattr(regularizer, "l1", 0.0)), float(getattr(regularizer, "l2", 0.0))
