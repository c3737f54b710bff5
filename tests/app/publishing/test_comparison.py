"""Two runs compared: what they were made of, and only the numbers that differ."""

import csv
import gzip
import hashlib
import io
import re
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.commands import cli
from app.cli.context import Context
from app.cli.seed import OPEN_FIGURES
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import Target
from app.publishing import comparison as comparison_module
from app.publishing.bundle import Bundle
from app.publishing.comparison import KEYS, Change, compare_runs
from app.publishing.results import AgreementResult
from app.ratings.execution import RunOrder, execute_run, stored_examination
from app.ratings.models import EXAMINATION, Run, RunFrame
from app.ratings.stored import RunError
from app.web.portal import data
from scoring.frames import canonical_csv
from scoring.output.rating import COLUMNS
from tests.builders.country import BUSINESSES, RESIDENTS, Country
from tests.builders.indicators import import_accepted, nobody_on
from tests.conftest import NOW


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
    import_accepted(session, file, Target("2024", "open_figures_2024"), today=country.today)


def two_runs(country: Country) -> tuple[str, str]:
    with country.database.writing() as session:
        figures(session, country)
        first = execute_run(session, RunOrder(period="2024", waves=()), nobody_on(country.today))
        figures(session, country, life_expectancy="79")
        return first, execute_run(session, RunOrder(period="2024", waves=()), nobody_on(country.today))


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
    of_cities = [change for change in comparison.changes if change.table == "cities"]
    totals = [change for change in of_cities if change.number == "total_without_opinion"]
    assert [change.city for change in totals] == ["oral"]
    assert isinstance(totals[0], Change)
    assert float(totals[0].after or 0) > float(totals[0].before or 0)


@pytest.fixture
def copied(published: tuple[Database, Bundle], tmp_path: Path) -> Database:
    """The database of the small published country, to be changed."""
    (tmp_path / "copy.sqlite3").write_bytes(Path(str(published[0].engine.url.database)).read_bytes())
    return Database(f"sqlite:///{tmp_path / 'copy.sqlite3'}")


def altered(content: bytes, column: str) -> bytes:
    """Change the last value of a column that has one, in a stored table; a column without any gets one."""
    frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    filled = frame.index[frame[column] != ""]
    row = filled[-1] if len(filled) else frame.index[-1]
    value = frame.loc[row, column]
    number = re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", value)
    frame.loc[row, column] = (
        str(float(value) + 1) if number and "." in value else str(int(value) + 1) if number else "1"
    )
    return canonical_csv(frame)


PUBLISHED = {
    "rating": "cities",
    "places": "places",
    "areas": "areas",
    "groups": "groups",
    "rules": "rules",
    "samples": "weights",
    "estimates": "estimates",
    "shares": "shares",
    "people": "domains",
    "findings": "findings",
    "diagnostics": "diagnostics",
    "with-unverified": "with_unverified",
    "choices": "indices",
    "choice-places": "ranges",
    "choice-moves": "moved",
    "examination": "examination",
    "agreement": "agreement",
}
"""File of the open data → table that is compared."""


def with_unverified(session: Session, frames: list[RunFrame]) -> RunFrame:
    """Give the run the table that its edition does not have, from its headline."""
    cities = next(frame for frame in frames if frame.kind == "cities")
    table = pd.read_csv(io.BytesIO(gzip.decompress(cities.csv_gz)), dtype=str, keep_default_na=False)
    content = canonical_csv(table[list(COLUMNS["with_unverified"])])
    own = {"kind": "with_unverified", "rows": len(table), "csv_gz": gzip.compress(content, mtime=0)}
    beside = RunFrame(run=cities.run, side="output", sha256=hashlib.sha256(content).hexdigest(), **own)
    session.add(beside)
    session.flush()
    return beside


def test_a_table_that_one_edition_alone_has_is_said_to_differ(copied: Database) -> None:
    with copied.writing() as session:
        run = session.scalars(select(Run)).one()
        period = {"period": "2024", "waves": (RESIDENTS, BUSINESSES)}
        again = execute_run(session, RunOrder(**period), nobody_on(NOW.date()))
        assert compare_runs(session, run.id, again).changes == ()
        frames = list(session.scalars(select(RunFrame).where(RunFrame.run == again, RunFrame.side == "output")))
        with_unverified(session, frames)
        assert {change.table for change in compare_runs(session, run.id, again).changes} == {"with_unverified"}


def test_every_table_and_column_that_is_published_is_compared() -> None:
    assert PUBLISHED.keys() == data.TABLES.keys()
    assert set(PUBLISHED.values()) | {"without_flagged", "without_employees"} == KEYS.keys()
    assert {table for table in COLUMNS if table not in KEYS} == {"covariances"}


@pytest.mark.parametrize("table", [table for table in COLUMNS if table in KEYS])
def test_a_run_that_differs_in_any_column_of_any_table_is_said_to_differ(copied: Database, table: str) -> None:
    with copied.writing() as session:
        run = session.scalars(select(Run)).one()
        words = {column.name: getattr(run, column.name) for column in Run.__table__.columns}
        frames = list(session.scalars(select(RunFrame).where(RunFrame.run == run.id, RunFrame.side == "output")))
        if table == "with_unverified":
            frames.append(with_unverified(session, frames))
        fields = ("side", "kind", "rows", "sha256")
        unseen = []
        for column in COLUMNS[table]:
            session.add(Run(**(words | {"id": column})))
            session.flush()
            for frame in frames:
                content = gzip.decompress(frame.csv_gz)
                content = altered(content, column) if frame.kind == table and frame.rows else content
                own = {name: getattr(frame, name) for name in fields}
                session.add(RunFrame(run=column, csv_gz=gzip.compress(content, mtime=0), **own))
            session.flush()
            rows = next(frame.rows for frame in frames if frame.kind == table)
            found = {change.table for change in compare_runs(session, run.id, column).changes}
            unseen += [] if found == ({table} if rows else set()) else [column]
    assert unseen == []


def stored_again(session: Session, run: Run, name: str, examination: pd.DataFrame) -> str:
    """Store a run once more, with another table of how its values were examined."""
    words = {column.name: getattr(run, column.name) for column in Run.__table__.columns}
    session.add(Run(**(words | {"id": name})))
    session.flush()
    for frame in session.scalars(select(RunFrame).where(RunFrame.run == run.id)).all():
        own = {field: getattr(frame, field) for field in ("side", "kind", "rows", "sha256", "csv_gz")}
        if frame.kind == EXAMINATION:
            own |= {"csv_gz": gzip.compress(canonical_csv(examination), mtime=0), "rows": len(examination)}
        session.add(RunFrame(run=name, **own))
    session.flush()
    return name


@pytest.mark.parametrize("column", ["not_accepted", "unreviewed", "late"])
def test_a_value_that_was_examined_otherwise_is_said_to_differ(copied: Database, column: str) -> None:
    with copied.writing() as session:
        run = session.scalars(select(Run)).one()
        table = stored_examination(session, run.id)
        assert len(table) > 1
        table.loc[1, column] = 1 - table.loc[1, column]
        other = stored_again(session, run, "other", table)
        changes = compare_runs(session, run.id, other).changes
    city, indicator = table.loc[1, "city"], table.loc[1, "indicator"]
    now = float(table.loc[1, column])
    assert changes == (Change(city, "", column, 1 - now, now, "examination", (indicator,)),)


def test_a_value_of_which_nothing_is_to_be_told_any_more_is_said_to_differ(copied: Database) -> None:
    with copied.writing() as session:
        run = session.scalars(select(Run)).one()
        table = stored_examination(session, run.id)
        other = stored_again(session, run, "other", table.iloc[1:])
        back = compare_runs(session, other, run.id).changes
        changes = compare_runs(session, run.id, other).changes
    first = table.iloc[0]
    told = [name for name in ("not_accepted", "unreviewed", "late") if first[name]]
    of_value = (first["city"], "", "examination", (first["indicator"],))
    assert [(each.city, each.area, each.table, each.row) for each in changes] == [of_value] * len(told)
    assert [(each.number, each.before, each.after) for each in changes] == [(name, 1.0, 0.0) for name in told]
    assert [(each.number, each.before, each.after) for each in back] == [(name, 0.0, 1.0) for name in told]


def test_assessors_who_agree_less_are_said_to_differ(copied: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {
        "first": AgreementResult(cases=30, agreed_percent=90.0, returned_percent=20.0, kappa=0.7),
        "second": AgreementResult(
            cases=40, agreed_percent=100.0, returned_percent=0.0, kappa=None, kappa_reason="all_the_same"
        ),
    }
    monkeypatch.setattr(comparison_module, "agreement_at", lambda _session, run: rows.get(run.id))
    with copied.writing() as session:
        run = session.scalars(select(Run)).one()
        table = stored_examination(session, run.id)
        runs = [stored_again(session, run, name, table) for name in rows]
        changes = compare_runs(session, *runs).changes
    assert {each.number for each in changes} == {field.name for field in fields(AgreementResult)}
    assert {(each.city, each.table) for each in changes} == {("", "agreement")}


def test_the_order_in_which_waves_are_named_and_how_often_changes_nothing(copied: Database) -> None:
    with copied.writing() as session:
        orders = ((RESIDENTS, BUSINESSES), (BUSINESSES, RESIDENTS), (RESIDENTS, BUSINESSES, RESIDENTS))
        runs = [execute_run(session, RunOrder(period="2024", waves=waves), nobody_on(NOW.date())) for waves in orders]
        assert [compare_runs(session, runs[0], run) for run in runs[1:]] == [((), ())] * 2


def test_what_the_choices_of_the_method_do_is_compared_too(copied: Database) -> None:
    with copied.writing() as session:
        waves = (RESIDENTS, BUSINESSES)
        runs = [
            execute_run(session, RunOrder(period="2024", waves=waves, alpha=alpha), nobody_on(NOW.date()))
            for alpha in ("0.25", "0.35")
        ]
        comparison = compare_runs(session, *runs)
    assert {change.table for change in comparison.changes} >= {"cities", "ranges", "moved"}
    assert comparison.cities > 10


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
    # One city's value moves its neighbours' places in tables that the headline does not show.
    named = {line.partition(":")[0].split(" ")[-1].partition("/")[0] for line in done.stdout.splitlines()[1:-1]}
    assert f"{len(named)} cities differ" in done.stdout
    assert len(named) > 1
    refused = CliRunner().invoke(cli, ["rating", "compare", runs[0], "nothing"], obj=context)
    assert refused.exit_code == 1
    assert "no run nothing" in refused.output
