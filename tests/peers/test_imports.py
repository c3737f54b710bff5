"""Defects that other products had where staff work: none of them may come back here. One test a complaint."""

import pytest

from app.database import Database
from app.indicators.catalogue import indicators_of
from app.indicators.errors import Code, NotConfirmedError
from app.indicators.files import SpreadsheetFile
from app.indicators.marking import marked
from app.indicators.queries import current_values
from app.indicators.staging import Effect, StageTarget, confirm, get_preview, stage_file
from app.indicators.templates import Template, template_sheet, written
from app.indicators.uploads import Expected, read_lines, read_upload
from app.indicators.vocabulary import Status
from surveys.languages import LANGUAGES
from surveys.population.places import load_places
from tests.builders.cases import ANALYST, RATE, YES_NO, by, open_small_period, type_in

AKTAU = Expected("standard_2019", "aktau")
TARGET = StageTarget("2026", "aktau")
HEADER = "city;indicator;value;status;source"


def test_decidim_3190_what_is_exported_is_imported_and_changes_nothing(sqlite: Database) -> None:
    """Export and import of the same thing had different formats."""
    with sqlite.writing() as session:
        open_small_period(session)
        type_in(session, YES_NO, value="yes", source="- letter", basis="register", note="+7 working days")
        type_in(session, RATE, value="61,25")
        values = {(row.city, row.indicator): row for row in current_values(session, "2026", "latest")}
    cities = [city for city in load_places().cities if city.code == "aktau"]
    for language in LANGUAGES:
        template = Template(cities, indicators_of("standard_2019").values(), language, values)
        file = SpreadsheetFile("values.csv", written(template_sheet(template), ".csv"))
        with sqlite.writing() as session:
            stage = stage_file(session, TARGET, file, read_upload(file, AKTAU), by(ANALYST))
            counts = get_preview(session, stage, by(ANALYST)).counts
        assert (counts[Effect.UNCHANGED], counts[Effect.EMPTY], len(counts)) == (2, 99, 2), language


def test_ckanext_validation_14_the_file_comes_back_with_its_faults_in_its_first_column() -> None:
    """The table of errors had to be scrolled sideways, and nobody saw at a glance that something was wrong."""
    lines = (HEADER, "aktau;ctm_1;maybe;;", "aktau;ctm_5;61,5;;", "almaty;ctm_5;5;;")
    file = SpreadsheetFile("values.csv", "\n".join(lines).encode())
    faults = read_upload(file, AKTAU).faults
    assert [fault.code for fault in faults] == [Code.NOT_YES_OR_NO, Code.OTHER_CITY]
    back = marked(read_lines(file), [(fault.line, fault.column, fault.code) for fault in faults], "en")
    assert back.header == ["#error", *HEADER.split(";")]
    assert [row[0] for row in back.rows] == ["value: not_yes_or_no", "", "city: other_city"]
    assert [row[1:3] for row in back.rows] == [["aktau", "ctm_1"], ["aktau", "ctm_5"], ["almaty", "ctm_5"]]


def test_gsa_sdg_indicators_748_nothing_is_withdrawn_unless_its_number_is_typed(sqlite: Database) -> None:
    """A save from a web form would have deleted all data values of an indicator; a human noticed by chance."""
    with sqlite.writing() as session:
        open_small_period(session)
        for key, value in ((YES_NO, "yes"), (RATE, "61")):
            type_in(session, key, value=value)
    file = SpreadsheetFile("values.csv", f"{HEADER}\naktau;ctm_1;;;\naktau;ctm_5;;not applicable;".encode())
    with sqlite.writing() as session:
        stage = stage_file(session, TARGET, file, read_upload(file, AKTAU), by(ANALYST))
        preview = get_preview(session, stage, by(ANALYST))
        assert [line.effect for line in preview.lines] == [Effect.WITHDRAWN] * 2
        for typed in (0, 1):
            with pytest.raises(NotConfirmedError) as refused:
                confirm(session, stage, preview.mark, typed, by(ANALYST))
            assert refused.value.missing == 2
        statuses = {row.status for row in current_values(session, "2026", "latest")}
        assert statuses == {Status.REPORTED}
