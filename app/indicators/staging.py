"""Imports in two steps: a file that was sent waits, what it would change is shown, and nothing is stored before.

A preview is made anew each time it is shown: it sets what the file says beside the values as they are now. Whoever
confirms names the preview that was seen; where something changed meanwhile, the new one is shown instead.
"""

import json
import secrets
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, canonical, record
from app.indicators.case_models import ImportStage, ValueCase
from app.indicators.errors import Code, ImportFault, IndicatorError, NotConfirmedError, refused
from app.indicators.files import SpreadsheetFile
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorImport
from app.indicators.queries import IndicatorRow, get_period
from app.indicators.rows import ReportedValue
from app.indicators.services import CheckedFile, Compared, compare_values, store_values
from app.indicators.states import EDITABLE, State
from app.indicators.uploads import UploadReading
from app.indicators.vocabulary import Basis, SheetColumn, Status, ValueFlag
from surveys.sql import hold_journal

LIFE = timedelta(days=1)
"""How long a file waits to be confirmed."""

UNDO = timedelta(minutes=10)
"""How long a confirmed import can be undone."""

MOST_WAITING = 50
"""Files of one person that wait; before one more the oldest goes."""

MOST_FAULTS = 200
"""Faults that are kept to be shown; all of them come back in the file."""

LONGEST_NAME = 255


class Effect(StrEnum):
    """What a line of a file does to a value."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    """There was a value, and there would be none."""
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    """Nothing stands in the line, and nothing is there."""
    KEPT = "kept"
    """Nothing stands in the line, and what is there is not the city's to change now: it stays."""


class PreviewLine(NamedTuple):
    """A line of a file beside what is stored."""

    entry: ReportedValue
    before: IndicatorRow | None
    effect: Effect

    @property
    def changes(self) -> bool:
        """Whether something would be stored."""
        return self.effect not in {Effect.UNCHANGED, Effect.EMPTY, Effect.KEPT}


class Preview(NamedTuple):
    """What a staged file would change as things are now, or why it cannot."""

    id: str
    period: str
    city: str
    edition: str
    file_name: str
    made_at: datetime
    lines: tuple[PreviewLine, ...]
    faults: tuple[ImportFault, ...]
    all_faults: int
    """The number of faults, of which the first are here."""
    mark: str
    """Names what is shown here: another preview has another one."""
    confirmed_at: datetime | None
    undone: bool
    saved: int
    """Values that were stored, once it is confirmed."""

    @property
    def counts(self) -> Mapping[Effect, int]:
        """Count the lines by what they do."""
        return Counter(line.effect for line in self.lines)

    @property
    def undone_until(self) -> datetime | None:
        """Until when it can be undone, where nobody changes the values further."""
        return self.confirmed_at + UNDO if self.confirmed_at and not self.undone else None

    @property
    def withdrawn(self) -> int:
        """The number that is to be typed."""
        return self.counts[Effect.WITHDRAWN]

    @property
    def is_confirmable(self) -> bool:
        """Whether there is something to confirm."""
        return not self.faults and self.confirmed_at is None and any(line.changes for line in self.lines)


class UnknownStageError(IndicatorError):
    """No such file waits: it is somebody else's, or a day has passed."""


class AlreadyConfirmedError(IndicatorError):
    """The file was confirmed before."""


class OtherPreviewError(IndicatorError):
    """Something changed since the preview that was seen."""


class StageTarget(NamedTuple):
    """The period and the city that a file is for."""

    period: str
    city: str


def stage_file(
    session: Session, target: StageTarget, file: SpreadsheetFile, reading: UploadReading, actor: Actor
) -> str:
    """Let a file that was read wait to be confirmed; gives its id. Raises ImportRefusedError for another period."""
    packed = zlib.compress(file.content, 1)  # before the database has one writer less
    hold_journal(session)
    period = get_period(session, target.period)
    cases = select(ValueCase.indicator).where(ValueCase.period == target.period, ValueCase.city == target.city)
    if period is None or period.state == "planned" or session.scalars(cases.limit(1)).first() is None:
        raise refused(Code.NOT_YET_OPEN, target.period)
    row = ImportStage(
        id=secrets.token_hex(12),
        staff=actor.id,
        period=target.period,
        city=target.city,
        file_name=file.name[-LONGEST_NAME:],
        sha256=file.sha256,
        content=packed,
        report=_report(reading),
        made_at=actor.at,
        confirmed_at=None,
        imported=None,
        undone=False,
    )
    session.add(row)
    session.flush()
    _drop_beyond(session, row, actor)
    detail: dict[str, str | int | bool | None] = {"sha256": file.sha256, "lines": len(reading.entries)}
    _record(session, actor, row, "import.staged", detail | {"faults": reading.all_faults})
    return row.id


def _drop_beyond(session: Session, newest: ImportStage, actor: Actor) -> None:
    """Drop the oldest files of a person who has too many, but none that can be undone."""
    may_go = ImportStage.confirmed_at.is_(None) | (ImportStage.confirmed_at < actor.at - UNDO)
    others = select(ImportStage.id).where(ImportStage.staff == actor.id, ImportStage.id != newest.id, may_go)
    beyond = session.scalars(others.order_by(ImportStage.made_at.desc(), ImportStage.id).offset(MOST_WAITING - 1)).all()
    session.execute(delete(ImportStage).where(ImportStage.id.in_(beyond)))


def city_of_stage(session: Session, stage: str, actor: Actor) -> str:
    """Tell for which city a file of one's own is; raise UnknownStageError."""
    own = select(ImportStage.city).where(ImportStage.id == stage, ImportStage.staff == actor.id)
    city = session.scalars(own).first()
    if city is None:
        raise UnknownStageError(stage)
    return city


def get_preview(session: Session, stage: str, actor: Actor) -> Preview:
    """Show what a file of one's own would change now; raise UnknownStageError."""
    return _preview(session, find_stage(session, stage, actor))


def find_stage(session: Session, stage: str, actor: Actor) -> ImportStage:
    """Find a file that waits, of one's own; raise UnknownStageError."""
    row = session.get(ImportStage, stage, populate_existing=True)
    if row is None or row.staff != actor.id or actor.at - row.made_at > LIFE:
        raise UnknownStageError(stage)
    return row


def staged_file(row: ImportStage) -> SpreadsheetFile:
    """Give the file that waits, as it came."""
    return SpreadsheetFile(row.file_name, zlib.decompress(row.content))


def confirm(session: Session, stage: str, mark: str, withdrawn: int, actor: Actor) -> Preview:
    """Store as drafts what was seen in the preview with this mark; gives that preview.

    `withdrawn` is the number that was typed. Raises UnknownStageError, AlreadyConfirmedError, OtherPreviewError,
    NotConfirmedError (another number, or a preview with faults or without a change), ImportRefusedError.
    """
    hold_journal(session)
    row = find_stage(session, stage, actor)
    preview = _preview(session, row)
    if preview.confirmed_at is not None:
        raise AlreadyConfirmedError(stage)
    if preview.mark != mark:
        raise OtherPreviewError(stage)
    if not preview.is_confirmable or preview.withdrawn != withdrawn:
        raise NotConfirmedError(preview.withdrawn)
    entries = tuple(line.entry for line in preview.lines if line.changes)
    stored = store_values(session, row.period, CheckedFile(row.file_name, row.sha256, entries), actor)
    row.confirmed_at, row.imported = actor.at, stored.imported
    session.flush()
    counts = {str(effect): n for effect, n in sorted(preview.counts.items())}
    _record(session, actor, row, "import.confirmed", {"import": stored.imported, **counts})
    return preview


def drop_old_stages(session: Session, now: datetime) -> int:
    """Remove the files that waited for more than a day; gives how many."""
    return len(
        session.scalars(delete(ImportStage).where(ImportStage.made_at < now - LIFE).returning(ImportStage.id)).all()
    )


def _preview(session: Session, row: ImportStage) -> Preview:
    reading = _read_report(row.report)
    states = _states(session, row)
    unfilled = {(row.city, indicator) for indicator, state in states.items() if state == State.OPEN}
    compared = compare_values(session, row.period, reading.entries, unfilled)
    lines = tuple(_line(each, states.get(each.entry.indicator, "")) for each in compared)
    faults = reading.faults or _faults_of_states(row, lines, states)
    period = get_period(session, row.period)
    return Preview(
        id=row.id,
        period=row.period,
        city=row.city,
        edition=period.edition if period else "",
        file_name=row.file_name,
        made_at=row.made_at,
        lines=lines,
        faults=tuple(faults[:MOST_FAULTS]),
        all_faults=reading.all_faults or len(faults),
        mark=sha256(repr([(line.entry, line.before, line.effect) for line in lines]).encode()).hexdigest()[:32],
        confirmed_at=row.confirmed_at,
        undone=row.undone,
        saved=_saved(session, row),
    )


def _saved(session: Session, row: ImportStage) -> int:
    if row.imported is None:
        return 0
    return session.scalars(select(IndicatorImport.rows).where(IndicatorImport.id == row.imported)).one()


def _states(session: Session, row: ImportStage) -> dict[str, str]:
    """Read where the cases of the city stand, by indicator."""
    cases = select(ValueCase.indicator, ValueCase.state)
    cases = cases.where(ValueCase.period == row.period, ValueCase.city == row.city)
    return {each.indicator: each.state for each in session.execute(cases)}


def _line(compared: Compared, state: str) -> PreviewLine:
    effect = _effect(compared)
    # Nobody withdraws what is with the ministry by leaving a line empty: the file was made before it was sent.
    is_kept = state not in EDITABLE and compared.entry.is_blank and effect in {Effect.WITHDRAWN, Effect.CHANGED}
    return PreviewLine(compared.entry, compared.before, Effect.KEPT if is_kept else effect)


def _effect(compared: Compared) -> Effect:
    if compared.entry.is_untouched and not (compared.is_new and _is_empty(compared.entry)):
        # The row says what stood there when the file was written; what was changed since is newer.
        return Effect.UNCHANGED
    if compared.is_unchanged:
        return Effect.UNCHANGED
    if compared.is_new:
        return Effect.EMPTY if _is_empty(compared.entry) else Effect.NEW
    return Effect.WITHDRAWN if compared.is_withdrawn else Effect.CHANGED


def _is_empty(entry: ReportedValue) -> bool:
    return entry.is_blank and not (entry.source or entry.basis or entry.note)


def _faults_of_states(
    row: ImportStage, lines: Sequence[PreviewLine], states: Mapping[str, str]
) -> tuple[ImportFault, ...]:
    """Find the lines that would change what is with the ministry, decided or locked."""
    if row.confirmed_at is not None:
        return ()
    return tuple(
        ImportFault(line.entry.line, SheetColumn.INDICATOR, Code.NOT_EDITABLE, line.entry.indicator, state)
        for line in lines
        if line.changes and (state := states.get(line.entry.indicator, "")) not in EDITABLE
    )


def faults_of(report: str) -> int:
    """Count what was wrong with a file when it was read."""
    return int(json.loads(report)["all_faults"])


def _report(reading: UploadReading) -> str:
    return canonical(
        {
            "entries": [_as_list(entry) for entry in reading.entries],
            "faults": [list(fault) for fault in reading.faults[:MOST_FAULTS]],
            "all_faults": reading.all_faults,
        }
    )


def _as_list(entry: ReportedValue) -> list[Any]:
    city, indicator, measure, *rest = entry
    return [city, indicator, list(measure), *rest]


def _read_report(report: str) -> UploadReading:
    told = json.loads(report)
    faults = (ImportFault(line, column, Code(code), *texts) for line, column, code, *texts in told["faults"])
    return UploadReading(tuple(map(_entry, told["entries"])), tuple(faults), told["all_faults"])


def _entry(cells: list[Any]) -> ReportedValue:
    city, indicator, (status, numerator, denominator, flag), source, line, basis, note, is_blank, *rest = cells
    measure = Measurement(Status(status), numerator, denominator, ValueFlag(flag))
    return ReportedValue(
        city, indicator, measure, source, line, None if basis is None else Basis(basis), note, is_blank, any(rest)
    )


def _record(
    session: Session, actor: Actor, row: ImportStage, event: str, detail: dict[str, str | int | bool | None]
) -> None:
    entry = Entry(event=event, object_kind="stage", object_id=row.id, city=row.city, detail=detail)
    record(session, actor, entry)
