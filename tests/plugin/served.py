"""All that a server answers about some runs, flat and by name, so that it can be kept and compared."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tests.plugin.client import Client

Array = npt.NDArray[Any]

FACTS = ("series", "notices", "unreadable")

# NumPy's files know no bfloat16, and NaN is to be compared by its bits.
_BITS = {2: np.uint16, 4: np.uint32}


def facts_of(client: Client) -> dict[str, Any]:
    """What the catalog says of each run."""
    return {run: {name: said[name] for name in FACTS} for run, said in client.catalog().items()}


def numbers_of(client: Client, facts: dict[str, Any]) -> dict[str, Array]:
    """The arrays of every series: histograms, statistics, measures, profiles, and heatmaps as bits."""
    found: dict[str, Array] = {}
    for run, said in facts.items():
        for series in said["series"]:
            tag = series["tag"]
            arrays = {f"histograms/{name}": array for name, array in client.histograms(run, tag).items()}
            # The same by name, of which there may be more one day.
            del arrays["histograms/statistics"]
            arrays |= {f"statistics/{name}": array for name, array in client.statistics(run, tag).items()}
            if client.get("profiles", run=run, tag=tag).status_code == 200:
                arrays |= {f"profiles/{name}": array for name, array in client.profiles(run, tag).items()}
            for step in series["heatmaps"]["steps"]:
                cells = client.cells(run, tag, step)
                arrays[f"cells/{step}"] = cells.view(_BITS[cells.dtype.itemsize])
            found |= {f"{run}: {tag}: {name}": array for name, array in arrays.items()}
    return found
