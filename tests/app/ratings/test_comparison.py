"""Two runs compared: what they were made of, and only the numbers that differ."""

import csv
import io

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from app.cli.commands import cli
from app.cli.context import Context
from app.cli.seed import OPEN_FIGURES
from app.clock import FrozenClock
from app.config import Settings
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target, import_file
from app.ratings.comparison import Change, compare_runs
from app.ratings.execution import RunError, RunOrder, execute_run
from tests.builders.country import Country


def figures(session: Session, country: Country, **changed: str) -> None:
    """Import the open figures, some of Oral's with another value."""
    rows = list(csv.DictReader(io.StringIO(OPEN_FIGURES.read_text())))
    for row in rows:
        if row["city"] == "oral" and row["indicator"] in changed:
            row["value"] = changed[row["indicator"]]
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    file = SpreadsheetFile("figures.csv", text.getvalue().encode())
    import_file(session, file, Target("2024", "open_figures_2024"), today=country.today)


def two_runs(country: Country) -> tuple[str, str]:
    with country.database.writing() as session:
        figures(session, country)
        first = execute_run(session, RunOrder(period="2024", waves=()), today=country.today)
        figures(session, country, life_expectancy="79")
        return first, execute_run(session, RunOrder(period="2024", waves=()), today=country.today)


def test_only_what_differs_is_named(country: Country) -> None:
    runs = two_runs(country)
    with country.database.reading() as session:
        comparison = compare_runs(session, *runs)
        assert compare_runs(session, runs[0], runs[0]) == ((), ())
    assert [field for field, _before, _after in comparison.made_of] == ["input_digest"]
    assert {(change.city, change.area, change.number) for change in comparison.changes} >= {
        ("oral", "", "total_without_opinion"),
        ("oral", "hlt", "indicators"),
    }
    assert {change.area for change in comparison.changes} == {"", "hlt"}
    totals = [change for change in comparison.changes if change.number == "total_without_opinion"]
    assert [change.city for change in totals] == ["oral"]
    assert isinstance(totals[0], Change)
    assert (totals[0].after or 0) > (totals[0].before or 0)


def test_a_run_that_is_not_there_is_named(country: Country) -> None:
    with country.database.reading() as session, pytest.raises(RunError, match="no run nothing"):
        compare_runs(session, "nothing", "nothing")


def test_the_command_says_it_line_by_line(country: Country, settings: Settings, clock: FrozenClock) -> None:
    runs = two_runs(country)
    context = Context(settings, country.database, clock)
    done = CliRunner().invoke(cli, ["rating", "compare", *runs], obj=context)
    assert done.exit_code == 0
    assert "input_digest: " in done.stdout
    assert "oral/hlt: indicators " in done.stdout
    assert "oral: total_without_opinion " in done.stdout
    assert "1 city differs" in done.stdout
    refused = CliRunner().invoke(cli, ["rating", "compare", runs[0], "nothing"], obj=context)
    assert refused.exit_code == 1
    assert "no run nothing" in refused.output
