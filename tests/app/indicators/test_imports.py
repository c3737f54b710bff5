from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import demo
from app.database import Database
from app.indicators.errors import Code, ImportFault, ImportRefusedError
from app.indicators.files import SpreadsheetFile, open_file
from app.indicators.imports import ImportReport, Target, import_file
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorImport, IndicatorValue, Period
from app.indicators.periods import DateRange
from app.indicators.queries import CoverageRow, coverage, current_values, get_period
from app.indicators.vocabulary import Status, ValueFlag
from tests.builders.indicators import nobody_on

DAY = date(2026, 11, 24)
TARGET = Target("2019", "standard_2019")
HEADER = "city;indicator;value;status;source"


def file(*lines: str) -> SpreadsheetFile:
    return SpreadsheetFile("values.csv", "\n".join((HEADER, *lines)).encode())


def imported(database: Database, *lines: str, target: Target = TARGET) -> ImportReport:
    with database.writing() as session:
        return import_file(session, file(*lines), target, nobody_on(DAY))


def refused(database: Database, *lines: str, target: Target = TARGET) -> ImportFault:
    with pytest.raises(ImportRefusedError) as refusal:
        imported(database, *lines, target=target)
    return refusal.value.faults[0]


def current(database: Database) -> list[tuple[str, str, Status, int | None, int | None, ValueFlag, int]]:
    with database.reading() as session:
        return [
            (row.city, row.indicator, row.status, row.numerator, row.denominator, row.flag, row.revision)
            for row in current_values(session, "2019", "latest")
        ]


def count(session: Session, table: type) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_first_file_opens_the_period_and_stores_each_row(database: Database) -> None:
    report = imported(
        database,
        "almaty;ctm_1;иә;;қаулы",
        "almaty;ctm_5;112,5;;",
        "astana;ctm_1;...;;",
        "astana;ctm_5;;not applicable;",
    )
    assert report == ImportReport("2019", "standard_2019", 4, 4, 0, 0, 0, 2, 1, 1, 1)
    assert current(database) == [
        ("almaty", "ctm_1", Status.REPORTED, 1, 1, ValueFlag.NONE, 1),
        ("almaty", "ctm_5", Status.REPORTED, 225, 2, ValueFlag.ABOVE_100, 1),
        ("astana", "ctm_1", Status.MISSING, None, None, ValueFlag.NO_DATA, 1),
        ("astana", "ctm_5", Status.NOT_APPLICABLE, None, None, ValueFlag.NONE, 1),
    ]
    with database.reading() as session:
        assert count(session, Period) == 1
        period = get_period(session, "2019")
        assert period
        days = DateRange(date(2019, 1, 1), date(2019, 12, 31))
        assert (period.code, period.edition, period.span, period.state) == ("2019", "standard_2019", days, "open")


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    lines = ("almaty;ctm_1;иә;;", "almaty;ctm_5;61,5;;", "astana;ctm_1;...;;")
    imported(database, *lines)
    before = current(database)
    report = imported(database, *lines)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 3)
    assert current(database) == before


def test_a_changed_value_is_a_new_revision_and_the_old_one_stays(database: Database) -> None:
    imported(database, "almaty;ctm_1;иә;;", "almaty;ctm_5;61,5;;a", "astana;ctm_5;7;;")
    report = imported(
        database, "almaty;ctm_1;;;", "almaty;ctm_5;61.50%;;b", "shymkent;ctm_5;8;;", target=Target("2019")
    )
    assert (report.new, report.changed, report.withdrawn, report.unchanged) == (1, 2, 1, 0)
    assert [(city, code, status, revision) for city, code, status, _, _, _, revision in current(database)] == [
        ("almaty", "ctm_1", Status.MISSING, 2),
        ("almaty", "ctm_5", Status.REPORTED, 2),
        ("astana", "ctm_5", Status.REPORTED, 1),
        ("shymkent", "ctm_5", Status.REPORTED, 1),
    ]
    with database.reading() as session:
        history = session.scalars(
            select(IndicatorValue).where(IndicatorValue.indicator == "ctm_1").order_by(IndicatorValue.revision)
        )
        assert [(row.status, row.numerator, row.imported_on) for row in history] == [
            ("reported", 1, DAY),
            ("missing", None, DAY),
        ]


def test_each_value_knows_the_file_it_came_from(database: Database) -> None:
    imported(database, "almaty;ctm_1;иә;;")
    imported(database, "almaty;ctm_1;жоқ;;")
    with database.reading() as session:
        rows = session.execute(
            select(IndicatorValue.numerator, IndicatorImport.sha256, IndicatorImport.file_name, IndicatorImport.rows)
            .join(IndicatorImport, IndicatorImport.id == IndicatorValue.imported_by)
            .order_by(IndicatorValue.revision)
        ).all()
    digests = [file("almaty;ctm_1;иә;;").sha256, file("almaty;ctm_1;жоқ;;").sha256]
    assert [tuple(row) for row in rows] == [
        (1, digests[0], "values.csv", 1),
        (0, digests[1], "values.csv", 1),
    ]


def test_one_bad_row_keeps_the_whole_file_out(database: Database) -> None:
    fault = refused(database, "almaty;ctm_1;иә;;", "almaty;ctm_5;61,5;;", "astana;ctm_1;мүмкін;;")
    assert fault[:3] == (4, "value", Code.NOT_YES_OR_NO)
    with database.reading() as session:
        assert count(session, IndicatorValue) == count(session, IndicatorImport) == count(session, Period) == 0


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (Target("2019"), Code.UNKNOWN_PERIOD),
        (Target("yesterday", "standard_2019"), Code.UNKNOWN_PERIOD),
        (Target("2019", "standard_1999"), Code.UNKNOWN_EDITION),
        (Target("2019", "../secret"), Code.UNKNOWN_EDITION),
    ],
)
def test_an_unknown_period_or_edition_is_refused(database: Database, target: Target, code: Code) -> None:
    assert refused(database, "almaty;ctm_1;иә;;", target=target).code is code


def test_a_period_keeps_its_edition(database: Database) -> None:
    imported(database, "almaty;ctm_1;иә;;")
    fault = refused(database, "almaty;ctm_1;иә;;", target=Target("2019", "order_2025"))
    assert (fault.code, fault.found, fault.expected) == (Code.OTHER_EDITION, "order_2025", "standard_2019")


def test_an_edition_without_indicators_takes_no_values(database: Database) -> None:
    fault = refused(database, "almaty;ctm_1;иә;;", target=Target("2026", "order_2025"))
    assert fault[:3] == (2, "indicator", Code.UNKNOWN_INDICATOR)


def test_coverage_counts_what_was_never_imported_as_missing(database: Database) -> None:
    imported(database, "almaty;ctm_1;иә;;", "almaty;ctm_5;101;;", "almaty;ctm_2;х;;", "almaty;ctm_3;;қолданылмайды;")
    indicators = ["ctm_1", "ctm_2", "ctm_3", "ctm_4", "ctm_5"]
    with database.reading() as session:
        values = current_values(session, "2019", "latest")
    assert coverage(values, ["almaty", "astana"], indicators) == [
        CoverageRow("almaty", reported=2, missing=2, not_applicable=1, flagged=1),
        CoverageRow("astana", reported=0, missing=5, not_applicable=0, flagged=0),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "reported", "numerator": None, "denominator": None},
        {"status": "missing", "numerator": 0, "denominator": 1},
        {"status": "reported", "numerator": 1, "denominator": None},
        {"status": "reported", "numerator": 1, "denominator": 0},
        {"status": "unsure"},
        {"flag": "odd"},
        {"revision": 0},
        {"revision": 1},
    ],
    ids=str,
)
def test_the_database_itself_refuses_a_row_that_cannot_be(database: Database, wrong: dict[str, object]) -> None:
    imported(database, "almaty;ctm_1;иә;;")
    row = {
        "period": "2019",
        "city": "almaty",
        "indicator": "ctm_1",
        "revision": 2,
        "status": "reported",
        "numerator": 1,
        "denominator": 1,
        "flag": "",
        "source": "",
        "imported_by": 1,
        "imported_on": DAY,
    }
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(insert(IndicatorValue).values(row | wrong))


def test_the_largest_numbers_come_back_unharmed(database: Database) -> None:
    imported(database, f"almaty;ctm_5;{2**63 - 1};;", f"astana;ctm_5;-{2**63 - 1};;")
    assert [row[3] for row in current(database)] == [2**63 - 1, -(2**63) + 1]


def test_the_published_figures_of_2024_are_imported_whole(database: Database) -> None:
    path = Path(demo.__file__).parent / "data" / "open_figures_2024.csv"
    with database.writing() as session:
        report = import_file(session, open_file(path), Target("2024", "open_figures_2024"), nobody_on(DAY))
    assert (report.rows, report.reported, report.missing, report.flagged) == (240, 235, 5, 3)
    with database.reading() as session:
        values = {(row.city, row.indicator): row.measure for row in current_values(session, "2024", "latest")}
    # As the Bureau published: five regions without a gross product per head; more crimes cleared than registered.
    assert values["semey", "grp_per_capita"] == Measurement(Status.MISSING)
    assert values["oral", "crimes_cleared"] == Measurement(Status.REPORTED, 2416, 2306, ValueFlag.ABOVE_100)
    assert values["aktau", "life_expectancy"] == Measurement(Status.REPORTED, 7583, 100)
