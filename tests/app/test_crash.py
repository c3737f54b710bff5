"""The runs of benchmarks/ in short: that they work at all, and that nothing acknowledged is lost or doubled."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(tmp_path: Path, *command: str) -> str:
    """Run a script as make does; its output goes to a file, for a database it starts would hold a pipe open."""
    report = tmp_path / "report.txt"
    with report.open("w") as file:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        result = subprocess.run(
            [sys.executable, "-W", "ignore", *command], cwd=ROOT, env=environment, stdout=file, timeout=300, check=False
        )
    text = report.read_text()
    assert result.returncode == 0, text
    return text


@pytest.mark.full
@pytest.mark.parametrize("database", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def test_nothing_acknowledged_is_lost_or_doubled_by_kills(tmp_path: Path, database: str) -> None:
    aim = ("--kills", "4", "--acknowledged", "200", "--seconds", "90")
    text = run(tmp_path, "benchmarks/crash.py", "--only", database, *aim)
    assert " 0 lost, 0 doubled" in text
    assert "4 kills of the web server" in text


@pytest.mark.full
@pytest.mark.parametrize("database", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def test_all_of_a_rush_is_acknowledged_stored_and_counted(tmp_path: Path, database: str) -> None:
    text = run(tmp_path, "benchmarks/rush.py", "--quick", "--only", database)
    assert "260 acknowledged, 260 stored, 260 folded: OK" in text


@pytest.mark.full
@pytest.mark.parametrize("database", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def test_the_measurement_of_intake_runs_and_stores_what_it_acknowledges(tmp_path: Path, database: str) -> None:
    text = run(tmp_path, "benchmarks/intake.py", "--quick", "--only", database)
    assert "PUT / floor" in text
    assert ": OK" in text.splitlines()[-1]
