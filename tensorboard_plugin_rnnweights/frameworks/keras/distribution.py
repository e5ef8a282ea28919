"""Over which replicas and workers a Keras model is trained."""

from __future__ import annotations

import sys
from typing import Any


def strategy_of(model: Any) -> Any | None:
    """The `tf.distribute` strategy that a model is trained under; None on other backends."""
    return getattr(model, "distribute_strategy", None)


def has_several_workers(model: Any) -> bool:
    """Whether further processes train the model, too, each with a callback of its own."""
    strategy = strategy_of(model)
    if strategy is None:
        return _jax_processes()[1] > 1
    replicas = strategy.num_replicas_in_sync
    # The strategy of none knows no devices.
    return bool(replicas > 1 and replicas > len(strategy.extended.worker_devices))


def has_parameter_servers(model: Any) -> bool:
    """Whether the model's variables live in other processes, and its steps are run by others still."""
    strategy = strategy_of(model)
    return "ParameterServerStrategy" in type(strategy).__name__


def is_chief(model: Any) -> bool:
    """Whether this process is the one of all workers that logs: the chief, or the first one."""
    strategy = strategy_of(model)
    if strategy is None:
        return _jax_processes()[0] == 0
    resolver = getattr(strategy, "cluster_resolver", None)
    if resolver is None or resolver.task_type is None:
        return True
    first = "chief" if "chief" in resolver.cluster_spec().jobs else "worker"
    return bool(resolver.task_type == first and resolver.task_id == 0)


def _jax_processes() -> tuple[int, int]:
    """The number of this process among those that JAX connects, and how many there are."""
    keras, jax = sys.modules.get("keras"), sys.modules.get("jax")
    if keras is None or jax is None or keras.backend.backend() != "jax":
        return 0, 1
    return jax.process_index(), jax.process_count()
