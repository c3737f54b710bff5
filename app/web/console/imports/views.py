"""What is shown of imports: where files go, what one would change, and what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.indicators.case_models import ImportStage, ValueCase
from app.indicators.catalogue import indicators_of
from app.indicators.errors import Code, ImportFault
from app.indicators.queries import PeriodRow, list_periods
from app.indicators.staging import LIFE, Effect, Preview, PreviewLine, faults_of
from app.indicators.states import State
from app.indicators.vocabulary import BASES, Basis
from app.indicators.wording import column_of, gaps_of, template_of
from app.web.console.layout import city_name
from app.web.console.values.words import out_of_range_text, value_text
from app.web.language import _, _l, current_language, pick
from scoring.edition import Indicator
from surveys.languages import Text3

STATES = {
    State.SENT: _l("under examination"),
    State.SPLIT: _l("under examination"),
    State.ACCEPTED: _l("accepted"),
    State.REFUSED: _l("not accepted"),
    State.LOCKED: _l("closed"),
}
"""States in which a value is not the city's to change."""


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file of one's own that waits, or was confirmed within a day."""

    address: str
    file_name: str
    city: str
    period: str
    made_at: datetime
    is_confirmed: bool
    undone: bool
    faults: int


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Where files are sent: the periods that take values, one's cities, and the files of the last day."""

    periods: Sequence[tuple[str, str]]
    """Code and words, the newest first."""
    cities: Sequence[tuple[str, str]]
    staged: Sequence[StagedFile]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A line of the preview in words: what is there, and what would be."""

    line: int
    code: str
    name: str
    before: str
    after: str
    texts: tuple[tuple[str, str, str], ...]
    """Source, kind of source, note, where they change: the label, what is there, what would be."""
    warning: str
    """That the number lies outside the range that counts, and which that is; empty where it does not."""


@dataclass(frozen=True, slots=True)
class FaultLine:
    """Something wrong with a file: where, and the sentence."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The page of a file that was sent."""

    preview: Preview
    city: str
    withdrawn: tuple[ChangeLine, ...]
    changed: tuple[ChangeLine, ...]
    new: tuple[ChangeLine, ...]
    faults: tuple[FaultLine, ...]
    more_faults: int
    """Those that are only in the file that comes back."""
    expected: int
    """The number to be typed; 0 for none."""
    errors_address: str
    kept_until: datetime


def read_import_page(session: Session, person: Person, now: datetime) -> ImportPage:
    """Read where a person may send files."""
    own = cities_of(person.grants, Permission.ENTER_VALUES)
    cases = select(ValueCase.period, ValueCase.city).distinct()
    pairs = {(period, city) for period, city in session.execute(cases) if own is None or city in own}
    periods = [
        each for each in list_periods(session) if takes_values(each) and each.code in {pair[0] for pair in pairs}
    ]
    shown = (ImportStage.id, ImportStage.file_name, ImportStage.city, ImportStage.period, ImportStage.made_at)
    files = select(*shown, ImportStage.confirmed_at, ImportStage.undone, ImportStage.report).where(
        ImportStage.staff == person.id, ImportStage.made_at >= now - LIFE
    )
    rows = session.execute(files.order_by(ImportStage.made_at.desc()).limit(20))
    return ImportPage(
        periods=[(each.code, each.code) for each in periods],
        cities=sorted({(city, city_name(city)) for _period, city in pairs}, key=lambda pair: pair[1]),
        staged=[
            StagedFile(
                f"/console/import/{number}",
                name,
                city_name(city),
                period,
                made_at,
                is_confirmed=confirmed_at is not None,
                undone=undone,
                faults=faults_of(report),
            )
            for number, name, city, period, made_at, confirmed_at, undone, report in rows
        ],
    )


def takes_values(period: PeriodRow) -> bool:
    """Tell whether values can be entered into a period."""
    return period.state == "open"


def preview_page(preview: Preview) -> PreviewPage:
    """Put a preview into words."""
    indicators = indicators_of(preview.edition)
    by_effect = {
        effect: tuple(
            _change(line, indicators[line.entry.indicator]) for line in preview.lines if line.effect is effect
        )
        for effect in (Effect.WITHDRAWN, Effect.CHANGED, Effect.NEW)
    }
    kind = "csv" if preview.file_name.lower().endswith(".csv") else "xlsx"
    return PreviewPage(
        preview=preview,
        city=city_name(preview.city),
        withdrawn=tuple(by_effect[Effect.WITHDRAWN]),
        changed=tuple(by_effect[Effect.CHANGED]),
        new=tuple(by_effect[Effect.NEW]),
        faults=tuple(
            FaultLine(fault.line, column_of(fault, current_language()), fault_sentence(fault))
            for fault in preview.faults
        ),
        more_faults=preview.all_faults - len(preview.faults),
        expected=preview.withdrawn,
        errors_address=f"/console/import/{preview.id}/errors.{kind}",
        kept_until=preview.made_at + LIFE,
    )


def fault_sentence(fault: ImportFault) -> str:
    """Say what is wrong with a file, a row or a cell, as a sentence of its own."""
    if fault.code is Code.NOT_EDITABLE and fault.expected in set(State):
        fault = fault._replace(expected=str(STATES.get(State(fault.expected), fault.expected)))
    if fault.code is Code.FILE_OF_OTHER_CITY:
        found = ", ".join(map(city_name, fault.found.split(", ")))
        fault = fault._replace(found=found, expected=city_name(fault.expected))
    text = _(template_of(fault), **gaps_of(fault, current_language()))
    return f"{text[:1].upper()}{text[1:]}"


def _change(line: PreviewLine, indicator: Indicator) -> ChangeLine:
    return ChangeLine(
        line=line.entry.line,
        code=indicator.code,
        name=pick(Text3(*indicator.name)),
        before=value_text(indicator, line.before.measure) if line.before else "",
        after=value_text(indicator, line.entry.measure),
        texts=tuple(_texts(line)),
        warning=out_of_range_text(indicator, line.entry.measure),
    )


def _texts(line: PreviewLine) -> Iterator[tuple[str, str, str]]:
    entry, before = line.entry, line.before
    told = ((_("Source"), entry.source), (_("Kind of source"), _basis(entry.basis)), (_("Note"), entry.note))
    there = (before.source, _basis(before.basis), before.note) if before else ("", "", "")
    for (label, new), old in zip(told, there, strict=True):
        if new is not None and new != old:
            yield label, old or "", new


def _basis(basis: Basis | None) -> str | None:
    return pick(BASES[basis]) if basis else basis
