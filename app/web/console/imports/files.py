"""Files that go out: to be filled in, with what is known; and one that was sent, with what is wrong with it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask import Response
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.indicators.catalogue import indicators_of
from app.indicators.errors import ImportFault
from app.indicators.examination import told_of_city_cases
from app.indicators.marking import marked
from app.indicators.queries import IndicatorRow, PeriodRow, current_values
from app.indicators.sheet import SheetRow
from app.indicators.templates import Template, template_sheet, written
from app.indicators.wording import column_of
from app.web import site
from app.web.console.attachments import attachment, in_turn
from app.web.console.imports.views import fault_sentence
from app.web.console.values.words import came_back_texts, out_of_range_text
from app.web.language import current_language
from scoring.edition import Indicator
from surveys.population.places import load_places


def filled_file(session: Session, period: PeriodRow, cities: frozenset[str], kind: str, actor: Actor) -> Response:
    """Write the values of some cities as the import reads them, and note it in the journal.

    In a transaction of its own: nobody waits for the database while a workbook is written.
    """
    values = {
        (row.city, row.indicator): row for row in current_values(session, period.code, "latest") if row.city in cities
    }
    places = [city for city in load_places().cities if city.code in cities]
    indicators = indicators_of(period.edition)
    remarks = _remarks(session, period, cities, values, indicators)
    template = Template(places, indicators.values(), current_language(), values, period.code, remarks)
    only = next(iter(cities)) if len(cities) == 1 else None
    detail: dict[str, str | int | bool | None] = {"kind": kind, "values": len(values), "cities": len(places)}
    content = in_turn(lambda: written(template_sheet(template), f".{kind}"))
    entry = Entry(event="values.exported", object_kind="period", object_id=period.code, city=only, detail=detail)
    with site.database().writing() as writing:
        record(writing, actor, entry)
    return attachment(content, f"{period.code}-{only or 'kz'}.{kind}")


def _remarks(
    session: Session,
    period: PeriodRow,
    cities: frozenset[str],
    values: Mapping[tuple[str, str], IndicatorRow],
    indicators: Mapping[str, Indicator],
) -> Mapping[tuple[str, str], str]:
    """Say by city and indicator what lies outside its range, and why values came back."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (city, code), row in values.items():
        if outside := out_of_range_text(indicators[code], row.measure):
            said[city, code].append(outside)
    for key, told in told_of_city_cases(session, period.code, cities).items():
        said[key.city, key.indicator] += came_back_texts(told)
    return {of: " ".join(texts) for of, texts in said.items() if texts}


def errors_file(lines: Sequence[SheetRow], faults: Sequence[ImportFault], kind: str) -> Response:
    """Write a file that was sent, with what is wrong with each line in its first column."""
    sheet = marked(
        lines,
        [(fault.line, column_of(fault, current_language()), fault_sentence(fault)) for fault in faults],
        current_language(),
    )
    return attachment(in_turn(lambda: written(sheet, f".{kind}")), f"errors.{kind}")
