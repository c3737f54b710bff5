"""The check of the scoring benchmark holds a table of results to every limit that applies, and never to none."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.scoring_limits import Measured, Results, limits, verdict

ROOT = Path(__file__).parents[2]
NAMES = ("PostgreSQL", "SQLite")
WITHIN = {
    "city": Measured(0.1, 0.1, 100, {}),
    "whole": Measured(10, 10, 500, {}),
    "ready": Measured(2, 2, 100, {}),
    "svy": Measured(30, 30, 1000, {"difference": 1e-8}),
}
"""Every limit just kept."""


def table(*sizes: int) -> Results:
    return {(name, rows, step): each for name in NAMES for rows in sizes for step, each in WITHIN.items()}


def broken(results: Results, name: str, rows: int, step: str, **change: float) -> Results:
    """Give the results with one number changed."""
    worse = {"figures": {"difference": change.pop("difference")}} if "difference" in change else {}
    return results | {(name, rows, step): replace(results[name, rows, step], **change, **worse)}


@pytest.mark.parametrize("sizes", [(200_000,), (10_000, 100_000), (100_000, 1_000_000), (10_000, 2_000_000)])
def test_results_that_just_keep_every_limit_pass(sizes: tuple[int, ...]) -> None:
    assert verdict(table(*sizes))


def test_one_size_is_held_to_everything_but_growth() -> None:
    words = [limit.words for limit in limits(table(200_000))]
    assert {each.split(":")[0] for each in words if each.startswith("row")} == {"row 12", "row 13"}
    assert len(words) == 5 + 3
    assert all("200,000" in each for each in words)


class Slip(NamedTuple):
    """One number beyond its limit, and the words of that limit."""

    name: str
    step: str
    change: dict[str, float]
    words: str


SLIPS = (
    Slip("PostgreSQL", "city", {"seconds": 0.101}, "row 12: one city, PostgreSQL, 200,000 answers"),
    Slip("SQLite", "city", {"seconds": 0.101}, "row 12: one city, SQLite, 200,000 answers"),
    Slip("PostgreSQL", "whole", {"seconds": 10.01}, "row 13: rebuild and rating"),
    Slip("PostgreSQL", "whole", {"peak": 501}, "row 13: the same, peak"),
    Slip("SQLite", "ready", {"seconds": 2.01}, "row 13: from ready counts"),
    Slip("SQLite", "svy", {"difference": 1.1e-8}, "svy and we differ"),
    Slip("SQLite", "city", {"seconds": float("nan")}, "row 12"),
)


@pytest.mark.parametrize("sizes", [(200_000,), (10_000, 200_000), (200_000, 2_000_000)])
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.words)
def test_a_limit_that_is_missed_at_any_size_fails_and_is_named(
    sizes: tuple[int, ...], slip: Slip, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not verdict(broken(table(*sizes), slip.name, 200_000, slip.step, **slip.change))
    missed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("MISSED")]
    assert len(missed) == 1
    assert slip.words in missed[0]


@pytest.mark.parametrize(("large", "holds"), [(1.5, True), (1.51, False)])
def test_growth_is_checked_where_both_of_its_sizes_were_measured(large: float, holds: bool) -> None:
    results = broken(table(10_000, 100_000, 1_000_000), "SQLite", 100_000, "ready", seconds=1.0)
    assert verdict(broken(results, "SQLite", 1_000_000, "ready", seconds=large)) is holds
    other = broken(table(10_000, 100_000), "SQLite", 10_000, "ready", seconds=0.1)
    assert verdict(other), "the list sets no limit on growth between other sizes"


def test_a_table_to_which_no_limit_applies_fails_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert not verdict(table(2_000_000))
    assert "no limit applies to 2,000,000: nothing was checked" in capsys.readouterr().out
    assert not verdict({})


RUN = """
import runpy, sys
from contextlib import contextmanager
import benchmarks.processes, benchmarks.scoring_steps, benchmarks.scoring_limits
import subprocess as real
seconds = float(sys.argv.pop(1))
benchmarks.scoring_steps.prepare = lambda *_args, **_options: None
@contextmanager
def postgresql(folder):
    yield "postgresql://nowhere", None
benchmarks.processes.postgresql = postgresql
class Done:
    stdout = '{"seconds": %g, "cpu": 0, "peak": 0, "figures": {"difference": 0}}' % seconds
real.run = lambda *_args, **_options: Done
runpy.run_path("benchmarks/scoring_speed.py", run_name="__main__")
"""
"""The command with every measurement replaced by so many seconds."""


@pytest.mark.parametrize(
    ("seconds", "arguments", "code", "output"),
    [
        ("0.05", ["--check", "--sizes", "20000"], 0, "OK     row 12: one city, SQLite, 20,000 answers"),
        ("0.2", ["--check", "--sizes", "20000"], 1, "MISSED row 12: one city, SQLite, 20,000 answers"),
        ("0.2", ["--sizes", "20000"], 0, "MISSED row 12: one city, SQLite, 20,000 answers"),
        ("0.05", ["--check", "--sizes", "2000000"], 1, "MISSED no limit applies to 2,000,000"),
        ("0.05", ["--check", "--sizes", "1000000", "100000"], 0, "OK     row 14"),
    ],
)
def test_the_command_ends_as_its_verdict_says(seconds: str, arguments: list[str], code: int, output: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, seconds, *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (code, "")
    assert output in done.stdout
