"""Keeps what running a Keras model would change, beside its variables, and puts it back afterwards."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from tensorboard_plugin_rnnweights.frameworks.keras.probe.recorder import own_attribute

# What Keras 3 keeps for the whole thread, and running a model may make or count on: its own generator of
# random numbers, and how many objects of each name there are.
_GLOBALS = ("global_seed_generator", "object_name_uids")

# What would hide a layer's values from us, and what is put in its place: computing them twice to save
# memory, and both directions of a bidirectional layer by one call of cuDNN.
_HIDING: dict[str, Any] = {
    "_remat_mode": None,
    "_can_attempt_fused_lstm": lambda *_: False,
    "_can_attempt_fused_gru": lambda *_: False,
}


@contextmanager
def isolated(keras: ModuleType, model: Any) -> Iterator[None]:
    """Lets a model be run as if it had not been: random states, collected losses, flags of layers.

    Variables are not looked after here: each backend has its own way.

    Args:
        keras: The module: `keras` or `tf_keras`.
        model: The model that will be run.
    """
    with ExitStack() as stack:
        stack.enter_context(_random_states())
        stack.enter_context(_keras_3_globals() if keras.__name__ == "keras" else _tf_keras_seeds())
        for layer in model._flatten_layers():
            stack.enter_context(_layer_lists(layer))
            for name, instead in _HIDING.items():
                if getattr(layer, name, None):
                    stack.enter_context(own_attribute(layer, name, instead))
        yield


@contextmanager
def _random_states() -> Iterator[None]:
    python, numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


@contextmanager
def _keras_3_globals() -> Iterator[None]:
    state = importlib.import_module("keras.src.backend.common.global_state")
    kept = {name: state.get_global_attribute(name) for name in _GLOBALS}
    copies = {name: value.copy() if isinstance(value, dict) else value for name, value in kept.items()}
    try:
        yield
    finally:
        for name, value in copies.items():
            state.set_global_attribute(name, value)


@contextmanager
def _tf_keras_seeds() -> Iterator[None]:
    seeds = sys.modules["tf_keras.src.backend"]._SEED_GENERATOR
    generator = getattr(seeds, "generator", None)
    kept = generator.getstate() if generator else None
    try:
        yield
    finally:
        if generator:
            generator.setstate(kept)


@contextmanager
def _layer_lists(layer: Any) -> Iterator[None]:
    """What layers add to the loss is kept in lists and sets of theirs."""
    names = ("_losses", "_loss_ids", "_eager_losses")
    found = [vars(layer)[name] for name in names if name in vars(layer)]
    kept = [(one, list(one)) for one in found]
    try:
        yield
    finally:
        for one, before in kept:
            one.clear()
            (one.update if isinstance(one, set) else one.extend)(before)
