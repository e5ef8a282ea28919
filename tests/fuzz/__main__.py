"""The long run: `python -m tests.fuzz --inputs 1000000`; it ends with an error where something fails."""

from __future__ import annotations

import argparse
import os
import sys
import time

# As where no TensorFlow is installed, which is how most servers run.
sys.modules["tensorflow"] = None  # type: ignore[assignment]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from tests.fuzz.run import fuzz  # noqa: E402
from tests.fuzz.targets import TARGETS  # noqa: E402


def main() -> None:
    """Fuzzes all targets, or some."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="of all targets together")
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=[*TARGETS])
    parser.add_argument("--seed", type=int, default=0, help="another one gives other inputs")
    options = parser.parse_args()
    chosen = {name: TARGETS[name] for name in options.targets}
    shares = sum(one.share for one in chosen.values())
    started, total = time.monotonic(), 0
    for name, target in chosen.items():
        spent = fuzz(target, round(options.inputs * target.share / shares), options.seed)
        total += spent.inputs
        print(
            f"{name}: {spent.inputs} inputs, {spent.seconds:.0f} s, peak {spent.peak:.0f} MiB, 0 failures",
            flush=True,
        )
    print(f"all: {total} inputs, {time.monotonic() - started:.0f} s, 0 failures")


if __name__ == "__main__":
    main()
