"""TensorBoard as if this project were not installed.

python -m benchmarks.without_plugin --logdir LOGDIR ...
"""

from __future__ import annotations

import sys

from tensorboard import default, main_lib, program

from tensorboard_plugin_rnnweights.plugin.loader import RNNWeightsLoader


def main() -> None:
    """Runs TensorBoard's own command line with all plugins but ours."""
    main_lib.global_init()
    others = [plugin for plugin in default.get_plugins() if plugin is not RNNWeightsLoader]
    board = program.TensorBoard(plugins=others)
    board.configure(sys.argv)
    sys.exit(board.main())


if __name__ == "__main__":
    main()
