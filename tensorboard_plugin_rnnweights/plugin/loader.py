"""What TensorBoard finds by our entry point: it sets how much is kept, and makes the plugin."""

from __future__ import annotations

import argparse

from tensorboard.plugins import base_plugin

from tensorboard_plugin_rnnweights.plugin.plugin import RNNWeightsPlugin
from tensorboard_plugin_rnnweights.summary.metadata import (
    FINDINGS_PLUGIN,
    HEATMAPS_PLUGIN,
    HISTOGRAMS_PLUGIN,
    NONFINITE_PLUGIN,
    NOTICES_PLUGIN,
)

SAMPLES_PER_PLUGIN = {
    HISTOGRAMS_PLUGIN: 1000,
    HEATMAPS_PLUGIN: 50,
    NONFINITE_PLUGIN: 0,
    FINDINGS_PLUGIN: 0,
    NOTICES_PLUGIN: 0,
}
"""How many steps of a series TensorBoard keeps in memory if its user doesn't say; 0 means all.

TensorBoard's own defaults for a plugin that it doesn't know are 10 in one of its loaders, 100 tensors
or 10 blobs in the other, and it drops the others at random.
"""


class RNNWeightsLoader(base_plugin.TBLoader):
    """Loads the plugin into TensorBoard."""

    def fix_flags(self, flags: argparse.Namespace) -> None:
        """Puts our numbers of samples beside those of the command line, which win."""
        flags.samples_per_plugin = {**SAMPLES_PER_PLUGIN, **(flags.samples_per_plugin or {})}

    def load(self, context: base_plugin.TBContext) -> RNNWeightsPlugin | None:
        """Makes the plugin, where TensorBoard has a data provider for it."""
        if context.data_provider is None:
            return None
        return RNNWeightsPlugin(context)
