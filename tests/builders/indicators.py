"""Indicators, and files that hold their values, for tests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from fractions import Fraction
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.demo.acceptance import accept_unexamined
from app.indicators.case_models import ValueCase
from app.indicators.files import SpreadsheetFile
from app.indicators.imports import ImportReport, Target, import_file
from app.indicators.states import State
from scoring.edition import Indicator


def make_indicator(
    code: str, method: str, *, unit: str = "", low: int | None = None, high: int | None = None, per: int = 1
) -> Indicator:
    """Make an indicator of a method; a measured one with its bounds."""
    return Indicator(
        code=code,
        area="hlt",
        method=method,
        name=(f"{code} көрсеткіші", f"показатель {code}", f"indicator {code}"),
        unit=(unit, unit, unit),
        low=None if low is None else Fraction(low),
        high=None if high is None else Fraction(high),
        per=per,
    )


ANSWERED = make_indicator("answered", "yes_no")
SHARE = make_indicator("share", "percentage", unit="%")
COVERED = make_indicator("covered", "ratio")
LIFE = make_indicator("life", "measured", unit="years", low=60, high=85)
SMOKE = make_indicator("smoke", "measured", unit="µg", low=100, high=0)
JOBLESS = make_indicator("jobless", "measured", unit="%", low=10, high=0)
CRIMES = make_indicator("crimes", "measured", unit="per 100,000 people", low=2000, high=0, per=100_000)
INDICATORS = {each.code: each for each in (ANSWERED, SHARE, COVERED, LIFE, SMOKE, JOBLESS, CRIMES)}
"""One or more of each method; of smoke, joblessness and crimes less is better."""


def make_csv(rows: Sequence[Sequence[str]], *, delimiter: str = ";") -> bytes:
    """Write cells without quotes, as people do."""
    return "\n".join(delimiter.join(row) for row in rows).encode()


def make_xlsx(rows: Sequence[Sequence[object]], formats: Mapping[str, str] | None = None) -> bytes:
    """Write a workbook; `formats` gives the number formats of single cells."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cell_address, number_format in (formats or {}).items():
        sheet[cell_address].number_format = number_format
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """Put another content in place of a part of a workbook, or add the part."""
    buffer = BytesIO()
    with ZipFile(BytesIO(workbook)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        parts = {part: source.read(part) for part in source.namelist()} | {name: content}
        for part, data in parts.items():
            target.writestr(part, data)
    return buffer.getvalue()


def nobody_on(day: date) -> Actor:
    """Make the command line of a day."""
    return Actor(None, datetime.combine(day, time(6), UTC))


def import_accepted(session: Session, file: SpreadsheetFile, target: Target, *, today: date) -> ImportReport:
    """Import a file and put its values in force, though nobody examined them: for tests of what comes afterwards."""
    reopen_all(session, target.period)
    report = import_file(session, file, target, nobody_on(today))
    accept_unexamined(session, target.period, nobody_on(today))
    return report


def reopen_all(session: Session, period: str) -> None:
    """Let the accepted values of a period be changed; they stay in force until others are."""
    accepted = (ValueCase.period == period, ValueCase.state == State.ACCEPTED)
    session.execute(update(ValueCase).where(*accepted).values(state=State.RETURNED, version=ValueCase.version + 1))
