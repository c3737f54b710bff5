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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import postgresql
from benchmarks.scoring_steps import STEPS, Place, prepare, run_step

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


@dataclass(frozen=True, slots=True)
class Measured:
    """One step's quickest run: wall and own processor seconds, the child's peak in MB, what the step said."""

    seconds: float
    cpu: float
    peak: float
    said: dict[str, float]


Results = dict[tuple[str, int, str], Measured]


def measured(step: str, place: Place, repeat: int) -> Measured:
    """Run a step in child processes."""
    runs = []
    for _ in range(1 if step in ONCE else repeat):
        command = [sys.executable, __file__, "--step", step, "--url", place.url, "--keys", str(place.keys)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        runs.append(Measured(**json.loads(done.stdout.splitlines()[-1])))
    return min(runs, key=lambda run: run.seconds)


def measure(name: str, place: Place, asked: argparse.Namespace, results: Results) -> None:
    """Grow one database through all sizes and measure at each."""
    grown = 0
    for number, rows in enumerate(asked.sizes):
        prepare(place, rows - grown, seed=number + 1, folded=True)
        grown = rows
        for step, words in NAMES.items():
            if step == "fold":
                prepare(place, 1000, seed=number + 50, folded=False)
                grown += 1000
            found = results[name, rows, step] = measured(step, place, asked.repeat)
            said = "".join(f"  {key} {value:.3g}" for key, value in found.said.items())
            print(
                f"  {name:10} {rows:>9,} {words:50} {found.seconds:8.3f} s  "
                f"{found.cpu:7.3f} s cpu  {found.peak:5.0f} MB{said}",
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


def limits(results: Results) -> Iterator[tuple[str, float, float]]:
    """Give each limit with what was measured: words, value, limit."""
    middle, large = sorted({rows for _name, rows, _step in results})[-2:]
    for name in dict.fromkeys(name for name, _rows, _step in results):
        found = {step: results[name, large, step] for step in NAMES}
        yield f"row 12: one city, {name}, s", found["city"].seconds, 0.1
        if name == "PostgreSQL":
            yield f"row 13: rebuild and rating of {large:,} answers, {name}, s", found["whole"].seconds, 10
            yield f"row 13: the same, peak, {name}, MB", found["whole"].peak, 500
        yield f"row 13: from ready counts without rank simulation, {name}, s", found["ready"].seconds, 2
        ratio = found["ready"].seconds / results[name, middle, "ready"].seconds
        yield f"row 14: {large:,} to {middle:,} answers from ready counts, {name}", ratio, 1.5
        yield f"svy and we differ in one city's mean, {name}", found["svy"].said["difference"], 1e-8


def verdicts(results: Results) -> bool:
    """Print OK or MISSED for each limit; gives whether all hold."""
    held = True
    for words, value, limit in limits(results):
        held &= value <= limit
        print(f"{'OK    ' if value <= limit else 'MISSED'} {words}: {value:.3g} (at most {limit:g})")
    return held


def main() -> None:
    """Measure SQLite, then PostgreSQL; or, as a child, run one step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--repeat", type=int, default=3, help="Times each step is run; the quickest counts.")
    parser.add_argument("--check", action="store_true", help="Fail when a limit is missed.")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--keys", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps(run_step(asked.step, Place(asked.url, asked.keys))))
        return
    results: Results = {}
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with postgresql(folder / "pg") as (url, _server):
            measure("PostgreSQL", Place(url, folder / "p"), asked, results)
        measure("SQLite", Place(f"sqlite:///{folder / 'bench.sqlite3'}", folder / "s"), asked, results)
    print_table(results)
    if len(asked.sizes) > 1 and not verdicts(results) and asked.check:
        sys.exit(1)


if __name__ == "__main__":
    main()
