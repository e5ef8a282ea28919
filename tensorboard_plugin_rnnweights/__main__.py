"""The commands of `python -m tensorboard_plugin_rnnweights`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Runs the command that the arguments name.

    Args:
        arguments: Those of the command line, unless given.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m tensorboard_plugin_rnnweights", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="train two small LSTMs and show their gates in TensorBoard")
    demo.add_argument("--logdir", type=Path, default=Path("logs/demo"), help="default: %(default)s")
    demo.add_argument("--steps", type=int, default=400, help="batches a run; default: %(default)s")
    demo.add_argument("--port", type=int, help="TensorBoard's port; default: the first free from 6006")
    demo.add_argument("--no-tensorboard", action="store_true", help="only train")
    demo.set_defaults(run=_demo)
    summary = commands.add_parser("summary", help="print the recurrent layers of a model or of logs")
    summary.add_argument(
        "path",
        type=Path,
        metavar="MODEL_OR_LOGDIR",
        help="a .keras, .h5 or SavedModel model, a state dict or checkpoint of PyTorch, Lightning or "
        "Hugging Face (.pt, .pth, .ckpt, .bin, .safetensors), or a log directory",
    )
    summary.add_argument(
        "--import",
        dest="modules",
        action="append",
        default=[],
        metavar="MODULE",
        help="import a module first, so that Keras knows the classes that it registers; runs its code",
    )
    summary.set_defaults(run=_summary)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except BrokenPipeError:
        # Whoever read what we print, such as `head`, has had enough; nothing is left to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _demo(chosen: argparse.Namespace) -> int:
    from tensorboard_plugin_rnnweights.demo.chatter import without_chatter

    print("Two small LSTMs learn Python's own source code, which takes a minute or two.", flush=True)
    with without_chatter():
        try:
            return _train_and_show(chosen)
        except KeyboardInterrupt:
            print("\nStopped.", flush=True)
            return 130


def _train_and_show(chosen: argparse.Namespace) -> int:
    try:
        from tensorboard_plugin_rnnweights.demo import tensorboard_server, training
    except ImportError as error:
        print(
            f"The demo needs TensorFlow and Keras ({error}): "
            "pip install 'tensorboard-plugin-rnnweights[keras]'",
            file=sys.stderr,
        )
        return 1
    training.train_all(chosen.logdir, chosen.steps)
    if not chosen.no_tensorboard:
        tensorboard_server.serve(chosen.logdir, chosen.port)
    return 0


def _summary(chosen: argparse.Namespace) -> int:
    from tensorboard_plugin_rnnweights.terminal.matrices import SummaryError
    from tensorboard_plugin_rnnweights.terminal.summary import summary

    # Modules of the user's own lie in the directory where the command is run.
    sys.path.insert(0, str(Path.cwd()))
    try:
        for module in chosen.modules:
            importlib.import_module(module)
        print(summary(chosen.path), flush=True)
    except ImportError as error:
        print(f"--import: {error}", file=sys.stderr)
        return 1
    except SummaryError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
