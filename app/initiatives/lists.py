"""The ministry's list of initiatives: imported from a file in two steps, all of it or nothing, and frozen.

A later file is a new revision of the whole list; what cities refer to by its code stays in it. None is shipped.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, canonical, record
from app.initiatives.contents import STANDARDS
from app.initiatives.errors import (
    GoneNotConfirmedError,
    InitiativeListFault,
    ListCode,
    ListRefusedError,
    OtherListPreviewError,
    UnknownListStageError,
)
from app.initiatives.list_sheets import ListRow, NumberedRow
from app.initiatives.models import CityInitiative, InitiativeList, InitiativeStage, InitiativeText, ListedInitiative
from app.initiatives.states import InitiativeState
from surveys.sql import hold_journal

LIFE = timedelta(days=1)
"""How long a file waits to be confirmed."""

MOST_FAULTS = 200
"""Faults that are kept to be shown."""

_NAMES = 255


class ListEffect(StrEnum):
    """What a file does to an initiative of the list."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    """It is in the list and not in the file."""


class ListChange(NamedTuple):
    """One initiative of the file, of the list, or of both."""

    effect: ListEffect
    before: ListRow | None
    after: ListRow | None


class ListPreview(NamedTuple):
    """What a file would change as the list is now, or why it cannot."""

    id: str
    edition: str
    file_name: str
    made_at: datetime
    changes: tuple[ListChange, ...]
    faults: tuple[InitiativeListFault, ...]
    all_faults: int
    mark: str
    """Names what is shown here: another preview has another one."""
    confirmed_at: datetime | None

    def of(self, effect: ListEffect) -> tuple[ListChange, ...]:
        """Give the changes of a kind."""
        return tuple(change for change in self.changes if change.effect is effect)

    @property
    def gone(self) -> int:
        """The number that is to be typed."""
        return len(self.of(ListEffect.GONE))

    @property
    def is_confirmable(self) -> bool:
        """Whether there is something to confirm."""
        changes = any(change.effect is not ListEffect.UNCHANGED for change in self.changes)
        return not self.faults and self.confirmed_at is None and changes


class CurrentList(NamedTuple):
    """The list in force of an edition; revision 0 and no rows where none was imported."""

    edition: str
    revision: int
    imported_at: datetime | None
    rows: tuple[ListRow, ...]


def current_list(session: Session, edition: str) -> CurrentList:
    """Read the list in force, in two statements."""
    newest = (
        select(InitiativeList.revision, InitiativeList.imported_at)
        .where(InitiativeList.edition == edition)
        .order_by(InitiativeList.revision.desc())
        .limit(1)
    )
    found = session.execute(newest).first()
    if found is None:
        return CurrentList(edition, 0, None, ())
    of_list = (ListedInitiative.edition == edition, ListedInitiative.revision == found.revision)
    rows = session.scalars(select(ListedInitiative).where(*of_list).order_by(ListedInitiative.code))
    return CurrentList(edition, found.revision, found.imported_at, tuple(map(_row_of, rows)))


def stage_list(
    session: Session,
    edition: str,
    file: tuple[str, str],
    reading: Sequence[NumberedRow] | ListRefusedError,
    actor: Actor,
) -> str:
    """Let a file that was read (its name and digest, and what it says) wait to be confirmed; gives its id."""
    if edition not in STANDARDS:
        raise ListRefusedError([InitiativeListFault(0, "", ListCode.UNKNOWN_EDITION, edition)])
    name, digest = file
    faults = list(reading.faults) if isinstance(reading, ListRefusedError) else []
    rows = [] if isinstance(reading, ListRefusedError) else [list(each.row) for each in reading]
    report = canonical({"rows": rows, "faults": [list(each) for each in faults[:MOST_FAULTS]], "all": len(faults)})
    row = InitiativeStage(
        id=secrets.token_hex(12),
        staff=actor.id,
        edition=edition,
        file_name=name[-_NAMES:],
        sha256=digest,
        report=report,
        made_at=actor.at,
        confirmed_at=None,
    )
    drop_old_lists(session, actor.at)
    session.add(row)
    session.flush()
    detail: dict[str, str | int | bool | None] = {"sha256": digest, "rows": len(rows), "faults": len(faults)}
    _record(session, actor, "initiatives.staged", edition, detail)
    return row.id


def preview_list(session: Session, stage: str, actor: Actor) -> ListPreview:
    """Show what a file of one's own would change now; raise UnknownListStageError."""
    return _preview(session, _find(session, stage, actor))


def confirm_list(session: Session, stage: str, mark: str, gone: int, actor: Actor) -> ListPreview:
    """Put the list that was seen in the preview with this mark in force; pressed twice, it is done once.

    `gone` is the number that was typed. Raises UnknownListStageError, OtherListPreviewError, GoneNotConfirmedError.
    """
    hold_journal(session)
    row = _find(session, stage, actor)
    preview = _preview(session, row)
    if preview.confirmed_at is not None:
        return preview
    if preview.mark != mark or not preview.is_confirmable:
        raise OtherListPreviewError(stage)
    if preview.gone != gone:
        raise GoneNotConfirmedError(preview.gone)
    revision = (
        1
        + session.scalars(
            select(func.coalesce(func.max(InitiativeList.revision), 0)).where(InitiativeList.edition == row.edition)
        ).one()
    )
    rows = [change.after for change in preview.changes if change.after is not None]
    of_list = {"edition": row.edition, "revision": revision}
    session.add(
        InitiativeList(
            **of_list,
            file_name=row.file_name,
            sha256=row.sha256,
            rows=len(rows),
            imported_by=actor.id,
            imported_at=actor.at,
        )
    )
    session.flush()
    session.execute(insert(ListedInitiative), [{**of_list, **each._asdict()} for each in rows])
    row.confirmed_at = actor.at
    session.flush()
    detail: dict[str, str | int | bool | None] = {"revision": revision, "sha256": row.sha256, "rows": len(rows)}
    _record(session, actor, "initiatives.imported", row.edition, detail)
    return preview


def drop_old_lists(session: Session, now: datetime) -> int:
    """Remove the files that waited for more than a day; gives how many."""
    old = delete(InitiativeStage).where(InitiativeStage.made_at < now - LIFE).returning(InitiativeStage.id)
    return len(session.scalars(old).all())


def _find(session: Session, stage: str, actor: Actor) -> InitiativeStage:
    row = session.get(InitiativeStage, stage, populate_existing=True)
    if row is None or row.staff != actor.id or actor.at - row.made_at > LIFE:
        raise UnknownListStageError(stage)
    return row


def _preview(session: Session, row: InitiativeStage) -> ListPreview:
    told = json.loads(row.report)
    faults = [InitiativeListFault(line, column, ListCode(code), found) for line, column, code, found in told["faults"]]
    current = {each.code: each for each in current_list(session, row.edition).rows}
    given = {each.code: each for each in (ListRow(*cells) for cells in told["rows"])}
    changes = () if faults else tuple(_changes(current, given))
    if not faults and row.confirmed_at is None:
        faults = _still_used(session, row.edition, changes)
    seen = repr([tuple(change) for change in changes])
    return ListPreview(
        id=row.id,
        edition=row.edition,
        file_name=row.file_name,
        made_at=row.made_at,
        changes=changes,
        faults=tuple(faults),
        all_faults=told["all"] or len(faults),
        mark=sha256(seen.encode()).hexdigest()[:32],
        confirmed_at=row.confirmed_at,
    )


def _changes(current: Mapping[str, ListRow], given: Mapping[str, ListRow]) -> list[ListChange]:
    changes = []
    for code in sorted({*current, *given}):
        before, after = current.get(code), given.get(code)
        if before == after:
            effect = ListEffect.UNCHANGED
        elif before is None:
            effect = ListEffect.NEW
        else:
            effect = ListEffect.GONE if after is None else ListEffect.CHANGED
        changes.append(ListChange(effect, before, after))
    return changes


def _still_used(session: Session, edition: str, changes: Sequence[ListChange]) -> list[InitiativeListFault]:
    """Find what would leave the list, or another area, though an initiative of a city refers to it."""
    moved = [
        each.before for each in changes if each.before and (each.after is None or each.after.area != each.before.area)
    ]
    if not moved:
        return []
    used = set(
        session.scalars(
            select(InitiativeText.code)
            .join(CityInitiative, CityInitiative.id == InitiativeText.initiative)
            .where(CityInitiative.revision == InitiativeText.revision, CityInitiative.edition == edition)
            .where(CityInitiative.state != InitiativeState.WITHDRAWN)
            .distinct()
        )
    )
    return [InitiativeListFault(0, "code", ListCode.IN_USE, row.code) for row in moved if row.code in used]


def _row_of(row: ListedInitiative) -> ListRow:
    return ListRow(row.code, row.area, row.name_kk, row.name_ru, row.name_en)


def _record(
    session: Session, actor: Actor, event: str, edition: str, detail: Mapping[str, str | int | bool | None]
) -> None:
    entry = Entry(event=event, object_kind="initiative_list", object_id=edition, detail=detail)
    record(session, actor, entry)
