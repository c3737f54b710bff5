"""What a checked file changes: new revisions of the values that differ, as drafts."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.indicators.case_models import ValueCase
from app.indicators.errors import Code, ImportFault, ImportRefusedError, refused
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorImport, IndicatorValue
from app.indicators.openings import complete_cases
from app.indicators.periods import span_of
from app.indicators.queries import IndicatorRow, current_values, get_period
from app.indicators.rows import ReportedValue
from app.indicators.states import EDITABLE, Event, State, next_state
from app.indicators.vocabulary import Basis, SheetColumn, Status
from surveys.sql import hold_journal


class CheckedFile(NamedTuple):
    """A file that passed every check: its name, its sha256 and what it says."""

    name: str
    sha256: str
    entries: Sequence[ReportedValue]


class Compared(NamedTuple):
    """An entry of a file and the latest value before it, if there is one."""

    entry: ReportedValue
    before: IndicatorRow | None
    is_open: bool = False
    """Nothing is filled in, whatever was there once and was undone."""

    @property
    def is_new(self) -> bool:
        """Tell whether nothing was imported for this indicator of this city before."""
        return self.before is None or self.is_open

    @property
    def is_unchanged(self) -> bool:
        """Tell whether the entry says to the letter what is there already."""
        entry, before = self.entry, self.before
        if before is None or self.is_open or before.measure != entry.measure:
            return False
        stored = (before.source, before.basis, before.note)
        told = (entry.source, entry.basis, entry.note)
        return all(text is None or text == there for text, there in zip(told, stored, strict=True))

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether a reported value is taken back."""
        was_reported = self.before is not None and self.before.status is Status.REPORTED
        return was_reported and self.entry.measure.status is not Status.REPORTED


class StoredFile(NamedTuple):
    """What became of a file: the number of its import, and of each of its entries."""

    imported: int
    lines: Sequence[Compared]


def choose_edition(session: Session, period: str, edition: str | None) -> str:
    """Settle by which edition a period is rated: once chosen, it stays; raise ImportRefusedError."""
    stored_period = get_period(session, period)
    chosen = stored_period.edition if stored_period else edition
    if span_of(period) is None or chosen is None:
        raise refused(Code.UNKNOWN_PERIOD, period)
    if edition not in {None, chosen}:
        raise refused(Code.OTHER_EDITION, str(edition), chosen)
    return chosen


def compare_values(
    session: Session, period: str, entries: Sequence[ReportedValue], unfilled: Collection[tuple[str, str]]
) -> list[Compared]:
    """Set the entries of a file beside the latest values; `unfilled` are the open cases, by city and indicator."""
    current = {(row.city, row.indicator): row for row in current_values(session, period, "latest")}
    pairs = [(entry, (entry.city, entry.indicator)) for entry in entries]
    return [Compared(entry, current.get(pair), is_open=pair in unfilled) for entry, pair in pairs]


def _unfilled(session: Session, period: str) -> set[tuple[str, str]]:
    cases = select(ValueCase.city, ValueCase.indicator).where(ValueCase.period == period, ValueCase.state == State.OPEN)
    return {(city, indicator) for city, indicator in session.execute(cases)}


def store_values(session: Session, period: str, file: CheckedFile, actor: Actor) -> StoredFile:
    """Store what a file changes as drafts, and that it was imported; say what became of each entry.

    Raises ImportRefusedError, with nothing stored, where the period takes no values yet or a value that the file
    changes is sent, decided or locked.
    """
    hold_journal(session)
    complete_cases(session, period, sorted({entry.city for entry in file.entries}))
    compared = compare_values(session, period, file.entries, _unfilled(session, period))
    changed = [line for line in compared if not line.is_unchanged]
    cases = _editable_cases(session, period, changed)
    today = day_of(actor.at)
    imported = IndicatorImport(
        period=period, file_name=file.name, sha256=file.sha256, rows=len(file.entries), imported_on=today
    )
    session.add(imported)
    session.flush()
    stamp = {"period": period, "imported_by": imported.id, "imported_on": today, "entered_by": actor.id}
    if changed:
        session.execute(insert(IndicatorValue), [_columns(line) | stamp for line in changed])
        session.execute(update(ValueCase), [_as_draft(cases[_pair(line)], line) for line in changed])
        _record(session, actor, imported, changed)
    return StoredFile(imported.id, compared)


def _editable_cases(session: Session, period: str, lines: Iterable[Compared]) -> dict[tuple[str, str], ValueCase]:
    """Give the cases that a file changes; raise ImportRefusedError naming those that nobody may change now."""
    stored = get_period(session, period)
    if stored is None or stored.state == "planned":
        raise refused(Code.NOT_YET_OPEN, period)
    rows = session.scalars(select(ValueCase).where(ValueCase.period == period))
    cases = {(row.city, row.indicator): row for row in rows}
    faults = [
        ImportFault(line.entry.line, SheetColumn.INDICATOR, Code.NOT_EDITABLE, ", ".join(_pair(line)), case.state)
        for line in lines
        if (case := cases[_pair(line)]).state not in EDITABLE
    ]
    if faults:
        raise ImportRefusedError(faults)
    return cases


def _pair(line: Compared) -> tuple[str, str]:
    return line.entry.city, line.entry.indicator


def _columns(line: Compared) -> dict[str, object]:
    """Write a revision; what the file has no column for stays as it was."""
    entry, before = line.entry, line.before
    kept = (before.source, before.basis, before.note) if before else ("", Basis.NONE, "")
    told = (entry.source, entry.basis, entry.note)
    source, basis, note = (there if text is None else text for text, there in zip(told, kept, strict=True))
    return {
        "city": entry.city,
        "indicator": entry.indicator,
        "revision": _revision(line),
        "source": source,
        "basis": basis,
        "note": note,
        **entry.measure._asdict(),
    }


def _as_draft(case: ValueCase, line: Compared) -> dict[str, object]:
    key = CaseKey(case.period, case.city, case.indicator)._asdict()
    state = next_state(State(case.state), Event.SAVE)
    return {**key, "state": state, "revision": _revision(line), "version": case.version + 1}


def _revision(line: Compared) -> int:
    return line.before.revision + 1 if line.before else 1


def _record(session: Session, actor: Actor, imported: IndicatorImport, changed: Sequence[Compared]) -> None:
    """Put a line into the journal for each city whose values a file changed."""
    number = str(imported.id)
    for city, n in sorted(Counter(line.entry.city for line in changed).items()):
        entry = Entry(
            event="values.imported",
            object_kind="import",
            object_id=number,
            city=city,
            detail={"period": imported.period, "sha256": imported.sha256, "values": n},
            bulk=f"import-{number}",
        )
        record(session, actor, entry)
