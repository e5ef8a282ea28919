"""The command `summary`: what a saved model or a log directory holds."""

from __future__ import annotations

from pathlib import Path

from tensorboard_plugin_rnnweights.terminal.logs import matrices_of_logs
from tensorboard_plugin_rnnweights.terminal.matrices import SummaryError
from tensorboard_plugin_rnnweights.terminal.models import loader_for, matrices_of_model
from tensorboard_plugin_rnnweights.terminal.table import as_table


def summary(path: Path) -> str:
    """A table of all matrices of the recurrent layers of a model, or of the runs of a log directory.

    Args:
        path: A saved model, or a directory with TensorBoard logs at any depth.

    Raises:
        SummaryError: If there is nothing to show, with the reason in one sentence.
    """
    if not path.exists():
        raise SummaryError(f"there is no '{path}'")
    is_model = not path.is_dir() or loader_for(path) is not None
    matrices, notes = matrices_of_model(path) if is_model else matrices_of_logs(path)
    return "\n".join([as_table(matrices), *notes])
