"""Measures how the costs grow, and puts charts and tables of it into `docs/performance.md`.

python -m benchmarks.growth [PART ...]
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterable

from benchmarks import page
from benchmarks.growth.chart import Chart

PARTS = {
    "logging": "benchmarks.growth.logging_costs",
    "serving": "benchmarks.growth.serving_costs",
    "memory": "benchmarks.growth.memory_costs",
}
"""The modules of all parts. Each has a function `found`, which measures, and gives what is to be shown.

They are imported when it is their turn, so that one's libraries take no part in what another measures.
"""


def main() -> None:
    """Measures the parts in turn, and writes each once it is done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parts = parser.parse_args().parts or [*PARTS]
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for part in parts:
        page.require(f"growth: {part}")
    for part in parts:
        found = _markdown(importlib.import_module(PARTS[part]).found())
        print(found, end="\n\n", flush=True)
        page.write(f"growth: {part}", found, f"python -m benchmarks.growth {part}")


def _markdown(found: Iterable[str | Chart]) -> str:
    return "\n\n".join(one.save(page.PICTURES) if isinstance(one, Chart) else one for one in found)


if __name__ == "__main__":
    main()
