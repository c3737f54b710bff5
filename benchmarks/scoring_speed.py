"""Measures the counts and the rating on synthetic answers: `make bench-scoring`; --check fails on a missed limit.

Every step runs in a child process of its own, so that its peak memory is its own, and is repeated; the quickest wall
time counts, for other work on the machine only adds to it. `svy` does one city's rake, mean and error on the answers
themselves. The limits are those of SCORING §8, rows 12, 13 and 14.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import postgresql
from benchmarks.scoring_limits import Measured, Results, verdict
from benchmarks.scoring_steps import STEPS, Store, prepare, run_step

SIZES = (10_000, 100_000, 1_000_000)
NAMES = {
    "rebuild": "rebuild of the counts",
    "whole": "rebuild, then 20 cities with rank intervals",
    "ready": "20 cities from ready counts, no rank simulation",
    "rating": "20 cities from ready counts, rank intervals",
    "city": "one city: rake, 12 areas, jackknife, covariance",
    "svy": "the same city with svy: rake, one mean, error",
    "fold": "fold of 1,000 new answers",
    "judge": "judging all answers again",
}
ONCE = frozenset({"fold", "judge"})
"""Steps that change what they find."""


def measured(step: str, store: Store, repeat: int) -> Measured:
    """Run a step in child processes."""
    runs = []
    for _ in range(1 if step in ONCE else repeat):
        command = [sys.executable, __file__, "--step", step, "--url", store.url, "--keys", str(store.keys)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        runs.append(Measured(**json.loads(done.stdout.splitlines()[-1])))
    return min(runs, key=lambda run: run.seconds)


def measure(name: str, store: Store, options: argparse.Namespace, results: Results) -> None:
    """Grow one database through all sizes and measure at each."""
    grown = 0
    for number, rows in enumerate(options.sizes):
        prepare(store, rows - grown, seed=number + 1, folded=True)
        grown = rows
        for step, words in NAMES.items():
            if step == "fold":
                prepare(store, 1000, seed=number + 50, folded=False)
                grown += 1000
            result = results[name, rows, step] = measured(step, store, options.repeat)
            figures = "".join(f"  {key} {value:.3g}" for key, value in result.figures.items())
            print(
                f"  {name:10} {rows:>9,} {words:50} {result.seconds:8.3f} s  "
                f"{result.cpu:7.3f} s cpu  {result.peak:5.0f} MB{figures}",
                flush=True,
            )


def print_table(results: Results) -> None:
    """Print what docs/operations.md shows."""
    columns = list(dict.fromkeys((name, rows) for name, rows, _step in results))
    print("\n| | " + " | ".join(f"{name} {rows:,}" for name, rows in columns) + " |")
    print("|---|" + "---|" * len(columns))
    for step, words in NAMES.items():
        cells = (results[name, rows, step] for name, rows in columns)
        print(f"| {words} | " + " | ".join(f"{cell.seconds:.3f} s, {cell.peak:.0f} MB" for cell in cells) + " |")


def main() -> None:
    """Measure SQLite, then PostgreSQL; or, as a child, run one step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--repeat", type=int, default=3, help="Times each step is run; the quickest counts.")
    parser.add_argument("--check", action="store_true", help="Fail when a limit is missed, or none applies.")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--keys", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.sizes = sorted(set(options.sizes))  # one database grows through them
    if options.step:
        print(json.dumps(run_step(options.step, Store(options.url, options.keys))))
        return
    results: Results = {}
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with postgresql(folder / "pg") as (url, _server):
            measure("PostgreSQL", Store(url, folder / "p"), options, results)
        measure("SQLite", Store(f"sqlite:///{folder / 'bench.sqlite3'}", folder / "s"), options, results)
    print_table(results)
    if not verdict(results) and options.check:
        sys.exit(1)


if __name__ == "__main__":
    main()
