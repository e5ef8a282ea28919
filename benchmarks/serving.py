"""How fast a real TensorBoard answers our routes, in both of its loaders: 20 runs x 100 steps.

python -m benchmarks.serving
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

import requests

from benchmarks import logs
from benchmarks.logs import Log
from benchmarks.tensorboard_process import PLUGIN, tensorboard, wait_until_loaded

REQUESTS = 100


def main() -> None:
    """Writes the logs, and prints a table for each loader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--steps", type=int, default=100)
    sizes = parser.parse_args()
    log = Log(runs=sizes.runs, layers=1, units=256, steps=sizes.steps, kinds=("weights",))
    with tempfile.TemporaryDirectory() as folder:
        logs.write(log, Path(folder), [logs.rnnweights])
        written = sum(file.stat().st_size for file in Path(folder).rglob("*.rnnweights"))
        print(f"{sizes.runs} runs x {sizes.steps} steps of LSTM(256) on 64 inputs: {written / 1e6:,.0f} MB")
        for load_fast in ("true", "false"):
            with tensorboard(folder, load_fast) as board:
                seconds = wait_until_loaded(board, log)
                print(f"\n--load_fast={load_fast}: loaded within {seconds:.0f} s")
                _measure(f"{board.url}/{PLUGIN}/")


def _measure(url: str) -> None:
    runs = requests.get(f"{url}catalog", timeout=60).json()["runs"]
    choose = random.Random(0)

    def some_series() -> dict[str, str]:
        return {"run": choose.choice(runs)["run"], "tag": "weights/lstm_0/recurrent_kernel"}

    def some_heatmap() -> dict[str, str]:
        steps = runs[0]["series"][0]["heatmaps"]["steps"]
        return {**some_series(), "step": str(choose.choice(steps))}

    print(f"{'':34}{'median':>10}{'90 %':>10}{'kB':>8}")
    for route, arguments in (
        ("catalog", dict),
        ("histograms", some_series),
        ("heatmap", some_heatmap),
    ):
        for encoding in ("gzip, zstd", "identity"):
            times, size = [], 0
            for _ in range(REQUESTS):
                chosen = arguments()
                start = time.perf_counter()
                headers = {"Accept-Encoding": encoding}
                with requests.get(
                    url + route, params=chosen, headers=headers, stream=True, timeout=60
                ) as answer:
                    answer.raise_for_status()
                    size = len(answer.raw.read(decode_content=False))
                times.append((time.perf_counter() - start) * 1e3)
            name = f"{route}, Accept-Encoding: {encoding}"
            ninety = statistics.quantiles(times, n=10)[-1]
            print(f"{name:38}{statistics.median(times):6.1f} ms{ninety:7.1f} ms{size / 1e3:8.0f}")


if __name__ == "__main__":
    main()
