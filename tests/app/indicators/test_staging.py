"""Imports in two steps: nothing is stored before it was seen and confirmed, and what was stored can be undone."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.audit.models import JournalRow
from app.database import Database
from app.indicators.case_models import ImportStage
from app.indicators.cases import get_case, return_case
from app.indicators.catalogue import indicators_of
from app.indicators.errors import Code, ImportRefusedError, NotConfirmedError
from app.indicators.files import SpreadsheetFile
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue
from app.indicators.queries import current_values
from app.indicators.returns import plan_return
from app.indicators.staging import (
    AlreadyConfirmedError,
    Effect,
    OtherPreviewError,
    Preview,
    StageTarget,
    UnknownStageError,
    confirm,
    drop_old_stages,
    get_preview,
    stage_file,
)
from app.indicators.states import State
from app.indicators.templates import Template, template_sheet, written
from app.indicators.undoing import CannotUndoError, undo_import
from app.indicators.uploads import Expected, UploadReading, read_lines, read_upload
from app.indicators.vocabulary import Basis, Status
from surveys.languages import LANGUAGES
from surveys.population.places import load_places
from tests.builders.cases import (
    ANALYST,
    FIRST,
    LEAD,
    MONDAY,
    RATE,
    SECOND,
    YES_NO,
    add_paper,
    by,
    give_verdict,
    send,
    sent_yes,
    type_in,
)
from tests.builders.indicators import make_xlsx, with_part

EXPECTED = Expected("standard_2019", "aktau")
TARGET = StageTarget("2026", "aktau")
HEADER = "city;indicator;value;status;source;basis;note"
LATER = MONDAY + timedelta(minutes=9)


def file(*lines: str) -> SpreadsheetFile:
    return SpreadsheetFile("values.csv", "\n".join((HEADER, *lines)).encode())


def staged(database: Database, sent: SpreadsheetFile, reading: UploadReading | None = None) -> Preview:
    """Send a file as an analyst; it is read in a process of its own unless a test did so before."""
    reading = reading or read_upload(sent, EXPECTED)
    with database.writing() as session:
        return get_preview(session, stage_file(session, TARGET, sent, reading, by(ANALYST)), by(ANALYST))


def confirmed(database: Database, preview: Preview, withdrawn: int = 0) -> None:
    with database.writing() as session:
        confirm(session, preview.id, preview.mark, withdrawn, by(ANALYST))


def counts(preview: Preview) -> dict[str, int]:
    return {str(effect): n for effect, n in preview.counts.items()}


@contextmanager
def own_processor_seconds() -> Iterator[list[float]]:
    """Measure what this process itself computes meanwhile, without its children."""
    used: list[float] = []
    before = resource.getrusage(resource.RUSAGE_SELF)
    yield used
    after = resource.getrusage(resource.RUSAGE_SELF)
    used.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def test_nothing_is_stored_before_it_is_confirmed(opened: Database) -> None:
    preview = staged(opened, file("aktau;ctm_1;иә;;қаулы;тізілім емес;", "Ақтау;ctm_5;61,5;;;;"))
    assert [(fault.line, fault.column, fault.code) for fault in preview.faults] == [(2, "basis", Code.UNKNOWN_BASIS)]
    preview = staged(opened, file("aktau;ctm_1;иә;;қаулы;register;", "Ақтау;ctm_5;61,5;;;;", "aktau;ctm_6;;;;;"))
    assert counts(preview) == {"new": 2, "empty": 1}
    with opened.reading() as session:
        assert session.scalars(select(func.count()).select_from(IndicatorValue)).one() == 0
    confirmed(opened, preview)
    with opened.reading() as session:
        values = {row.indicator: row for row in current_values(session, "2026", "latest")}
        assert (values["ctm_1"].numerator, values["ctm_1"].basis) == (1, Basis.REGISTER)
        assert set(values) == {"ctm_1", "ctm_5"}, "an empty line of an empty case is no value"
        assert get_case(session, RATE).state == "draft"
        stored = session.scalars(select(IndicatorValue).where(IndicatorValue.indicator == "ctm_1")).one()
        assert (stored.entered_by, stored.imported_by is not None) == (ANALYST, True)
        told = list(session.scalars(select(JournalRow.event).order_by(JournalRow.seq)))
        assert told == ["period.opened", "import.staged", "import.staged", "values.imported", "import.confirmed"]


def test_the_same_file_twice_changes_nothing(opened: Database) -> None:
    sent = file("aktau;ctm_1;иә;;қаулы;register;- хат", "aktau;ctm_5;61,5;;;;")
    reading = read_upload(sent, EXPECTED)
    confirmed(opened, staged(opened, sent, reading))
    again = staged(opened, sent, reading)
    assert counts(again) == {"unchanged": 2}
    assert not again.is_confirmable


def test_what_would_be_withdrawn_is_confirmed_by_its_number(opened: Database) -> None:
    with opened.writing() as session:
        for key, value in ((YES_NO, "yes"), (RATE, "61")):
            type_in(session, key, value=value)
    preview = staged(opened, file("aktau;ctm_1;;;;;", "aktau;ctm_5;;not applicable;;;"))
    assert counts(preview) == {"withdrawn": 2}
    for wrong in (0, 1, 3):
        with opened.writing() as session, pytest.raises(NotConfirmedError) as refused:
            confirm(session, preview.id, preview.mark, wrong, by(ANALYST))
        assert refused.value.missing == 2
    confirmed(opened, preview, 2)
    with opened.reading() as session:
        statuses = {row.indicator: row.status for row in current_values(session, "2026", "latest")}
        assert statuses == {"ctm_1": Status.MISSING, "ctm_5": Status.NOT_APPLICABLE}


def test_a_preview_that_is_no_longer_true_is_not_confirmed(opened: Database) -> None:
    with opened.writing() as session:
        type_in(session, RATE, value="60")
    preview = staged(opened, file("aktau;ctm_5;61,5;;;;"))
    assert [(line.effect, line.before.numerator if line.before else None) for line in preview.lines] == [
        (Effect.CHANGED, 60)
    ]
    with opened.writing() as session:
        type_in(session, RATE, LEAD, value="62")
    with opened.writing() as session, pytest.raises(OtherPreviewError):
        confirm(session, preview.id, preview.mark, 0, by(ANALYST))
    with opened.reading() as session:
        fresh = get_preview(session, preview.id, by(ANALYST))
    confirmed(opened, fresh)
    with opened.writing() as session, pytest.raises(AlreadyConfirmedError):
        confirm(session, fresh.id, fresh.mark, 0, by(ANALYST))


def test_a_row_of_another_city_is_a_fault_and_nothing_of_the_file_is_taken(opened: Database) -> None:
    preview = staged(opened, file("aktau;ctm_1;иә;;;;", "almaty;ctm_1;иә;;;;", "Алматы;ctm_5;5;;;;"))
    assert [(fault.line, fault.code) for fault in preview.faults] == [(3, Code.OTHER_CITY), (4, Code.OTHER_CITY)]
    assert not preview.is_confirmable
    with opened.writing() as session, pytest.raises(NotConfirmedError):
        confirm(session, preview.id, preview.mark, 0, by(ANALYST))


def test_a_value_that_is_with_the_ministry_is_a_fault_where_it_would_change(opened: Database) -> None:
    with opened.writing() as session:
        type_in(session, YES_NO, value="yes", source="Stat")
        add_paper(session, YES_NO)
        send(session, YES_NO)
    same = staged(opened, file("aktau;ctm_1;yes;;Stat;;", "aktau;ctm_5;5;;;;"))
    assert (counts(same), same.faults) == ({"unchanged": 1, "new": 1}, ())
    other = staged(opened, file("aktau;ctm_1;no;;Stat;;"))
    assert [(fault.code, fault.found, fault.expected) for fault in other.faults] == [
        (Code.NOT_EDITABLE, "ctm_1", "sent")
    ]


def test_a_file_waits_a_day_and_for_its_owner_alone(opened: Database) -> None:
    preview = staged(opened, file("aktau;ctm_1;иә;;;;"))
    with opened.writing() as session:
        for person, at in ((LEAD, MONDAY), (ANALYST, MONDAY + timedelta(hours=25))):
            with pytest.raises(UnknownStageError):
                get_preview(session, preview.id, by(person, at))
        assert drop_old_stages(session, MONDAY + timedelta(hours=23)) == 0
        assert drop_old_stages(session, MONDAY + timedelta(hours=25)) == 1
        assert session.scalars(select(ImportStage.id)).all() == []


def test_a_period_or_city_without_cases_takes_no_file(opened: Database) -> None:
    for target in (StageTarget("2026", "astana"), StageTarget("2027", "aktau")):
        with opened.writing() as session, pytest.raises(ImportRefusedError) as refused:
            stage_file(session, target, file("aktau;ctm_1;иә;;;;"), UploadReading((), (), 0), by(ANALYST))
        assert refused.value.faults[0].code is Code.NOT_YET_OPEN


def test_an_import_is_undone_within_ten_minutes(opened: Database) -> None:
    with opened.writing() as session:
        type_in(session, RATE, value="60", source="Stat", note="- draft")
    preview = staged(opened, file("aktau;ctm_5;61,5;;Other;;", "aktau;ctm_1;иә;;;;"))
    confirmed(opened, preview)
    with opened.writing() as session:
        assert undo_import(session, preview.id, by(ANALYST, LATER)) == 2
        values = {row.indicator: row for row in current_values(session, "2026", "latest")}
        assert values["ctm_5"][2:7] == (Status.REPORTED, 60, 1, "", "Stat")
        assert (values["ctm_5"].note, values["ctm_5"].revision) == ("- draft", 3)
        assert (values["ctm_1"].status, values["ctm_1"].revision) == (Status.MISSING, 2)
        assert get_case(session, RATE).state is State.DRAFT
        assert get_case(session, YES_NO).state is State.OPEN, "it was not filled in, and is not again"
        with pytest.raises(CannotUndoError):
            undo_import(session, preview.id, by(ANALYST, LATER))


def test_a_new_value_that_was_undone_is_sent_as_missing_when_its_number_was_typed(opened: Database) -> None:
    """GSA sdg-indicators-usa 748: values deleted without anybody having meant it."""
    preview = staged(opened, file("aktau;ctm_1;yes;;Stat;;"))
    confirmed(opened, preview)
    with opened.writing() as session:
        undo_import(session, preview.id, by(ANALYST))
        plan = plan_return(session, "2026", "aktau", None, MONDAY.date())
        assert (len(plan.filled), len(plan.empty)) == (0, 101)
        with pytest.raises(NotConfirmedError):
            send(session, YES_NO)
        send(session, YES_NO, missing=1)


def test_an_empty_line_of_what_was_sent_meanwhile_is_no_fault_and_changes_nothing(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
    preview = staged(opened, file("aktau;ctm_1;;;;;", "aktau;ctm_5;61,5;;;;"))
    assert preview.faults == ()
    assert preview.counts == {Effect.KEPT: 1, Effect.NEW: 1}
    confirmed(opened, preview)
    with opened.reading() as session:
        assert get_case(session, YES_NO).state is State.SENT
        assert get_case(session, RATE).state is State.DRAFT
    touched = staged(opened, file("aktau;ctm_1;жоқ;;;;"))
    assert [fault.code for fault in touched.faults] == [Code.NOT_EDITABLE]


def test_what_was_open_is_new_to_the_next_import_and_can_be_filled_in_and_sent(opened: Database) -> None:
    for _again in range(2):
        preview = staged(opened, file("aktau;ctm_1;иә;;;;", "aktau;ctm_2;;;;;"))
        assert preview.counts == {Effect.NEW: 1, Effect.EMPTY: 1}
        confirmed(opened, preview)
        with opened.writing() as session:
            undo_import(session, preview.id, by(ANALYST))
            assert get_case(session, YES_NO).state is State.OPEN
    with opened.writing() as session:
        assert type_in(session, YES_NO, value="yes").revision == 5


def test_what_was_returned_is_returned_again_when_an_import_is_undone(opened: Database) -> None:
    with opened.writing() as session:
        type_in(session, RATE, value="60")
        add_paper(session, RATE)
        send(session, RATE)
        give_verdict(session, RATE, 1, "return", FIRST)
        give_verdict(session, RATE, 2, "return", SECOND)
        case = get_case(session, RATE)
        return_case(session, case, 1, by(None))
    preview = staged(opened, file("aktau;ctm_5;61,5;;;;"))
    confirmed(opened, preview)
    with opened.writing() as session:
        undo_import(session, preview.id, by(ANALYST))
        assert get_case(session, RATE).state is State.RETURNED
        events = session.scalars(select(JournalRow.event).where(JournalRow.object_id == str(RATE))).all()
        assert events[-1] == "value.restored"


def test_an_import_is_not_undone_once_it_is_late_or_somebody_went_on(opened: Database) -> None:
    preview = staged(opened, file("aktau;ctm_5;61,5;;;;"))
    with opened.writing() as session, pytest.raises(CannotUndoError):
        undo_import(session, preview.id, by(ANALYST))
    confirmed(opened, preview)
    with opened.writing() as session, pytest.raises(CannotUndoError):
        undo_import(session, preview.id, by(ANALYST, MONDAY + timedelta(minutes=11)))
    with opened.writing() as session:
        type_in(session, RATE, LEAD, value="62")
        with pytest.raises(CannotUndoError):
            undo_import(session, preview.id, by(ANALYST, LATER))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_template_filled_imported_exported_and_imported_again_changes_nothing(
    opened: Database, lang: str, ending: str
) -> None:
    """decidim 3190: what comes out is what goes in."""
    indicators = indicators_of("standard_2019").values()
    with opened.writing() as session:
        typed = {"value": "да", "source": "- Акимат", "basis": "own_records", "note": "+7 дней; «a;b»"}
        type_in(session, YES_NO, **typed)
        type_in(session, RATE, value="1,2340", note="@")
        type_in(session, CaseKey("2026", "aktau", "ctm_6"), status="not applicable", note="No metro here at all")
        type_in(session, CaseKey("2026", "aktau", "ctm_2"), value="...")
    with opened.reading() as session:
        values = {(row.city, row.indicator): row for row in current_values(session, "2026", "latest")}
        cities = [city for city in load_places().cities if city.code == "aktau"]
        exported = written(template_sheet(Template(cities, indicators, lang, values)), ending)
    preview = staged(opened, SpreadsheetFile(f"values{ending}", exported))
    assert preview.faults == ()
    assert counts(preview) == {"unchanged": 4, "empty": 97}


def test_a_bomb_costs_the_server_nothing(opened: Database) -> None:
    """252 KB that unpack to 255 MB, as in issue 4: refused by the directory, before anything is unpacked."""
    bomb = with_part(make_xlsx([("city", "indicator", "value")]), "xl/worksheets/sheet1.xml", bytes(255_000_000))
    assert len(bomb) < 300_000
    with own_processor_seconds() as used:
        preview = staged(opened, SpreadsheetFile("values.xlsx", bomb))
    assert preview.faults[0].code is Code.SUSPICIOUS_ARCHIVE
    assert used[0] <= 1


def test_the_lines_of_a_file_come_back_as_they_are() -> None:
    lines = read_lines(file("aktau;ctm_1;=1+1;;;;"))
    assert [[cell.text for cell in row.cells] for row in lines] == [
        HEADER.split(";"),
        ["aktau", "ctm_1", "=1+1"],
    ]


def our_file(database: Database, lang: str, ending: str, period: str = "2026") -> bytes:
    """Write the file of ours for Aktau with what is known."""
    with database.reading() as session:
        values = {(row.city, row.indicator): row for row in current_values(session, "2026", "latest")}
    cities = [city for city in load_places().cities if city.code == "aktau"]
    indicators = indicators_of("standard_2019").values()
    return written(template_sheet(Template(cities, indicators, lang, values, period)), ending)


def in_period(sent: SpreadsheetFile) -> UploadReading:
    return read_upload(sent, Expected("standard_2019", "aktau", "2026"))


@pytest.mark.parametrize(("lang", "ending"), [("kk", ".csv"), ("ru", ".xlsx"), ("en", ".csv")])
def test_rows_of_an_older_file_that_nobody_touched_say_nothing(opened: Database, lang: str, ending: str) -> None:
    with opened.writing() as session:
        type_in(session, YES_NO, value="да", basis="own_records", source="- Акимат")
        type_in(session, RATE, value="1,2340", note="@")
    sent = SpreadsheetFile(f"values{ending}", our_file(opened, lang, ending))
    reading = in_period(sent)
    assert counts(staged(opened, sent, reading)) == {"unchanged": 2, "empty": 99}, "what comes out is what goes in"
    with opened.writing() as session:
        type_in(session, RATE, value="7,5")  # by hand, after the file was written
        add_paper(session, YES_NO)
        send(session, YES_NO)
    preview = staged(opened, sent, reading)
    assert preview.faults == ()
    assert counts(preview) == {"unchanged": 2, "empty": 99}


def test_a_row_that_somebody_touched_counts_though_others_do_not(opened: Database) -> None:
    with opened.writing() as session:
        type_in(session, RATE, value="61,5")
        type_in(session, YES_NO, value="да")
    content = our_file(opened, "ru", ".csv").decode("utf-8-sig").replace("61,5", "62,5", 2).encode()
    sent = SpreadsheetFile("values.csv", content.replace("в процентах, например 62,5".encode(), b"", 1))
    preview = staged(opened, sent, in_period(sent))
    assert {line.entry.indicator for line in preview.lines if line.changes} <= {"ctm_5"}


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_file_for_another_period_is_refused_in_one_sentence(opened: Database, ending: str) -> None:
    sent = SpreadsheetFile(f"values{ending}", our_file(opened, "kk", ending, "2025"))
    faults = in_period(sent).faults
    assert [(fault.line, fault.code, fault.found, fault.expected) for fault in faults] == [
        (0, Code.OTHER_PERIOD, "2025", "2026")
    ]


def test_a_file_for_another_city_is_refused_in_one_sentence(opened: Database) -> None:
    sent = SpreadsheetFile("values.csv", our_file(opened, "kk", ".csv"))
    faults = read_upload(sent, Expected("standard_2019", "astana", "2026")).faults
    assert [(fault.code, fault.found, fault.expected) for fault in faults] == [
        (Code.FILE_OF_OTHER_CITY, "aktau", "astana")
    ]
